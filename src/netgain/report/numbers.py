"""Numbers with their errors, as a cell of a table shows them; fractions are shown in percent."""

from __future__ import annotations

import math

from netgain.results.figures import ArmFigure
from netgain.stats import Difference, MeanAccuracy, RatioEstimate
from netgain.stats.rounding import MOST_DIGITS, error_in_points, error_in_words, in_percent, printed, signed


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


def figure_cell(figure: ArmFigure) -> str:
    """`0.9870 ± 0.0030 ± 0.0012` in the figure's unit, with two digits of the larger error; of yes and no, `2 of 5`."""
    estimate = figure.estimate
    if figure.is_count:
        return f"{round(sum(figure.values))} of {len(figure.values)}"
    errors = [figure.scale * error for error in (estimate.test_sample, estimate.training) if error is not None]
    return _of_unit(figure.scale * estimate.value, errors)


def floor_cell(figure: ArmFigure) -> str:
    """`0.5084 ± 0.0054`; empty where there is no floor, or only yes and no."""
    if figure.floor is None or figure.is_count:
        return ""
    return _of_unit(figure.scale * figure.floor, [figure.scale * (figure.floor_error or 0.0)])


def _of_unit(value: float, errors: list[float]) -> str:
    largest = max(errors)
    digits = min(MOST_DIGITS - 1, max(0, 1 - math.floor(math.log10(largest)))) if largest > 0 else 2
    return " ± ".join([printed(f"{value:.{digits}f}"), *(error_in_words(error, digits) for error in errors)])


def _with_errors(value: str, test_sample: float, training: float | None) -> str:
    first = f"{value} ± {error_in_points(test_sample)}"
    return first if training is None else f"{first} ± {error_in_points(training)}"
