"""The chart of each analysis that has one, found by the analysis' class."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import altair as alt

from netgain.errors import UnknownNameError
from netgain.report.accuracy_charts import changed_images_chart, check_chart, image_errors_chart, overtraining_chart
from netgain.report.chart_parts import ALONE
from netgain.report.measure_words import OF_IMAGES
from netgain.report.statistics_charts import (
    calibration_chart,
    confusion_chart,
    roc_chart,
    score_distributions_chart,
)
from netgain.report.systematics_chart import systematics_chart
from netgain.stats import (
    Calibration,
    ChangedImages,
    Check,
    Confusion,
    ImageErrors,
    Overtraining,
    Roc,
    ScoreDistributions,
    Systematics,
)
from netgain.tasks.task import Measure

MOST_IN_NARROW = 11
"""Classes whose confusion matrix a narrow window has room for."""


@singledispatch
def analysis_chart(value: Any, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    """The chart of what :func:`netgain.results.analyses.analyse` gives.

    Args:
        value: the analysis.
        colour: of the arm, for the charts that show a single arm.
        measure: what the analysis is about, in names and units.

    Raises:
        UnknownNameError: for an analysis that has a table only.
    """
    drawn = [kind.__name__ for kind in analysis_chart.registry if kind is not object]
    raise UnknownNameError("chart of an analysis called", type(value).__name__, drawn, "Its frame() has the numbers.")


def narrow_chart(value: Any) -> alt.TopLevelMixin | None:
    """The chart for a window as narrow as a telephone; None where the same chart with less width does."""
    is_small = isinstance(value, Confusion) and value.num_classes <= MOST_IN_NARROW
    return confusion_chart(value, narrow=True) if is_small else None


@analysis_chart.register
def _(value: Calibration, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return calibration_chart(value)


@analysis_chart.register
def _(value: ChangedImages, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return changed_images_chart(value, measure)


@analysis_chart.register
def _(value: Confusion, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return confusion_chart(value)


@analysis_chart.register
def _(value: ImageErrors, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return image_errors_chart(value, colour, measure)


@analysis_chart.register
def _(value: Check, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return check_chart(value, measure)


@analysis_chart.register
def _(value: Overtraining, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return overtraining_chart(value, measure)


@analysis_chart.register
def _(value: Roc, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return roc_chart(value)


@analysis_chart.register
def _(value: ScoreDistributions, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return score_distributions_chart(value, colour)


@analysis_chart.register
def _(value: Systematics, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    return systematics_chart({measure.name: value})
