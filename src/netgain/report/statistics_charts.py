"""Charts of the statistics of scores and answers, each made from the result's own table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt

from netgain.report.chart_parts import (
    ALONE,
    ERROR_WORDS,
    INTERVAL_WORDS,
    QUIET,
    Rows,
    chart_of,
    in_percent,
    title,
    tooltips,
    with_errors,
)
from netgain.report.palette import CLASS_COLOURS, INK, VERDICT_COLOURS
from netgain.stats.calibration import Calibration
from netgain.stats.confusion import Confusion
from netgain.stats.roc import Roc
from netgain.stats.score_distributions import ScoreDistributions

MANY_ERRORS, DIAGONAL = VERDICT_COLOURS["WORSE"], "#E8E8E8"
NARROW_MATRIX = 330
"""The width of a confusion matrix in a window of 400 pixels."""
MOST_WRITTEN = 40
"""With more classes the cells of a confusion matrix are too small to write in, and a legend is too long."""

CURVE_STYLES = [(colour, dash) for dash in ([1, 0], [5, 3]) for colour in CLASS_COLOURS]
"""Colour and dash of the ROC curves, those with the smallest area first."""
FURTHER_STYLE = ("#C8C8C8", [1, 0])
NUM_BANDS = 2
SETTLED = 99.5
"""A ROC curve is drawn until it has come to this many percent."""

MOST_PANELS = 30

BIN_WORDS = {"confidence": "confidence, %", "accuracy": "accuracy, %", **INTERVAL_WORDS, "images": "images"}
CELL_WORDS = {
    "fraction": "given this answer, %",
    **{f"fraction_{name}": words for name, words in (ERROR_WORDS | INTERVAL_WORDS).items()},
    "count": "images, mean over the seeds",
}
CURVE_WORDS = {"false_positive": "false alarms, %", "true_positive": "recognised, %", **ERROR_WORDS, **INTERVAL_WORDS}


def calibration_chart(result: Calibration) -> alt.TopLevelMixin:
    """The reliability diagram: the accuracy of each bin against its confidence, and how far they are apart."""
    rows = in_percent(result.frame(), ("confidence", "accuracy", "low", "high"))
    for number, row in enumerate(rows, start=1):
        row.update({f"{name}_excess": row[name] - row["confidence"] for name in ("accuracy", "low", "high")})
        row["bin"] = number
    band, images = result.null_band, sum(row["images"] for row in rows)
    notes = [
        f"Expected calibration error {result.error.percent()};",
        f"perfectly calibrated networks (dashed) show {100 * band.low:.2f} to {100 * band.high:.2f} %.",
        f"{len(rows)} bins with equal numbers of images; n = {images:,.0f} test images; bars: 95 % Wilson intervals.",
    ]
    heading = title("Reliability: how often the networks are right at each confidence", notes)
    return alt.hconcat(_reliability_diagram(rows), _reliability_by_bin(rows), spacing=30).properties(title=heading)


def _reliability_diagram(rows: Rows) -> alt.LayerChart:
    lowest = max(0.0, min(min(row["low"], row["confidence"]) for row in rows) - 2)
    scale = alt.Scale(domain=[lowest, 100], nice=False, zero=False)
    ends = chart_of([{"both": lowest}, {"both": 100}])
    diagonal = ends.mark_line(color=QUIET, strokeDash=[4, 3]).encode(x=alt.X("both:Q"), y=alt.Y("both:Q"))
    x = alt.X("confidence:Q", title="confidence, %", scale=scale, axis=alt.Axis(tickCount=6))
    bars = _points_with_bars(rows, x, ("accuracy", "low", "high"), "accuracy, %", scale)
    return alt.LayerChart(layer=[diagonal, *bars]).properties(width=340, height=340)


def _reliability_by_bin(rows: Rows) -> alt.LayerChart:
    """Most bins of a good network lie in the diagram's last corner; here each has its own place."""
    zero = chart_of([{"zero": 0}]).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(y=alt.Y("zero:Q"))
    x = alt.X("bin:O", title="bin, from the lowest confidence to the highest", axis=alt.Axis(labelAngle=0))
    names = ("accuracy_excess", "low_excess", "high_excess")
    bars = _points_with_bars(rows, x, names, "accuracy − confidence, percentage points", alt.Scale())
    return alt.LayerChart(layer=[zero, *bars]).properties(width=340, height=340)


