"""One compiled epoch of a generator and its critic, in turn: a scan over steps around both Keras models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from netgain.engine.adversarial import LOSSES, averaged, penalty
from netgain.engine.epoch import State, call
from netgain.engine.inputs import ImageFeeder
from netgain.tasks.generation.recipe import Generator

HALF_WHITE = 127.5
"""Pixels 0..255 are this times an image from -1 to 1, plus this."""


class Weights(NamedTuple):
    """Everything that training changes.

    Attributes:
        generator, critic: with their optimizers' slots.
        average: the generator's weights averaged over its updates, without slots; the last ones where none are.
        updates: of the generator so far, int32.
    """

    generator: State
    critic: State
    average: State
    updates: jax.Array


class Pair(NamedTuple):
    """A generator and its critic as Keras' objects, with the optimizer of each."""

    generator: keras.Model
    critic: keras.Model
    generator_optimizer: keras.Optimizer
    critic_optimizer: keras.Optimizer


class Batch(NamedTuple):
    """What one update takes: real images float32 `[B, H, W, C]` of pixels 0..255, labels int32 `[B]`, a key."""

    real: jax.Array
    labels: jax.Array
    key: jax.Array


def epoch_function(recipe: Generator, pair: Pair) -> Callable[..., tuple[Weights, dict[str, jax.Array]]]:
    """The epoch to compile: `(weights, images, labels, order, keys) -> (weights, means)`.

    images: uint8 `[N, H, W, C]`; labels: int32 `[N]`; order: int32 `[steps, critic_steps, B]`, the images in the order
    in which they are seen; keys: uint32 `[steps, 2]`. The means, of both losses, are over the updates.
    """
    feed = ImageFeeder(1.0, None)
    train_critic, train_generator = _critic_update(recipe, pair), _generator_update(recipe, pair)

    def step(weights: Weights, given: tuple[jax.Array, jax.Array], images: jax.Array, labels: jax.Array) -> Any:
        order, key = given
        keys = jax.random.split(jax.random.wrap_key_data(key, impl="threefry2x32"), recipe.critic_steps + 1)

        def one_critic_update(critic: State, of_update: tuple[jax.Array, jax.Array, jax.Array]) -> Any:
            index, key, number = of_update
            batch = Batch(feed.take(images, index), labels[index], key)
            return train_critic(critic, weights.generator, batch, number)

        numbers = weights.updates * recipe.critic_steps + jnp.arange(recipe.critic_steps)
        critic, critic_losses = jax.lax.scan(one_critic_update, weights.critic, (order, keys[:-1], numbers))
        last = Batch(feed.take(images, order[-1]), labels[order[-1]], keys[-1])
        generator, loss = train_generator(weights.generator, critic, last)
        average = _average(recipe, weights, generator)
        return Weights(generator, critic, average, weights.updates + 1), {
            "loss": loss,
            "critic loss": critic_losses.mean(),
        }

    def epoch(
        weights: Weights, images: jax.Array, labels: jax.Array, order: jax.Array, keys: jax.Array
    ) -> tuple[Weights, dict[str, jax.Array]]:
        weights, of_steps = jax.lax.scan(lambda w, given: step(w, given, images, labels), weights, (order, keys))
        return weights, {name: values.mean() for name, values in of_steps.items()}

    return epoch


def _critic_update(recipe: Generator, pair: Pair) -> Callable[[State, State, Batch, jax.Array], tuple[State, Any]]:
    """From the critic, the generator, a batch and the update's number to the critic after it, and its loss."""

    def update(critic: State, generator: State, batch: Batch, number: jax.Array) -> tuple[State, Any]:
        of_z, of_points = jax.random.split(batch.key)
        fake, _ = _generated(recipe, pair, generator.trainable, generator.non_trainable, batch.labels, of_z)

        def objective(trainable: list[jax.Array]) -> tuple[Any, Any]:
            logits, non_trainable = _logits(
                recipe, pair, trainable, critic.non_trainable, jnp.concatenate([batch.real, fake]), batch.labels
            )
            real, fakes = jnp.split(logits, 2)
            loss = LOSSES[recipe.loss].critic(real, fakes)
            return loss + _weighted(
                recipe, pair, critic._replace(trainable=trainable), batch, fake, of_points, number
            ), (
                non_trainable,
                loss,
            )

        (_, (non_trainable, loss)), gradients = jax.value_and_grad(objective, has_aux=True)(critic.trainable)
        return _applied(pair.critic_optimizer, critic, gradients, non_trainable), loss

    return update


