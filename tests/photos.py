"""Photos of digits as a telephone takes them, made from MNIST's images: for tests of what prepares pictures."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

PAPER, INK = 0.85, 0.2
"""How much light they give back, of 1."""

NOISE = 4.0
"""Standard deviation of the camera's noise, in grey levels."""


def photo(
    digit: np.ndarray,
    random: np.random.Generator,
    falloff: float = 0.0,
    size: tuple[int, int] = (640, 480),
    share: tuple[float, float] = (0.35, 0.6),
    ink: float = INK,
) -> bytes:
    """A JPEG of a digit written with dark ink on a sheet of pale paper, in light that falls off.

    Args:
        digit: uint8 `[28, 28]`, white on black, as in MNIST.
        random: decides the place and size of the digit, the direction of the light and the noise.
        falloff: grey levels by which the paper is darker at one end of the sheet than at the other.
        size: width and height of the photo in pixels.
        share: least and greatest height of the digit's image of 28 x 28, of the photo's shorter side.
        ink: how much light the ink gives back, of 1.
    """
    width, height = size
    side = round(random.uniform(*share) * min(size))
    drawn = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    strokes = np.zeros((height, width))
    top, left = (round(random.uniform(0.05, 0.95) * room) for room in (height - side, width - side))
    strokes[top : top + side, left : left + side] = np.asarray(drawn) / 255
    light = _light(size, random.uniform(0, 2 * np.pi), falloff / (255 * PAPER))
    grey = 255 * light * (PAPER + (ink - PAPER) * strokes) + random.normal(0, NOISE, (height, width))
    buffer = io.BytesIO()
    Image.fromarray(np.clip(np.round(grey), 0, 255).astype(np.uint8)).save(buffer, "jpeg", quality=85)
    return buffer.getvalue()


def _light(size: tuple[int, int], direction: float, loss: float) -> np.ndarray:
    """From 1 at the bright end of the sheet to `1 - loss` at the dark one, `[height, width]`."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    along = np.cos(direction) * columns + np.sin(direction) * rows
    return 1 - loss * (along - along.min()) / np.ptp(along)
