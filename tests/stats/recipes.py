"""Right answers of recipes whose difference is known beforehand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


def recipe(seeds: int, images: int, wrong: int, flicker: int = 0, start: int = 0) -> Bools:
    """Rows wrong on `wrong` images from `start`; every seed also on `flicker` more, each on its own."""
    right = np.ones((seeds, images), bool)
    right[:, start : start + wrong] = False
    for seed, row in enumerate(right):
        first = images // 2 + seed * flicker
        row[first : first + flicker] = False
    return right


def noisy(rng: np.random.Generator, seeds: int, images: int, accuracy: float, spread: float) -> Bools:
    """Seeds that truly differ in accuracy, on images that do not: only more seeds help."""
    levels = accuracy + spread * np.linspace(-1, 1, seeds)[:, np.newaxis]
    return rng.random((seeds, images)) < levels
