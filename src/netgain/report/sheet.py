"""One picture with many small ones on it, each enlarged and with words below: what a network saw of its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from netgain.errors import OutputError
from netgain.files import write_atomically

TILE, GAP, LINE = 196, 16, 22
FONT_SIZE = 15
MOST_COLUMNS = 6
PAPER, INK, FRAME = "#ffffff", "#1f2933", "#9aa5b1"


class Tile(NamedTuple):
    """A small picture.

    Attributes:
        image: uint8 `[H, W, C]`, grey or RGB.
        lines: the text below it; a line that is too long is cut.
    """

    image: np.ndarray
    lines: tuple[str, ...]


def write_sheet(path: Path, tiles: Sequence[Tile]) -> None:
    """Write the tiles as one PNG file, in rows.

    Raises:
        OutputError: where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_sheet(Path(folder, "sheet.png"), [Tile(np.zeros((28, 28, 1), np.uint8), ("zero.png", "0"))] * 2)
    ...     with Image.open(Path(folder, "sheet.png")) as sheet:
    ...         sheet.size
    (440, 272)
    """
    place = _place(tiles)
    columns = min(MOST_COLUMNS * TILE // place[0], len(tiles))
    lines = max(len(tile.lines) for tile in tiles)
    width, height = place[0] + GAP, place[1] + GAP + LINE * lines
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * width + GAP, rows * height + GAP), PAPER)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        _draw(sheet, tile, GAP + column * width, GAP + row * height, place)
    try:
        with write_atomically(path) as file:
            sheet.save(file, "png")
    except OSError as error:
        raise OutputError(
            f"cannot write {str(path)!r} ({error.strerror or error}): choose a folder that exists, that you may write "
            "to, and that has free space"
        ) from error


def _place(tiles: Sequence[Tile]) -> tuple[int, int]:
    """Width and height of what an image may take: a square, or a strip where all images are lines of writing."""
    if min(tile.image.shape[1] / tile.image.shape[0] for tile in tiles) < 2:
        return TILE, TILE
    width = 2 * TILE
    return width, max(max(1, round(width * tile.image.shape[0] / tile.image.shape[1])) for tile in tiles)


def _draw(sheet: Image.Image, tile: Tile, left: int, top: int, place: tuple[int, int]) -> None:
    image = Image.fromarray(tile.image[..., 0] if tile.image.shape[2] == 1 else tile.image)
    scale = min(place[0] / image.width, place[1] / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    corner = left + (place[0] - size[0]) // 2, top + (place[1] - size[1]) // 2
    sheet.paste(image.resize(size, Image.Resampling.NEAREST), corner)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(FONT_SIZE)
    pen.rectangle((corner[0] - 1, corner[1] - 1, corner[0] + size[0], corner[1] + size[1]), outline=FRAME)
    for number, line in enumerate(tile.lines):
        pen.text((left, top + place[1] + 4 + LINE * number), _fitting(line, font, place[0]), INK, font)


def _fitting(line: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """The line as it is, or without its end if it is wider than a tile."""
    if font.getlength(line) <= width:
        return line
    kept = len(line)
    while kept and font.getlength(f"{line[:kept]}…") > width:
        kept -= 1
    return f"{line[:kept]}…"