def _generator_update(recipe: Generator, pair: Pair) -> Callable[[State, State, Batch], tuple[State, Any]]:
    """From the generator, its critic and a batch to the generator after the update, and its loss."""
    needs_real = recipe.loss == "relativistic"

    def logits(critic: State, images: jax.Array, labels: jax.Array) -> jax.Array:
        return _logits(recipe, pair, critic.trainable, critic.non_trainable, images, labels)[0]

    def update(generator: State, critic: State, batch: Batch) -> tuple[State, Any]:
        real = logits(critic, batch.real, batch.labels) if needs_real else jnp.zeros(len(batch.labels))

        def objective(trainable: list[jax.Array]) -> tuple[Any, Any]:
            fake, changed = _generated(recipe, pair, trainable, generator.non_trainable, batch.labels, batch.key)
            return LOSSES[recipe.loss].generator(real, logits(critic, fake, batch.labels)), changed

        (loss, non_trainable), gradients = jax.value_and_grad(objective, has_aux=True)(generator.trainable)
        return _applied(pair.generator_optimizer, generator, gradients, non_trainable), loss

    return update


def _generated(
    recipe: Generator,
    pair: Pair,
    trainable: list[jax.Array],
    non_trainable: list[jax.Array],
    labels: jax.Array,
    key: jax.Array,
) -> tuple[jax.Array, list[jax.Array]]:
    """New images `[B, H, W, C]` of these labels in training mode, and the changed non-trainable variables."""
    z = jax.random.normal(key, (len(labels), recipe.generator.latent))
    given = [z, labels] if recipe.conditional else [z]
    images, changed, _ = call(pair.generator, trainable, non_trainable, given, training=True)
    return images, changed


def _logits(
    recipe: Generator,
    pair: Pair,
    trainable: list[jax.Array],
    non_trainable: list[jax.Array],
    images: jax.Array,
    labels: jax.Array,
) -> tuple[jax.Array, list[jax.Array]]:
    """The critic's logits of images, as many or twice as many as the labels, and its changed variables."""
    labels = jnp.tile(labels, len(images) // len(labels))
    given = [images, labels] if recipe.conditional else [images]
    logits, changed, _ = call(pair.critic, trainable, non_trainable, given, training=True)
    return logits.reshape(len(images)), changed


def _weighted(
    recipe: Generator, pair: Pair, critic: State, batch: Batch, fake: jax.Array, key: jax.Array, number: jax.Array
) -> Any:
    """The penalty of an update, with its weight; 0 in those that are left out."""
    declared = recipe.penalty
    if declared is None:
        return 0.0

    def of_images(images: jax.Array) -> jax.Array:
        pixels = (images + 1) * HALF_WHITE
        return _logits(recipe, pair, critic.trainable, critic.non_trainable, pixels, batch.labels)[0]

    def taken() -> jax.Array:
        real, generated = (images / HALF_WHITE - 1 for images in (batch.real, fake))
        return declared.weight * declared.every * penalty(declared.kind, of_images, real, generated, key)

    return taken() if declared.every == 1 else jax.lax.cond(number % declared.every == 0, taken, lambda: jnp.zeros(()))


def _applied(optimizer: Any, state: State, gradients: list[jax.Array], non_trainable: list[jax.Array]) -> State:
    trainable, slots = optimizer.stateless_apply(state.slots, gradients, state.trainable)
    return State(trainable, non_trainable, slots)


def _average(recipe: Generator, before: Weights, now: State) -> State:
    decay = recipe.ema
    if decay is None:
        return State(now.trainable, now.non_trainable, [])
    groups = (before.average.trainable, now.trainable), (before.average.non_trainable, now.non_trainable)
    mean = [[averaged(old, new, decay, before.updates) for old, new in zip(*group, strict=True)] for group in groups]
    return State(mean[0], mean[1], [])
