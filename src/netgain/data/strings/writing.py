"""Finds the line of writing in the ink of a picture, and the reasons why it may be wrong."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import ndimage

from netgain.data.strings.rules import sheared
from netgain.data.strokes import LOW_CONTRAST, SPECK, Cut

SAME_LINE = 0.3
"""Of the height of the lower one: marks that share as many rows are in one line."""

OTHER_LINE = 0.25
"""Of the ink of the line that is read: with as much, something else is another line."""

STEEPEST = np.tan(np.deg2rad(20))
LEVEL = np.tan(np.deg2rad(2))
"""Writing that climbs less is left as it is."""

SEVERAL = "lines of writing on it, and only the one with the most ink was read; if it is one line, turn the picture"
AT_BORDER = "what was read touches the border of the picture: a part of the writing may be missing"


class _Mark(NamedTuple):
    """Ink that hangs together."""

    number: int
    rows: slice
    columns: slice
    mass: float

    @property
    def height(self) -> int:
        return self.rows.stop - self.rows.start


def cut_line(ink: np.ndarray, contrast: float) -> Cut:
    """The line of writing of a picture, made level, without any margin.

    Where there are several lines it is the one with the most ink. Marks at the border of the picture are taken for
    shadows, unless they are as high as the rest of the line.

    Args:
        ink: how much ink there is, `[h, w]`, 0..1, without rules.
        contrast: of the ink against its background, 0..1.

    >>> ink = np.zeros((60, 90))
    >>> ink[10:40, 10:14] = ink[12:42, 50:55] = 1
    >>> cut = cut_line(ink, 0.8)
    >>> cut.ink.shape, cut.doubts
    ((32, 45), ())
    """
    ink = sheared(ink, _climb([mark for mark in _marks(ink)[1] if not _is_at_border(mark, ink.shape)]))
    parts, marks = _marks(ink)
    if not marks:
        return Cut(np.zeros((0, 0)), ())
    inside = [mark for mark in marks if not _is_at_border(mark, ink.shape)]
    if sum(mark.mass for mark in inside) < 0.1 * sum(mark.mass for mark in marks):
        inside = marks
    lines = sorted(_lines(inside), key=_mass, reverse=True)
    line, top, bottom = lines[0], *_rows(lines[0])
    beside = [
        mark for mark in marks if mark not in inside and _shared(mark.rows.start, mark.rows.stop, top, bottom) > 0.5
    ]
    line += [mark for mark in beside if mark.height <= 1.5 * (bottom - top)]
    doubts = _doubts(lines, contrast)
    if beside or (inside is marks and any(_is_at_border(mark, ink.shape) for mark in line)):
        doubts.append(AT_BORDER)
    mine = np.isin(parts, [mark.number for mark in line])
    rows, columns = (slice(np.flatnonzero(mine.any(axis=axis))[0], np.flatnonzero(mine.any(axis=axis))[-1] + 1)
                     for axis in (1, 0))  # fmt: skip
    return Cut(np.where(mine, ink, 0.0)[rows, columns], tuple(doubts))


def _doubts(lines: list[list[_Mark]], contrast: float) -> list[str]:
    doubts = []
    count = sum(_mass(line) >= OTHER_LINE * _mass(lines[0]) for line in lines)
    if count > 1:
        doubts.append(f"there are {count} {SEVERAL}")
    if contrast < LOW_CONTRAST:
        doubts.append(f"the contrast is low: the ink differs from its background by only {100 * contrast:.0f} %")
    return doubts


def _marks(ink: np.ndarray) -> tuple[np.ndarray, list[_Mark]]:
    """The numbers of what hangs together, int `[h, w]`, and what is large enough to be written."""
    found: Any = ndimage.label(ink > 0, np.ones((3, 3)))
    parts, count = found
    masses = ndimage.sum_labels(ink, parts, np.arange(1, count + 1)) if count else np.zeros(0)
    boxes = zip(ndimage.find_objects(parts), masses, strict=True)
    marks = [_Mark(number, rows, columns, mass) for number, ((rows, columns), mass) in enumerate(boxes, start=1)]
    return parts, [mark for mark in marks if mark.mass >= SPECK * masses.max()]


def _climb(marks: list[_Mark]) -> float:
    """By how many rows a line of writing rises per column, from the middles of its high marks; 0 if it is not clear."""
    marks = [mark for mark in marks if mark.height > 0.6 * max(mark.height for mark in marks)]
    if len(marks) < 3:
        return 0.0
    middles = np.array([((mark.columns.start + mark.columns.stop) / 2, (mark.rows.start + mark.rows.stop) / 2)
                        for mark in marks])  # fmt: skip
    slope, start = np.polyfit(middles[:, 0], middles[:, 1], 1, w=np.sqrt([mark.mass for mark in marks]))
    off = np.abs(middles[:, 1] - slope * middles[:, 0] - start)
    is_one_line = off.max() < 0.5 * np.median([mark.height for mark in marks])
    return -float(slope) if is_one_line and LEVEL < abs(slope) < STEEPEST else 0.0


def _lines(marks: list[_Mark]) -> list[list[_Mark]]:
    """The marks by lines: those that share rows with each other."""
    lines: list[list[_Mark]] = []
    for mark in sorted(marks, key=lambda mark: -mark.height):
        for line in lines:
            if _shared(mark.rows.start, mark.rows.stop, *_rows(line)) > SAME_LINE:
                line.append(mark)
                break
        else:
            lines.append([mark])
    return lines


def _rows(line: list[_Mark]) -> tuple[int, int]:
    return min(mark.rows.start for mark in line), max(mark.rows.stop for mark in line)


def _shared(top: int, bottom: int, other_top: int, other_bottom: int) -> float:
    """The rows that two have in common, as a share of those of the lower one."""
    return (min(bottom, other_bottom) - max(top, other_top)) / min(bottom - top, other_bottom - other_top)


def _mass(line: list[_Mark]) -> float:
    return sum(mark.mass for mark in line)


def _is_at_border(mark: _Mark, shape: tuple[int, ...]) -> bool:
    rows, columns = mark.rows, mark.columns
    return min(rows.start, columns.start) == 0 or rows.stop == shape[0] or columns.stop == shape[1]
