"""The seed lottery: what a comparison of one network each would have said, in words and as a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

import altair as alt
import numpy as np
import pandas

from netgain.report.palette import INK, SOFT, VERDICT_COLOURS
from netgain.results.study_result import StudyResult
from netgain.stats import OneRunComparisons, Outcome, one_run_comparisons
from netgain.stats.rounding import signed
from netgain.web import look

SAYS = ("worse", "no difference", "better")
COLOURS = (VERDICT_COLOURS["WORSE"], VERDICT_COLOURS["UNDECIDED"], VERDICT_COLOURS["BETTER"])
COLUMNS, NARROW_COLUMNS = 42, 24
"""Places for dots across the chart, in a window of usual size and on a phone."""

MOST_HEIGHT, LARGEST_DOT = 200, 12
"""Pixels."""

Pair = tuple[int, int]
"""The places of two networks among those of what is compared with and of the arm."""


def pairs_of(result: StudyResult, arm: str) -> OneRunComparisons:
    """Every comparison of one network of an arm with one of what it is compared with."""
    other = result.study.other(arm)
    return one_run_comparisons(result.right(other), result.right(arm), result.verdicts[arm].outcome)


def draw(pairs: OneRunComparisons, generator: np.random.Generator) -> Pair:
    """One network per arm, each as likely as the others."""
    num_other, num_arm = pairs.more.shape
    return int(generator.integers(num_other)), int(generator.integers(num_arm))


def lottery_view(result: StudyResult, arm: str, drawn: Pair | None) -> str:
    """All pairs of an arm, and the one that was drawn, as HTML."""
    pairs = pairs_of(result, arm)
    if drawn and (drawn[0] >= pairs.more.shape[0] or drawn[1] >= pairs.more.shape[1]):
        drawn = None
    said = _drawn_in_words(result, arm, pairs, drawn) if drawn else ""
    words = escape(all_in_words(pairs, result.measure.items))
    chart, narrow = (_chart(pairs, drawn, columns) for columns in (COLUMNS, NARROW_COLUMNS))
    alternative = f"One dot per pair of networks. {all_in_words(pairs, result.measure.items)}"
    picture = look.picture(chart, "lottery", alternative, table=_table(result, arm, pairs), narrow=narrow)
    return f'<div role="status">{said}</div><p>{words}</p>{picture}'


def all_in_words(pairs: OneRunComparisons, items: str) -> str:
    """How often single runs get the sign wrong; where no sign is decided, how often they say what.

    Args:
        pairs: of one verdict.
        items: what the networks were judged on, such as "test images".
    """
    num_other, num_arm = pairs.more.shape
    of_all = f"Of all {pairs.num_pairs:,} pairs ({num_other} × {num_arm} seeds)"
    tied = f", {pairs.num_tied:,} say no difference" if pairs.num_tied else ""
    interval = pairs.wrong_interval()
    if pairs.num_wrong is None or interval is None:
        why = "is that no difference matters" if pairs.outcome is Outcome.EQUIVALENT else "is not decided"
        counts = f"{pairs.num_higher:,} say better, {pairs.num_lower:,} say worse{tied}"
        return f"{of_all}, {counts}. The verdict {why}, so no sign is wrong."
    share, plausible = 100 * pairs.num_wrong / pairs.num_pairs, f"{100 * interval.low:.0f} to {100 * interval.high:.0f}"
    return (
        f"{of_all}, {pairs.num_wrong:,} have the wrong sign ({share:.0f} %){tied}. "
        f"For two new networks on these {items}: 95 % interval {plausible} %."
    )


def all_results_in_words(results: Iterable[StudyResult]) -> list[str]:
    """How often single runs mislead, over every verdict of some studies: by a wrong sign where one is decided, and by
    naming a winner where none is.
    """
    every = [pairs_of(result, arm) for result in results for arm in result.verdicts]
    decided = [pairs for pairs in every if pairs.num_wrong is not None]
    open_ones = [pairs for pairs in every if pairs.num_wrong is None]
    said = []
    if decided:
        wrong, count = sum(pairs.num_wrong or 0 for pairs in decided), sum(pairs.num_pairs for pairs in decided)
        share = f"{100 * wrong / count:.1f} %"
        said.append(
            f"{_verdicts(len(decided))} BETTER or WORSE: {wrong:,} of {count:,} pairs ({share}) have the wrong sign."
        )
    if open_ones:
        count = sum(pairs.num_pairs for pairs in open_ones)
        named = count - sum(pairs.num_tied for pairs in open_ones)
        share = f"{100 * named / count:.1f} %"
        said.append(
            f"{_verdicts(len(open_ones))} without a winner: {named:,} of {count:,} pairs ({share}) still name one."
        )
    return said


def _verdicts(count: int) -> str:
    return f"{count} verdict{'s' if count > 1 else ''}"


def _drawn_in_words(result: StudyResult, arm: str, pairs: OneRunComparisons, drawn: Pair) -> str:
    other = result.study.other(arm)
    runs = [(name, result.judged(name)[place]) for name, place in zip((other, arm), drawn, strict=True)]
    named = " · ".join(
        f"<b>{escape(name)}</b>, seed {run.seed}: {100 * float(run.right.mean()):.2f} %" for name, run in runs
    )
    more = int(pairs.more[drawn])
    points = 100 * more / pairs.num_images
    said = SAYS[1 + int(np.sign(more))]
    judged = _judged(pairs, more)
    return (
        f'<p class="drawn">{named}<br>With these two runs alone: {signed(points)} points, <b>{said}</b>. {judged}</p>'
    )


def _judged(pairs: OneRunComparisons, more: int) -> str:
    if pairs.num_wrong is None:
        return ""
    if more == 0:
        return f"All seeds together say {pairs.outcome}."
    wrong = (more > 0) != (pairs.outcome is Outcome.BETTER)
    return (
        f"All seeds together say {pairs.outcome}: these two runs have the {'<b>wrong</b>' if wrong else 'right'} sign."
    )


def _table(result: StudyResult, arm: str, pairs: OneRunComparisons) -> pandas.DataFrame:
    """One row per network of what is compared with, one column per network of the arm; points."""
    other = result.study.other(arm)
    columns = {
        f"{arm}, seed {run.seed}": 100 * pairs.more[:, place] / pairs.num_images
        for place, run in enumerate(result.judged(arm))
    }
    seeds = [f"{other}, seed {run.seed}" for run in result.judged(other)]
    return pandas.DataFrame({"difference, points": seeds, **columns})


def _dots(pairs: OneRunComparisons, drawn: Pair | None, width: float) -> pandas.DataFrame:
    """A place for each pair, in columns of that width: almost equal differences stand on one another."""
    heights: Counter[tuple[int, int]] = Counter()
    rows = []
    for pair in np.ndindex(*pairs.more.shape):
        more = int(pairs.more[pair])
        points, sign = 100 * more / pairs.num_images, int(np.sign(more))
        column = (sign, int(abs(points) / width))  # by its sign too: no column has dots of both
        heights[column] += 1
        place = sign * (column[1] + 0.5) * width
        row = {"x": place, "y": heights[column] - 0.5, "points": points, "says": SAYS[1 + sign]}
        rows.append({**row, "drawn": pair == drawn})
    return pandas.DataFrame(rows)


def _chart(pairs: OneRunComparisons, drawn: Pair | None, columns: int) -> alt.TopLevelMixin:
    """A dot for each pair, at its difference."""
    points = 100 * pairs.more / pairs.num_images
    low, high = min(0.0, float(points.min())), max(0.0, float(points.max()))
    room = 0.06 * max(high - low, 100 / pairs.num_images)
    low, high = low - room, high + room
    table = _dots(pairs, drawn, (high - low) / columns)
    highest = max(table["y"].tolist()) + 0.5
    size = min(LARGEST_DOT, 0.9 * MOST_HEIGHT / highest) ** 2 * np.pi / 4
    scale = alt.Scale(domain=[low, high], nice=False)
    axis = alt.Axis(grid=False, tickCount=7, format="+.2~f")
    x = alt.X("x:Q", title="difference of two single runs, points", scale=scale, axis=axis)
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, highest + 0.5]))
    present = [says for says in SAYS if says in set(table["says"])]
    scale = alt.Scale(domain=present, range=[COLOURS[SAYS.index(says)] for says in present])
    legend = alt.Legend(title="two single runs say", orient="top", symbolType="circle", titleLimit=200)
    tooltip = [alt.Tooltip("points:Q", format="+.2f", title="difference, points"), alt.Tooltip("says:N")]
    base = alt.Chart(table).encode(x=x, y=y)
    dots = base.mark_circle(size=size, opacity=1).encode(
        color=alt.Color("says:N", scale=scale, legend=legend), tooltip=tooltip
    )
    zero = alt.Chart(pandas.DataFrame({"x": [0.0]})).mark_rule(color=SOFT, strokeDash=[4, 3]).encode(x=x)
    chosen = base.transform_filter("datum.drawn")
    ring = chosen.mark_point(size=size * 2.2, strokeWidth=2.5, color=INK, filled=False)
    return alt.layer(zero, dots, ring).properties(width=560, height=min(MOST_HEIGHT, (highest + 0.5) * 14))
