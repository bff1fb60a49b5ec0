"""The errors of an accuracy as a bar: what each source adds upwards and downwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas

from netgain.report.chart_parts import Rows, chart_of, in_percent, title
from netgain.report.palette import ARM_COLOURS, INK
from netgain.stats import Systematics
from netgain.stats.rounding import signed

STATISTICAL = {"test sample": "#555", "training": "#999"}
"""Colours of the two errors that are not systematic."""

BAR_WIDTH, STEP, HEIGHT = 64, 150, 300
MARGIN = 0.09
"""Above and below the bars, for their totals, as a part of their height."""


def shares_table(evaluated: Mapping[str, Systematics]) -> pandas.DataFrame:
    """A row for each recipe, source and direction: its error and its part of the total, in percentage points.

    Independent errors add in quadrature. So that the parts sum to the total, each is its square divided by the total.
    """
    rows: list[dict[str, Any]] = []
    for name, found in evaluated.items():
        rows_of = in_percent(found.frame(), ("up", "down"))
        joint = found.joint.name if found.joint else ""
        rows += _bar(name, [row for row in rows_of if row["source"] != joint])
        if joint:
            rows += _bar(f"{name}, drawn together", [row for row in rows_of if row["source"] in {*STATISTICAL, joint}])
    return pandas.DataFrame(rows)


def systematics_chart(evaluated: Mapping[str, Systematics]) -> alt.TopLevelMixin:
    """A bar for each recipe, stacked upwards and downwards from its accuracy."""
    rows = in_percent(shares_table(evaluated), ())
    sources = list(dict.fromkeys(row["source"] for row in rows))
    coloured = [source for source in sources if source not in STATISTICAL]
    palette = {**STATISTICAL, **dict(zip(coloured, ARM_COLOURS * len(coloured), strict=False))}
    names = list(dict.fromkeys(row["recipe"] for row in rows))
    scale = alt.Scale(domain=sources, range=[palette[source] for source in sources])
    ends = [row["total"] for row in rows]
    margin = MARGIN * ((max(ends) - min(ends)) or 1.0)
    y_scale = alt.Scale(domain=[min(ends) - margin, max(ends) + margin], nice=False)
    x = alt.X("recipe:N", title=None, sort=names, axis=alt.Axis(labelAngle=0, labelLimit=STEP, labelPadding=6))
    y_title = "error of the accuracy, percentage points"
    for row in rows:
        row["order"] = sources.index(row["source"])
    bars = chart_of(rows).mark_bar(width=BAR_WIDTH, stroke="#fff", strokeWidth=1)
    bars = bars.encode(
        x=x,
        y=alt.Y("part:Q", title=y_title, stack="zero", scale=y_scale),
        color=alt.Color("source:N", title=None, sort=sources, scale=scale,
                        legend=alt.Legend(orient="bottom", columns=2, labelLimit=300, symbolType="square")),
        order=alt.Order("order:Q"),
        tooltip=[alt.Tooltip("recipe:N"), alt.Tooltip("source:N"), alt.Tooltip("direction:N"),
                 alt.Tooltip("error:Q", title="error, points", format=".2f"),
                 alt.Tooltip("part:Q", title="part of the total, points", format="+.2f")],
    )  # fmt: skip
    zero = chart_of([{"zero": 0}]).mark_rule(color=INK).encode(y=alt.Y("zero:Q"))
    layers = [bars, zero, *_totals(rows, x)]
    heading = title("Errors of the accuracy, by source", _notes(evaluated))
    return alt.layer(*layers).properties(width=alt.Step(STEP), height=HEIGHT, title=heading)


def _bar(recipe: str, sources: Rows) -> Rows:
    rows = []
    for direction, sign in (("up", 1), ("down", -1)):
        total = math.hypot(*(row[direction] for row in sources))
        for row in sources:
            error = row[direction]
            part = error**2 / total if total else 0.0
            rows.append({"recipe": recipe, "source": row["source"], "direction": direction, "error": error,
                         "part": sign * part, "total": sign * total})  # fmt: skip
    return rows


def _totals(rows: Rows, x: alt.X) -> list[alt.Chart]:
    """The total above and below each bar."""
    ends = {(row["recipe"], row["direction"]): row for row in rows}
    words = [
        {"recipe": recipe, "total": row["total"], "words": signed(row["total"]), "way": way}
        for (recipe, way), row in ends.items()
    ]
    return [
        chart_of([row for row in words if row["way"] == way])
        .mark_text(dy=dy, color=INK, fontWeight="bold")
        .encode(x=x, y=alt.Y("total:Q"), text=alt.Text("words:N"))
        for way, dy in (("up", -9), ("down", 10))
    ]


def _notes(evaluated: Mapping[str, Systematics]) -> list[str]:
    images = sorted({found.ideal.num_images for found in evaluated.values()})
    unseen = {source.name for found in evaluated.values() for source in found.sources if not source.has_effect}
    notes = [
        f"n = {' to '.join(f'{count:,}' for count in images)} test images.",
        "Zero: the accuracy on the test images as they are. Up and down: one standard deviation.",
        "Errors add in quadrature: each part is its square divided by the total.",
    ]
    if any(found.joint for found in evaluated.values()):
        notes.append("Drawn together: the middle 68 % of the draws of all shifts at once.")
    if unseen:
        notes.append(f"No effect seen, so nothing added{'' if len(evaluated) == 1 else ' somewhere'}: "
                     f"{', '.join(sorted(unseen))}.")  # fmt: skip
    return notes
