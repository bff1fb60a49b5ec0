"""Charts of a study's result, each made from the table of the same name."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import pandas

from netgain.errors import UnknownNameError
from netgain.report import tables
from netgain.report.arm_charts import costs, gaps
from netgain.report.chart_parts import epoch_axis, title
from netgain.report.measure_words import axis, change_axis, judged_items, kind_of_items, training_items
from netgain.report.palette import arm_scale
from netgain.results.study_result import StudyResult

PART_DASHES = {"train": [5, 3], "validation": [1, 2], "test": [1, 0]}

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
    curves = tables.learning_curves_table(result)
    scale = alt.Scale(domain=_measure_domain(curves), nice=False, zero=False)
    measure = result.measure
    return _curves(result, curves, axis(measure), scale, f"{measure.name.capitalize()} while training")


def loss_curves(result: StudyResult) -> alt.TopLevelMixin:
    """Loss against epoch, like the accuracies; on a log scale, where no loss is below zero."""
    curves = tables.loss_curves_table(result)
    if min(curves["lowest"].tolist(), default=0) < 0:
        return measurement_curves(result, "loss")
    return _curves(result, curves, "loss (log scale)", alt.Scale(type="log", nice=False), "Loss while training")


def measurement_curves(result: StudyResult, measurement: str) -> alt.TopLevelMixin:
    """Anything else that was measured after every epoch, against epoch."""
    curves = tables.curves_table(result, measurement)
    scale = alt.Scale(nice=False, zero=False)
    return _curves(result, curves, measurement, scale, f"{measurement.capitalize()} while training")


def _curves(
    result: StudyResult, curves: pandas.DataFrame, y_title: str, scale: alt.Scale, words: str
) -> alt.TopLevelMixin:
    parts = [part for part in PART_DASHES if part in set(curves["part"])]
    epochs = epoch_axis(max(curves["epoch"].tolist(), default=1))
    base = alt.Chart(curves).encode(
        x=alt.X("epoch:Q", title="epoch", scale=alt.Scale(nice=False), axis=epochs),
        color=_arm_colour(result),
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("part:N"),
            alt.Tooltip("epoch:Q"),
            alt.Tooltip("mean:Q", title=f"mean {y_title}", format=".4~g"),
            alt.Tooltip("lowest:Q", format=".4~g"),
            alt.Tooltip("highest:Q", format=".4~g"),
            alt.Tooltip("seeds:Q"),
        ],
    )
    dash = alt.StrokeDash(
        "part:N",
        title=kind_of_items(result.measure),
        sort=parts,
        scale=alt.Scale(domain=parts, range=[PART_DASHES[part] for part in parts]),
        legend=alt.Legend(orient="bottom", symbolStrokeColor="#555", symbolSize=400),
    )
    band = base.mark_area(opacity=0.18, clip=True).encode(
        y=alt.Y("lowest:Q", title=y_title, scale=scale), y2=alt.Y2("highest:Q"), detail=alt.Detail("part:N")
    )
    many = bool((curves["epoch"] > 1).any())  # a single epoch has no line to draw
    line = base.mark_line(clip=True, strokeWidth=1.8, point=not many).encode(
        y=alt.Y("mean:Q", title=y_title, scale=scale), strokeDash=dash
    )
    return (band + line).properties(width=640, height=360, title=_curves_title(result, parts, words))


def accuracies(result: StudyResult) -> alt.TopLevelMixin:
    """Each arm's test accuracy with its errors, its training accuracy, and the lecture's figure."""
    rows, measure = tables.accuracies_table(result), result.measure
    kinds = {
        "test": f"netgain, {judged_items(measure)}",
        "train": f"netgain, {training_items(measure)}",
        "lecture": f"lecture, {judged_items(measure)}",
    }
    marks = dict(zip(kinds.values(), ("circle", "stroke", "diamond"), strict=True))
    points = rows.melt(id_vars=["arm"], value_vars=list(kinds), var_name="kind", value_name="accuracy").dropna()
    points["kind"] = [kinds[kind] for kind in points["kind"]]
    shown = [kind for kind in kinds.values() if kind in set(points["kind"])]
    x = alt.X("arm:N", title=None, sort=list(result.runs), axis=alt.Axis(labelAngle=-35, labelLimit=220))
    y_title = axis(measure)
    shape = alt.Shape(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=shown, range=[marks[kind] for kind in shown]),
        legend=alt.Legend(orient="bottom", labelLimit=260, symbolStrokeWidth=2),
    )
    scale = alt.Scale(zero=False, nice=True)
    base = alt.Chart(rows).encode(x=x, color=_arm_colour(result, legend=False))
    bar = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", title=y_title, scale=scale), y2=alt.Y2("high:Q"))
    point = alt.Chart(points).mark_point(size=90, strokeWidth=2, opacity=1).encode(
        x=x, y=alt.Y("accuracy:Q", title=y_title, scale=scale), color=_arm_colour(result, legend=False), shape=shape,
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("kind:N"), alt.Tooltip("accuracy:Q", format=".2f")],
    )  # fmt: skip
    notes = [
        f"n = {result.data.num_test:,} {measure.items}, {_seeds(result)} per arm.",
        "Bars: standard error, test sample and seeds together.",
    ]
    heading = title(f"{measure.name.capitalize()} of each arm", notes)
    return (bar + point).properties(width=alt.Step(max(56, 420 // len(rows))), height=340, title=heading)


def effects(result: StudyResult) -> alt.TopLevelMixin:
    """The forest plot: each arm's effect on the test accuracy, with its interval, around ±δ."""
    rows = tables.effects_table(result)
    rows["label"] = [
        f"{arm} against {result.study.against[arm]}" if arm in result.study.against else arm for arm in rows["arm"]
    ]
    delta = 100 * result.study.delta
    margin = alt.Chart(alt.Data(values=[{"from": -delta, "to": delta}]))
    area = margin.mark_rect(color="#999", opacity=0.18).encode(x=alt.X("from:Q"), x2=alt.X2("to:Q"))
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888").encode(x=alt.X("zero:Q"))
    base = alt.Chart(rows).encode(
        y=alt.Y("label:N", title=None, sort=rows["label"].tolist(), axis=alt.Axis(labelLimit=360)),
        color=_arm_colour(result, legend=False),
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("verdict:N"), alt.Tooltip("effect:Q", format="+.2f"),
                 alt.Tooltip("low:Q", format="+.2f"), alt.Tooltip("high:Q", format="+.2f"),
                 alt.Tooltip("p_adjusted:Q", format=".2g")],
    )  # fmt: skip
    level = 100 * (1 - result.study.alpha)
    change, unit = change_axis(result.measure).split(", ")
    words = [f"{change},", unit, f"({level:g} % interval; grey: below ±{delta:g})"]  # short lines for narrow windows
    bar = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=words, axis=alt.Axis(tickCount=8)), x2=alt.X2("high:Q")
    )
    point = base.mark_point(filled=True, size=90, opacity=1).encode(x=alt.X("effect:Q"))
    label = base.mark_text(dy=-11, fontSize=11).encode(x=alt.X("effect:Q"), text=alt.Text("verdict:N"))
    notes = [f"n = {result.data.num_test:,} {result.measure.items}, {_seeds(result)} per arm."]
    heading = title("What each arm changes", notes)
    return (area + zero + bar + point + label).properties(width=640, height=alt.Step(44), title=heading)


