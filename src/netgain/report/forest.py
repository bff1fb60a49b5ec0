"""The forest plot of all techniques, study by study or the whole store: effect, intervals, verdict, cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas

from netgain.experiment.study import BASELINE
from netgain.report import tables
from netgain.report.chart_parts import Rows, chart_of, in_percent, title
from netgain.report.forest_marks import NARROW_WIDTH, PLOT_WIDTH, intervals, words_beside, words_stacked
from netgain.report.headlines import has_too_few_seeds
from netgain.stats.rounding import signed

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

COLUMNS = (
    "study", "arm", "against", "effect", "test_sample", "both_errors", "low", "high", "level", "deciding_low",
    "deciding_high", "deciding_level", "p_adjusted", "verdict", "cost", "cost_spread", "seeds", "too_few_seeds",
    "test_items", "items", "measure", "delta", "networks",
)  # fmt: skip
"""Of the table; effects, errors, intervals and δ in percentage points, levels in percent. `networks` has a number for
each network of the arm: its accuracy minus the mean of what the arm is compared with."""

FAR = 8
"""An interval that is this many times longer than the typical one is cut at the border and marked."""

BESIDE_STEP, STACKED_STEP = 44, 96


def technique_rows(result: StudyResult) -> list[dict[str, Any]]:
    """A row for each judged arm of a study, of which :func:`forest_of` makes the table."""
    known = {
        "study": result.study.name,
        "test_items": result.data.num_test,
        "items": result.measure.items + (f" shifted by {result.study.shift_in_words}" if result.study.shifts else ""),
        "measure": result.measure.name,
        "delta": 100 * result.study.delta,
        "level": 100 * (1 - result.study.alpha),
    }
    rows = [row for row in tables.verdicts_table(result).to_dict("records") if row["arm"] in result.verdicts]
    return [{str(name): value for name, value in (row | known | _decided(result, row["arm"])).items()} for row in rows]


def _decided(result: StudyResult, arm: str) -> dict[str, Any]:
    """What is drawn of an arm's verdict; at its latest check, where there was one."""
    difference = result.deciding_difference(arm)
    alone = difference.interval(1 - result.study.alpha)
    other = result.accuracies[result.study.other(arm)].value
    return {
        "effect": 100 * difference.effect,
        "test_sample": 100 * difference.test_sample,
        "both_errors": 100 * math.hypot(difference.test_sample, difference.training or 0.0),
        "low": 100 * alone.low,
        "high": 100 * alone.high,
        "too_few_seeds": has_too_few_seeds(result, arm),
        "networks": [100 * (run.test_accuracy - other) for run in result.judged(arm)],
    }


def forest_of(rows: Sequence[dict[str, Any]]) -> pandas.DataFrame:
    """The rows of :func:`technique_rows`: of one study as they are, of several the largest gain first. Empty where
    nothing was judged.
    """
    table = pandas.DataFrame(list(rows), columns=pandas.Index(COLUMNS))
    if len(set(table["study"])) > 1:
        return table.sort_values("effect", ascending=False, kind="stable", ignore_index=True)
    return table


def forest_table(results: Sequence[StudyResult]) -> pandas.DataFrame:
    """A row for each judged arm of each study, in the order of :func:`forest_of`."""
    return forest_of([row for result in results for row in technique_rows(result)])


def forest_chart(table: pandas.DataFrame, narrow: bool = False, width: int = NARROW_WIDTH) -> alt.TopLevelMixin:
    """The forest plot of a table of :func:`forest_table`.

    Args:
        table: with at least one row.
        narrow: the words of a row are above and below its interval, so that it fits any width.
        width: of a narrow one, in pixels.
    """
    rows = in_percent(table.drop(columns="networks"), ())
    low, high = _reach(rows)
    for number, row in enumerate(rows):
        row |= _drawn(row, low, high, number)
    networks = [
        {"row": number, "network": value}
        for number, values in enumerate(table["networks"])
        for value in values
        if low <= value <= high
    ]
    base = chart_of(rows).encode(y=alt.Y("row:O", axis=None, sort=None), tooltip=_tooltip())
    layers = intervals(base, networks, (low, high), _axis_title(rows, narrow), narrow)
    words = words_stacked(base) if narrow else words_beside(base)
    chart = alt.layer(*layers, *words).properties(
        width=width if narrow else PLOT_WIDTH, height=alt.Step(STACKED_STEP if narrow else BESIDE_STEP)
    )
    return chart.properties(title=title("What each technique changes", _notes(rows)))


