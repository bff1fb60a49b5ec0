"""The toy model of statistics.md: logit π_si = μ + 4 z_i + u_s, u ~ N(0, τ²)."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

Bools = NDArray[np.bool_]
Pair = tuple[Bools, Bools]


def _draw(rng: np.random.Generator, seeds: int, logits: NDArray[np.float64], tau: float) -> Bools:
    probability = special.expit(logits + tau * rng.normal(size=(seeds, 1)))
    return rng.random(probability.shape) < probability


@pytest.fixture
def toy_pair() -> Callable[..., Pair]:
    """Two recipes on the same images; recipe B sees ρz + √(1-ρ²) z′, in groups of alike images if asked."""

    def make(
        rng: np.random.Generator,
        seeds: int,
        images: int,
        tau: float,
        rho: float = 0.97,
        logit: tuple[float, float] = (9.0, 9.0),
        group_size: int = 1,
    ) -> Pair:
        alike, other = (np.repeat(rng.normal(size=images // group_size), group_size) for _ in range(2))
        second = rho * alike + np.sqrt(1 - rho**2) * other
        return (
            _draw(rng, seeds, logit[0] + 4 * alike, tau),
            _draw(rng, seeds, logit[1] + 4 * second, tau),
        )

    return make


@pytest.fixture
def toy_accuracy() -> Callable[[float, float], float]:
    """True accuracy at a logit μ and seed spread τ: the mean of expit over N(μ, 16 + τ²)."""

    def integrate(logit: float, tau: float) -> float:
        nodes, weights = np.polynomial.hermite_e.hermegauss(150)
        values = special.expit(logit + np.sqrt(16 + tau**2) * nodes)
        return float((weights * values).sum() / weights.sum())

    return integrate


@pytest.fixture
def gallas_variance() -> Callable[[Bools], float]:
    """One-shot variance of the mean (Gallas 2006, iMRMC uStat11): moments over explicit pairs of cells."""

    def variance(right: Bools) -> float:
        seeds, images = right.shape
        x = right.astype(float)
        sums = {(False, False): 0.0, (False, True): 0.0, (True, False): 0.0, (True, True): 0.0}
        counts = dict.fromkeys(sums, 0)
        cells = list(itertools.product(range(seeds), range(images)))
        for (s, i), (t, j) in itertools.product(cells, cells):
            sums[s == t, i == j] += x[s, i] * x[t, j]
            counts[s == t, i == j] += 1
        moments = {key: sums[key] / counts[key] for key in sums}
        # E[mean²] weighs the moments by how many pairs of cells are of each kind; E[X]² is the last moment.
        square = sum(moments[key] * counts[key] for key in sums) / (seeds * images) ** 2
        return square - moments[False, False]

    return variance


@pytest.fixture
def toy_scores() -> Callable[..., tuple[NDArray[np.float32], NDArray[np.intp]]]:
    """Softmax scores `[S, n, K]` and labels `[n]`: logits with a part that all networks share."""

    def make(
        rng: np.random.Generator, seeds: int, images: int, classes: int = 4, signal: float = 3.0, sharpness: float = 1.0
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        labels = rng.integers(classes, size=images)
        logits = rng.normal(size=(images, classes)) + 0.7 * rng.normal(size=(seeds, images, classes))
        logits[:, np.arange(images), labels] += signal
        return special.softmax(sharpness * logits, axis=2).astype(np.float32), labels

    return make
