"""Puts a drawing or a photo of one digit where MNIST's digits are: in a box of 20 x 20, centred by its mass."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import numpy as np

from netgain.data.images import decode
from netgain.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

BOX, SIDE = 20, 28
"""The digit's longer side and the image's, in pixels; LeCun et al. (1998), Proc. IEEE 86, 2278, section III.A."""

MOST_PIXELS = 80_000_000
WORKING_SIDE = 560
"""A photo is brought to this size at most before anything is looked for in it."""

FAINT = 0.2
"""Of the darkest ink; paler pixels are paper, or the shadow of a hand."""


def centred_digit(content: bytes, angle: float = 0.0) -> np.ndarray:
    """The digit of a picture as MNIST would show it: uint8 `[28, 28]`, white on black.

    A picture with a bright border is taken for ink on paper and turned into its negative. The digit is cut out,
    scaled to 20 pixels with its proportions kept, and placed with its centre of mass in the middle.

    Args:
        content: the bytes of an image file.
        angle: degrees by which the digit is turned first, counter-clockwise.

    Raises:
        DataError: for bytes that are no image, more than 80 megapixels, or a picture without a stroke.

    >>> from PIL import Image
    >>> buffer = io.BytesIO()
    >>> picture = Image.new("L", (280, 280))
    >>> picture.paste(255, (20, 40, 40, 240))
    >>> picture.save(buffer, "png")
    >>> rows, columns = centred_digit(buffer.getvalue()).nonzero()
    >>> int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1)
    (20, 2)
    """
    ink = _ink(_small_grey(content))
    if angle:
        ink = _turned(ink, angle)
    rows, columns = np.nonzero(ink)
    if not len(rows):
        raise DataError("there is nothing on this picture that stands out from its background; draw a digit first")
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return _placed(_scaled(cut))


def _small_grey(content: bytes) -> np.ndarray:
    """Grey values 0..1 of the picture, no larger than needed; a large photo is never decoded at its full size."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            pixels = opened.width * opened.height
    except Exception:  # what is no image at all is said by `decode`
        pixels = 0
    if pixels > MOST_PIXELS:
        raise DataError(f"the picture has {pixels / 1e6:.0f} megapixels, expected 80 at most: save it smaller")
    image = decode(content, "the picture", largest_side=WORKING_SIDE).convert("L")
    return np.asarray(image, np.float64) / 255


def _ink(grey: np.ndarray) -> np.ndarray:
    """How much ink there is, 0..1: the background, as the border shows it, becomes 0."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    background = float(np.median(border))
    ink = background - grey if background > 0.5 else grey - background
    strongest = float(ink.max())
    if strongest < 0.1:  # nothing but the noise of a camera
        return np.zeros_like(grey)
    ink = np.clip(ink / strongest, 0, 1)
    return np.where(ink < FAINT, 0.0, ink)


def _turned(ink: np.ndarray, angle: float) -> np.ndarray:
    from PIL import Image

    turned = _picture(ink).rotate(angle, resample=Image.Resampling.BILINEAR, expand=True)
    return np.asarray(turned, np.float64) / 255


def _scaled(cut: np.ndarray) -> np.ndarray:
    from PIL import Image

    height, width = cut.shape
    scale = BOX / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(_picture(cut).resize(size, Image.Resampling.BOX), np.float64)


def _placed(digit: np.ndarray) -> np.ndarray:
    """The digit on a black field of 28 x 28. MNIST's centres of mass lie from 14 to below 15 pixels: it rounded up."""
    height, width = digit.shape
    mass = digit.sum() or 1.0
    row = (digit.sum(axis=1) * (np.arange(height) + 0.5)).sum() / mass
    column = (digit.sum(axis=0) * (np.arange(width) + 0.5)).sum() / mass
    top, left = math.ceil(SIDE / 2 - row), math.ceil(SIDE / 2 - column)
    top, left = min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)
    field = np.zeros((SIDE, SIDE), np.uint8)
    field[top : top + height, left : left + width] = np.round(digit).astype(np.uint8)
    return field


def _picture(ink: np.ndarray) -> Image.Image:
    from PIL import Image

    return Image.fromarray(np.round(255 * ink).astype(np.uint8))
