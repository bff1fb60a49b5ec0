"""Brings a line of ink to the size and the width of strokes that a reader was trained on."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

THINNER = 0.5
"""Pixels by which strokes may be thinner before they are made wider."""


def scaled_line(line: np.ndarray, height: int, stroke: float) -> np.ndarray:
    """A line of ink scaled to a height with its proportions kept, and thin strokes made as wide as wanted.

    Args:
        line: float64 `[h, w]`, 0..1, without any margin.
        height: in pixels.
        stroke: width of the strokes wanted, in pixels of that height.

    Returns:
        uint8 `[height, W]`, white on black.

    >>> line = np.ones((40, 80))
    >>> scaled_line(line, 20, stroke=3.0).shape
    (20, 40)
    """
    from PIL import Image

    scale = height / line.shape[0]
    if stroke - stroke_width(line) * scale > THINNER:
        radius = round((stroke / scale - stroke_width(line)) / 2)
        line = ndimage.grey_dilation(np.pad(line, radius), footprint=_disc(radius))
        scale = height / line.shape[0]
    size = max(1, round(line.shape[1] * scale)), height
    return np.asarray(Image.fromarray(np.round(255 * line).astype(np.uint8)).resize(size, Image.Resampling.BOX))


def stroke_width(ink: np.ndarray, magnified: int = 1) -> float:
    """The width of the strokes of ink, in its pixels: the middle of a long bar is on average a quarter of it away from
    the edge.

    Args:
        ink: float `[h, w]`, 0..1.
        magnified: how many times its size it is measured at, for strokes of few pixels.

    >>> round(stroke_width(np.pad(np.ones((40, 6)), 4)), 1)
    5.7
    """
    from PIL import Image

    height, width = ink.shape
    size = (width * magnified, height * magnified)
    large = np.asarray(Image.fromarray(ink.astype(np.float32)).resize(size, Image.Resampling.BILINEAR))
    inside = np.pad(large >= 0.5, 1)
    if not inside.any():
        return 0.0
    return 4 * float((np.asarray(ndimage.distance_transform_edt(inside))[inside] - 0.5).mean()) / magnified


def _disc(radius: int) -> np.ndarray:
    rows, columns = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return rows**2 + columns**2 <= (radius + 0.3) ** 2
