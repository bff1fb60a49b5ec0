"""All randomness of a run, from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


def random_streams(recipe_digest: str, seed: int) -> tuple[int, np.random.Generator]:
    """The seed of Keras' initial weights and dropout, and the generator of the order of the images.

    Both derive from the seed *and* the recipe's digest: seed 3 of two recipes are independent networks, as
    the statistics of a difference require, and the same recipe and seed always give the same network.
    """
    for_keras, for_order, _ = _root(recipe_digest, seed).spawn(3)
    return int(for_keras.generate_state(1)[0]), np.random.default_rng(for_order)


def augmentation_generator(recipe_digest: str, seed: int) -> np.random.Generator:
    """The generator of a run's augmentation: first the angles of the copies, then the keys of each epoch's steps."""
    return np.random.default_rng(_root(recipe_digest, seed).spawn(3)[2])


def _root(recipe_digest: str, seed: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, int(recipe_digest[:16], 16)])


@contextmanager
def keras_seed(seed: int) -> Iterator[None]:
    """Seeds what Keras draws from; Python's and NumPy's global generators are put back afterwards."""
    import keras

    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        keras.utils.set_random_seed(seed)
        yield
    finally:
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002
