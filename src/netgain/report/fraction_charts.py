"""Class fractions drawn: each class with its interval, its errors by source, and how the errors are correlated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

from netgain.report.chart_parts import Rows, chart_of, title
from netgain.report.palette import ARM_COLOURS, INK, SOFT
from netgain.results.fractions import Fractions
from netgain.stats.fractions import Target

ROW = 26
"""The height of a class, in pixels."""

SOURCES = {"data": ARM_COLOURS[0], "templates": ARM_COLOURS[1], "systematics": ARM_COLOURS[2]}
SHAPES = ("circle", "diamond", "triangle-up")
POSITIVE, NEGATIVE = ARM_COLOURS[1], ARM_COLOURS[0]
MOST_WRITTEN = 15
"""Classes, up to which the numbers stand in a correlation matrix."""

TARGET_WORDS: dict[Target, str] = {
    "population": "population, where the images come from",
    "sample": "these images themselves",
}


def fractions_chart(result: Fractions, target: Target = "population") -> alt.TopLevelMixin:
    """The fraction of each class with its 95 % interval, and beside it the error of each source."""
    rows = _rows(result, target)
    notes = [
        f"Target: {TARGET_WORDS[target]}.",
        "Bar: 95 % interval of all errors; dark part: ± data alone; grey tick: share of the answers (biased)"
        + ("; ring: truth." if result.truth is not None else "."),
    ]
    order = list(result.class_names)
    panels: Any = _fractions(rows, order), _sources(rows, order, _sources_in(result))
    return alt.hconcat(*panels, spacing=28).properties(title=title("Class fractions", notes))


def correlation_chart(result: Fractions, target: Target = "population") -> alt.TopLevelMixin:
    """The correlation of the errors of each pair of classes: what one gains, another loses."""
    names, correlation = list(result.class_names), result.estimate.correlation(target)
    rows: Rows = [
        {"class": one, "other": other, "correlation": value, "size": abs(value), "negative": value < 0}
        for one, of_class in zip(names, correlation.tolist(), strict=True)
        for other, value in zip(names, of_class, strict=True)
    ]
    step = min(46, max(14, 560 // len(names)))
    base = chart_of(rows).encode(
        x=alt.X("other:N", sort=names, title="class", axis=alt.Axis(labelAngle=0, labelLimit=80)),
        y=alt.Y("class:N", sort=names, title="class", axis=alt.Axis(labelLimit=80)),
        tooltip=[alt.Tooltip("class:N"), alt.Tooltip("other:N"), alt.Tooltip("correlation:Q", format="+.3f")],
    )
    colours = alt.Scale(domain=[False, True], range=[POSITIVE, NEGATIVE])
    cells = base.transform_filter("datum.class != datum.other").mark_rect(stroke="#EEE")
    layers = [
        cells.encode(
            color=alt.Color("negative:N", scale=colours, legend=None),
            opacity=alt.Opacity("size:Q", scale=alt.Scale(domain=[0, 1], range=[0, 0.75]), legend=None),
        )
    ]
    if len(names) <= MOST_WRITTEN:
        written = base.mark_text(fontSize=11, color=INK)
        layers.append(written.encode(text=alt.Text("correlation:Q", format="+.2f")))
    notes = [f"Target: {TARGET_WORDS[target]}. Orange: both too high or too low together; blue: one for the other."]
    return alt.layer(*layers).properties(
        width=alt.Step(step), height=alt.Step(max(18, 0.7 * step)), title=title("Correlation of the errors", notes)
    )


CHARTS: dict[str, Callable[[Fractions, Target], alt.TopLevelMixin]] = {
    "fractions": fractions_chart,
    "correlations": correlation_chart,
}
"""By the name that `chart()` takes."""


def _rows(result: Fractions, target: Target) -> Rows:
    rows: Rows = result.frame(target).to_dict("records")  # pyright: ignore[reportAssignmentType]
    for row in rows:
        row["data_low"], row["data_high"] = max(0.0, row["fraction"] - row["data"]), row["fraction"] + row["data"]
    return rows


def _fractions(rows: Rows, order: Sequence[str]) -> alt.TopLevelMixin:
    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", title="fraction, %", scale=alt.Scale(zero=True, nice=True))

    words = [alt.Tooltip("class:N"), *(
        alt.Tooltip(f"{name}:Q", format=".3~f")
        for name in ("fraction", "data", "templates", "systematics", "low", "high", "counted", "truth", "images")
        if name in rows[0]
    )]  # fmt: skip
    axis = alt.Axis(grid=False, labelLimit=140, title="class")
    base = chart_of(rows).encode(y=alt.Y("class:N", sort=list(order), axis=axis), tooltip=words)
    colour = SOURCES["data"]
    layers = [
        base.mark_bar(height=9, opacity=0.3, color=colour).encode(x=x("low"), x2=alt.X2("high:Q")),
        base.mark_bar(height=9, opacity=0.65, color=colour).encode(x=x("data_low"), x2=alt.X2("data_high:Q")),
        base.mark_tick(color="#888", thickness=2, size=15, opacity=1).encode(x=x("counted")),
        base.mark_tick(color=INK, thickness=2, size=15, opacity=1).encode(x=x("fraction")),
    ]
    if "truth" in rows[0]:
        ring = base.mark_point(filled=False, size=80, strokeWidth=1.8, opacity=1, color=ARM_COLOURS[1])
        layers.append(ring.encode(x=x("truth")))
    return alt.layer(*layers).properties(width=400, height=alt.Step(ROW))


def _sources_in(result: Fractions) -> list[str]:
    return [source for source in SOURCES if source != "systematics" or result.nuisances]


def _sources(rows: Rows, order: Sequence[str], sources: list[str]) -> alt.TopLevelMixin:
    """The error of each class by its source, and all together."""
    errors = [{"class": row["class"], "source": name, "error": row[name]} for row in rows for name in sources]
    axis, ticks = alt.Axis(labelLimit=140, title=None, gridOpacity=0.5), alt.Axis(tickCount=5)
    y = alt.Y("class:N", sort=list(order), axis=axis)
    scale = alt.Scale(zero=True, nice=True)
    colours = alt.Scale(domain=sources, range=[SOURCES[name] for name in sources])
    shapes = alt.Scale(domain=sources, range=list(SHAPES[: len(sources)]))
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1)
    words = "standard error, percentage points"
    x = alt.X("error:Q", title=words, scale=scale, axis=ticks)
    points = chart_of(errors).mark_point(filled=True, size=64, opacity=1).encode(
        x=x,
        y=y,
        color=alt.Color("source:N", scale=colours, legend=legend),
        shape=alt.Shape("source:N", scale=shapes, legend=legend),
        tooltip=[alt.Tooltip("class:N"), alt.Tooltip("source:N"), alt.Tooltip("error:Q", format=".3~f")],
    )  # fmt: skip
    total = chart_of(rows).mark_bar(height=5, opacity=0.25, color=SOFT)
    bars = total.encode(x=alt.X("total:Q", title=words, scale=scale, axis=ticks), y=y)
    return alt.layer(bars, points).properties(width=250, height=alt.Step(ROW))
