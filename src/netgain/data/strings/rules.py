"""Takes the printed lines of ruled or squared paper out of the ink of a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import ndimage

from netgain.data.ink import WEAK

SLOPES = np.tan(np.deg2rad(np.arange(-6, 7)))
"""Of the rules of a photo, which nobody takes exactly upright."""

PIECE = 1 / 8
"""Of the picture's width: a rule has ink all along such a piece at least."""

COARSE = 3
"""Rules are looked for among the largest values of blocks of this side, in pixels, and then found exactly."""

LONG = 0.6
"""Of the picture's width: what is shorter is a stroke."""

THICK = 1 / 40
"""Of the picture's width: what is thicker is the edge of the paper or a shadow."""

SAME_AS_INK = 0.7
"""From here on a rule is as dark as the writing, and where they cross only the strokes' ends tell that one is there."""


def without_rules(amount: np.ndarray) -> np.ndarray:
    """The ink without rules across the picture, and without those upright on it if there are such ones.

    A rule is what is left by a grey-level opening with a long straight piece at one of several slopes (Serra 1982,
    Image Analysis and Mathematical Morphology, chapter XII), if it is thin and goes over most of the picture. A stroke
    that is darker than the rule stays where they cross; where both are as dark it is joined again across the gap.

    Args:
        amount: how much ink there is, float64 `[h, w]`, 1 for full ink, as :func:`netgain.data.ink.raw_ink` gives it.

    >>> sheet = np.zeros((60, 200))
    >>> sheet[20:22] = sheet[40:42] = 0.5
    >>> sheet[10:45, 50:54] = 1
    >>> left = without_rules(sheet)
    >>> int((left > 0).sum()), int((left[10:45, 50:54] == 1).sum())
    (140, 140)
    """
    rules = _rules(amount)
    if not rules.any():
        return amount
    amount = _taken_out(amount, rules)
    upright = _rules(amount.T, least=0.9)
    return _taken_out(amount.T, upright).T if upright.any() else amount


def _rules(amount: np.ndarray, least: float = LONG) -> np.ndarray:
    """How dark the rules are that run from side to side, `[h, w]`; 0 where there is none."""
    smooth = ndimage.uniform_filter1d(amount, 7, axis=1)
    coarse = _maxima(smooth)
    slopes = [slope for slope in SLOPES if _are_rules(_opened_along(coarse, slope), least).any()]
    opened = np.zeros_like(amount)
    for slope in slopes:
        np.maximum(opened, _opened_along(smooth, slope), out=opened)
    return np.where(_are_rules(opened, least), opened, 0.0)


def _maxima(picture: np.ndarray) -> np.ndarray:
    """The largest value of each block of `COARSE` x `COARSE` pixels: thin rules are still there."""
    height, width = (side - side % COARSE for side in picture.shape)
    if not height or not width:
        return picture
    return picture[:height, :width].reshape(height // COARSE, COARSE, width // COARSE, COARSE).max(axis=(1, 3))


def _are_rules(opened: np.ndarray, least: float) -> np.ndarray:
    """Where there are rules, bool `[h, w]`, in what an opening left of a picture."""
    height, width = opened.shape
    found: Any = ndimage.label(opened > WEAK, np.ones((3, 3)))
    parts, count = found
    masses = np.bincount(parts.ravel(), minlength=count + 1)
    kept, at_both_ends = [], 0
    for number, (_, columns) in enumerate(ndimage.find_objects(parts), start=1):
        length = columns.stop - columns.start
        if length >= least * width and masses[number] <= max(3, THICK * width) * length:
            kept.append(number)
            at_both_ends += columns.start <= 0.02 * width and columns.stop >= 0.98 * width
    # One stroke of a digit that fills the picture may be as long, but not two, and none in a long strip.
    if not (at_both_ends >= 2 or len(kept) >= 3 or (at_both_ends and width >= 1.5 * height)):
        kept = []
    return np.isin(parts, kept) if kept else np.zeros(opened.shape, bool)


def _opened_along(smooth: np.ndarray, slope: float) -> np.ndarray:
    """The grey-level opening with a piece of this slope."""
    length = max(9, round(PIECE * smooth.shape[1]))
    levelled = sheared(smooth, slope)
    inner = ndimage.minimum_filter1d(levelled, length, axis=1, mode="nearest")
    return sheared(ndimage.maximum_filter1d(inner, length, axis=1, mode="nearest"), -slope)


def sheared(picture: np.ndarray, slope: float) -> np.ndarray:
    """The picture `[h, w]` with what rises by `slope` to the right made level: columns are moved by whole pixels."""
    height, width = picture.shape
    drops = np.rint(slope * (np.arange(width) - width / 2)).astype(int)
    rows = np.clip(np.arange(height)[:, np.newaxis] - drops, 0, height - 1)
    return picture[rows, np.arange(width)]


def _taken_out(amount: np.ndarray, rules: np.ndarray) -> np.ndarray:
    is_rule = ndimage.binary_dilation(rules > 0, np.ones((3, 1)))
    dark = ndimage.maximum_filter1d(rules, 3, axis=0)
    rest = np.maximum(amount - dark, 0) / np.maximum(1 - dark, 1e-6)
    left = np.where(is_rule, np.where(dark < SAME_AS_INK, rest, 0.0), amount)
    starts = np.logical_and(is_rule, np.logical_not(np.roll(is_rule, 1, axis=0)))
    thickness = int(np.ceil(is_rule.sum() / max(1, starts.sum())))
    return np.where(is_rule, np.maximum(left, ndimage.grey_closing(left, size=(thickness + 2, 1))), left)
