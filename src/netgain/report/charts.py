"""Charts of a study's result, each made from the table of the same name."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas

from netgain.errors import UnknownNameError
from netgain.report import tables
from netgain.report.arm_charts import accuracies, costs, gaps
from netgain.report.curves import Upright, curves_chart
from netgain.report.forest import forest_chart, forest_table
from netgain.report.measure_words import axis
from netgain.results.study_result import StudyResult

EFFECTS_WIDTH = 560

# Altair stops at 5,000 rows, to which the curves of a large study come; the page holds them easily.
alt.data_transformers.disable_max_rows()


def chart(result: StudyResult, name: str) -> alt.TopLevelMixin:
    """The chart of that name.

    Raises:
        UnknownNameError: for an unknown name.
    """
    if name in CHARTS:
        return CHARTS[name](result)
    measurements = tables.curve_names(result)
    if name in measurements:
        return measurement_curves(result, measurements[name])
    figures = result.findings.figures
    if name not in figures:
        raise UnknownNameError("chart", name, dict.fromkeys([*CHARTS, *measurements, *figures]))
    return figures[name].chart()


def learning_curves(result: StudyResult) -> alt.TopLevelMixin:
    """The measure against epoch: the mean over the seeds as a line, lowest to highest as a band."""
    curves, measure = tables.learning_curves_table(result), result.measure
    upright = Upright(axis(measure), *_measure_domain(curves))
    return curves_chart(result, curves, upright, f"{measure.name.capitalize()} while training")


def loss_curves(result: StudyResult) -> alt.TopLevelMixin:
    """Loss against epoch, like the accuracies; on a log scale, where every loss is above zero."""
    curves = tables.loss_curves_table(result)
    low, high = min(curves["lowest"].tolist(), default=1.0), max(curves["highest"].tolist(), default=1.0)
    if low <= 0:
        return measurement_curves(result, "loss")
    return curves_chart(result, curves, Upright("loss (log scale)", low, high, log=True), "Loss while training")


def measurement_curves(result: StudyResult, measurement: str) -> alt.TopLevelMixin:
    """Anything else that was measured after every epoch, against epoch."""
    curves = tables.curves_table(result, measurement)
    low, high = min(curves["lowest"].tolist(), default=0.0), max(curves["highest"].tolist(), default=1.0)
    margin = 0.04 * (high - low) or 1.0
    upright = Upright(measurement, low - margin, high + margin)
    return curves_chart(result, curves, upright, f"{measurement.capitalize()} while training")


def effects(result: StudyResult) -> alt.TopLevelMixin:
    """The forest plot of the study's arms, with the words of each above and below its interval."""
    return forest_chart(forest_table([result]), narrow=True, width=EFFECTS_WIDTH)


CHARTS: dict[str, Callable[[StudyResult], alt.TopLevelMixin]] = {
    "learning-curves": learning_curves,
    "loss-curves": loss_curves,
    "accuracies": accuracies,
    "effects": effects,
    "gaps": gaps,
    "costs": costs,
}


def _measure_domain(curves: pandas.DataFrame) -> tuple[float, float]:
    """From the end of the first steep rise of the curves to the highest value of all."""
    settled = curves[curves["epoch"] > curves["epoch"].max() * 0.05]
    low, high = min(settled["lowest"].tolist()), max(curves["highest"].tolist())
    margin = max(0.5, 0.06 * (high - low))
    return max(0.0, low - margin), min(100.0, high + margin)
