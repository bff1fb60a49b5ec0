"""A classifier trained on images in memory: on real ones, or on generated ones to judge them."""

from __future__ import annotations

from typing import NamedTuple

import keras
import numpy as np

from netgain.data import Dataset
from netgain.engine.ambient import keras_for
from netgain.engine.compiled import CompiledFunctions
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import start


class Judge(NamedTuple):
    """A trained classifier.

    Attributes:
        scores_test: of the dataset's test images, float32 `[n, K]`.
        model: the network, which takes pixels 0..255.
    """

    scores_test: np.ndarray
    model: keras.Model


def train_judge(recipe: Recipe, dataset: Dataset, seed: int, compiled: CompiledFunctions) -> Judge:
    """Train a classifier on a dataset's training images, in this process; the test images decide nothing.

    Args:
        recipe: of the classifier; its own dataset does not matter.
        dataset: what it learns from and is given afterwards.
        seed: decides everything random.
        compiled: the functions that were compiled for other seeds, to use and add to.

    Raises:
        DataError: where a class has no training image.
    """
    state = start(recipe.change("dataset", dataset), dataset, seed, compiled)
    for _ in range(recipe.epochs):
        state, _ = state.one_epoch()
    found = state.evaluated("test")
    assert found is not None, "there are always test images"
    with keras_for(recipe.network):
        return Judge(np.asarray(found.scores), state.network_now())
