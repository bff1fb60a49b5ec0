"""What a trained network says of images: one function for runs, predictions, the page and examinations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.ambient import keras_alone
from netgain.engine.epoch import State, call, in_chunks
from netgain.engine.fast_layers import fast_layers
from netgain.engine.inputs import ImageFeeder, scaled_when_taken
from netgain.errors import DataError
from netgain.networks.keras_settings import STANDARD, KerasSettings

Scorer = Callable[[State, np.ndarray], np.ndarray]
"""Weights of a network and images uint8 `[n, H, W, C]` -> scores float32 `[n, K]`."""


def score(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Scores float32 `[n, K]` for uint8 images `[n, H, W, C]`, in inference mode, as a run scores its test images.

    Pixels are given as they are, 0..255: they are scaled to the range that the model expects.

    Raises:
        DataError: for images of another shape or type than the model takes.
        RecipeError: where the range of pixels that the model expects cannot be told.

    >>> from netgain.networks.families.mlp import MLP
    >>> score(MLP().build((28, 28, 1), 10), np.zeros((5, 28, 28, 1), np.uint8)).shape
    (5, 10)
    """
    return scorer(model, images)(weights_of(model), images)


def weights_of(model: keras.Model) -> State:
    """The values of a model's weights as a scorer takes them."""
    trainable, others = model.trainable_variables, model.non_trainable_variables
    return State([variable.value for variable in trainable], [variable.value for variable in others], [])


def scorer(model: keras.Model, images: np.ndarray, settings: KerasSettings = STANDARD) -> Scorer:
    """What scores as many images as these with a network of this model's layers, whatever its weights: compiled once.

    `settings` are those of Keras under which the model is to work.

    Raises:
        DataError, RecipeError: as :func:`score`.
    """
    _check(model, images)
    with keras_alone(settings), fast_layers(model), scaled_when_taken(model) as feed:
        scores = jax.jit(scores_function(model, feed))
        compiled = scores.lower(weights_of(model), jax.ShapeDtypeStruct(images.shape, images.dtype)).compile()
    return lambda state, images: np.asarray(compiled(state, images))


def scores_function(model: keras.Model, feed: ImageFeeder) -> Callable[[State, jax.Array], jax.Array]:
    """What is compiled to score: from weights and images `[n, H, W, C]` to float32 scores `[n, K]`, in chunks."""

    def scores(state: State, images: jax.Array) -> jax.Array:
        def of_chunk(chunk: jax.Array, _: Any) -> tuple[jax.Array, jax.Array]:
            answers, _, _ = call(model, state.trainable, state.non_trainable, feed(chunk), training=False)
            return jnp.zeros(()), answers.astype(jnp.float32)

        return in_chunks(of_chunk, images, ())[1]

    return scores


def _check(model: keras.Model, images: Any) -> None:
    fits = isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 4 and len(images) > 0
    if not fits:
        found = f"{images.dtype} {images.shape}" if isinstance(images, np.ndarray) else type(images).__name__
        raise DataError(
            f"images to score must be a NumPy array uint8 [n, H, W, C] with pixels 0..255; received {found}"
        )
    takes = getattr(model, "input_shape", None)
    wanted, given = takes[1:] if isinstance(takes, tuple) else (), images.shape[1:]
    if len(wanted) == 1 and wanted[0] not in {None, math.prod(given)}:
        raise DataError(f"the network takes images of {wanted[0]} pixel values; received images of shape {given}")
    size = (*wanted, 1)[:3]
    if len(wanted) > 1 and any(each not in {None, found} for each, found in zip(size, given, strict=True)):
        raise DataError(f"the network takes images of shape {size}; received images of shape {given}")
