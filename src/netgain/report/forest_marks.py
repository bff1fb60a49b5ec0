"""What the forest plot draws of each row: the zone that does not matter, intervals, ticks, dots, badge and words."""

from __future__ import annotations

from typing import Any

import altair as alt

from netgain.report.chart_parts import QUIET, Rows, chart_of
from netgain.report.palette import INK, PAPER, SOFT, VERDICT_COLOURS

PLOT_WIDTH, NARROW_WIDTH = 400, 300
BESIDE_COST = 205
"""The room for a technique's name that its cost leaves in a narrow window; a longer one ends in dots."""
EFFECT_PLACE, BADGE_PLACE, COST_PLACE = PLOT_WIDTH + 18, PLOT_WIDTH + 196, PLOT_WIDTH + 352
BADGE_WIDTH, NARROW_BADGE_WIDTH = 140, 128


def intervals(
    base: alt.Chart, networks: Rows, reach: tuple[float, float], words: list[str], narrow: bool
) -> list[alt.Chart]:
    """The bars and marks; `base` has the rows at their places, `networks` the dots of each row."""
    signed = "datum.value == 0 ? '0' : replace(format(datum.value, '+.3~f'), '-', '−')"
    axis = alt.Axis(tickCount=5 if narrow else 7, grid=not narrow, gridOpacity=0.5, labelExpr=signed)
    scale = alt.Scale(domain=list(reach), nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", title=words, scale=scale, axis=axis)

    colour = _verdict_colour()
    pale = alt.condition("datum.too_few_seeds", alt.value(0.15), alt.value(0.4))
    arrow = base.mark_point(filled=True, size=70, opacity=1).encode(color=colour)
    tick = base.mark_tick(thickness=1.6, color=INK, opacity=1)
    dots = chart_of(networks).mark_circle(size=30, opacity=0.55, color=SOFT, yOffset=13)
    return [
        base.mark_rect(color="#999", opacity=0.18).encode(x=x("zone_low"), x2=alt.X2("delta:Q")),
        chart_of([{"zero": 0}]).mark_rule(color=QUIET).encode(x=x("zero")),
        base.mark_bar(height=11).encode(x=x("deciding_from"), x2=alt.X2("deciding_to:Q"), color=colour, opacity=pale),
        base.mark_rule(strokeWidth=2).encode(x=x("alone_from"), x2=alt.X2("alone_to:Q"), color=colour),
        *(tick.encode(x=x(f"{name}_{side}"), size=alt.value(size))
          for name, size in (("inner", 9), ("outer", 17)) for side in ("low", "high")),
        base.mark_point(filled=True, size=95, opacity=1).encode(x=x("point"), color=colour),
        arrow.encode(x=x("arrow_left"), shape=alt.ShapeValue("triangle-left")),
        arrow.encode(x=x("arrow_right"), shape=alt.ShapeValue("triangle-right")),
        dots.encode(x=x("network"), y=alt.Y("row:O", axis=None, sort=None)),
    ]  # fmt: skip


def words_beside(base: alt.Chart) -> list[alt.Chart]:
    """Left of the interval the technique and its study; right of it effect, badge and cost, as columns."""
    name = base.mark_text(align="right", fontSize=14, dy=-8, limit=250, color=INK)
    study = base.mark_text(align="right", fontSize=12, dy=9, limit=250, color=SOFT)
    plain = base.mark_text(align="left", fontSize=13, color=INK)
    heads = [
        (EFFECT_PLACE, "effect (interval)", "left"),
        (BADGE_PLACE + BADGE_WIDTH / 2, "verdict", "center"),
        (COST_PLACE, "cost, × time", "left"),
    ]
    return [
        name.encode(x=alt.XValue(-12), text=alt.Text("arm:N")),
        study.encode(x=alt.XValue(-12), text=alt.Text("asked_in:N")),
        plain.encode(x=alt.XValue(EFFECT_PLACE), text=alt.Text("effect_text:N")),
        *_badge(base, alt.XValue(BADGE_PLACE), BADGE_WIDTH, 0, 0),
        plain.encode(x=alt.XValue(COST_PLACE), text=alt.Text("cost_text:N")),
        *(
            chart_of([{"head": text}])
            .mark_text(align=align, fontSize=12, fontWeight="bold", color=INK, baseline="bottom")  # pyright: ignore[reportArgumentType]
            .encode(x=alt.XValue(place), y=alt.YValue(-6), text=alt.Text("head:N"))
            for place, text, align in heads
        ),
    ]


def words_stacked(base: alt.Chart) -> list[alt.Chart]:
    """The technique and its cost above its interval, effect and badge below it; at the borders of any width."""
    left, right = {"x": alt.XValue(0)}, {"x": alt.XValue("width")}
    return [
        *_rimmed(
            base, {**left, "text": alt.Text("arm:N")}, align="left", fontSize=14, dy=-27, color=INK, limit=BESIDE_COST
        ),
        *_rimmed(base, {**right, "text": alt.Text("cost_above:N")}, align="right", fontSize=12, dy=-27, color=SOFT),
        *_rimmed(base, {**left, "text": alt.Text("effect_text:N")}, align="left", fontSize=13, dy=33, color=INK),
        *_badge(base, alt.XValue("width"), NARROW_BADGE_WIDTH, -NARROW_BADGE_WIDTH, 33),
    ]


def _rimmed(base: alt.Chart, encoding: dict[str, Any], **look: Any) -> list[alt.Chart]:
    """Words on a rim of the paper's colour, which keeps the line at zero from striking them through."""
    rim = base.mark_text(**{**look, "stroke": PAPER, "strokeWidth": 4, "strokeJoin": "round", "color": PAPER})
    return [rim.encode(**encoding), base.mark_text(**look).encode(**encoding)]


def _badge(base: alt.Chart, place: alt.XValue, width: float, left: float, dy: float) -> list[alt.Chart]:
    """The verdict in the paper's colour on its own; the word says what the colour repeats."""
    field = base.mark_bar(height=22, cornerRadius=4, yOffset=dy, xOffset=left, x2Offset=left + width)
    text = base.mark_text(align="center", fontSize=11.5, fontWeight="bold", color=PAPER, dy=dy, dx=left + width / 2)
    x2 = alt.X2Value(place.to_dict()["value"])
    return [
        field.encode(x=place, x2=x2, color=_verdict_colour()),
        text.encode(x=place, text=alt.Text("verdict:N")),
    ]


def _verdict_colour() -> alt.Color:
    scale = alt.Scale(domain=list(VERDICT_COLOURS), range=list(VERDICT_COLOURS.values()))
    return alt.Color("verdict:N", scale=scale, legend=None)
