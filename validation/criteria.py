"""The acceptance criteria, and whether a cell meets them.

The limits are for 2000 toys per cell. Fewer toys scatter more, so with N toys a limit moves outward by three
times what the statistical error has grown. A cell outside a limit is run again with ten times the toys and
fresh random numbers, and only the second result counts: so chance is told from a defect.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from netgain.stats.verdict import MIN_SEEDS
from validation import cells
from validation.cells import Design
from validation.gap_cells import FIXED_AND_WORSE, FIXED_TRAINING
from validation.measure import ALPHA, ONE_SIGMA, RARE_ALPHA, Measured

REFERENCE_TOYS = 2000
REPEAT_FACTOR = 10


@dataclass(frozen=True)
class Criterion:
    """One quantity and the limits it must keep to.

    Attributes:
        name: of the quantity, as the tables have it.
        value: takes it from a result; None where the cell does not have it.
        low: the lower limit.
        high: the upper limit.
        toy_error: standard deviation of one toy's contribution.
        applies: whether the criterion is one for this cell.
    """

    name: str
    value: Callable[[Measured[Design]], float | None]
    low: float
    high: float
    toy_error: Callable[[Measured[Design]], float]
    applies: Callable[[Design], bool]

    def limits(self, measured: Measured[Design]) -> tuple[float, float]:
        """The limits for as many toys as there are."""
        growth = 1 / math.sqrt(measured.num_toys) - 1 / math.sqrt(REFERENCE_TOYS)
        slack = 3 * self.toy_error(measured) * max(0.0, growth)
        return self.low - slack, self.high + slack

    def missed(self, measured: Measured[Design]) -> str:
        """What is missed and by how much, or an empty string."""
        value = self.value(measured)
        low, high = self.limits(measured)
        if value is None or not self.applies(measured.cell) or low <= value <= high:
            return ""
        return f"{self.name} is {value:.4g}, outside {low:.4g} to {high:.4g}"


def _rate_error(probability: float) -> Callable[[Measured[Design]], float]:
    return lambda measured: math.sqrt(probability * (1 - probability))


def _judged(cell: Design) -> bool:
    """Not the case that no method can get right: what never happened in the runs at hand."""
    return cell.stress != cells.DIVERGED_IN_B


def _bars_may_be_too_long(cell: Design) -> bool:
    """Where a rare run can lose everything, no bar of a few seeds is normal: coverage counts, not shape.

    With given training images, the bars of a gap allow for other ones on purpose.
    """
    return cell.stress in {cells.DIVERGED, FIXED_TRAINING, FIXED_AND_WORSE}


def _bell_shaped(cell: Design) -> bool:
    return _judged(cell) and not _bars_may_be_too_long(cell)


def _unequal(cell: Design) -> bool:
    return cell.stress == cells.UNEQUAL_SPREADS


CRITERIA = (
    Criterion(
        "95 % coverage", lambda m: m.coverage_95, 0.935, 0.985, _rate_error(ALPHA),
        lambda cell: _bell_shaped(cell) and not _unequal(cell),
    ),
    Criterion("95 % coverage", lambda m: m.coverage_95, 0.93, 0.985, _rate_error(ALPHA), _unequal),
    Criterion(
        "95 % coverage", lambda m: m.coverage_95, 0.935, 1.0, _rate_error(ALPHA),
        _bars_may_be_too_long,
    ),
    Criterion("68.27 % coverage", lambda m: m.coverage_68, 0.65, 1.0, _rate_error(ONE_SIGMA), _judged),
    Criterion("pull mean", lambda m: m.pull_mean, -0.067, 0.067, lambda m: m.pull_width, _bell_shaped),
    Criterion("pull width", lambda m: m.pull_width, 0.80, 1.05, lambda m: m.pull_width / math.sqrt(2), _bell_shaped),
    Criterion("E[V]/Var", lambda m: m.variance_ratio, 0.9, 1.1, lambda m: m.variance_spread, _bell_shaped),
    Criterion(
        "type I at 0.05", lambda m: m.type_one, 0.0, 0.06, _rate_error(ALPHA),
        lambda cell: _judged(cell) and not _unequal(cell),
    ),
    # What a coverage of 0.93 leaves.
    Criterion("type I at 0.05", lambda m: m.type_one, 0.0, 0.07, _rate_error(ALPHA), _unequal),
    Criterion(
        "type I at 0.05/30", lambda m: m.type_one_rare, 0.0, 0.0025, _rate_error(RARE_ALPHA),
        lambda cell: _judged(cell) and min(cell.num_seeds) >= MIN_SEEDS,
    ),
    Criterion("sequential type I", lambda m: m.sequential, 0.0, 0.055, _rate_error(ALPHA), _judged),
)  # fmt: skip


KNOWN_MISSES = {
    (cells.UNEQUAL_SPREADS, "pull mean"): (
        "accuracies of seeds that spread widely are skewed, which cancels only between recipes of similar spread"
    ),
    (cells.UNEQUAL_SPREADS, "type I at 0.05/30"): "few seeds of one recipe decide, and their accuracies are skewed",
    (cells.UNEQUAL_SEEDS, "type I at 0.05/30"): "few seeds of one recipe decide",
}
"""What a stress case is known to miss, and why; docs/validation.md says what to do about it."""


def exceeded(measured: Measured[Design]) -> dict[str, str]:
    """The criteria that a cell misses: the name of the quantity, and the miss in words."""
    return {criterion.name: text for criterion in CRITERIA if (text := criterion.missed(measured))}


def misses(measured: Measured[Design]) -> dict[str, str]:
    """Those of them that are not known."""
    stress = measured.cell.stress
    return {name: text for name, text in exceeded(measured).items() if (stress, name) not in KNOWN_MISSES}


def known_misses(measured: Measured[Design]) -> dict[str, str]:
    """Those of them that are known, with the reason."""
    reasons = {name: KNOWN_MISSES.get((measured.cell.stress, name)) for name in exceeded(measured)}
    return {name: f"{exceeded(measured)[name]}: {reason}" for name, reason in reasons.items() if reason}
