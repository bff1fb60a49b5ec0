"""Toys of two samples: points of which everything is known, and classifiers that learn to tell them apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from netgain.stats.coverage import density_coverage
from netgain.stats.kid import Kid, kid
from netgain.stats.two_sample import TwoSampleTest, two_sample_test
from validation.measure import generator_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoSampleCell:
    """One design: normal points, the second sample's shifted along all coordinates together.

    Attributes:
        num_images: n, points of each sample.
        num_features: d.
        shift: the distance of the two means in standard deviations.
        spread: the standard deviation of the second sample, that of the first is 1.
    """

    num_images: int
    num_features: int
    shift: float
    spread: float = 1.0

    def __str__(self) -> str:
        return f"n={self.num_images} d={self.num_features} shift={self.shift:g} spread={self.spread:g}"

    @property
    def is_null(self) -> bool:
        """Whether both samples are of one distribution."""
        return self.shift == 0 and self.spread == 1


def draw(cell: TwoSampleCell, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Both samples `[n, d]`."""
    size = cell.num_images, cell.num_features
    step = cell.shift / np.sqrt(cell.num_features)
    return rng.normal(size=size), rng.normal(step, cell.spread, size=size)


@dataclass(frozen=True)
class TwoSampleToys:
    """What came out: p-values `[T]`, those of a test by both halves in turn, and the coverage of 95 % intervals."""

    p_values: Floats
    p_of_both_halves: Floats
    coverage: float


def two_sample_toys(cell: TwoSampleCell, num_toys: int) -> TwoSampleToys:
    """Each toy halves both samples at random, teaches a linear classifier on one half and asks it about the other."""
    rng = generator_of(cell)
    p_values, both_halves, covered = [], [], []
    for _ in range(num_toys):
        first, second = draw(cell, rng)
        halves = [np.array_split(rng.permutation(each), 2) for each in (first, second)]
        tests = []
        for learn in (0, 1):
            weights = linear_classifier(halves[0][learn], halves[1][learn])
            tests.append(two_sample_test(halves[0][1 - learn] @ weights, halves[1][1 - learn] @ weights))
            if not learn:
                interval, truth = tests[0].interval(), true_area(cell, weights)
                covered.append(interval.low <= truth <= interval.high)
        p_values.append(tests[0].p_value)
        both_halves.append(_as_if_independent(tests))
    return TwoSampleToys(np.array(p_values), np.array(both_halves), float(np.mean(covered)))


def linear_classifier(first: Floats, second: Floats) -> Floats:
    """Fisher's discriminant `[d]`."""
    within = np.cov(first, rowvar=False) + np.cov(second, rowvar=False)
    return np.linalg.solve(within, second.mean(axis=0) - first.mean(axis=0))


def true_area(cell: TwoSampleCell, weights: Floats) -> float:
    """The area of a linear classifier `[d]`: the difference of two scores is normal."""
    shift = cell.shift / np.sqrt(cell.num_features) * weights.sum()
    return float(special.ndtr(shift / np.sqrt((1 + cell.spread**2) * np.square(weights).sum())))


def _as_if_independent(tests: list[TwoSampleTest]) -> float:
    """The control: the mean area of two halves that change places, with the error of independent ones."""
    area = np.mean([one.area for one in tests])
    error = (
        np.sqrt(sum((one.num_first + one.num_second + 1) / (12 * one.num_first * one.num_second) for one in tests)) / 2
    )
    return float(special.ndtr((0.5 - area) / error))


def uniform_p(p_values: Floats) -> float:
    """The p-value of Kolmogorov and Smirnov that p-values are uniform."""
    return float(stats.kstest(p_values, "uniform").pvalue)


@dataclass(frozen=True)
class KidToys:
    """What came out: the distances, whose mean of independent toys is unbiased, with errors and p-values `[T]` each."""

    values: Floats
    errors: Floats
    p_values: Floats

    @property
    def coverage(self) -> float:
        """Of 95 % intervals about the true distance, which is the mean of the unbiased estimates."""
        return float((np.abs(self.values - self.values.mean()) < special.ndtri(0.975) * self.errors).mean())

    @property
    def error_ratio(self) -> float:
        """The root mean square error over how the distances scatter."""
        return float(np.sqrt(np.square(self.errors).mean()) / self.values.std(ddof=1))


def kid_toys(cell: TwoSampleCell, num_toys: int) -> KidToys:
    """The distance of rectified points, as features of a hidden layer are."""
    rng = generator_of(cell)
    found: list[Kid] = []
    for _ in range(num_toys):
        first, second = draw(cell, rng)
        found.append(kid(np.maximum(first, 0), np.maximum(second, 0)))
    columns = zip(*[(one.value, one.standard_error, one.p_value) for one in found], strict=True)
    return KidToys(*(np.array(column) for column in columns))


@dataclass(frozen=True)
class CoverageToys:
    """Density and coverage `[T, 2]`, and their errors."""

    values: Floats
    errors: Floats

    @property
    def error_ratios(self) -> Floats:
        """Of density and of coverage: the root mean square error over how they scatter `[2]`."""
        return np.sqrt(np.square(self.errors).mean(axis=0)) / self.values.std(axis=0, ddof=1)


def coverage_toys(cell: TwoSampleCell, num_toys: int) -> CoverageToys:
    """Density and coverage of the second sample by balls around the first."""
    rng = generator_of(cell)
    found = [density_coverage(*draw(cell, rng)) for _ in range(num_toys)]
    return CoverageToys(
        np.array([[one.density.value, one.coverage.value] for one in found]),
        np.array([[one.density.standard_error, one.coverage.standard_error] for one in found]),
    )
