"""The pictures of docs/performance.md."""

from __future__ import annotations

import statistics
from io import BytesIO
from pathlib import Path
from typing import Any

import altair as alt
import pandas
from PIL import Image

from benchmarks import growth
from benchmarks.configurations import CONFIGURATIONS
from benchmarks.results import Results, numbers
from benchmarks.tables import growth_points, number
from benchmarks.tasks import TASKS

COLOURS = {
    "netgain": "#D55E00",
    "PyTorch": "#0072B2",
    "Keras on TensorFlow": "#E69F00",
    "Keras on torch": "#009E73",
    "Keras on JAX": "#CC79A7",
    "scikit-learn": "#7F7F7F",
}
"""Okabe and Ito's, which colour-blind readers tell apart."""

SCALE_FACTOR = 2.0
UNITS = {"images": "training images", "batch size": "batch size, images", "width": "neurons of each hidden layer",
         "seeds": "seeds of the study"}  # fmt: skip


def write(results: Results, folder: Path) -> None:
    """Write the pictures of what was measured as PNGs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in (("tasks", tasks(results)), ("growth", growth_chart(results))):
        if chart is not None:
            configured = chart.configure_view(stroke=None).configure_axis(titleFontWeight="normal")
            _save(configured, folder / f"performance-{name}.png")


def tasks(results: Results) -> alt.VConcatChart | None:
    """A panel for each task: seconds per epoch of every configuration, fastest first."""
    panels = [panel for task in TASKS if (panel := _task_panel(results, task)) is not None]
    if not panels:
        return None
    title = alt.TitleParams(
        "Seconds per epoch of 60,000 images, per network",
        subtitle=["Medians; lines: range of the rounds. The axis is logarithmic: read a bar's end, not its length.",
                  "* not the same work: see the table"],
        anchor="start", offset=12, subtitleColor="#666",
    )  # fmt: skip
    return alt.vconcat(*panels, spacing=26).properties(title=title)


def growth_chart(results: Results) -> alt.VConcatChart | None:
    """Seconds in one row and memory in the other, a column for each quantity."""
    quantities = [quantity for quantity in growth.STEPS if len(growth_points(results, quantity)) > 1]
    if not quantities:
        return None
    counts = {
        len(results.measurements("growth", quantity, str(point[0])))
        for quantity in quantities
        for point in growth_points(results, quantity)
    }
    n = " to ".join(f"{count}" for count in sorted({min(counts), max(counts)}))
    rows = [
        alt.hconcat(*(_growth_panel(results, quantity, measure) for quantity in quantities), spacing=24)
        for measure in ("seconds", "memory")
    ]
    title = alt.TitleParams(
        "How netgain's cost grows",
        subtitle=f"Points: medians of n = {n} rounds. Dashed: slope of the last three points, given above each panel.",
        anchor="start", offset=12, subtitleColor="#666",
    )  # fmt: skip
    return alt.vconcat(*rows, spacing=24).properties(title=title)


def _save(chart: alt.TopLevelMixin, path: Path) -> None:
    """A PNG of 128 colours, a tenth of the size of one of all colours: the pictures are part of the repository."""
    full = BytesIO()
    chart.save(full, format="png", scale_factor=SCALE_FACTOR)
    Image.open(full).convert("RGB").quantize(128).save(path, optimize=True)


def _task_rows(results: Results, task: str) -> list[dict[str, Any]]:
    """A row for each configuration that did the task, the fastest first."""
    rows = []
    for configuration in CONFIGURATIONS:
        seconds = numbers(results.measurements("tasks", task, configuration.name), "seconds")
        if seconds and task in configuration.tasks:
            median = statistics.median(seconds)
            rows.append(
                {
                    "configuration": configuration.name + (" *" if configuration.other_work else ""),
                    "library": configuration.library,
                    "seconds": median,
                    "low": min(seconds),
                    "high": max(seconds),
                    "label": f"{number(median)} s",
                    "n": len(seconds),
                }
            )
    return sorted(rows, key=lambda row: row["seconds"])


def _task_panel(results: Results, task: str) -> alt.LayerChart | alt.FacetChart | None:
    rows = _task_rows(results, task)
    if not rows:
        return None
    floor, ceiling = min(row["low"] for row in rows) / 1.6, max(row["high"] for row in rows) * 2.5
    table = pandas.DataFrame(rows).assign(floor=floor)
    scale = alt.Scale(type="log", domain=[floor, ceiling], nice=False)
    ticks = alt.Axis(tickCount=5, gridOpacity=0.5)
    order = [row["configuration"] for row in rows]
    base = alt.Chart(table).encode(y=alt.Y("configuration:N", sort=order, title=None, axis=alt.Axis(labelLimit=420)))
    counts = {row["n"] for row in rows}
    n = " to ".join(f"{count}" for count in sorted({min(counts), max(counts)}))
    bars = base.mark_bar().encode(
        x=alt.X("floor:Q", scale=scale, axis=ticks, title=f"seconds (median of n = {n} rounds)"),
        x2="seconds:Q",
        color=alt.Color(
            "library:N", title="library", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
        ),
    )
    ranges = base.mark_rule(color="#222").encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    labels = base.mark_text(align="left", dx=5, fontSize=10).encode(x=alt.X("high:Q", scale=scale), text="label:N")
    return alt.layer(bars, ranges, labels).properties(
        width=460,
        height=alt.Step(17),
        title=alt.TitleParams(f"{task}: {TASKS[task].words}", anchor="start", fontSize=12),
    )


def _growth_panel(results: Results, quantity: str, measure: str) -> alt.LayerChart | alt.FacetChart:
    points = growth_points(results, quantity)
    x = [float(point[0]) for point in points]
    y = [point[1 if measure == "seconds" else 2] for point in points]
    title = f"seconds, {growth.SECONDS_OF[quantity]}" if measure == "seconds" else "peak resident memory, MB"
    low, high = min(y) / 1.3, max(max(y) * 1.3, min(y) * 2)
    horizontal = alt.X(
        "x:Q", title=UNITS[quantity], scale=alt.Scale(type="log", domain=[x[0] / 1.3, x[-1] * 1.3], nice=False),
        axis=alt.Axis(tickCount=4, format="~s", gridOpacity=0.5, labelOverlap=True),
    )  # fmt: skip
    vertical = alt.Y(
        "y:Q", title=title, scale=alt.Scale(type="log", domain=[low, high], nice=False),
        axis=alt.Axis(tickCount=4, format=",~g", minExtent=40, gridOpacity=0.5, labelOverlap=True),
    )  # fmt: skip
    base = alt.Chart(pandas.DataFrame({"x": x, "y": y})).encode(x=horizontal, y=vertical)
    layers: list[alt.Chart] = [
        base.mark_line(color=COLOURS["netgain"], point=alt.OverlayMarkDef(color=COLOURS["netgain"], size=45))
    ]
    named = "slope needs three points"
    if len(points) > 2:
        power = growth.slope(x, y)
        named = f"slope {power:.2f}"
        middle_x, middle_y = statistics.geometric_mean(x[-3:]), statistics.geometric_mean(y[-3:])
        fitted = pandas.DataFrame({"x": x[-3:], "y": [middle_y * (value / middle_x) ** power for value in x[-3:]]})
        layers.append(
            alt.Chart(fitted).mark_line(color="#222", strokeDash=[4, 3], clip=True).encode(x=horizontal, y=vertical)
        )
    heading = alt.TitleParams(named, fontSize=11, fontWeight="normal", anchor="start")
    return alt.layer(*layers).properties(width=200, height=180, title=heading)
