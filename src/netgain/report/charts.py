"""Charts of a study's result, each made from the table of the same name."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt

from netgain.errors import UnknownNameError
from netgain.report import tables
from netgain.result import StudyResult

# Okabe and Ito's colours, which colour-blind readers tell apart; the baseline always comes first.
ARM_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F", "#B8860B")
# Dark enough for white words on them; the word always stands beside the colour.
VERDICT_COLOURS = {
    "BETTER": "#007A5A",
    "EQUIVALENT": "#0064A0",
    "UNDECIDED": "#6B7280",
    "UNDECIDABLE HERE": "#8A5A78",
    "WORSE": "#B84700",
}
PART_DASHES = {"train": [5, 3], "validation": [1, 2], "test": [1, 0]}

# Altair stops at 5,000 rows, to which the curves of a large study come; the page holds them easily.
alt.data_transformers.disable_max_rows()


def chart(result: StudyResult, name: str) -> alt.TopLevelMixin:
    """The chart of that name.

    Raises:
        UnknownNameError: for a name that is none.
    """
    if name not in CHARTS:
        raise UnknownNameError("chart", name, CHARTS)
    return CHARTS[name](result)


def learning_curves(result: StudyResult) -> alt.TopLevelMixin:
    """Accuracy against epoch: the mean over the seeds as a line, lowest to highest as a band."""
    curves = tables.learning_curves_table(result)
    parts = [part for part in PART_DASHES if part in set(curves["part"])]
    base = alt.Chart(curves).encode(
        x=alt.X("epoch:Q", title="epoch", scale=alt.Scale(nice=False), axis=alt.Axis(format="d", tickMinStep=1)),
        color=_arm_colour(result),
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("part:N"),
            alt.Tooltip("epoch:Q"),
            alt.Tooltip("mean:Q", title="mean accuracy, %", format=".2f"),
            alt.Tooltip("lowest:Q", format=".2f"),
            alt.Tooltip("highest:Q", format=".2f"),
            alt.Tooltip("seeds:Q"),
        ],
    )
    scale = alt.Scale(domain=_accuracy_domain(result), nice=False, zero=False)
    dash = alt.StrokeDash(
        "part:N",
        title="images",
        sort=parts,
        scale=alt.Scale(domain=parts, range=[PART_DASHES[part] for part in parts]),
        legend=alt.Legend(orient="bottom", symbolStrokeColor="#555", symbolSize=400),
    )
    band = base.mark_area(opacity=0.18, clip=True).encode(
        y=alt.Y("lowest:Q", title="accuracy, %", scale=scale), y2="highest:Q", detail="part:N"
    )
    many = bool((curves["epoch"] > 1).any())  # a single epoch has no line to draw
    line = base.mark_line(clip=True, strokeWidth=1.8, point=not many).encode(
        y=alt.Y("mean:Q", title="accuracy, %", scale=scale), strokeDash=dash
    )
    return (band + line).properties(width=640, height=360, title=_curves_title(result, parts))


def effects(result: StudyResult) -> alt.TopLevelMixin:
    """The forest plot: each arm's effect on the test accuracy, with its interval, around ±δ."""
    rows = tables.effects_table(result)
    delta = 100 * result.study.delta
    margin = alt.Chart(alt.Data(values=[{"from": -delta, "to": delta}]))
    area = margin.mark_rect(color="#999", opacity=0.18).encode(x=alt.X("from:Q"), x2="to:Q")
    zero = alt.Chart(alt.Data(values=[{"zero": 0}])).mark_rule(color="#888").encode(x="zero:Q")
    base = alt.Chart(rows).encode(
        y=alt.Y("arm:N", title=None, sort=list(result.study.arms), axis=alt.Axis(labelLimit=260)),
        color=_arm_colour(result, legend=False),
        tooltip=["arm:N", alt.Tooltip("effect:Q", format="+.2f"), alt.Tooltip("low:Q", format="+.2f"),
                 alt.Tooltip("high:Q", format="+.2f"), alt.Tooltip("p_adjusted:Q", format=".2g"), "verdict:N"],
    )  # fmt: skip
    level = 100 * (1 - result.study.alpha)
    axis = ["change of the test accuracy, percentage points", f"({level:g} % interval; grey: ±{delta:g} do not matter)"]
    bar = base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", title=axis, axis=alt.Axis(tickCount=8)), x2="high:Q")
    point = base.mark_point(filled=True, size=90, opacity=1).encode(x="effect:Q")
    label = base.mark_text(dy=-11, fontSize=11).encode(x="effect:Q", text="verdict:N")
    return (area + zero + bar + point + label).properties(width=640, height=alt.Step(44))


CHARTS: dict[str, Callable[[StudyResult], alt.TopLevelMixin]] = {
    "learning-curves": learning_curves,
    "effects": effects,
}


def _arm_colour(result: StudyResult, legend: bool = True) -> alt.Color:
    names = list(result.runs)
    colours = [ARM_COLOURS[i % len(ARM_COLOURS)] for i in range(len(names))]
    scale = alt.Scale(domain=names, range=colours)
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
    return alt.Color("arm:N", title="arm", scale=scale, sort=names, legend=shown)


def _accuracy_domain(result: StudyResult) -> list[float]:
    """From where the curves have left their first steep rise behind to the highest value of all."""
    curves = tables.learning_curves_table(result)
    settled = curves[curves["epoch"] > curves["epoch"].max() * 0.05]
    low, high = min(settled["lowest"].tolist()), max(curves["highest"].tolist())
    margin = max(0.5, 0.06 * (high - low))
    return [max(0.0, low - margin), min(100.0, high + margin)]


def _curves_title(result: StudyResult, parts: list[str]) -> alt.TitleParams:
    counts = sorted({len(result.judged(name)) for name in result.runs})
    seeds = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    notes = [f"Mean over {seeds} seed{'s' if counts != [1] else ''} an arm; band: lowest to highest seed."]
    train = "Train: while training, with dropout on. " if "train" in parts else ""
    notes.append(f"{train}Test: display only." if "test" in parts else train)
    return alt.TitleParams("Accuracy while training", subtitle=notes, anchor="start", subtitleColor="#666")
