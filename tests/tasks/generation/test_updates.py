"""The compiled epoch against the slow version: one update after the other around plain Keras models."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netgain.data import Dataset
from netgain.engine import native
from netgain.engine.adversarial import LOSSES, penalty
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import PLAIN_JAX
from netgain.engine.randomness import augmentation_generator, random_streams
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.generation.training import start

from .conftest import recipe_for

RATE, DECAY, BATCH = 0.05, 0.6, 8


class Slow:
    """Weights as lists, changed by plain gradient descent."""

    def __init__(self, recipe: Generator, pair: Any) -> None:
        self.recipe, self.generator, self.critic = recipe, pair.generator, pair.critic
        self.weights = {name: self.values(model) for name, model in (("g", pair.generator), ("c", pair.critic))}
        self.average = [list(group) for group in self.weights["g"]]

    @staticmethod
    def values(model: Any) -> tuple[list[Any], list[Any]]:
        return [v.value for v in model.trainable_variables], [v.value for v in model.non_trainable_variables]

    def make(self, trainable: list[Any], labels: Any, key: Any) -> tuple[Any, Any]:
        z = jax.random.normal(key, (len(labels), self.recipe.generator.latent))
        return self.generator.stateless_call(trainable, self.weights["g"][1], [z, labels], training=True)

    def logits(self, trainable: list[Any], pixels: Any, labels: Any) -> Any:
        return self.critic.stateless_call(trainable, self.weights["c"][1], [pixels, labels], training=True)[0][:, 0]

    def train_critic(self, real: Any, labels: Any, key: Any, number: int) -> None:
        of_z, of_points = jax.random.split(key)
        fake, _ = self.make(self.weights["g"][0], labels, of_z)
        declared = self.recipe.penalty

        def objective(c: list[Any]) -> Any:
            value = LOSSES[self.recipe.loss].critic(self.logits(c, real, labels), self.logits(c, fake, labels))
            if declared and number % declared.every == 0:
                of_images = [pixels / 127.5 - 1 for pixels in (real, fake)]
                weight = declared.weight * declared.every
                logits = lambda x: self.logits(c, 127.5 * (x + 1), labels)  # noqa: E731
                value += weight * penalty(declared.kind, logits, of_images[0], of_images[1], of_points)
            return value

        self.descend("c", jax.grad(objective)(self.weights["c"][0]), self.weights["c"][1])

    def train_generator(self, real: Any, labels: Any, key: Any, updates: int) -> None:
        of_real = self.logits(self.weights["c"][0], real, labels)

        def objective(g: list[Any]) -> Any:
            fake, changed = self.make(g, labels, key)
            return LOSSES[self.recipe.loss].generator(of_real, self.logits(self.weights["c"][0], fake, labels)), changed

        gradients, changed = jax.grad(objective, has_aux=True)(self.weights["g"][0])
        self.descend("g", gradients, changed)
        keep = min(DECAY, (1 + updates) / (10 + updates))
        for mean, now in zip(self.average, self.weights["g"], strict=True):
            mean[:] = [keep * old + (1 - keep) * new for old, new in zip(mean, now, strict=True)]

    def descend(self, name: str, gradients: list[Any], non_trainable: list[Any]) -> None:
        moved = [w - RATE * g for w, g in zip(self.weights[name][0], gradients, strict=True)]
        self.weights[name] = moved, non_trainable


def slow_epoch(recipe: Generator, begun: Any, seed: int) -> Slow:
    slow = Slow(recipe, begun.pair)
    images, labels = (np.asarray(each) for each in begun.learned)
    steps = len(labels) // recipe.images_per_step
    order = random_streams(recipe.digest, seed)[1].permutation(np.arange(len(labels)))
    order = order[: steps * recipe.images_per_step].reshape(steps, recipe.critic_steps, BATCH)
    drawn = augmentation_generator(recipe.digest, seed).integers(2**32, size=(steps, 2), dtype=np.uint32)
    for step in range(steps):
        key = jax.random.wrap_key_data(jnp.asarray(drawn[step]), impl="threefry2x32")
        keys = jax.random.split(key, recipe.critic_steps + 1)
        batches = [(images[index].astype(np.float32), labels[index]) for index in order[step]]
        for turn, batch in enumerate(batches):
            slow.train_critic(*batch, keys[turn], step * recipe.critic_steps + turn)
        slow.train_generator(*batches[-1], keys[-1], step)
    return slow


CASES: dict[str, dict[str, Any]] = {
    "critic twice, lazy R1": {
        "loss": "relativistic",
        "critic_steps": 2,
        "penalty": {"kind": "r1", "weight": 0.1, "every": 3},
    },
    "gradient penalty in every update": {"loss": "wasserstein", "penalty": {"kind": "gradient-penalty", "weight": 1}},
}


@pytest.mark.parametrize("case", CASES)
def test_an_epoch_is_one_update_after_the_other(case: str, shapes: Dataset) -> None:
    sgd = {"name": "sgd", "learning_rate": RATE}
    optimizers = {"generator_optimizer": sgd, "critic_optimizer": sgd}
    recipe = recipe_for(shapes, **optimizers, **CASES[case], batch_size=BATCH, ema=DECAY, train_size=50, epochs=1)
    begun = start(recipe, shapes, 3, CompiledFunctions())
    with native.using(PLAIN_JAX):
        slow = slow_epoch(recipe, begun, 3)
    fast = begun.one_epoch()[0].weights
    for found, expected in zip(fast[:3], (slow.weights["g"], slow.weights["c"], slow.average), strict=True):
        for group, slow_group in zip(found[:2], expected, strict=True):
            for one, other in zip(group, slow_group, strict=True):
                np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-5)
    assert int(fast.updates) == 50 // recipe.images_per_step
