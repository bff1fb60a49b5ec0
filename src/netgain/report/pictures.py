"""Charts as they are in a page: SVG inside the HTML, a text for readers who cannot see it, and its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import altair as alt

from netgain.report.drawing import DRAWING
from netgain.report.shapes import narrowed, shaped
from netgain.stats.rounding import printed

if TYPE_CHECKING:
    import pandas

MOST_ROWS = 120
"""A longer table is thinned: a page is read, and `result.frame(...)` has every row."""

GEOMETRY = re.compile(r'(?<= )(?:d|transform|x|y|x1|x2|y1|y2)="[^"]*"')
LONG_NUMBER = re.compile(r"(\.\d\d)\d+")
"""Numbers of the drawing, not of its words: a hundredth of a pixel is finer than any screen."""

SPOKEN = re.compile(r' (?:aria-label|aria-roledescription|aria-hidden|role)="[^"]*"')
"""What each mark says of itself: the picture as a whole has its text, and hundreds of points need not be read out."""

ADDRESS = re.compile(r'( id="|url\(#| href="#)')
"""Where an SVG names or uses a clip path or a gradient."""


_pencil = ThreadPoolExecutor(1, thread_name_prefix="netgain-drawing")
"""Hands one chart after the other to the process that draws; the next is prepared meanwhile."""


class Drawing:
    """An SVG that is being drawn; its text waits for it."""

    def __init__(self, drawn: Future[str]) -> None:
        self._drawn = drawn

    def __str__(self) -> str:
        return self._drawn.result()

    def wait(self) -> None:
        """Return when it is drawn."""
        self._drawn.result()


class Picture(NamedTuple):
    """A chart in a page.

    Attributes:
        name: what it is called in the page's addresses.
        title, notes: its heading, and what must be known to read it, a line each; they are not in the drawing.
        svg: the drawing; its colours follow the page's style sheet.
        narrow_svg: the drawing for a window as narrow as a telephone.
        alternative: what it shows, in words.
        table: its table, as HTML.
        note: what is not in the table.
    """

    name: str
    title: str
    notes: tuple[str, ...]
    svg: Drawing
    narrow_svg: Drawing
    alternative: str
    table: str
    note: str


def drawings_in(shown: Any) -> Iterator[Drawing]:
    """The drawings of a page's parts, which are lists, tuples and dictionaries inside each other."""
    if isinstance(shown, Drawing):
        yield shown
    elif isinstance(shown, dict):
        yield from drawings_in(list(shown.values()))
    elif isinstance(shown, list | tuple):
        for part in shown:
            yield from drawings_in(part)


def picture(
    name: str,
    chart: alt.TopLevelMixin,
    frame: pandas.DataFrame,
    alternative: str,
    narrow: alt.TopLevelMixin | None = None,
) -> Picture:
    """A chart with its text and table, ready for a page.

    Args:
        name: no other picture of the page has it.
        chart: what to draw.
        frame: its table.
        alternative: what it shows, in words.
        narrow: drawn in a narrow window, where the same chart with less width does not do.
    """
    # The tests hold the charts valid: checking each again would take as long as drawing it.
    wide = shaped(chart.to_dict(validate=False))
    slim = narrowed(wide.specification) if narrow is None else shaped(narrow.to_dict(validate=False)).specification
    drawn, drawn_narrow = svg(wide.specification, name), svg(slim, f"{name}-narrow")
    shown, note = thinned(frame)
    return Picture(name, wide.title, wide.notes, drawn, drawn_narrow, alternative, table_html(shown), note)


def svg(specification: dict[str, Any], name: str) -> Drawing:
    """Begin to draw a chart as an SVG element that scales with its place.

    Args:
        specification: of Vega-Lite.
        name: no other drawing of the page has it: clip paths and gradients are addressed by it.
    """
    return Drawing(_pencil.submit(_drawn, specification, name))


def _drawn(specification: dict[str, Any], name: str) -> str:
    drawn = DRAWING.svg(specification)
    address = re.sub(r"[^\w-]+", "-", name)
    short = GEOMETRY.sub(lambda found: LONG_NUMBER.sub(r"\1", found[0]), SPOKEN.sub("", drawn))
    named = ADDRESS.sub(rf"\g<1>{address}-", short)
    return named.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def thinned(frame: pandas.DataFrame) -> tuple[pandas.DataFrame, str]:
    """The table, or some of its rows, evenly, if it is long, and a note that says so."""
    if len(frame) <= MOST_ROWS:
        return frame, ""
    if "epoch" in frame:
        epochs = sorted(set(frame["epoch"].tolist()))
        kept = frame.loc[frame["epoch"].isin([epochs[0], *epochs[9::10], epochs[-1]]), :]
        if len(kept) <= 4 * MOST_ROWS:
            return kept, "Every tenth epoch, the first and the last."
    return frame.head(MOST_ROWS), f"The first {MOST_ROWS} of {len(frame):,} rows."


def table_html(frame: pandas.DataFrame) -> str:
    """A table as HTML, every text escaped, numbers with four digits, without what was not measured.

    Each cell knows the name of its column, which it shows where a narrow window puts the cells below each other.
    """
    names = [escape(str(name).replace("_", " ")) for name in frame.columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = (
        "".join(f'<td data-label="{name}">{_cell(value)}</td>' for name, value in zip(names, row, strict=True))
        for row in frame.itertuples(index=False, name=None)
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _cell(value: Any) -> str:
    if value is None or value != value:  # a frame makes NaN of None
        return ""
    if isinstance(value, float):
        return printed(f"{value:.4g}")
    if isinstance(value, int):
        return printed(str(value))
    return escape(", ".join(map(_cell, value)) if isinstance(value, list | tuple) else str(value))


Words = Callable[[dict[str, Any]], str]


def in_words(frame: pandas.DataFrame, words: Words, most: int = 12) -> str:
    """The rows of a short table, each as words, for readers who cannot see the picture."""
    rows = [{str(name): value for name, value in row.items()} for row in frame.head(most).to_dict("records")]
    more = f"; and {len(frame) - most} more in the table" if len(frame) > most else ""
    return "; ".join(words(row) for row in rows) + more
