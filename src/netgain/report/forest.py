"""The forest plot of all techniques, study by study or the whole store: effect, interval, verdict, cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas

from netgain.experiment.study import BASELINE
from netgain.report import tables
from netgain.report.chart_parts import QUIET, Rows, chart_of, in_percent, title
from netgain.report.palette import INK, SOFT, VERDICT_COLOURS

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

COLUMNS = (
    "study", "arm", "against", "effect", "low", "high", "p_adjusted", "verdict", "cost", "cost_spread",
    "seeds", "test_items", "items", "measure", "delta", "level",
)  # fmt: skip
"""Of the table; effects, intervals and δ in percentage points, the interval's level in percent."""

PLOT_WIDTH, NARROW_WIDTH = 330, 292
EFFECT_PLACE, BADGE_PLACE, BADGE_WIDTH, COST_PLACE = PLOT_WIDTH + 16, PLOT_WIDTH + 164, 120, PLOT_WIDTH + 300
FAR = 8
"""An interval that is this many times longer than the typical one is cut at the border and marked."""


def technique_rows(result: StudyResult) -> list[dict[str, Any]]:
    """A row for each judged arm of a study, of which :func:`forest_of` makes the table."""
    known = {
        "study": result.study.name,
        "test_items": result.data.num_test,
        "items": result.measure.items,
        "measure": result.measure.name,
        "delta": 100 * result.study.delta,
        "level": 100 * (1 - result.study.alpha),
    }
    rows = tables.verdicts_table(result).to_dict("records")
    return [
        {str(name): value for name, value in (row | known).items()} for row in rows if row["arm"] in result.verdicts
    ]


def forest_of(rows: Sequence[dict[str, Any]]) -> pandas.DataFrame:
    """The rows of :func:`technique_rows`, the largest gain first; empty where nothing was judged."""
    table = pandas.DataFrame(list(rows), columns=pandas.Index(COLUMNS))
    return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)


def forest_table(results: Sequence[StudyResult]) -> pandas.DataFrame:
    """A row for each judged arm of each study, the largest gain first; empty where nothing was judged."""
    return forest_of([row for result in results for row in technique_rows(result)])


def forest_chart(table: pandas.DataFrame, narrow: bool = False) -> alt.TopLevelMixin:
    """The forest plot of a table of :func:`forest_table`.

    Args:
        table: with at least one row.
        narrow: for a window as wide as a phone: the words of a row are above and below its interval.
    """
    rows = in_percent(table, ())
    low, high = _reach(rows)
    for number, row in enumerate(rows):
        row |= _drawn(row, low, high, number)
    width = NARROW_WIDTH if narrow else PLOT_WIDTH
    base = chart_of(rows).encode(y=alt.Y("row:O", axis=None, sort=None), tooltip=_tooltip())
    layers = [*_intervals(base, rows, (low, high), narrow), *(_words_below(base) if narrow else _words_beside(base))]
    chart = alt.layer(*layers).properties(width=width, height=alt.Step(78 if narrow else 36))
    return chart.properties(title=title("What each technique changes", _notes(rows, narrow)))


