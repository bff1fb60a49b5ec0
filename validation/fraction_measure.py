"""What is measured of class fractions, and the criteria."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgain.stats import ClassFractions
from netgain.stats.familiarity import DOUBT
from netgain.stats.fractions import TARGETS, Target

Floats = NDArray[np.float64]

REFERENCE_TOYS = 400


@dataclass(frozen=True)
class FractionResult:
    """One fit and the truth, for one target, all `[K]`.

    Attributes:
        pulls: (fitted, before negative ones are taken away, less true) / error.
        covered_95, covered_68: whether the intervals contain the truth.
        p_value: of the goodness of fit.
    """

    pulls: Floats
    covered_95: NDArray[np.bool_]
    covered_68: NDArray[np.bool_]
    p_value: float


def judge_fit(found: ClassFractions, truth: Floats, target: Target) -> FractionResult:
    """Compare a fit with the truth of a target."""
    covered = []
    for level in (0.95, 0.6827):
        interval = found.interval(level, target)
        # A fraction of exactly zero is inside of an interval that begins at 1e-17.
        covered.append((interval.low <= truth + 1e-12) & (truth <= interval.high + 1e-12))
    pulls = (found.signed - truth) / found.errors(target).total
    return FractionResult(pulls, covered[0], covered[1], found.goodness.p_value)


def judge_both(found: ClassFractions, population: Floats, realised: Floats) -> dict[Target, FractionResult]:
    """The same for both targets."""
    return {
        target: judge_fit(found, truth, target) for target, truth in zip(TARGETS, (population, realised), strict=True)
    }


@dataclass(frozen=True)
class FractionMeasured:
    """What the toys of a cell say for one target.

    Attributes:
        num_toys: N.
        pull_mean: of the class with the worst mean.
        pull_width: standard deviation of all pulls about their class's mean.
        coverage_95, coverage_68: of the intervals, over all classes.
        doubted: how often a sample is said not to look like the templates.
    """

    num_toys: int
    pull_mean: float
    pull_width: float
    coverage_95: float
    coverage_68: float
    doubted: float

    @property
    def missed(self) -> list[str]:
        """The criteria that are missed, in words; with fewer than 400 toys the limits are wider by three errors."""
        growth = 3 * max(0.0, 1 / math.sqrt(self.num_toys) - 1 / math.sqrt(REFERENCE_TOYS))
        # Ten classes that sum to one are worth about nine independent ones.
        of_all = growth / 3
        limits = (
            ("pull mean", self.pull_mean, -0.20 - growth, 0.20 + growth),
            ("pull width", self.pull_width, 0.93 - of_all, 1.07 + of_all),
            ("68 % coverage", self.coverage_68, 0.653 - 0.47 * of_all, 0.713 + 0.47 * of_all),
            ("95 % coverage", self.coverage_95, 0.94 - 0.22 * of_all, 0.96 + 0.22 * of_all),
            ("doubted", self.doubted, 0.0, 0.01 + 0.1 * growth),
        )
        return [f"{name} {value:.3f}" for name, value, low, high in limits if not low <= value <= high]


def measure_fractions(results: Iterable[FractionResult]) -> FractionMeasured:
    """Reduce the results of a cell to what the criteria are about."""
    found = list(results)
    pulls = np.stack([one.pulls for one in found])
    means = pulls.mean(axis=0)
    return FractionMeasured(
        num_toys=len(found),
        pull_mean=float(means[np.abs(means).argmax()]),
        pull_width=float((pulls - means).std(ddof=1)),
        coverage_95=float(np.mean([one.covered_95 for one in found])),
        coverage_68=float(np.mean([one.covered_68 for one in found])),
        doubted=float(np.mean([one.p_value < DOUBT for one in found])),
    )