def _points_with_bars(
    rows: Rows, x: alt.X, names: tuple[str, str, str], y_title: str, scale: alt.Scale
) -> list[alt.Chart]:
    value, low, high = (f"{name}:Q" for name in names)
    base = chart_of(rows).encode(x=x, tooltip=tooltips(rows, BIN_WORDS))
    bar = base.mark_rule(color=ALONE, strokeWidth=1.5)
    bar = bar.encode(y=alt.Y(low, title=y_title, scale=scale), y2=alt.Y2(high))
    point = base.mark_point(filled=True, size=45, opacity=1, color=ALONE)
    return [bar, point.encode(y=alt.Y(value, title=y_title, scale=scale))]


def confusion_chart(result: Confusion, narrow: bool = False) -> alt.TopLevelMixin:
    """The confusion matrix as a heat map, coloured by the errors; the diagonal is grey, or it would drown them.

    The narrow one has one short number per cell, without its error.
    """
    names = ("fraction", "fraction_test_sample", "fraction_training", "fraction_low", "fraction_high")
    rows = in_percent(result.frame(), names)
    written = result.num_classes <= MOST_WRITTEN
    most_wide = NARROW_MATRIX if narrow else 460
    size = min(110, max(30, most_wide // result.num_classes)) if written else 8
    for row in rows:
        row["error"] = f"±{math.hypot(row['fraction_test_sample'], row['fraction_training'] or 0.0):.2f}"
    base = chart_of(rows).encode(
        x=alt.X("answer:O", title="answer of the networks (class)", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("label:O", title="label (class)", axis=alt.Axis(labelOverlap=True)),
        tooltip=[alt.Tooltip("label:O"), alt.Tooltip("answer:O"), *tooltips(rows, CELL_WORDS)],
    )
    most = max(row["fraction"] for row in rows if row["label"] != row["answer"])
    errors = base.transform_filter("datum.label != datum.answer").mark_rect(stroke="#EEE", color=MANY_ERRORS)
    diagonal = base.transform_filter("datum.label == datum.answer").mark_rect(color=DIAGONAL, stroke="#EEE")
    layers = [errors.encode(opacity=_error_opacity(most, "bottom" if narrow else "right")), diagonal]
    roomy = size > 37 and not narrow
    if written:
        # Cells of exactly 0 stay empty, which lets the others be found.
        filled = base.transform_filter("datum.fraction > 0")
        text = filled.mark_text(fontSize=11 if roomy or narrow else 9, dy=-5 if roomy else 0, color=INK)
        digits = ".2~r" if narrow else ".2f" if roomy else ".1f"
        layers.append(text.encode(text=alt.Text("fraction:Q", format=digits)))
        if roomy:
            error = filled.mark_text(fontSize=9, dy=8, color=INK)
            layers.append(error.encode(text=alt.Text("error:N")))
    height = alt.Step(max(0.8 * size, min(size, 30)))
    heading = _confusion_title(rows, "numbers and errors" if written and roomy else "numbers" if written else "colours")
    return alt.layer(*layers).properties(width=alt.Step(size), height=height, title=heading)


def _error_opacity(most: float, legend_at: Literal["right", "bottom"]) -> alt.Opacity:
    # Opacity and not colours from white, so that a dark page shows through. A square root, so that the rare errors
    # show beside the most frequent one.
    scale = alt.Scale(type="sqrt", domain=[0, most or 1.0], range=[0, 0.75])
    square = {"symbolType": "square", "symbolFillColor": MANY_ERRORS, "symbolStrokeWidth": 0}
    legend = alt.Legend(format=".2~f", orient=legend_at, **square)
    title = ["taken for another", "class, % of the label"]
    return alt.Opacity("fraction:Q", title=title, scale=scale, legend=legend if most > 0 else None)


def _confusion_title(rows: Rows, cells: Literal["numbers and errors", "numbers", "colours"]) -> alt.TitleParams:
    images = list({row["label"]: row["images"] for row in rows}.values())
    words = {
        "numbers and errors": "Percentages of each row ± standard error; empty: 0.",
        "numbers": "Percentages of each row, their errors are in the table; empty: 0.",
        "colours": "Only colours are shown: the percentages are in the table.",
    }
    return title("Which class is taken for which other", [f"{_images_of_classes(sum(images), images)}.", words[cells]])


def _images_of_classes(total: int, images: Sequence[int]) -> str:
    low, high = min(images), max(images)
    of_class = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"n = {total:,} test images, {of_class} per class; mean over the seeds"


def roc_chart(result: Roc) -> alt.TopLevelMixin:
    """The curves of each class against the rest, from the first false positive until all have settled."""
    rows = in_percent(result.frame(), ("false_positive", "true_positive", "test_sample", "training", "low", "high"))
    areas = sorted(
        in_percent(result.areas(), ("area", "area_test_sample", "area_training")), key=lambda row: row["area"]
    )
    names = {area["label"]: _area_name(area) for area in areas}
    left, right = _rates_that_differ(rows, max(area["num_negatives"] for area in areas))
    rows = [row for row in rows if left <= row["false_positive"] <= right]
    for row in rows:
        row["curve"] = names[row["label"]]
    worst, lowest = min(row["true_positive"] for row in rows), min(row["low"] for row in rows)
    x_scale = alt.Scale(type="log", domain=[left, right], nice=False)
    y_scale = alt.Scale(domain=[max(lowest, worst - max(10, 0.25 * (100 - worst))), 100], nice=False, zero=False)
    x_axis, x_title = alt.Axis(format="~g", tickCount=5), "other classes' images taken for the class, % (log)"
    y_title = "images of the class recognised, %"
    colour, dash = _curve_colour_and_dash(list(names.values()), measured=areas[0]["area_training"] is not None)
    base = chart_of(rows).encode(
        x=alt.X("false_positive:Q", title=x_title, scale=x_scale, axis=x_axis),
        color=colour,
        tooltip=[alt.Tooltip("label:O", title="class"), *tooltips(rows, CURVE_WORDS)],
    )
    # Ten bands over each other would hide the curves.
    shown = alt.FieldOneOfPredicate(field="curve", oneOf=list(names.values())[:NUM_BANDS])
    band = base.transform_filter(shown).mark_area(clip=True, opacity=0.15)
    band = band.encode(y=alt.Y("low:Q", title=y_title, scale=y_scale), y2=alt.Y2("high:Q"))
    line = base.mark_line(strokeWidth=1.8).encode(
        y=alt.Y("true_positive:Q", title=y_title, scale=y_scale), strokeDash=dash
    )
    return alt.layer(band, line).properties(width=560, height=380, title=_roc_title(areas, left, right))


def _area_name(area: Mapping[str, Any]) -> str:
    """How the legend names a curve: its class and the area under it with its errors, in percent."""
    errors = [area["area_test_sample"], area["area_training"]]
    return f"{area['label']}: " + with_errors(f"{area['area']:.3f}", errors, 3)


def _rates_that_differ(rows: Rows, num_negatives: int) -> tuple[float, float]:
    """The false-positive rates to draw: from a single false positive until every curve has settled near 100 %."""
    # A log scale cannot show a rate of zero, nor need it: below one false positive every point is the same.
    rates = sorted({row["false_positive"] for row in rows if row["false_positive"] > 0})
    left = max((rate for rate in rates if rate * num_negatives <= 100), default=rates[0])
    moving = [row["false_positive"] for row in rows if row["true_positive"] < SETTLED]
    settled = sum(rate <= max(moving, default=0.0) for rate in rates)
    # At least a decade, where all have settled from the first.
    return left, rates[min(max(settled, rates.index(left) + 10), len(rates) - 1)]


def _curve_colour_and_dash(names: list[str], measured: bool) -> tuple[alt.Color, alt.StrokeDash]:
    """Both say the same, so that one legend shows both; it names the classes, those with the smallest area first."""
    errors = ["± (test sample) ± (training)"] if measured else ["± (test sample); one seed:", "training not measured"]
    styles = [CURVE_STYLES[i] if i < len(CURVE_STYLES) else FURTHER_STYLE for i in range(len(names))]
    legend = alt.Legend(labelLimit=300, titleLimit=300, symbolType="stroke", symbolSize=400, symbolOpacity=1,
                        symbolStrokeWidth=2, symbolLimit=MOST_WRITTEN)  # fmt: skip
    heading = ["class: area under the curve, %", *errors]
    colours = alt.Scale(domain=names, range=[colour for colour, _ in styles])
    dashes = alt.Scale(domain=names, range=[dash for _, dash in styles])
    return (
        alt.Color("curve:N", title=heading, sort=names, scale=colours, legend=legend),
        alt.StrokeDash("curve:N", title=heading, sort=names, scale=dashes, legend=legend),
    )


def _roc_title(areas: Rows, left: float, right: float) -> alt.TitleParams:
    images = areas[0]["num_positives"] + areas[0]["num_negatives"]
    bands = f"the {NUM_BANDS} smallest areas; the table has all" if len(areas) > NUM_BANDS else "both classes"
    notes = [
        f"{_images_of_classes(images, [area['num_positives'] for area in areas])}.",
        f"Drawn from {left:.2g} to {right:.2g} %; beyond that every curve is above {SETTLED:g} %.",
        f"Bands: 95 % at each point, for {bands}.",
    ]
    if len(areas) > len(CURVE_STYLES):
        notes.append(f"In colour the {len(CURVE_STYLES)} classes with the smallest areas, the others grey.")
    return title("ROC curves, each class against the rest", notes)


def score_distributions_chart(result: ScoreDistributions, colour: str = ALONE) -> alt.TopLevelMixin:
    """The log-odds of the right class on the training and on the test images, a panel for each class.

    Training images are filled in the arm's colour, where it is known; test images are points in ink.
    """
    classes = in_percent(result.frame(), ())
    shown = sorted(classes, key=lambda row: -row["statistic"])[:MOST_PANELS]
    names = {row["label"]: _panel_name(row) for row in sorted(shown, key=lambda row: row["label"])}
    rows = [row for row in in_percent(result.histograms(), ()) if row["label"] in names]
    for row in rows:
        row["panel"] = names[row["label"]]
        row["middle"] = (row["low"] + row["high"]) / 2
        row["from"], row["to"] = max(0.0, row["density"] - row["error"]), row["density"] + row["error"]
    header = alt.Header(title=None, labelExpr="split(datum.value, '|')", labelFontSize=11, labelLineHeight=13)
    errors = "; one seed: training not measured" if classes[0]["training"] is None else " ± (training)"
    notes = [f"Test with ±√count of one network. KS: largest distance of the two distributions{errors}."]
    if len(shown) < len(classes):
        notes.append(f"The {len(shown)} of {len(classes)} classes with the largest distance.")
    return (
        _overlaid(chart_of(rows), colour)
        .properties(width=190, height=110)
        .facet(alt.Facet("panel:N", sort=list(names.values()), header=header), columns=min(5, len(names)))
        .properties(title=title("Scores on training and test images", notes))
    )


def _panel_name(row: Mapping[str, Any]) -> str:
    training = "" if row["training"] is None else f" ± {row['training']:.3f}"
    distance = f"class {row['label']}: KS {row['statistic']:.3f}{training}"
    return f"{distance}|n = {row['num_train']:,} train, {row['num_test']:,} test"


def _overlaid(base: alt.Chart, colour: str) -> alt.LayerChart:
    """One panel: training images filled, test images as points with their errors."""
    axis, x_title = alt.Axis(tickCount=4, grid=False), "log-odds of the right class"
    scale = alt.Scale(domain=["train", "test"], range=[colour, INK])
    legend = alt.Legend(orient="top", symbolType="square", symbolOpacity=1)
    base = base.encode(color=alt.Color("part:N", title="images", scale=scale, legend=legend))
    train = base.transform_filter("datum.part == 'train'").mark_rect(opacity=0.35)
    train = train.encode(
        x=alt.X("low:Q", title=x_title, axis=axis, scale=alt.Scale(zero=False)),
        x2=alt.X2("high:Q"),
        y=alt.Y("density:Q", title="density", axis=axis),
        y2=alt.Y2Datum(0),
    )
    test = base.transform_filter("datum.part == 'test' && datum.density > 0")
    test = test.encode(x=alt.X("middle:Q", title=x_title, axis=axis))
    bar = test.mark_rule().encode(y=alt.Y("from:Q", title="density", axis=axis), y2=alt.Y2("to:Q"))
    point = test.mark_point(filled=True, size=14, opacity=1).encode(y=alt.Y("density:Q", title="density", axis=axis))
    return alt.LayerChart(layer=[train, bar, point])