CHARTS: dict[str, Callable[[StudyResult], alt.TopLevelMixin]] = {
    "learning-curves": learning_curves,
    "loss-curves": loss_curves,
    "accuracies": accuracies,
    "effects": effects,
    "gaps": gaps,
    "costs": costs,
}


def _arm_colour(result: StudyResult, legend: bool = True) -> alt.Color:
    names = list(result.runs)
    shown = (
        alt.Legend(
            orient="bottom",
            direction="vertical",
            labelLimit=300,
            symbolType="stroke",
            symbolStrokeWidth=3,
            symbolOpacity=1,
        )
        if legend
        else None
    )
    return alt.Color("arm:N", title="arm", scale=arm_scale(result), sort=names, legend=shown)


def _measure_domain(curves: pandas.DataFrame) -> list[float]:
    """From the end of the first steep rise of the curves to the highest value of all."""
    settled = curves[curves["epoch"] > curves["epoch"].max() * 0.05]
    low, high = min(settled["lowest"].tolist()), max(curves["highest"].tolist())
    margin = max(0.5, 0.06 * (high - low))
    return [max(0.0, low - margin), min(100.0, high + margin)]


def _curves_title(result: StudyResult, parts: list[str], words: str) -> alt.TitleParams:
    notes = [f"Mean over {_seeds(result)} per arm; band: lowest to highest seed."]
    train = "Train: while training, with dropout on. " if "train" in parts else ""
    notes.append(f"{train}The test curve is not used for training." if "test" in parts else train)
    return title(words, notes)


def _seeds(result: StudyResult) -> str:
    counts = sorted({len(result.judged(name)) for name in result.runs})
    number = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"{number} seed{'s' if counts != [1] else ''}"
