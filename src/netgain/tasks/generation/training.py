"""A generator while it is trained: its data, the weights of both networks, and the functions that change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np

from netgain.data import Dataset, Split
from netgain.engine import native
from netgain.engine.ambient import keras_alone
from netgain.engine.building import build_optimizer
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.epoch import put_weights, state_of
from netgain.engine.fast_layers import fast_layers
from netgain.engine.randomness import augmentation_generator, latent_generator, random_streams, tracing_seed
from netgain.engine.saving import model_bytes
from netgain.networks.own_description import expect_pixels
from netgain.tasks.classification.task import right_answers
from netgain.tasks.generation.critic import critic_logits
from netgain.tasks.generation.judge import Judge, train_judge
from netgain.tasks.generation.measures import measure_sample
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.generation.reference import reference_of
from netgain.tasks.generation.sampling import Sampler, sampler
from netgain.tasks.generation.updates import Pair, Weights, epoch_function
from netgain.tasks.task import Evaluation, Metrics

FILM_ROWS, FILM_COLUMNS = 4, 10
MOST_FRAMES = 24

QUICK_IMAGES = 5_000
"""Generated images on which the judge of an epoch learns, in one pass: for a curve, not for a verdict."""

_FOR_FILM, _FOR_EPOCHS, _FOR_JUDGE, _FOR_SAMPLE = range(4)


class Functions(NamedTuple):
    """The compiled epoch, and what makes images."""

    epoch: Callable[..., Any]
    sample: Sampler


class Film(NamedTuple):
    """The images of the same random numbers after some epochs, uint8 `[40, H, W, C]` each, and after which."""

    frames: tuple[np.ndarray, ...] = ()
    epochs: tuple[int, ...] = ()


class Training(NamedTuple):
    """A generator ready to train, or somewhere on its way."""

    recipe: Generator
    seed: int
    data: Dataset
    parts: Split
    pair: Pair
    weights: Weights
    functions: Functions
    compiled: CompiledFunctions
    order: np.random.Generator
    draws: np.random.Generator
    learned: tuple[jax.Array, jax.Array]
    film: Film
    epochs: int  # so far

    def one_epoch(self) -> tuple[Self, Metrics]:
        """The generator after an epoch, one compiled call, which takes over the memory of the weights."""
        size = self.recipe.images_per_step
        steps = len(self.learned[1]) // size
        order = self.order.permutation(np.arange(len(self.learned[1]), dtype=np.int32))[: steps * size]
        order = order.reshape(steps, self.recipe.critic_steps, self.recipe.batch_size)
        keys = self.draws.integers(2**32, size=(steps, 2), dtype=np.uint32)
        weights, means = self.functions.epoch(self.weights, *self.learned, order, keys)
        after = self._replace(weights=weights, epochs=self.epochs + 1)
        return after._filmed(), {name: float(value) for name, value in means.items()}

    def evaluated(self, part: str) -> Evaluation | None:
        """How a judge of few generated images does on a part of the real ones; None for the part that trains."""
        if part == "train" or (part == "validation" and not self.recipe.validation_size):
            return None
        quick = self.recipe.judge.change("epochs", 1)
        number = min(QUICK_IMAGES, len(self.parts.y_train))
        scores = self._of_part(self.judged_by(quick, number, _FOR_EPOCHS), part)
        labels = self.data.y_test if part == "test" else self.parts.y_validation
        return Evaluation({"accuracy": float(right_answers(scores, labels).mean())}, scores)

    def judged_by(self, judge: Any, number: int, purpose: int) -> Judge:
        """A judge trained on so many generated images, with its scores of the test and then the validation images."""
        images, labels = self.generated(number, purpose)
        real = np.concatenate([self.data.x_test, self.parts.x_validation])
        of_real = np.concatenate([self.data.y_test, self.parts.y_validation])
        images, labels = _with_every_class(images, labels, self.data.num_classes)
        names = {"class_names": self.data.class_names, "value_range": (0, 255)}
        made = Dataset(images, labels, real, of_real, name=f"generated {self.data.name}", **names)
        return train_judge(judge, made, self.seed, self.compiled)

    def generated(self, number: int, purpose: int) -> tuple[np.ndarray, np.ndarray]:
        """New images uint8 `[number, H, W, C]` of the judged weights, and their labels int32 `[number]`.

        Labels are those that were given to the generator; of one that is told none, what the reference network says.
        """
        labels = np.arange(number, dtype=np.int32) % self.data.num_classes
        images = self._images(labels, purpose)
        if not self.recipe.conditional:
            labels = reference_of(self.recipe.judge, self.data, self.compiled).labels(images, self.compiled)
        return images, labels

    def _images(self, labels: np.ndarray, purpose: int) -> np.ndarray:
        drawn = latent_generator(self.recipe.digest, self.seed, purpose)
        z = drawn.standard_normal((len(labels), self.recipe.generator.latent), np.float32)
        return self.functions.sample(self.weights.average, z, labels)

    def _of_part(self, judge: Judge, part: str) -> np.ndarray:
        cut = self.data.num_test
        return judge.scores_test[:cut] if part == "test" else judge.scores_test[cut:]

    def _filmed(self) -> Self:
        last = self.recipe.epochs
        if self.epochs not in np.unique(np.linspace(1, last, min(last, MOST_FRAMES)).round().astype(int)):
            return self
        labels = np.tile(np.arange(FILM_COLUMNS, dtype=np.int32) % self.data.num_classes, FILM_ROWS)
        frames = (*self.film.frames, self._images(labels, _FOR_FILM))
        return self._replace(film=Film(frames, (*self.film.epochs, self.epochs)))

    def copied(self) -> Self:
        """The same with a copy of the weights: the next epoch is given their own memory to write in."""
        return self._replace(weights=jax.tree.map(jnp.copy, self.weights))

    def outcome_arrays(self) -> tuple[np.ndarray, Mapping[str, np.ndarray]]:
        """The judge's scores of the test images, and what is kept of a run."""
        judge = self.judged_by(self.recipe.judge, len(self.parts.y_train), _FOR_JUDGE)
        scores = self._of_part(judge, "test")
        images, labels = self.generated(self.data.num_test, _FOR_SAMPLE)
        kept = {
            "test_scores": scores,
            "generated": images,
            "generated_labels": labels,
            "film": np.stack(self.film.frames),
            "film_epochs": np.array(self.film.epochs, np.int32),
            **measure_sample(images, labels, self.data, self.recipe, self.seed, self.compiled),
        }
        kept |= self._critic_scores(images, labels)
        if self.recipe.validation_size:
            right = right_answers(self._of_part(judge, "validation"), self.parts.y_validation)
            kept["validation_right"] = right
        return scores, kept

    def _critic_scores(self, images: np.ndarray, labels: np.ndarray) -> dict[str, np.ndarray]:
        """What the critic says at the end of as many training images, the test images and generated ones."""
        parts, number = self.parts, self.data.num_test
        samples = {
            "critic_train": (parts.x_train[:number], parts.y_train[:number]),
            "critic_test": (self.data.x_test, self.data.y_test),
            "critic_generated": (images, labels),
        }
        return {name: critic_logits(self.pair.critic, self.weights.critic, *each) for name, each in samples.items()}

    def saved(self) -> bytes:
        """The generator as the bytes of a `.keras` file, with a note of what it makes."""
        note = {
            "generates": list(self.data.class_names),
            "latent": self.recipe.generator.latent,
            "conditional": self.recipe.conditional,
            "image": list(self.data.image_shape),
            "recipe_digest": self.recipe.digest,
            "dataset": self.data.name,
            "seed": self.seed,
        }
        model = self.pair.generator
        with keras_alone():
            put_weights(model, self.weights.average)
            return model_bytes(expect_pixels(model, "0..255"), note)


