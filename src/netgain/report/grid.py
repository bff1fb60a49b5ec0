"""Generated images as one picture: a row of small images for each class."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAPER, INK = "#ffffff", "#1f2933"
GAP, FONT_SIZE = 4, 18
SMALLEST_SIDE = 56
"""Pixels: a smaller image is enlarged by a whole number, so that its pixels stay squares."""

MOST_COLUMNS = 20


def grid_png(images: np.ndarray, labels: np.ndarray, class_names: Sequence[str]) -> bytes:
    """The images as a PNG file: each class begins a row, with its name at the left. Images of one class, or without
    classes, fill a square.

    Args:
        images: uint8 `[n, H, W, C]`, grey or RGB.
        labels: their classes, `[n]`.
        class_names: K names; none where the images have no classes.

    >>> images = np.zeros((9, 28, 28, 1), np.uint8)
    >>> Image.open(io.BytesIO(grid_png(images, np.full(9, 7), [str(digit) for digit in range(10)]))).size
    (184, 184)
    """
    rows = _rows(labels)
    scale = max(1, -(-SMALLEST_SIDE // min(images.shape[1:3])))
    height, width = (scale * side + GAP for side in images.shape[1:3])
    named = len({name for name, _ in rows}) > 1
    font = ImageFont.load_default(FONT_SIZE)
    left = GAP + (round(max(font.getlength(name) for name in class_names)) + 3 * GAP if named else 0)
    columns = max(len(places) for _, places in rows)
    sheet = Image.new("RGB", (left + columns * width, GAP + len(rows) * height), PAPER)
    pen, last = ImageDraw.Draw(sheet), None
    for row, (label, places) in enumerate(rows):
        top = GAP + row * height
        if named and label != last:
            pen.text((GAP, top + (height - GAP) // 2), class_names[label], INK, font, anchor="lm")
        last = label
        for column, place in enumerate(places):
            sheet.paste(_enlarged(images[place], scale), (left + column * width, top))
    buffer = io.BytesIO()
    sheet.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def _rows(labels: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """The class of each row, and the places of its images."""
    classes = np.unique(labels)
    of_class = {int(label): np.flatnonzero(labels == label) for label in classes}
    most = max(map(len, of_class.values()))
    columns = min(MOST_COLUMNS, most if len(classes) > 1 else int(np.ceil(np.sqrt(most))))
    return [
        (label, places[start : start + columns])
        for label, places in of_class.items()
        for start in range(0, len(places), columns)
    ]


def _enlarged(image: np.ndarray, scale: int) -> Image.Image:
    grey_or_colour = image[..., 0] if image.shape[2] == 1 else image
    return Image.fromarray(grey_or_colour.repeat(scale, axis=0).repeat(scale, axis=1))