def _reach(rows: Rows) -> tuple[float, float]:
    """The axis: every interval, except those that would squeeze all others into a line."""
    reaches = sorted(max(abs(row["low"]), abs(row["high"])) for row in rows)
    limit = max(FAR * reaches[len(reaches) // 2], *(row["delta"] for row in rows))
    low = max(-limit, min(min(row["low"], -row["delta"]) for row in rows))
    high = min(limit, max(max(row["high"], row["delta"]) for row in rows))
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _drawn(row: dict[str, Any], low: float, high: float, number: int) -> dict[str, Any]:
    """What is drawn of a row: its interval and point inside the axis, arrows where it goes on, and its words."""
    inside, overlaps = low <= row["effect"] <= high, row["low"] < high and row["high"] > low
    spread = "" if row["cost_spread"] is None else f" ± {row['cost_spread']:.2f}"
    return {
        "row": number,
        "from": max(low, row["low"]) if overlaps else None,
        "to": min(high, row["high"]),
        "point": row["effect"] if inside else None,
        "arrow_left": low if row["low"] < low else None,
        "arrow_right": high if row["high"] > high else None,
        "zone_low": -row["delta"],
        "asked_in": row["study"] if row["against"] == BASELINE else f"{row['study']}, against {row['against']}",
        "effect_text": f"{row['effect']:+.2f}  ({row['low']:+.2f}, {row['high']:+.2f})".replace("-", "−"),
        "cost_text": f"{row['cost']:.2f}{spread}",
        "cost_below": f"{row['cost']:.2f} × time",
    }


def _intervals(base: alt.Chart, rows: Rows, reach: tuple[float, float], narrow: bool) -> list[alt.Chart]:
    signed = "datum.value == 0 ? '0' : format(datum.value, '+.3~f')"
    axis = alt.Axis(tickCount=5 if narrow else 7, grid=not narrow, gridOpacity=0.5, labelExpr=signed)
    change = f"change of the test {measure_in_words(rows)}"
    words = [f"{change},", "percentage points"] if narrow else f"{change}, percentage points"
    scale = alt.Scale(domain=list(reach), nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", title=words, scale=scale, axis=axis)

    colour = _verdict_colour()
    arrow = base.mark_point(filled=True, size=70, opacity=1).encode(color=colour)
    zero = chart_of([{"zero": 0}]).mark_rule(color=QUIET).encode(x=x("zero"))
    return [
        base.mark_rect(color="#999", opacity=0.18).encode(x=x("zone_low"), x2=alt.X2("delta:Q")),
        zero,
        base.mark_rule(strokeWidth=2.5).encode(x=x("from"), x2=alt.X2("to:Q"), color=colour),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=x("point"), color=colour),
        arrow.encode(x=x("arrow_left"), shape=alt.ShapeValue("triangle-left")),
        arrow.encode(x=x("arrow_right"), shape=alt.ShapeValue("triangle-right")),
    ]


def measure_in_words(rows: Rows) -> str:
    """What the effects are changes of; studies of different tasks may measure different things."""
    return " or ".join(dict.fromkeys(row["measure"] for row in rows))


def _words_beside(base: alt.Chart) -> list[alt.Chart]:
    """Left of the interval the technique and its study; right of it effect, badge and cost, as columns."""
    name = base.mark_text(align="right", fontSize=12, dy=-6, limit=230, color=INK)
    study = base.mark_text(align="right", fontSize=10, dy=8, limit=230, color=SOFT)
    effect = base.mark_text(align="left", fontSize=11, color=INK)
    cost = base.mark_text(align="left", fontSize=11, color=INK)
    heads = [
        (EFFECT_PLACE, "effect (interval)", "left"),
        (BADGE_PLACE + BADGE_WIDTH / 2, "verdict", "center"),
        (COST_PLACE, "cost, × time", "left"),
    ]
    return [
        name.encode(x=alt.XValue(-12), text=alt.Text("arm:N")),
        study.encode(x=alt.XValue(-12), text=alt.Text("asked_in:N")),
        effect.encode(x=alt.XValue(EFFECT_PLACE), text=alt.Text("effect_text:N")),
        *_badge(base, BADGE_PLACE, BADGE_WIDTH, 0),
        cost.encode(x=alt.XValue(COST_PLACE), text=alt.Text("cost_text:N")),
        *(
            chart_of([{"head": text}])
            .mark_text(align=align, fontSize=11, fontWeight="bold", color=INK, baseline="bottom")  # pyright: ignore[reportArgumentType]
            .encode(x=alt.XValue(place), y=alt.YValue(-6), text=alt.Text("head:N"))
            for place, text, align in heads
        ),
    ]


def _words_below(base: alt.Chart) -> list[alt.Chart]:
    """The technique and its cost above its interval, effect and badge below it."""
    name = {"x": alt.XValue(0), "text": alt.Text("arm:N")}
    cost = {"x": alt.XValue(NARROW_WIDTH), "text": alt.Text("cost_below:N")}
    effect = {"x": alt.XValue(0), "text": alt.Text("effect_text:N")}
    return [
        *_rimmed(base, name, align="left", fontSize=12, dy=-20, limit=NARROW_WIDTH - 88, color=INK),
        *_rimmed(base, cost, align="right", fontSize=10.5, dy=-20, color=SOFT),
        *_rimmed(base, effect, align="left", fontSize=10.5, dy=20, color=INK),
        *_badge(base, NARROW_WIDTH - BADGE_WIDTH, BADGE_WIDTH, 20),
    ]


def _rimmed(base: alt.Chart, encoding: dict[str, Any], **look: Any) -> list[alt.Chart]:
    """Words on a rim of the paper's colour, which keeps the line at zero from striking them through."""
    rim = base.mark_text(**{**look, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round", "color": "white"})
    return [rim.encode(**encoding), base.mark_text(**look).encode(**encoding)]


def _badge(base: alt.Chart, place: float, width: float, dy: float) -> list[alt.Chart]:
    """The verdict in white on its colour; the word says what the colour repeats."""
    field = base.mark_bar(height=18, cornerRadius=4, yOffset=dy)
    text = base.mark_text(align="center", fontSize=10, fontWeight="bold", color="#fff", dy=dy)
    return [
        field.encode(x=alt.XValue(place), x2=alt.X2Value(place + width), color=_verdict_colour()),
        text.encode(x=alt.XValue(place + width / 2), text=alt.Text("verdict:N")),
    ]


def _verdict_colour() -> alt.Color:
    scale = alt.Scale(domain=list(VERDICT_COLOURS), range=list(VERDICT_COLOURS.values()))
    return alt.Color("verdict:N", scale=scale, legend=None)


def _tooltip() -> list[alt.Tooltip]:
    words = {"effect": "+.2f", "low": "+.2f", "high": "+.2f", "p_adjusted": ".2g", "cost": ".2f", "seeds": "d"}
    numbers = [alt.Tooltip(f"{name}:Q", format=form) for name, form in words.items()]
    return [*(alt.Tooltip(f"{name}:N") for name in ("study", "arm", "against")), alt.Tooltip("verdict:N"), *numbers]


def _notes(rows: Rows, narrow: bool) -> list[str]:
    """What must be known to read it, in lines as short as the window asks."""
    deltas = sorted({row["delta"] for row in rows})
    zone = f"±{deltas[0]:g} points" if len(deltas) == 1 else "each study's ±δ"
    levels = " or ".join(f"{level:g} %" for level in sorted({row["level"] for row in rows}))
    bars = f"Bars: {levels} intervals, each technique alone."
    items = " or ".join(dict.fromkeys(row["items"] for row in rows))
    parts = [f"n = {_span(rows, 'test_items')} {items}, {_span(rows, 'seeds')} seeds per arm.", bars,
             f"Grey: {zone}, too small to matter."]  # fmt: skip
    if any(row["arrow_left"] is not None or row["arrow_right"] is not None for row in rows):
        parts.append("Triangle: the interval continues beyond the axis.")
    if narrow:
        return parts
    return [" ".join(parts[:2]), " ".join([*parts[2:], "Cost: training time relative to the baseline."])]


def _span(rows: Rows, name: str) -> str:
    low, high = min(row[name] for row in rows), max(row[name] for row in rows)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
