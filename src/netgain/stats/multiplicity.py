"""Many comparisons at once: adjusted p-values."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError


def _checked(p_values: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(p_values, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not bool(np.all((values >= 0) & (values <= 1))):
        raise StatisticsError(f"`p_values` is {p_values!r}, expected a list of numbers between 0 and 1.")
    return values


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Holm's adjusted p-values, for claims: below α with at most α risk of any false claim.

    Holm (1979), Scandinavian Journal of Statistics 6, 65.

    Args:
        p_values: `[m]`, one per comparison.

    Raises:
        StatisticsError: for an empty list, or a value outside [0, 1].

    >>> [round(float(p), 4) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    values = _checked(p_values)
    order = np.argsort(values)
    factors = np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * factors))
    return adjusted


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Benjamini and Hochberg's adjusted p-values, for exploration: below q a fraction q may be false.

    Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289.

    Args:
        p_values: `[m]`, one per comparison.

    Raises:
        StatisticsError: for an empty list, or a value outside [0, 1].

    >>> [round(float(p), 4) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    values = _checked(p_values)
    order = np.argsort(values)[::-1]
    factors = len(values) / np.arange(len(values), 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum.accumulate(values[order] * factors)
    return adjusted
