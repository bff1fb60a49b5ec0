"""All randomness of a run, from one seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, get_args

import jax
import numpy as np

Purpose = Literal["retouching", "mixing"]
"""What a step of training draws beside its warps; new ones go to the end, so that older draws stay."""


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


def latent_generator(recipe_digest: str, seed: int, purpose: int) -> np.random.Generator:
    """The generator of the random numbers that a run makes images of; each purpose has its own.

    It does not depend on the training's: a run that is looked at more often is the same run.
    """
    return np.random.default_rng(_root(recipe_digest, seed).spawn(5)[4].spawn(purpose + 1)[purpose])


def stream(key: jax.Array, purpose: Purpose) -> jax.Array:
    """JAX's key for a purpose of its own within a step, from the step's key uint32 `[2]`.

    What is drawn for one purpose does not depend on what else is drawn.
    """
    typed = jax.random.wrap_key_data(key, impl="threefry2x32")
    return jax.random.fold_in(typed, get_args(Purpose).index(purpose))


def tracing_seed(recipe_digest: str) -> int:
    """The seed of what a layer draws while it is traced, which is the same for all seeds of a recipe.

    It becomes a constant of the compiled functions, which seeds share.
    """
    return int(_root(recipe_digest, 0).spawn(4)[3].generate_state(1)[0])


def _root(recipe_digest: str, seed: int) -> np.random.SeedSequence:
    return np.random.SeedSequence([seed, int(recipe_digest[:16], 16)])


@contextmanager
def keras_seed(seed: int) -> Iterator[None]:
    """Inside, all that Keras draws in this thread follows from the seed, as after `keras.utils.set_random_seed`.

    Keras takes the seeds of its layers from Python's global `random`, from which any thread may draw in between. So
    they come from a generator of our own meanwhile. Python's and NumPy's global generators are seeded too, for users'
    layers that draw from them, and put back afterwards with Keras' own state.
    """
    from keras.src.backend.common import global_state
    from keras.src.random import seed_generator
    from keras.src.utils import rng_utils

    names = rng_utils.GLOBAL_RANDOM_SEED, seed_generator.GLOBAL_SEED_GENERATOR
    before = [global_state.get_global_attribute(name) for name in names]
    python_state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002
    source = seed_generator.python_random
    try:
        rng_utils.set_random_seed(seed)
        seed_generator.python_random = _SeedSource(seed)
        yield
    finally:
        seed_generator.python_random = source
        for name, value in zip(names, before, strict=True):
            global_state.set_global_attribute(name, value)
        random.setstate(python_state)
        np.random.set_state(numpy_state)  # noqa: NPY002


class _SeedSource:
    """Gives the thread that made it the numbers of a seed, and other threads those of the global generator."""

    def __init__(self, seed: int) -> None:
        self._own = random.Random(seed)  # noqa: S311 - as Keras, no secrets
        self._thread = threading.get_ident()

    def randint(self, low: int, high: int) -> int:
        source = self._own if threading.get_ident() == self._thread else random
        return source.randint(low, high)