def start(recipe: Generator, data: Dataset, seed: int, compiled: CompiledFunctions) -> Training:
    """A recipe's networks with their first weights, their functions compiled or taken from those kept.

    The same recipe, seed, versions, kernels and kind of machine give the same numbers to the last bit.

    Raises:
        DataError: where there are too few images for the recipe.
    """
    parts = recipe.parts_of(data)
    keras_entropy, order = random_streams(recipe.digest, seed)
    steps = len(parts.y_train) // recipe.images_per_step
    with keras_alone(seed=keras_entropy):
        pair = _built(recipe, data, steps)
        weights = _first_weights(pair)
    key = recipe.digest, data.image_shape, data.num_classes, len(parts.y_train), native.used()
    learned = jax.device_put(parts.x_train), jax.device_put(parts.y_train.astype(np.int32, copy=False))
    functions = compiled.of(key, lambda: _compiled(recipe, pair, weights, learned, steps))
    draws = augmentation_generator(recipe.digest, seed)
    return Training(
        recipe, seed, data, parts, pair, weights, functions, compiled, order, draws, learned, Film(), epochs=0
    )


def _built(recipe: Generator, data: Dataset, steps: int) -> Pair:
    num_classes = data.num_classes if recipe.conditional else 0
    generator = recipe.generator.build_generator(data.image_shape, num_classes)
    critic = recipe.critic.build_critic(data.image_shape, num_classes)
    of_generator = build_optimizer(recipe.generator_optimizer, steps, recipe.epochs)
    of_critic = build_optimizer(recipe.critic_optimizer, steps * recipe.critic_steps, recipe.epochs)
    of_generator.build(generator.trainable_variables)
    of_critic.build(critic.trainable_variables)
    return Pair(generator, critic, of_generator, of_critic)


def _first_weights(pair: Pair) -> Weights:
    generator = state_of(pair.generator, pair.generator_optimizer)
    average = jax.tree.map(jnp.copy, generator._replace(slots=[]))  # its memory is given away beside the other's
    return Weights(generator, state_of(pair.critic, pair.critic_optimizer), average, jnp.zeros((), jnp.int32))


def _compiled(recipe: Generator, pair: Pair, weights: Weights, learned: Any, steps: int) -> Functions:
    order = jax.ShapeDtypeStruct((steps, recipe.critic_steps, recipe.batch_size), np.int32)
    keys = jax.ShapeDtypeStruct((steps, 2), np.uint32)
    with (
        keras_alone(seed=tracing_seed(recipe.digest)),
        fast_layers(pair.generator, pair.generator_optimizer),
        fast_layers(pair.critic, pair.critic_optimizer),
    ):
        one_epoch = jax.jit(epoch_function(recipe, pair), donate_argnums=0).lower(weights, *learned, order, keys)
    return Functions(one_epoch.compile(), sampler(pair.generator, weights.average, recipe.generator.latent))


def _with_every_class(images: np.ndarray, labels: np.ndarray, num_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """A black image for each class that no image has: a judge has an output for every class, and learns it from one."""
    missing = np.setdiff1d(np.arange(num_classes, dtype=labels.dtype), labels)
    black = np.zeros((len(missing), *images.shape[1:]), np.uint8)
    return np.concatenate([images, black]), np.concatenate([labels, missing])
