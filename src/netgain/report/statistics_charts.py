"""Charts of the statistics that look at scores and answers, each made from the result's own table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import altair as alt
import pandas

from netgain.report.charts import ARM_COLOURS
from netgain.stats.calibration import Calibration
from netgain.stats.confusion import Confusion
from netgain.stats.roc import Roc
from netgain.stats.score_distributions import ScoreDistributions

TRAIN_COLOUR, TEST_COLOUR = ARM_COLOURS[0], ARM_COLOURS[1]
QUIET = "#888"
"""Lines that are there to compare with: diagonals, zeros."""

NO_ERROR, MANY_ERRORS = "#FFFFFF", ARM_COLOURS[1]
DIAGONAL = "#E8E8E8"
MOST_CLASSES_WRITTEN = 40
"""With more classes the cells of a confusion matrix are too small to write in."""

CURVE_STYLES = [(colour, dash) for dash in ([1, 0], [5, 3]) for colour in ARM_COLOURS[:6]]
"""Colour and dash of the ROC curves, those with the smallest area first; any further curves are grey."""
FURTHER_CURVES = "#C8C8C8"
SETTLED = 99.5
"""From where on a ROC curve is drawn no further, in percent."""

MOST_PANELS = 30


def calibration_chart(result: Calibration) -> alt.TopLevelMixin:
    """The reliability diagram: the accuracy of each bin against its confidence, around the diagonal."""
    rows = in_percent(result.frame(), ("confidence", "accuracy", "low", "high"))
    lowest = max(0.0, min(rows["low"].min(), rows["confidence"].min()) - 2)
    scale = alt.Scale(domain=[lowest, 100], nice=False, zero=False)
    ends = alt.Chart(alt.Data(values=[{"both": lowest}, {"both": 100}]))
    diagonal = ends.mark_line(color=QUIET, strokeDash=[4, 3]).encode(x="both:Q", y="both:Q")
    base = alt.Chart(rows).encode(
        x=alt.X("confidence:Q", title="confidence, %", scale=scale),
        tooltip=tooltips(
            {"confidence": "confidence, %", "accuracy": "accuracy, %", "low": "Wilson, from", "high": "to",
             "images": "images"}
        ),
    )  # fmt: skip
    bar = base.mark_rule(color=TRAIN_COLOUR, strokeWidth=1.5, clip=True).encode(
        y=alt.Y("low:Q", title="accuracy, %", scale=scale), y2="high:Q"
    )
    point = base.mark_point(filled=True, size=45, opacity=1, color=TRAIN_COLOUR).encode(
        y=alt.Y("accuracy:Q", title="accuracy, %", scale=scale)
    )
    band = result.null_band
    notes = [
        f"Expected calibration error {result.error.percent()};",
        f"perfectly calibrated networks show {100 * band.low:.2f} to {100 * band.high:.2f} % (dashed: their diagonal).",
        f"{len(rows)} bins of equal mass, n = {rows['images'].sum():,.0f} test images; bars: 95 % Wilson intervals.",
    ]
    return (diagonal + bar + point).properties(width=420, height=420, title=title("Reliability", notes))


def confusion_chart(result: Confusion) -> alt.TopLevelMixin:
    """The confusion matrix as a heat map, coloured by the errors; the diagonal is grey, or it would drown them."""
    names = ("fraction", "fraction_test_sample", "fraction_training", "fraction_low", "fraction_high")
    rows = in_percent(result.frame(), names)
    rows["error"] = rows["fraction"].where(rows["label"] != rows["answer"])
    most = float(rows["error"].max()) or 1.0
    written = result.num_classes <= MOST_CLASSES_WRITTEN
    size = 46 if result.num_classes <= 12 else 30 if written else 8
    base = alt.Chart(rows).encode(
        x=alt.X("answer:O", title="answer of the networks (class)", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("label:O", title="label (class)", axis=alt.Axis(labelOverlap=True)),
    )
    colour = alt.Color(
        "error:Q",
        title=["taken for another", "class, % of the label"],
        # A square root, so that the rare errors show beside the most frequent one.
        scale=alt.Scale(type="sqrt", domain=[0, most], range=[NO_ERROR, MANY_ERRORS]),
        legend=alt.Legend(format=".2~f", gradientLength=160),
    )
    errors = base.transform_filter("datum.label != datum.answer").mark_rect(stroke="#EEE").encode(color=colour)
    diagonal = base.transform_filter("datum.label == datum.answer").mark_rect(color=DIAGONAL, stroke="#EEE")
    chart = errors.encode(tooltip=_cell_tooltips(rows)) + diagonal.encode(tooltip=_cell_tooltips(rows))
    if written:
        chart += _cell_texts(base, small=size < 40)
    title_of_all = _confusion_title(rows, written)
    return chart.properties(width=alt.Step(size), height=alt.Step(min(size, 34)), title=title_of_all)


def _cell_tooltips(rows: pandas.DataFrame) -> list[alt.Tooltip]:
    shown = {
        "fraction": "given this answer, %",
        "fraction_test_sample": "± (test sample)",
        "fraction_training": "± (training)",
        "fraction_low": "95 % interval, from",
        "fraction_high": "to",
        "count": "images, mean over the seeds",
    }
    measured = {name: words for name, words in shown.items() if rows[name].notna().any()}
    return [alt.Tooltip("label:O"), alt.Tooltip("answer:O"), *tooltips(measured)]


def _cell_texts(base: alt.Chart, small: bool) -> alt.Chart:
    """The percentages; cells of exactly 0 stay empty, which lets the others be found."""
    digits = ".1f" if small else ".2f"
    return (
        base.transform_filter("datum.fraction > 0")
        .mark_text(fontSize=9 if small else 11, color="#222")
        .encode(text=alt.Text("fraction:Q", format=digits))
    )


def _confusion_title(rows: pandas.DataFrame, written: bool) -> alt.TitleParams:
    images = rows.groupby("label")["images"].first()
    of_class = f"{images.min():,} to {images.max():,}" if images.min() < images.max() else f"{images.min():,}"
    cells = "Percentages of each row; empty: 0." if written else "Colours alone: the percentages are in the table."
    notes = [f"n = {images.sum():,} test images, {of_class} a class; mean over the seeds.", cells]
    return title("Which class is taken for which", notes)


def roc_chart(result: Roc) -> alt.TopLevelMixin:
    """The curves of each class against the rest with their bands, from the first false positive until all settle."""
    rows = in_percent(result.frame(), ("false_positive", "true_positive", "test_sample", "training", "low", "high"))
    areas = result.areas().sort_values("area", kind="stable")
    names = {area["label"]: _area_name(area) for area in areas.to_dict("records")}
    rows["curve"] = rows["label"].map(names)
    left, right = _rates_that_differ(rows, int(areas["num_negatives"].max()))
    rows = rows[rows["false_positive"].between(left, right)]
    lowest = max(0.0, float(rows["low"].min()) - 1)
    base = alt.Chart(rows).encode(
        x=alt.X(
            "false_positive:Q",
            title="other classes' images taken for the class, % (log)",
            scale=alt.Scale(type="log", domain=[left, right], nice=False),
            axis=alt.Axis(format="~g", tickCount=5),
        ),
        color=_curve_colour(list(names.values()), measured=bool(areas["area_training"].notna().any())),
        tooltip=_curve_tooltips(rows),
    )
    scale = alt.Scale(domain=[lowest, 100], nice=False, zero=False)
    y_title = "images of the class recognised, %"
    band = base.mark_area(opacity=0.10).encode(y=alt.Y("low:Q", title=y_title, scale=scale), y2="high:Q")
    line = base.mark_line(strokeWidth=1.8).encode(
        y=alt.Y("true_positive:Q", title=y_title, scale=scale), strokeDash=_curve_dash(list(names.values()))
    )
    return (band + line).properties(width=560, height=380, title=_roc_title(areas))
