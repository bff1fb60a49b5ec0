"""Finds the ink of a drawing or a photo, on any paper and in any light."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import ndimage

SMALL = 96
"""The background is estimated on a copy with this longer side, in pixels: it changes slowly."""

WINDOW = 1 / 3
"""Of the shorter side: what is narrower is a stroke, what is wider belongs to the background."""

STRONG, WEAK = 0.4, 0.1
"""Of the full ink: a pixel counts from STRONG on, and as the soft edge of such a pixel from WEAK on."""

CLEAR = 0.7
"""Of the third moment's largest possible value: from here on its sign is taken for the ink's."""

LEAST_CONTRAST = 0.1
"""Of the way from black to white: less is the noise of a camera."""


class Ink(NamedTuple):
    """What differs from the background of a picture.

    Attributes:
        amount: float64 `[h, w]`, 0 for background to 1 for full ink.
        contrast: of full ink against the background, 0..1: for dark ink the share of the light that it takes away,
            for light ink the difference in grey.
    """

    amount: np.ndarray
    contrast: float


def ink_of(grey: np.ndarray) -> Ink:
    """The ink of a picture, dark on a pale background or light on a dark one.

    The background may change over the picture, as light falls off over a sheet: it is the grey-level closing of the
    picture (for light ink the opening; Serra 1982, Image Analysis and Mathematical Morphology, chapter XII), which
    fills everything narrower than a third of the shorter side and keeps a slope and the edge of a shadow.

    Args:
        grey: the picture, float64 `[h, w]`, 0 for black to 1 for white.

    Returns:
        The ink; no ink at all if nothing differs.

    >>> sheet = np.tile(np.linspace(0.4, 0.9, 60), (60, 1))
    >>> sheet[10:50, 28:32] *= 0.25
    >>> ink = ink_of(sheet)
    >>> rows, columns = ink.amount.nonzero()
    >>> [int(end) for end in (rows.min(), rows.max(), columns.min(), columns.max())], round(ink.contrast, 1)
    ([10, 49, 28, 31], 0.7)
    """
    amount, contrast = raw_ink(grey)
    return Ink(without_paper(amount), contrast)


def raw_ink(grey: np.ndarray) -> Ink:
    """As :func:`ink_of`, with the noise and the paler marks of the background: amounts below 0 and to 1, and 0 for all
    pixels where nothing differs.
    """
    smooth = ndimage.gaussian_filter(grey, max(grey.shape) / 800) if max(grey.shape) > SMALL else grey
    small = _resized(grey, SMALL / max(grey.shape))
    is_dark = _ink_is_dark(small)
    background = _stretched(_without_strokes(small, is_dark), grey.shape)
    amount = 1 - smooth / np.maximum(background, 0.05) if is_dark else smooth - background
    strongest = float(amount.max())
    if strongest < max(LEAST_CONTRAST, 6 * _noise(amount)):
        return Ink(np.zeros_like(grey), 0.0)
    full = float(np.percentile(amount[amount > strongest / 2], 90))  # not the one pixel that noise made darkest
    return Ink(np.minimum(amount / full, 1), full)


def without_paper(amount: np.ndarray) -> np.ndarray:
    """The amounts of the ink alone: 0 where a pixel is neither ink nor its soft edge."""
    seen = np.logical_and(ndimage.binary_dilation(amount >= STRONG, np.ones((3, 3))), amount >= WEAK)
    return np.where(seen, amount, 0.0)


def _noise(amount: np.ndarray) -> float:
    """Standard deviation of the background: in a normal distribution 0.97 of it lie between these two percentiles."""
    return float(np.subtract(*np.percentile(amount, [25, 5]))) / 0.97


def _without_strokes(small: np.ndarray, is_dark: bool) -> np.ndarray:
    window = max(3, round(WINDOW * min(small.shape))) | 1
    around = min(window, min(small.shape) - 1)
    # Reflected about the edge's own value, so that a slope goes on beyond the edge.
    extended = np.pad(ndimage.gaussian_filter(small, 0.7), around, mode="reflect", reflect_type="odd")
    filled = (ndimage.grey_closing if is_dark else ndimage.grey_opening)(extended, size=window)
    return ndimage.gaussian_filter(filled[around:-around, around:-around], 1)


def _ink_is_dark(small: np.ndarray) -> bool:
    """Whether the ink is darker than its background: the third moment about a surface through the border says so.

    The surface is a plane. Where the light is far from even a quadratic one fits the border much better. Where the edge
    of a shadow leaves it open, the strokes are what differs most from its surroundings.
    """
    terms, border = _terms(small.shape), _border(small.shape)
    plane, curved = (_border_fit(small, terms[:, :count], border) for count in (3, 6))
    off_plane, off_curved = (float(np.median(np.abs(small - fit)[border])) for fit in (plane, curved))
    if off_plane > 0.01 and off_curved < 0.6 * off_plane:
        plane = _inliers_fit(small, curved, terms, border)
    cubes = (small - plane) ** 3
    if abs(cubes.sum()) > CLEAR * np.abs(cubes).sum():
        return bool(cubes.sum() < 0)
    return bool((_without_strokes(small, True) - small).max() > (small - _without_strokes(small, False)).max())


def _border_fit(small: np.ndarray, terms: np.ndarray, border: np.ndarray) -> np.ndarray:
    """The surface with the least absolute differences on the border, by reweighted least squares."""
    fit = np.full(small.shape, np.median(small[border]))
    for _ in range(15):
        fit = _weighted_fit(small, terms, border / np.maximum(np.abs(small - fit), 0.01))
    return fit


def _inliers_fit(small: np.ndarray, fit: np.ndarray, terms: np.ndarray, border: np.ndarray) -> np.ndarray:
    """The surface through what lies near it, with Tukey's biweight (Beaton, Tukey 1974, Technometrics 16, 147)."""
    for _ in range(20):
        off = small - fit
        reach = 4.7 * max(1.4826 * float(np.median(np.abs(off[border]))), 0.01)
        fit = _weighted_fit(small, terms, np.where(np.abs(off) < reach, (1 - (off / reach) ** 2) ** 2, 0.0))
    return fit


def _weighted_fit(small: np.ndarray, terms: np.ndarray, weights: np.ndarray) -> np.ndarray:
    weighted = terms * weights.reshape(-1, 1)
    solution = np.linalg.lstsq(weighted.T @ terms, weighted.T @ small.ravel(), rcond=None)[0]
    return (terms @ solution).reshape(small.shape)


def _terms(shape: tuple[int, ...]) -> np.ndarray:
    """1, x, y, x², xy, y² of every pixel, `[h * w, 6]`, with x and y from -1 to 1."""
    y, x = (axis.ravel() for axis in np.meshgrid(*(np.linspace(-1, 1, length) for length in shape), indexing="ij"))
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)


def _border(shape: tuple[int, ...]) -> np.ndarray:
    """Which pixels are the border, bool `[h, w]`: a sixteenth of the shorter side, on all four sides."""
    width = max(1, round(min(shape) / 16))
    border = np.ones(shape, bool)
    border[width:-width, width:-width] = False
    return border


def _resized(grey: np.ndarray, scale: float) -> np.ndarray:
    height, width = (max(3, round(length * scale)) for length in grey.shape)
    return _stretched(grey, (height, width))


def _stretched(grey: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    from PIL import Image

    way = Image.Resampling.BOX if shape[0] < grey.shape[0] else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(grey.astype(np.float32)).resize((shape[1], shape[0]), way), np.float64)
