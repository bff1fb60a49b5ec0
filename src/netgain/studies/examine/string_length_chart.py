"""The picture of `string-length`: accuracy against the length of the string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netgain.studies.examine.drawing import DASHES

if TYPE_CHECKING:
    import altair
    import pandas


def draw(frame: pandas.DataFrame, note: str, longest_trained: int = 5) -> altair.TopLevelMixin:
    """A line with intervals for each network, and the line p^L, from columns network, length, accuracy, low, high."""
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    names = list(dict.fromkeys(frame["network"]))
    colours = alt.Scale(domain=names, range=[*ARM_COLOURS[: len(names) - 1], "#777777"])
    dashes = alt.Scale(domain=names, range=[*DASHES[: len(names) - 1], [2, 2]])
    symbols = {"symbolType": "stroke", "symbolSize": 350, "symbolOpacity": 1}
    legend = alt.Legend(orient="bottom", columns=2, labelLimit=420, **symbols)
    lengths = sorted(set(frame["length"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "length:Q",
            title="digits of the test string",
            axis=alt.Axis(format="d", values=lengths),
            scale=alt.Scale(domain=[lengths[0] - 0.3, lengths[-1] + 0.3], nice=False),
        ),
        color=alt.Color("network:N", title=None, sort=names, scale=colours, legend=legend),
    )
    line = base.mark_line(strokeWidth=2, point={"size": 40}).encode(
        y=alt.Y("accuracy:Q", title="accuracy, %", scale=alt.Scale(domain=[0, 100])),
        strokeDash=alt.StrokeDash("network:N", title=None, sort=names, scale=dashes, legend=legend),
        tooltip=[
            "network:N",
            "length:Q",
            *(alt.Tooltip(f"{name}:Q", format=".2f") for name in ("accuracy", "low", "high")),
        ],
    )
    bars = base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    title = alt.TitleParams(
        "How many strings of each length are read without a mistake",
        subtitle=[f"{note}. Bars: 95 % intervals, test sample and training."],
        anchor="start",
        subtitleColor="#666",
    )
    return (_border(longest_trained) + bars + line).properties(width=600, height=320, title=title)


def _border(longest_trained: int) -> Any:
    """Where the strings begin that are longer than those trained on."""
    import altair as alt

    border = alt.Chart(alt.Data(values=[{"at": longest_trained + 0.5, "text": "longer than trained on →"}]))
    rule = border.mark_rule(color="#777777", strokeDash=[4, 4]).encode(x=alt.X("at:Q"))
    words = border.mark_text(align="left", dx=5, color="#777777", fontSize=11).encode(
        x=alt.X("at:Q"), y=alt.YDatum(8), text=alt.Text("text:N")
    )
    return alt.layer(rule, words)
