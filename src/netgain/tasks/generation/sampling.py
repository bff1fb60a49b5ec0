"""Images of a generator's weights and of random numbers, many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.ambient import keras_alone
from netgain.engine.epoch import State, call
from netgain.engine.fast_layers import fast_layers

AT_ONCE = 100
"""Images made in one call: few enough that a layer's maps stay in the cache."""

Sampler = Callable[[State, np.ndarray, np.ndarray], np.ndarray]
"""Weights, z float32 `[n, latent]` and labels int32 `[n]` -> images uint8 `[n, H, W, C]`."""


def sampler(model: keras.Model, weights: State, latent: int) -> Sampler:
    """What makes images with a generator of this model's layers, whatever its weights: compiled once.

    An image does not depend on the others. Pixels that are not finite are black: those of a diverged generator.
    """

    def pixels(state: State, z: jax.Array, labels: jax.Array) -> jax.Array:
        given: Any = [z, labels][: len(model.inputs)]
        images, _, _ = call(model, state.trainable, state.non_trainable, given, training=False)
        levels = jnp.clip(jnp.round(images), 0, 255)
        return jnp.where(jnp.isfinite(levels), levels, 0).astype(jnp.uint8)

    shapes = jax.ShapeDtypeStruct((AT_ONCE, latent), np.float32), jax.ShapeDtypeStruct((AT_ONCE,), np.int32)
    with keras_alone(), fast_layers(model):
        compiled = jax.jit(pixels).lower(weights, *shapes).compile()

    def images(state: State, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
        rest = -len(z) % AT_ONCE
        z, labels = np.pad(z, ((0, rest), (0, 0))), np.pad(labels.astype(np.int32), (0, rest))
        steps = range(0, len(z), AT_ONCE)
        made = [np.asarray(compiled(state, z[at : at + AT_ONCE], labels[at : at + AT_ONCE])) for at in steps]
        whole = np.concatenate(made)
        return whole[: len(whole) - rest]

    return images
