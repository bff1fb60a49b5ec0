"""What the charts share: their rows from a table, titles, tooltips, and numbers with their errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import altair as alt

from netgain.report.palette import INK
from netgain.stats.rounding import error_in_words

if TYPE_CHECKING:
    import pandas

    from netgain.results.study_result import StudyResult

Rows: TypeAlias = list[dict[str, Any]]
"""The rows of a table, as a chart takes them."""

ALONE = INK
"""Marks of a chart that shows a single arm without saying which: no arm's colour."""

QUIET = "#888"
"""Lines that are there to compare with: diagonals, zeros."""

ERROR_WORDS = {"test_sample": "± (test sample)", "training": "± (training)"}
INTERVAL_WORDS = {"low": "95 % interval, from", "high": "to"}


def title(text: str, notes: Sequence[str]) -> alt.TitleParams:
    """The title of a chart, and below it what must be known to read it, one line each."""
    return alt.TitleParams(text, subtitle=list(notes), anchor="start", subtitleColor="#666")


def epoch_axis(epochs: int) -> alt.Axis:
    """The axis of this many epochs, with ticks at whole epochs only: a step of at least 1 alone does not ensure it."""
    return alt.Axis(format="d", tickMinStep=1, tickCount=min(10, max(1, epochs - 1)))


def with_errors(value: str, errors: Sequence[float | None], digits: int) -> str:
    """A number and those of its errors that were measured; if nothing varied, there is no error to state."""
    measured = [error for error in errors if error is not None]
    if not any(measured):
        return f"{value} (no spread to measure)"
    return value + "".join(f" ± {error_in_words(error, digits)}" for error in measured)


def chart_of(rows: Rows) -> alt.Chart:
    """A chart of these rows, still without marks.

    Its channels are best given as `text=alt.Text("arm:N")`: what stands behind a bare "arm:N" Altair looks for
    among all its schemas, 5 ms each.
    """
    return alt.Chart(alt.InlineData(values=tuple(rows)))  # Altair copies what is a list, row by row, for each drawing


def tooltips(rows: Rows, words: Mapping[str, str]) -> list[alt.Tooltip]:
    """A tooltip for each column that was measured, with its words."""
    measured = [name for name in words if any(row[name] is not None for row in rows)]
    return [alt.Tooltip(f"{name}:Q", title=words[name], format=".3~f") for name in measured]


def in_percent(frame: pandas.DataFrame, fractions: Sequence[str]) -> Rows:
    """The rows of a frame, with these columns of fractions in percent; what was not measured is None."""

    def shown(name: str, value: Any) -> Any:
        if value is None or value != value:  # a frame makes NaN of None
            return None
        return 100 * value if name in fractions else value

    return [{str(name): shown(str(name), value) for name, value in row.items()} for row in frame.to_dict("records")]


def seeds_in_words(result: StudyResult) -> str:
    """How many seeds the arms of a study have: "5 seeds", "4 to 5 seeds"."""
    counts = sorted({len(result.judged(name)) for name in result.runs})
    number = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return f"{number} seed{'s' if counts != [1] else ''}"
