"""Which values mean black and white in a user's arrays: read if that is clear, asked for if it is not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from netgain.errors import DataError

EIGHT_BIT = (0.0, 255.0)
UNIT = (0.0, 1.0)
DARK = 128
"""Where no pixel reaches half of 255, white may well be a smaller number: 1, 15, 16, 63, 100."""
OTHER_SCALE = 8
"""How many times brighter one part must be than another before they are taken for parts on different scales."""


def checked_range(value_range: ArrayLike) -> tuple[float, float]:
    """The lowest and the highest value that a pixel may have, as floats.

    Raises:
        DataError: for anything but two finite numbers, the lower one first.

    >>> checked_range((0, 16))
    (0.0, 16.0)
    """
    try:
        low, high = (float(value) for value in np.asarray(value_range).ravel())
    except (TypeError, ValueError):
        low = high = np.nan
    if not -np.inf < low < high < np.inf:
        raise DataError(
            f"value_range must be two numbers, the value of black and the value of white, such as (0, 255), (0, 1) or "
            f"(0, 16); received {value_range!r}"
        )
    return low, high


def guessed_range(parts: Mapping[str, np.ndarray]) -> tuple[float, float]:
    """(0, 1) for floats and booleans of which none is above 1, else (0, 255).

    Args:
        parts: the arrays of images by the names of their arguments.

    Raises:
        DataError: where the parts lie on different scales, or all values are so small that white may be another number.
    """
    tops = {name: float(images.max()) for name, images in parts.items()}
    if not np.isfinite(list(tops.values())).all():
        return EIGHT_BIT  # the conversion says which values are not finite
    units = {name for name in parts if parts[name].dtype.kind in "fb" and tops[name] <= 1}
    value_range = UNIT if len(units) == len(parts) else EIGHT_BIT
    darkest, brightest = min(tops, key=tops.__getitem__), max(tops, key=tops.__getitem__)
    far_apart = tops[darkest] * OTHER_SCALE <= tops[brightest] != 0
    if far_apart or (value_range == EIGHT_BIT and any((parts[name] % 1).any() for name in units)):
        raise _different_scales(parts, sorted({darkest, brightest} | units, key=list(parts).index))
    if tops[brightest] * 255 < DARK * value_range[1] and all(images.min() >= 0 for images in parts.values()):
        raise _too_dark(parts, tops[brightest], value_range)
    return value_range


def is_dark(images: np.ndarray) -> bool:
    """Whether uint8 images are so dark that their values may lie on another scale than 0..255."""
    return bool(images.max() < DARK)


def _spans(parts: Mapping[str, np.ndarray], names: list[str]) -> str:
    spans = [f"{name} ({parts[name].dtype}) from {parts[name].min():g} to {parts[name].max():g}" for name in names]
    return f"{', '.join(spans[:-1])} and {spans[-1]}"


def _different_scales(parts: Mapping[str, np.ndarray], names: list[str]) -> DataError:
    return DataError(
        f"the parts seem to be on different scales: {_spans(parts, names)}; expected one scale for all of them. "
        "Put them on one scale, for example with np.rint(255 * x).astype('uint8') for a part from 0 to 1. If they are "
        f"right as they are, {_how_to_say(255)}"
    )


def _too_dark(parts: Mapping[str, np.ndarray], top: float, value_range: tuple[float, float]) -> DataError:
    names, white = " and ".join(parts), f"{value_range[1]:g}"
    found = f"no value of {names} is above {top:.6g}" if top else f"all values of {names} are 0"
    return DataError(
        f"{found}: either that is white, or the images are very dark on the scale from 0 to {white}, and netgain does "
        f"not guess. If {top or 1:.6g} is white, {_how_to_say(top or 1)}; if the images are that dark, give the "
        f"scale in the same way: (0, {white})"
    )


def _how_to_say(white: float) -> str:
    span = f"0, {white:.6g}"
    return (
        f"pass Dataset(..., value_range=({span})), or add it to an .npz file with "
        f"np.savez('new.npz', **np.load('old.npz'), value_range=[{span}])"
    )