def _reach(rows: Rows) -> tuple[float, float]:
    """The axis: every interval, except those that would squeeze all others into a line."""
    limits = [(min(row["low"], row["deciding_low"]), max(row["high"], row["deciding_high"])) for row in rows]
    reaches = sorted(max(abs(low), abs(high)) for low, high in limits)
    limit = max(FAR * reaches[len(reaches) // 2], *(row["delta"] for row in rows))
    low = max(-limit, min(*(low for low, _ in limits), *(-row["delta"] for row in rows)))
    high = min(limit, max(*(high for _, high in limits), *(row["delta"] for row in rows)))
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _drawn(row: dict[str, Any], low: float, high: float, number: int) -> dict[str, Any]:
    """What is drawn of a row: intervals, ticks and point inside the axis, arrows where they go on, and its words."""

    def inside(value: float) -> float | None:
        return value if low <= value <= high else None

    def cut(name: str, start: float, end: float) -> dict[str, float | None]:
        there = start < high and end > low
        return {f"{name}_from": max(low, start) if there else None, f"{name}_to": min(high, end) if there else None}

    effect, first, last = row["effect"], row["deciding_low"], row["deciding_high"]
    spread = "" if row["cost_spread"] is None else f" ± {row['cost_spread']:.2f}"
    against = "" if row["against"] == BASELINE else f", against {row['against']}"
    return {
        "row": number,
        **cut("alone", row["low"], row["high"]),
        **cut("deciding", first, last),
        "point": inside(effect),
        **{f"inner_{side}": inside(effect + sign * row["test_sample"]) for side, sign in SIDES},
        **{f"outer_{side}": inside(effect + sign * row["both_errors"]) for side, sign in SIDES},
        "arrow_left": low if min(row["low"], first) < low else None,
        "arrow_right": high if max(row["high"], last) > high else None,
        "zone_low": -row["delta"],
        "asked_in": f"{row['study']}{against}",
        "effect_text": f"{signed(effect)}  ({signed(first)}, {signed(last)})",
        "cost_text": f"{row['cost']:.2f}{spread}",
        "cost_above": f"{row['cost']:.2f} × time",
    }


SIDES = (("low", -1), ("high", 1))


def _axis_title(rows: Rows, narrow: bool) -> list[str]:
    change = f"change of the test {measure_in_words(rows)}"
    return [f"{change},", "percentage points"] if narrow else [f"{change}, percentage points"]


def measure_in_words(rows: Rows) -> str:
    """What the effects are changes of; studies of different tasks may measure different things."""
    return " or ".join(dict.fromkeys(row["measure"] for row in rows))


def _tooltip() -> list[alt.Tooltip]:
    words = {
        "effect": "+.2f", "test_sample": ".2f", "both_errors": ".2f", "low": "+.2f", "high": "+.2f",
        "deciding_low": "+.2f", "deciding_high": "+.2f", "deciding_level": ".4~g", "p_adjusted": ".2g",
        "cost": ".2f", "seeds": "d",
    }  # fmt: skip
    numbers = [alt.Tooltip(f"{name}:Q", title=name.replace("_", " "), format=form) for name, form in words.items()]
    return [*(alt.Tooltip(f"{name}:N") for name in ("study", "arm", "against")), alt.Tooltip("verdict:N"), *numbers]


def _notes(rows: Rows) -> list[str]:
    """What must be known to read it."""
    deltas = sorted({row["delta"] for row in rows})
    zone = f"±{deltas[0]:g} points" if len(deltas) == 1 else "each study's ±δ"
    levels = " or ".join(f"{level:g} %" for level in sorted({row["level"] for row in rows}))
    items = " or ".join(dict.fromkeys(row["items"] for row in rows))
    adjusted = any(abs(row["deciding_level"] - row["level"]) > 1e-9 for row in rows)
    equivalent = any(row["verdict"] == "EQUIVALENT" for row in rows)
    special = " (90 % where EQUIVALENT)" if equivalent else ""
    bars = f"Wide bar: the interval that decides, Holm-adjusted{special}; thin line: the {levels} interval of this "
    return [
        f"n = {_span(rows, 'test_items')} {items}, {_span(rows, 'seeds')} seeds per arm.",
        f"{bars}comparison alone." if adjusted else f"Bar: the {levels} interval, which decides.",
        "Inner ticks: standard error of the test sample; outer ticks: with training.",
        "Small dots: one per network.",
        f"Grey zone: {zone}, too small to matter.",
        *(["Pale bar: fewer than 5 seeds, so no verdict."] if any(row["too_few_seeds"] for row in rows) else []),
        *(["Triangle: the interval continues beyond the axis."] if any(_is_cut(row) for row in rows) else []),
    ]


def _is_cut(row: dict[str, Any]) -> bool:
    return row["arrow_left"] is not None or row["arrow_right"] is not None


def _span(rows: Rows, name: str) -> str:
    low, high = min(row[name] for row in rows), max(row[name] for row in rows)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
