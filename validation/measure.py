"""Measures in a cell what `difference` promises: coverage, pulls, variance, type I error."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from netgain.stats import Difference, Interval, difference
from netgain.stats.sequential import CHECKS, sequential_p
from validation.cells import Cell, Design
from validation.model import Bools, draw, groups
from validation.truth import truth, variance_of_effect

ALPHA = 0.05
RARE_ALPHA = ALPHA / 30
"""The level of one comparison among thirty."""

ONE_SIGMA = 0.6827

PULL_EDGES = np.linspace(-4, 4, 33)
"""Bins of the pulls' histogram; what lies outside is counted in the outermost bins."""

Floats = NDArray[np.float64]


class Comparison(Protocol):
    """What is tested of a comparison: `Difference` of accuracies, `GapDifference` of gaps."""

    @property
    def effect(self) -> float: ...

    @property
    def variance(self) -> float: ...

    @property
    def degrees_of_freedom(self) -> float: ...

    @property
    def p_value(self) -> float: ...

    def interval(self, level: float = 0.95) -> Interval: ...


CellType = TypeVar("CellType", bound=Design, covariant=True)
Compared = TypeVar("Compared", bound=Comparison, covariant=True)


@dataclass(frozen=True)
class Toys(Generic[CellType, Compared]):
    """The toys of a cell, one entry a toy in every array `[N]`.

    Attributes:
        differences: what `difference` or `gap_difference` returned.
        sequential: the sequential p-values where the cell has the checks, else None.
        true_effect: what they estimate.
        true_variance: of the effect, over everything that is drawn anew in a toy.
    """

    cell: CellType
    differences: tuple[Compared, ...]
    sequential: Floats | None
    true_effect: float
    true_variance: float

    @property
    def effect(self) -> Floats:
        return np.array([measured.effect for measured in self.differences])

    @property
    def variance(self) -> Floats:
        return np.array([measured.variance for measured in self.differences])

    @property
    def p_value(self) -> Floats:
        return np.array([measured.p_value for measured in self.differences])

    def coverage(self, level: float) -> float:
        """Fraction of the intervals that contain the true effect."""
        true = self.true_effect
        intervals = [measured.interval(level) for measured in self.differences]
        return float(np.mean([interval.low <= true <= interval.high for interval in intervals]))

    def pulls(self) -> Floats:
        """The deviations from the truth as they would be normal were the bars exact, Φ⁻¹(F_t,df(t)) `[N]`."""
        freedom = np.array([measured.degrees_of_freedom for measured in self.differences])
        return normal_pulls(self.effect - self.true_effect, self.variance, freedom)


@dataclass(frozen=True)
class Measured(Generic[CellType]):
    """What the toys of a cell say.

    Attributes:
        coverage_68: coverage of the 68.27 % interval.
        coverage_95: coverage of the 95 % interval.
        pull_mean: mean of the pulls.
        pull_width: their standard deviation.
        variance_ratio: E[V] / Var(Δ̂), the denominator from the model.
        variance_spread: standard deviation of V / Var(Δ̂) from toy to toy.
        type_one: fraction with p < 0.05 where Δ = 0, else None.
        type_one_rare: fraction with p < 0.05/30 where Δ = 0, else None.
        sequential: fraction with a sequential p < 0.05 where Δ = 0 and S = 20, else None.
        pull_counts: histogram of the pulls over `PULL_EDGES`.
    """

    cell: CellType
    num_toys: int
    coverage_68: float
    coverage_95: float
    pull_mean: float
    pull_width: float
    variance_ratio: float
    variance_spread: float
    type_one: float | None
    type_one_rare: float | None
    sequential: float | None
    pull_counts: tuple[int, ...]


def normal_pulls(deviation: Floats, variance: Floats, freedom: Floats) -> Floats:
    """Φ⁻¹(F_t,df(deviation/√V)) `[N]`; without variance a deviation is as far away as can be told."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(deviation == 0, 0.0, deviation / np.sqrt(variance))
    # The lower tail keeps its digits where the upper one would round to 1.
    return -np.sign(t) * special.ndtri(np.maximum(special.stdtr(freedom, -np.abs(t)), 1e-16))


def generator_of(name: object, repeat: int = 0) -> np.random.Generator:
    """The name, such as a cell's, and `repeat` alone decide about the random numbers."""
    return np.random.Generator(np.random.SFC64([zlib.crc32(str(name).encode()), repeat]))


def simulate(cell: Cell, num_toys: int, repeat: int = 0) -> Toys[Cell, Difference]:
    """Draw the toys of a cell."""
    rng = generator_of(cell, repeat)
    ids = groups(cell)
    checks = cell.effect == 0 and cell.num_seeds == (CHECKS[-1], CHECKS[-1]) and not cell.stress
    differences, sequential = [], []
    for _ in range(num_toys):
        right_a, right_b = draw(cell, rng)
        differences.append(difference(right_a, right_b, ids))
        if checks:
            sequential.append(_sequential_p(right_a, right_b, differences[-1].p_value))
    found = np.array(sequential) if checks else None
    return Toys(cell, tuple(differences), found, truth(cell).effect, variance_of_effect(cell))


def measure(toys: Toys[CellType, Comparison]) -> Measured[CellType]:
    """Reduce the toys of a cell to what the criteria are about."""
    pulls = toys.pulls()
    ratios = toys.variance / toys.true_variance
    # Quadrature leaves 1e-16 of a zero.
    null = abs(toys.true_effect) < 1e-9
    counts, _ = np.histogram(np.clip(pulls, PULL_EDGES[0], PULL_EDGES[-1]), PULL_EDGES)
    return Measured(
        cell=toys.cell,
        num_toys=len(pulls),
        coverage_68=toys.coverage(ONE_SIGMA),
        coverage_95=toys.coverage(1 - ALPHA),
        pull_mean=float(pulls.mean()),
        pull_width=float(pulls.std(ddof=1)),
        variance_ratio=float(ratios.mean()),
        variance_spread=float(ratios.std(ddof=1)),
        type_one=_fraction_below(toys.p_value, ALPHA) if null else None,
        type_one_rare=_fraction_below(toys.p_value, RARE_ALPHA) if null else None,
        sequential=None if toys.sequential is None else _fraction_below(toys.sequential, ALPHA),
        pull_counts=tuple(counts.tolist()),
    )


def _sequential_p(right_a: Bools, right_b: Bools, last: float) -> float:
    earlier = [difference(right_a[:seeds], right_b[:seeds]).p_value for seeds in CHECKS[:-1]]
    return sequential_p([*earlier, last])


def _fraction_below(p_values: Floats, alpha: float) -> float:
    return float(np.mean(p_values < alpha))
