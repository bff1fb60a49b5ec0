"""Puts a drawing or a photo of one digit where MNIST's digits are: in a box of 20 x 20, centred by its mass."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgain.data.images import decode_first
from netgain.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

BOX, SIDE = 20, 28
"""The digit's longer side and the image's, in pixels; LeCun et al. (1998), Proc. IEEE 86, 2278, section III.A."""

MOST_PIXELS = 80_000_000
WORKING_SIDE = 560
"""A photo is brought to this size at most before anything is looked for in it."""

MORE_FRAMES = "the file has several frames or pages, and only the first was read"


class CentredDigit(NamedTuple):
    """A digit as MNIST would show it.

    Attributes:
        image: uint8 `[28, 28]`, white on black.
        doubts: reasons, in words, why this may not be the digit that was meant; empty where there are none.
    """

    image: np.ndarray
    doubts: tuple[str, ...]


def centred_digit(content: bytes, box: int = BOX, angle: float = 0.0, label: str = "the picture") -> CentredDigit:
    """The digit of a picture, drawn or photographed, dark on a pale background or light on a dark one.

    The light may fall off over the picture. The digit is cut out, scaled with its proportions kept, and placed with
    its centre of mass in the middle.

    Args:
        content: the bytes of an image file.
        box: the digit's longer side in pixels, 28 at most.
        angle: degrees by which the digit is turned first, counter-clockwise.
        label: what an error calls the picture.

    Raises:
        DataError: for bytes that are not an image, more than 80 megapixels, or a picture without a stroke.

    >>> from PIL import Image
    >>> buffer = io.BytesIO()
    >>> picture = Image.new("L", (280, 280))
    >>> picture.paste(255, (20, 40, 40, 240))
    >>> picture.save(buffer, "png")
    >>> digit = centred_digit(buffer.getvalue())
    >>> rows, columns = digit.image.nonzero()
    >>> int(rows.max() - rows.min() + 1), int(columns.max() - columns.min() + 1), digit.doubts
    (20, 2, ())
    """
    from netgain.data.ink import ink_of  # they need SciPy, which takes its time to start
    from netgain.data.strokes import cut_digit

    grey, has_more = small_grey(content, label, WORKING_SIDE)
    digit, doubts = cut_digit(*ink_of(grey))
    if not digit.size:
        raise DataError(
            f"nothing on {label} differs from its background: draw a digit first, with strokes that "
            "are narrower than a third of the picture"
        )
    if angle:
        digit = _turned(digit, angle)
    return CentredDigit(_placed(_scaled(digit, box)), (*doubts, MORE_FRAMES) if has_more else doubts)


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a picture in pixels, before it is decoded; (0, 0) for what does not open as an image."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            return opened.size
    except Exception:  # `decode_first` says what is wrong with it
        return 0, 0


def small_grey(content: bytes, label: str, largest_side: int) -> tuple[np.ndarray, bool]:
    """Grey values 0..1 of a picture whose longer side is scaled down to `largest_side`, and whether the file has more
    pictures.

    A large photo is never decoded at its full size.

    Raises:
        DataError: for bytes that are not an image, or more than 80 megapixels.
    """
    pixels = math.prod(picture_size(content))
    if pixels > MOST_PIXELS:
        raise DataError(f"{label} has {pixels / 1e6:.0f} megapixels, expected at most 80: save it smaller")
    image, has_more = decode_first(content, label, largest_side=largest_side)
    return np.asarray(image.convert("L")) / 255, has_more


def _turned(ink: np.ndarray, angle: float) -> np.ndarray:
    from PIL import Image

    turned = np.asarray(_picture(ink).rotate(angle, resample=Image.Resampling.BILINEAR, expand=True)) / 255
    rows, columns = np.nonzero(turned)
    return turned[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _scaled(cut: np.ndarray, box: int) -> np.ndarray:
    from PIL import Image

    height, width = cut.shape
    scale = box / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(_picture(cut).resize(size, Image.Resampling.BOX))


def _placed(digit: np.ndarray) -> np.ndarray:
    """The digit on a black field of 28 x 28. MNIST's centres of mass lie from 14 to below 15 pixels: it rounded up."""
    height, width = digit.shape
    mass = digit.sum() or 1.0
    row = (digit.sum(axis=1) * (np.arange(height) + 0.5)).sum() / mass
    column = (digit.sum(axis=0) * (np.arange(width) + 0.5)).sum() / mass
    top, left = math.ceil(SIDE / 2 - row), math.ceil(SIDE / 2 - column)
    top, left = min(max(top, 0), SIDE - height), min(max(left, 0), SIDE - width)
    field = np.zeros((SIDE, SIDE), np.uint8)
    field[top : top + height, left : left + width] = digit
    return field


def _picture(ink: np.ndarray) -> Image.Image:
    from PIL import Image

    return Image.fromarray(np.round(255 * ink).astype(np.uint8))
