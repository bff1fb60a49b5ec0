"""The compiled functions of a recipe, kept for its next seed: tracing a model takes longer than a short epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import keras
import numpy as np

from netgain.data import Dataset
from netgain.engine import native
from netgain.engine.building import build_loss
from netgain.engine.epoch import State, epoch_function, evaluation_function
from netgain.engine.fast_layers import fast_layers
from netgain.recipe import Recipe

MOST_KEPT = 16
"""Recipes whose functions a process keeps: the arms of a study, taken in turn."""

_kept: dict[tuple[Any, ...], Functions] = {}


class Functions(NamedTuple):
    """An epoch of training, and an evaluation for each number of images that there is."""

    epoch: Callable[..., Any]
    evaluations: dict[int, Callable[..., Any]]


def compiled_functions(
    recipe: Recipe,
    model: keras.Model,
    optimizer: keras.Optimizer,
    state: State,
    dataset: Dataset,
    sizes: tuple[int, ...],
) -> Functions:
    """The functions for a recipe on images of the dataset's shape; `sizes` are the numbers of images, train first.

    They know the model's structure, not its weights, which come in with the state: any seed's may.
    """
    key = recipe.digest, dataset.image_shape, dataset.num_classes, sizes, native.chosen()
    if key not in _kept:
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = _compile(recipe, model, optimizer, state, dataset, sizes)
    return _kept[key]


def _compile(
    recipe: Recipe,
    model: keras.Model,
    optimizer: keras.Optimizer,
    state: State,
    dataset: Dataset,
    sizes: tuple[int, ...],
) -> Functions:
    loss, classes = build_loss(recipe), dataset.num_classes
    shapes = {size: _shapes(size, dataset.image_shape) for size in sizes}
    order = jax.ShapeDtypeStruct(sizes[:1], np.int32)
    with fast_layers(model, optimizer):
        epoch = jax.jit(epoch_function(model, optimizer, loss, classes, recipe.batch_size), donate_argnums=0)
        evaluation = jax.jit(evaluation_function(model, loss, classes))
        evaluations = {size: evaluation.lower(state, *part).compile() for size, part in shapes.items()}
        return Functions(epoch.lower(state, *shapes[sizes[0]], order).compile(), evaluations)


def _shapes(size: int, image_shape: tuple[int, ...]) -> tuple[jax.ShapeDtypeStruct, jax.ShapeDtypeStruct]:
    return jax.ShapeDtypeStruct((size, *image_shape), np.uint8), jax.ShapeDtypeStruct((size,), np.int32)
