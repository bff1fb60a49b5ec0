"""Curves against epoch: two arms in one panel, more in a panel each; every line has its name at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import altair as alt
import pandas

from netgain.report.chart_parts import Rows, chart_of, epoch_axis, in_percent, seeds_in_words, title
from netgain.report.palette import SOFT, arm_colours
from netgain.results.study_result import StudyResult

PART_DASHES = {"train": [5, 3], "validation": [1, 2], "test": [1, 0]}

MOST_TOGETHER = 2
"""Of more arms the bands of the seeds would hide each other."""

COLUMNS, PANEL_WIDTH, PANEL_HEIGHT = 3, 205, 190
ALONE_WIDTH, ALONE_HEIGHT = 720, 360
LINE_HEIGHT = 15
"""Names of lines keep this distance, in pixels."""


class Upright(NamedTuple):
    """The axis of what is drawn against epoch.

    Attributes:
        words: its title.
        low, high: its ends.
        log: whether it is logarithmic.
    """

    words: str
    low: float
    high: float
    log: bool = False

    def scale(self) -> alt.Scale:
        """The same for Altair."""
        if self.log:
            return alt.Scale(type="log", domain=[self.low, self.high], nice=False)
        return alt.Scale(domain=[self.low, self.high], nice=False, zero=False)

    def share(self, value: float) -> float:
        """How far up a value is, 0 to 1."""
        low, high, at = (math.log(x) if self.log else x for x in (self.low, self.high, value))
        return (at - low) / (high - low or 1.0)

    def value(self, share: float) -> float:
        """The value that is so far up."""
        if self.log:
            return math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return self.low + share * (self.high - self.low)


def spread(shares: Sequence[float], gap: float) -> list[float]:
    """Places for names: as near to the wanted ones as a gap between neighbours allows, in the same order.

    >>> [round(place, 3) for place in spread([0.5, 0.52, 0.9], 0.1)]
    [0.46, 0.56, 0.9]
    """
    groups: list[list[int]] = []
    order = sorted(range(len(shares)), key=lambda index: shares[index])
    middles: list[float] = []
    for index in order:
        groups.append([index])
        middles.append(shares[index])
        while len(groups) > 1 and middles[-1] - middles[-2] < gap * (len(groups[-1]) + len(groups[-2])) / 2:
            last = groups.pop()
            middles.pop()
            groups[-1] += last
            middles[-1] = sum(shares[each] for each in groups[-1]) / len(groups[-1])
    places = list(shares)
    for group, middle in zip(groups, middles, strict=True):
        for number, index in enumerate(group):
            places[index] = middle + gap * (number - (len(group) - 1) / 2)
    return places


def curves_chart(result: StudyResult, curves: pandas.DataFrame, upright: Upright, words: str) -> alt.TopLevelMixin:
    """The mean over the seeds as a line, lowest to highest as a band, for each arm and part of the data.

    Args:
        result: of the study.
        curves: as :func:`netgain.report.tables.curves_table` makes them.
        upright: the axis.
        words: the title.
    """
    rows = in_percent(curves, ())
    arms, epochs = list(dict.fromkeys(row["arm"] for row in rows)), max((row["epoch"] for row in rows), default=1)
    parts = [part for part in PART_DASHES if any(row["part"] == part for row in rows)]
    colours = arm_colours(result)
    if len(arms) <= MOST_TOGETHER:
        names = {(arm, part): f"{arm}, {part}" for arm in arms for part in parts}
        one = _panel(rows, names, colours, upright, epochs, (ALONE_WIDTH, ALONE_HEIGHT))
        return one.properties(title=title(words, _notes(result, parts, "")))
    panels = [
        _panel(
            [row for row in rows if row["arm"] == arm],
            {(arm, part): part for part in parts},
            colours,
            upright,
            epochs,
            (PANEL_WIDTH, PANEL_HEIGHT),
            _compared(rows, result, arm),
        ).properties(
            title=alt.TitleParams(arm, anchor="start", fontSize=13, color=colours[arm], limit=PANEL_WIDTH + 60)
        )
        for arm in arms
    ]
    whole = alt.concat(*panels, columns=COLUMNS, spacing=24)
    return whole.properties(title=title(words, _notes(result, parts, "Grey: what the arm is compared with, test.")))


def _panel_title(arm: str, colour: str) -> alt.TitleParams:
    return alt.TitleParams(arm, anchor="start", fontSize=13, color=colour, limit=PANEL_WIDTH + 60)


def _compared(rows: Rows, result: StudyResult, arm: str) -> Rows:
    """The test curve of what an arm is compared with; none for the baseline."""
    other = result.study.other(arm) if arm in result.study.arms else ""
    return [row for row in rows if row["arm"] == other and row["part"] == "test"]


def _panel(
    rows: Rows,
    names: Mapping[tuple[str, str], str],
    colours: Mapping[str, str],
    upright: Upright,
    epochs: int,
    size: tuple[int, int],
    compared: Rows | None = None,
) -> alt.LayerChart:
    ticks = epoch_axis(epochs) if size[0] == ALONE_WIDTH else alt.Axis(format="d", tickMinStep=1, tickCount=4)
    x = alt.X("epoch:Q", title="epoch", scale=alt.Scale(nice=False), axis=ticks)
    colour = alt.Color("arm:N", scale=alt.Scale(domain=list(colours), range=list(colours.values())), legend=None)
    base = chart_of(rows).encode(x=x, color=colour, detail=alt.Detail("part:N"), tooltip=_tooltip(upright.words))

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=upright.words, scale=upright.scale())

    dashes = alt.Scale(domain=list(PART_DASHES), range=list(PART_DASHES.values()))
    dash = alt.StrokeDash("part:N", scale=dashes, legend=None)
    many = any(row["epoch"] > 1 for row in rows)  # a single epoch has no line to draw
    labels = chart_of(_ends(rows, names, upright, size[1]))
    layers = [
        base.mark_area(opacity=0.18, clip=True).encode(y=y("lowest"), y2=alt.Y2("highest:Q")),
        base.mark_line(clip=True, strokeWidth=1.8, point=not many).encode(y=y("mean"), strokeDash=dash),
        labels.mark_text(align="left", dx=6, fontSize=12).encode(
            x=x, y=y("place"), text=alt.Text("name:N"), color=colour
        ),
    ]
    if compared:
        grey = chart_of(compared).mark_line(clip=True, strokeWidth=1.4, color=SOFT, opacity=0.8)
        layers.insert(0, grey.encode(x=x, y=y("mean")))
    return alt.LayerChart(layer=layers).properties(width=size[0], height=size[1])


def _ends(rows: Rows, names: Mapping[tuple[str, str], str], upright: Upright, height: int) -> Rows:
    """A row for the name of each line, at its last epoch, moved so that no two names meet."""
    last = {(row["arm"], row["part"]): row for row in rows if (row["arm"], row["part"]) in names}
    shares = [min(1.0, max(0.0, upright.share(row["mean"]))) for row in last.values()]
    places = spread(shares, LINE_HEIGHT / height)
    return [
        {"arm": key[0], "epoch": row["epoch"], "place": upright.value(place), "name": names[key]}
        for (key, row), place in zip(last.items(), places, strict=True)
    ]


def _tooltip(words: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("arm:N"),
        alt.Tooltip("part:N"),
        alt.Tooltip("epoch:Q"),
        alt.Tooltip("mean:Q", title=f"mean {words}", format=".4~g"),
        alt.Tooltip("lowest:Q", format=".4~g"),
        alt.Tooltip("highest:Q", format=".4~g"),
        alt.Tooltip("seeds:Q"),
    ]


def _notes(result: StudyResult, parts: Sequence[str], more: str) -> list[str]:
    notes = [f"Mean over {seeds_in_words(result)} per arm; band: lowest to highest seed."]
    train = "Train (dashed): while training, with dropout on. " if "train" in parts else ""
    notes.append(f"{train}The test curve is not used for training." if "test" in parts else train.strip())
    return [note for note in [*notes, more] if note]
