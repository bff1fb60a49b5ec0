"""A generator of the store, ready to write images of any random vector."""

from __future__ import annotations

import numpy as np

from netgain.engine.score import weights_of
from netgain.runs.store import StoredRun
from netgain.tasks.generation.generate import opened_bytes
from netgain.tasks.task import Figure

NUM_CORNERS = 4


class GeneratorPanel:
    """One generator: its images of random vectors, and of the places of a square between four of them.

    Args:
        network: the bytes of its `.keras` file.
        stored: its run.
        told_apart: how well a classifier tells its images from real ones; None where that was not measured.

    Attributes:
        class_names: of the classes that can be asked for; empty where the generator knows none.
        key: what it is known by: the same recipe and seed have one key in every store.
        dataset: the name or path of the images that it learnt from.
        seed: of its run.
        told_apart: as given.

    Raises:
        DataError: if the file is not a generator that can be opened.
    """

    def __init__(self, network: bytes, stored: StoredRun, told_apart: Figure | None) -> None:
        self._file = opened_bytes(network)
        self._sample, self._weights = self._file.sampler(), weights_of(self._file.model)
        self.class_names = tuple(self._file.class_names) if self._file.conditional else ()
        self.key = f"{stored.key.recipe_digest[:12]}:{stored.key.seed}"
        self.dataset = str(stored.recipe["dataset"])
        self.seed = stored.key.seed
        self.told_apart = told_apart

    @property
    def latent(self) -> int:
        """How many random numbers make an image."""
        return self._file.latent

    def images(self, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The images uint8 `[n, H, W, C]` of random vectors `[n, latent]` and classes `[n]`."""
        return self._sample(self._weights, z.astype(np.float32), labels)

    def drawn(self, labels: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """New images of these classes."""
        return self.images(generator.standard_normal((len(labels), self.latent), np.float32), labels)

    def corners(self, seed: int) -> np.ndarray:
        """Four random vectors, `[4, latent]`: the corners of a square."""
        return np.random.default_rng(seed).standard_normal((NUM_CORNERS, self.latent))


def between(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The vectors `[n, latent]` at the places (x, y) of a square, from 0 to 1, whose corners are `[4, latent]`.

    The shares of the corners are bilinear, divided by their length. So every place has a vector of independent normal
    numbers, as the corners have: the places between them are no less typical.

    >>> corners = np.eye(4)
    >>> between(corners, np.array([0, 0.5]), np.array([0, 0.5]))
    array([[1. , 0. , 0. , 0. ],
           [0.5, 0.5, 0.5, 0.5]])
    """
    shares = np.stack([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y], axis=1)
    return (shares / np.linalg.norm(shares, axis=1, keepdims=True)) @ corners
