"""Checks of what the statistics are given, so that every formula may trust its input."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError


def right_matrix(right: ArrayLike, name: str = "right") -> NDArray[np.bool_]:
    """The matrix of right answers `[S, n]` as booleans, or a StatisticsError.

    Only booleans are accepted: zeros and ones could as well be labels, and NaN has no meaning here.
    """
    try:
        matrix = np.asarray(right)
    except ValueError as error:
        raise StatisticsError(
            f"`{name}` cannot be made an array ({error}); give every seed the same test images."
        ) from error
    if matrix.ndim != 2:
        raise StatisticsError(
            f"`{name}` has shape {matrix.shape}, expected [S, n] (seeds, test images); "
            "for one network use right[np.newaxis, :]."
        )
    if 0 in matrix.shape:
        raise StatisticsError(f"`{name}` has shape {matrix.shape}, expected at least one seed and one test image.")
    if matrix.dtype != np.bool_:
        raise StatisticsError(f"`{name}` holds {matrix.dtype}, expected booleans; make it with `predicted == labels`.")
    return matrix


def group_numbers(groups: ArrayLike, num_images: int) -> NDArray[np.intp]:
    """Group ids `[n]` as numbers 0 … G-1, G ≥ 2, or a StatisticsError."""
    ids: NDArray[Any] = np.asarray(groups)
    if ids.shape != (num_images,):
        raise StatisticsError(
            f"`groups` has shape {ids.shape}, expected ({num_images},): one group id for each test image, "
            "or None when there are no groups."
        )
    if ids.dtype.kind not in "iuU":
        raise StatisticsError(f"`groups` holds {ids.dtype}, expected whole numbers or strings as group ids.")
    names, numbers = np.unique(ids, return_inverse=True)
    if len(names) < 2:
        raise StatisticsError(
            f"`groups` puts all {num_images} test images in one group, expected at least two groups; "
            "pass None when the groups are not known."
        )
    return numbers


def check_fraction(value: float, name: str, below: float = 1.0) -> None:
    """Refuse a level, α, power or δ outside the open range (0, below)."""
    if not 0 < value < below:
        raise StatisticsError(f"`{name}` is {value!r}, expected a number between 0 and {below:g}.")
