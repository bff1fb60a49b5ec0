"""What a trained critic says of images, many at once."""

from __future__ import annotations

from typing import Any

import jax
import keras
import numpy as np

from netgain.engine.ambient import keras_alone
from netgain.engine.epoch import State, call
from netgain.engine.fast_layers import fast_layers

AT_ONCE = 500


def critic_logits(model: keras.Model, weights: State, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The critic's logits float32 `[n]`, large for what it takes for real, in evaluation mode.

    Args:
        model: the critic.
        weights: its values.
        images: uint8 `[n, H, W, C]`.
        labels: the classes that it is told, `[n]`; a critic without classes does not look at them.
    """

    def logits(state: State, some: jax.Array, of_some: jax.Array) -> jax.Array:
        given: Any = [some.astype(np.float32), of_some][: len(model.inputs)]
        found, _, _ = call(model, state.trainable, state.non_trainable, given, training=False)
        return found.reshape(len(some))

    rest = -len(images) % AT_ONCE
    images, labels = np.pad(images, ((0, rest), (0, 0), (0, 0), (0, 0))), np.pad(labels.astype(np.int32), (0, rest))
    with keras_alone(), fast_layers(model):
        compiled = jax.jit(logits)
        found = [
            np.asarray(compiled(weights, images[at : at + AT_ONCE], labels[at : at + AT_ONCE]))
            for at in range(0, len(images), AT_ONCE)
        ]
    whole = np.concatenate(found)
    return whole[: len(whole) - rest]
