"""The compiled functions of a recipe, kept for its next seed: tracing a model takes longer than a short epoch."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import keras
import numpy as np

from netgain.data import Dataset
from netgain.data.augment import augmenter
from netgain.engine import native
from netgain.engine.ambient import keras_for
from netgain.engine.building import build_loss
from netgain.engine.epoch import State, epoch_function, evaluation_function
from netgain.engine.fast_layers import fast_layers
from netgain.engine.inputs import scaled_when_taken
from netgain.engine.randomness import tracing_seed
from netgain.recipe import Recipe

MOST_KEPT = 16
"""Recipes whose functions are kept: the arms of a study, taken in turn."""


class Functions(NamedTuple):
    """An epoch of training, and an evaluation for each number of images that there is."""

    epoch: Callable[..., Any]
    evaluations: dict[int, Callable[..., Any]]


class CompiledRecipes:
    """Functions of the recipes that a process trains; of more than `MOST_KEPT` the oldest go. For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[tuple[Any, ...], _Kept] = {}

    def functions(
        self,
        recipe: Recipe,
        model: keras.Model,
        optimizer: keras.Optimizer,
        state: State,
        dataset: Dataset,
        sizes: tuple[int, ...],
    ) -> Functions:
        """The functions for a recipe on images of the dataset's shape, compiled now where they are not here yet.

        `sizes` are numbers of images: what an epoch goes through, then each part that is evaluated.
        The functions know the model's structure, not its weights, which come in with the state: any seed's may.
        """
        key = recipe.digest, dataset.image_shape, dataset.num_classes, sizes, native.used()
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            while len(self._kept) > MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        with kept.lock:  # a second thread with the same recipe waits, others go on
            if kept.functions is None:
                kept.functions = compiled_functions(recipe, model, optimizer, state, dataset, sizes)
            return kept.functions


class _Kept:
    """A place for functions, and the lock of the thread that compiles them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.functions: Functions | None = None


def compiled_functions(
    recipe: Recipe,
    model: keras.Model,
    optimizer: keras.Optimizer,
    state: State,
    dataset: Dataset,
    sizes: tuple[int, ...],
) -> Functions:
    """The functions for this model, as :meth:`CompiledRecipes.functions` keeps them."""
    classes = dataset.num_classes
    learned, *evaluated = (_shapes(size, dataset.image_shape) for size in sizes)
    order, augment = jax.ShapeDtypeStruct(sizes[:1], np.int32), augmenter(recipe.augmentation)
    keys = jax.ShapeDtypeStruct((math.ceil(sizes[0] / recipe.batch_size), 2), np.uint32) if augment else None
    with (
        keras_for(recipe.network, tracing_seed(recipe.digest)),
        fast_layers(model, optimizer),
        scaled_when_taken(model) as feed,
    ):
        loss = build_loss(recipe)
        one_epoch = epoch_function(model, feed, optimizer, loss, classes, recipe.batch_size, augment)
        epoch = jax.jit(one_epoch, donate_argnums=0).lower(state, *learned, order, keys)
        evaluation = jax.jit(evaluation_function(model, feed, loss, classes))
        evaluations = {part[1].shape[0]: evaluation.lower(state, *part) for part in evaluated}
    return Functions(epoch.compile(), {size: lowered.compile() for size, lowered in evaluations.items()})


def _shapes(size: int, image_shape: tuple[int, ...]) -> tuple[jax.ShapeDtypeStruct, jax.ShapeDtypeStruct]:
    return jax.ShapeDtypeStruct((size, *image_shape), np.uint8), jax.ShapeDtypeStruct((size,), np.int32)
