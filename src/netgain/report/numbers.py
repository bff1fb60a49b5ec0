"""Numbers with their errors, as a cell of a table shows them; all are fractions, shown in percent."""

from __future__ import annotations

from netgain.stats import Difference, MeanAccuracy, RatioEstimate
from netgain.stats.rounding import error_in_points, in_percent, signed


def accuracy_cell(accuracy: MeanAccuracy) -> str:
    """`98.74 ± 0.10 ± 0.03`, or, where all or none are right, the count with its interval."""
    if accuracy.is_all_or_none:
        return accuracy.all_or_none().replace(": ", ":\n", 1)
    return _with_errors(in_percent(accuracy.value), accuracy.test_sample, accuracy.training)


def effect_cell(difference: Difference) -> str:
    """`+0.30 ± 0.07 ± 0.14`, in percentage points."""
    return _with_errors(signed(100 * difference.effect), difference.test_sample, difference.training)


def ratio_cell(ratio: RatioEstimate) -> str:
    """`0.61 ± 0.08 ± 0.02`, in percent, or, where nothing was counted, zero with its interval."""
    if ratio.value == 0:
        return ratio.percent()
    return _with_errors(in_percent(ratio.value), ratio.test_sample, ratio.training)


def _with_errors(value: str, test_sample: float, training: float | None) -> str:
    first = f"{value} ± {error_in_points(test_sample)}"
    return first if training is None else f"{first} ± {error_in_points(training)}"
