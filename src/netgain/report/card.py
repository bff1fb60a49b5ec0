"""The verdict card: one picture of 1200 x 630 pixels that stands for a report where it is linked or shown."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from netgain.experiment.question import title_of
from netgain.report.first_view import FirstView, demonstration_view, study_view
from netgain.report.forest import forest_of, technique_rows
from netgain.report.palette import INK, PAPER, SOFT, VERDICT_COLOURS
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.study_result import StudyResult
from netgain.stats.rounding import signed

WIDTH, HEIGHT, LEFT, RIGHT = 1200, 630, 84, 1130
MOST_ROWS = 4
PLOT_LEFT, PLOT_RIGHT = 450, 960
FLOOR, MOST_HEIGHT = 535, 74
"""The lower end of what is drawn, and the height of a row that has room; in pixels, as everything here."""
FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"


class Content(NamedTuple):
    """What a card shows.

    Attributes:
        question: what was asked.
        answer: the answer in one line.
        colour: of the answer.
        strip: on what it was asked.
        techniques: rows of a forest plot, see :func:`netgain.report.forest.technique_rows`.
        statements: of a demonstration, with whether they hold.
    """

    question: str
    answer: str
    colour: str
    strip: str
    techniques: tuple[dict[str, Any], ...] = ()
    statements: tuple[tuple[bool, str], ...] = ()


def study_content(result: StudyResult) -> Content:
    """The card of a study's result."""
    view = study_view(result)
    colour = VERDICT_COLOURS[next(iter(view.outcomes))] if len(view.outcomes) == 1 else SOFT
    return Content(title_of(result.study), view.answer, colour, _strip(view), tuple(technique_rows(result)))


def demonstration_content(result: DemonstrationResult) -> Content:
    """The card of a demonstration's result."""
    view, statements = demonstration_view(result), result.findings.statements
    lines = tuple((statement.holds, statement.text) for statement in statements)
    colour = VERDICT_COLOURS["BETTER"] if result.findings.hold else SOFT
    return Content(title_of(result.demonstration), view.answer, colour, _strip(view), statements=lines)


def content_of_several(contents: Sequence[Content], summary: str) -> Content:
    """The card of several studies: their techniques, the largest gain first."""
    table = forest_of([row for content in contents for row in content.techniques])
    rows = tuple({str(name): value for name, value in row.items()} for row in table.to_dict("records"))
    return Content(f"{len(contents)} studies with their verdicts", summary, SOFT, "", rows)


def card_png(content: Content) -> bytes:
    """The card as a PNG file."""
    import vl_convert

    return vl_convert.svg_to_png(card_svg(content))


def card_svg(content: Content) -> str:
    """The card as SVG.

    >>> card_svg(Content("Does it help?", "Better.", "#2E7D32", "5 seeds"))[:5]
    '<svg '
    """
    asked, answered = _wrapped(content.question, 40, 3), _wrapped(content.answer, 52, 2)
    answer_top = 110 + 56 * len(asked)
    top = answer_top + 46 * len(answered) - 10
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        f'<rect width="26" height="{HEIGHT}" fill="{content.colour}"/>',
        *_lines(asked, 96, 56, 48, INK, "bold"),
        *_lines(answered, answer_top, 46, 37, content.colour if content.colour != SOFT else INK, "bold"),
    ]
    parts += _forest(content.techniques, top) if content.techniques else _statements(content.statements, top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}">'
        f"{''.join(parts)}{_text(LEFT, 598, content.strip, 23, SOFT)}"
        f"{_text(RIGHT, 598, 'netgain', 25, INK, 'bold', 'end')}</svg>"
    )


def _strip(view: FirstView) -> str:
    facts = [f"{fact.name} {fact.value}{' (changed)' if fact.declared else ''}" for fact in view.strip]
    return textwrap.shorten(" · ".join(facts), 82, placeholder=" …")


def _wrapped(words: str, width: int, most: int) -> list[str]:
    return textwrap.wrap(words, width, max_lines=most, placeholder=" …")


def _text(
    x: float, y: float, words: str, size: float, colour: str, weight: str = "normal", anchor: str = "start"
) -> str:
    look = f'font-size="{size}" fill="{colour}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{escape(words)}</text>'


def _lines(lines: Iterable[str], top: float, step: float, size: float, colour: str, weight: str) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield _text(LEFT, top + number * step, line, size, colour, weight)


def _statements(lines: Sequence[tuple[bool, str]], top: float) -> Iterator[str]:
    """As many statements as there is room for, each with its sign."""
    at = top + 34
    for holds, statement in lines:
        wrapped = _wrapped(statement, 72, 2)
        if at + 38 * (len(wrapped) - 1) > FLOOR + 10:
            return
        yield _text(LEFT, at, "✓" if holds else "✗", 30, VERDICT_COLOURS["BETTER" if holds else "WORSE"])
        for number, line in enumerate(wrapped):
            yield _text(LEFT + 44, at + 38 * number, line, 28, INK)
        at += 38 * len(wrapped) + 12


def _forest(techniques: Sequence[dict[str, Any]], top: float) -> Iterator[str]:
    """The first techniques with the interval that decides, around the zone that does not matter."""
    rows, delta = techniques[:MOST_ROWS], max(row["delta"] for row in techniques[:MOST_ROWS])
    ends = [end for row in rows for end in (row["deciding_low"], row["deciding_high"], delta, -delta)]
    low, high = min(ends), max(ends)

    def x(value: float) -> float:
        return PLOT_LEFT + (value - low) / (high - low) * (PLOT_RIGHT - PLOT_LEFT)

    step = min(MOST_HEIGHT, (FLOOR - top) / len(rows))
    first, height = top + (FLOOR - top - step * len(rows)) / 2, step * len(rows)
    yield f'<rect x="{x(-delta):.1f}" y="{first}" width="{x(delta) - x(-delta):.1f}" height="{height}" fill="#ECEEF1"/>'
    yield f'<rect x="{x(0) - 1:.1f}" y="{first}" width="2" height="{height}" fill="#B9C0C8"/>'
    for number, row in enumerate(rows):
        yield from _row(row, x, first + step * (number + 0.5))
    num_more = len(techniques) - len(rows)
    more = f"; {num_more} more technique{'s' if num_more > 1 else ''}" if num_more else ""
    yield _text(LEFT, FLOOR + 22, f"Percentage points; grey: too small to matter{more}", 20, SOFT)


def _row(row: dict[str, Any], x: Callable[[float], float], middle: float) -> Iterator[str]:
    colour, left, right = VERDICT_COLOURS[row["verdict"]], x(row["deciding_low"]), x(row["deciding_high"])
    yield _text(LEFT, middle + 9, textwrap.shorten(row["arm"], 27, placeholder=" …"), 26, INK)
    bar = f'x="{left:.1f}" y="{middle - 8:.1f}" width="{right - left:.1f}" height="16" rx="3"'
    yield f'<rect {bar} fill="{colour}" fill-opacity="{0.15 if row["too_few_seeds"] else 0.4}"/>'
    yield f'<circle cx="{x(row["effect"]):.1f}" cy="{middle:.1f}" r="10" fill="{colour}"/>'
    effect = signed(row["effect"])
    yield _text(RIGHT, middle + 9, effect, 28, colour, "bold", "end")
