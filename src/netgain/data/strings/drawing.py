"""Draws strings of handwritten digits: each scaled, slanted and moved, then put beside the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np

INK = 64
"""Grey values from here on count as ink where the space between digits is measured; paler ones are soft edges."""

DIGITS_PER_STEP = 500
"""Digits are transformed in steps, so that the arrays in between stay in the processor's cache."""


@final
@dataclass(frozen=True)
class Handwriting:
    """How digits are written, in pixels.

    Attributes:
        height: of the images.
        margin: columns before the first digit and after the last one.
        baseline: the row on which digits stand, from the top.
        wander: the largest distance of a digit from the baseline, up or down.
        size: a digit is scaled by a factor that differs from 1 by at most this; MNIST's are 20 pixels high.
        slant: largest tangent of the angle by which a digit is slanted, to the left or to the right.
        overlap: the most columns that two digits share; of a narrow digit at most half.
        apart: the most columns between two digits.
    """

    height: int = 32
    margin: int = 4
    baseline: float = 26.0
    wander: float = 2.0
    size: float = 0.15
    slant: float = 0.2
    overlap: int = 4
    apart: int = 6


class Drawn(NamedTuple):
    """Strings as images: uint8 `[N, H, W]`, black on the right up to the widest, and their widths, int32 `[N]`."""

    images: np.ndarray
    widths: np.ndarray


def draw_strings(digits: np.ndarray, lengths: np.ndarray, hand: Handwriting, generator: np.random.Generator) -> Drawn:
    """Strings of digits: the first `lengths[0]` digits are the first string, and so on.

    Args:
        digits: uint8 `[M, h, w]`, white on black, none of them black all over.
        lengths: how many digits each string has, int `[N]`; their sum is M.
        hand: how they are written.
        generator: decides size, slant, place and space of every digit.

    >>> block = np.full((3, 20, 8), 255, np.uint8)
    >>> hand = Handwriting(size=0, slant=0, wander=0, overlap=0, apart=0)
    >>> drawn = draw_strings(block, np.array([2, 1]), hand, np.random.default_rng(0))
    >>> drawn.images.shape, drawn.widths.tolist()
    ((2, 32, 24), [24, 16])
    """
    count = len(digits)
    scales = generator.uniform(1 - hand.size, 1 + hand.size, count).astype(np.float32)
    slants = generator.uniform(-hand.slant, hand.slant, count).astype(np.float32)
    bases = (hand.baseline + generator.uniform(-hand.wander, hand.wander, count)).astype(np.float32)
    spaces = generator.integers(-hand.overlap, hand.apart, count, endpoint=True)
    lefts, rights = _extents(digits.max(axis=1) > 0)
    cell = 2 * int(np.ceil(((rights - lefts).max() * (1 + hand.size) + hand.slant * hand.height) / 2)) + 2
    cells = np.concatenate(
        [
            _transformed(digits[step], scales[step], slants[step], bases[step], hand.height, cell)
            for step in (slice(start, start + DIGITS_PER_STEP) for start in range(0, count, DIGITS_PER_STEP))
        ]
    )
    starts, ends = _extents(cells.max(axis=1) >= INK)
    lefts, widths = _laid_out(ends - starts, spaces, lengths, hand)
    return Drawn(_pasted(cells, np.repeat(np.arange(len(lengths)), lengths), lefts - starts, widths), widths)


def _transformed(
    digits: np.ndarray, scales: np.ndarray, slants: np.ndarray, bases: np.ndarray, height: int, cell: int
) -> np.ndarray:
    """Each digit scaled, slanted about the middle of the line, and put on its base: uint8 `[M, H, cell]`.

    The values between pixels are bilinear: first along the columns, where all pixels of a row have the same place, then
    along the rows.
    """
    source = np.pad(digits, ((0, 0), (1, 1), (1, 1))).astype(np.float32)
    _, bottoms = _extents(digits.max(axis=2) > 0)
    lefts, rights = _extents(digits.max(axis=1) > 0)
    rows, columns = (np.arange(length, dtype=np.float32) + np.float32(0.5) for length in (height, cell))
    numbers, scales = np.arange(len(digits))[:, np.newaxis], scales[:, np.newaxis]
    row, share = _pixel_before((rows - bases[:, np.newaxis]) / scales + bottoms[:, np.newaxis], source.shape[1])
    lines = source[numbers, row]
    lines += share[..., np.newaxis] * (source[numbers, row + 1] - lines)
    shifts = slants[:, np.newaxis] * (rows - np.float32(height / 2)) - np.float32(cell / 2)
    middles = ((lefts + rights) / 2).astype(np.float32)[:, np.newaxis] + shifts / scales
    column, share = _pixel_before(columns / scales[..., np.newaxis] + middles[..., np.newaxis], lines.shape[2])
    column += (np.arange(lines[..., 0].size, dtype=np.int32) * lines.shape[2]).reshape(*lines.shape[:2], 1)
    cells = lines.ravel().take(column)
    cells += share * (lines.ravel()[1:].take(column) - cells)
    return np.rint(cells).astype(np.uint8)


def _pixel_before(places: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Of places among pixels that have an empty one at each end: the pixel whose middle comes before, int32, and how
    far a place is from it to the next, 0 to 1.
    """
    inside = np.clip(places + np.float32(0.5), 0, np.float32(length - 1.001))
    before = inside.astype(np.int32)
    return before, inside - before


def _extents(is_ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first place with ink and the one after the last, int `[M]` each, of bool `[M, length]`."""
    return is_ink.argmax(axis=1), is_ink.shape[1] - is_ink[:, ::-1].argmax(axis=1)


def _laid_out(
    inked: np.ndarray, spaces: np.ndarray, lengths: np.ndarray, hand: Handwriting
) -> tuple[np.ndarray, np.ndarray]:
    """Where the ink of each digit begins, int `[M]`, and how wide each string is, int32 `[N]`."""
    after = np.maximum(spaces, -(np.minimum(inked, np.roll(inked, -1)) // 2))
    firsts = np.cumsum(lengths) - lengths
    lefts = np.cumsum(inked + after) - (inked + after)
    lefts = hand.margin + lefts - np.repeat(lefts[firsts], lengths)
    lasts = firsts + lengths - 1
    return lefts, (lefts[lasts] + inked[lasts] + hand.margin).astype(np.int32)


def _pasted(cells: np.ndarray, strings: np.ndarray, lefts: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """The images of strings, uint8 `[N, H, W]`; where digits overlap the brighter one is seen."""
    _, height, cell = cells.shape
    # An empty edge of a cell may reach over the border of the image.
    canvas = np.zeros((len(widths), height, int(widths.max()) + 2 * cell), np.uint8)
    for digit, string, left in zip(cells, strings.tolist(), (lefts + cell).tolist(), strict=True):
        place = canvas[string, :, left : left + cell]
        np.maximum(place, digit, out=place)
    images = canvas[:, :, cell:-cell]
    # Specks paler than ink may lie beyond the margin.
    return images * (np.arange(images.shape[2]) < widths[:, np.newaxis])[:, np.newaxis]
