"""What a technique costs: its training time against the baseline's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError


@dataclass(frozen=True)
class CostRatio:
    """Mean training time of a recipe over the baseline's.

    Attributes:
        ratio: 1.2 means 20 % slower.
        spread: standard error of the ratio; None when a recipe has one run only.
    """

    ratio: float
    spread: float | None


def cost_ratio(seconds_a: ArrayLike, seconds_b: ArrayLike) -> CostRatio:
    """Mean training seconds of B over those of A, with the standard error over seeds.

    The error is the first-order (delta method) error of a ratio of two independent means,
    ratio · √(s_a²/(S_a a²) + s_b²/(S_b b²)): Casella & Berger (2002), example 5.5.27.

    Args:
        seconds_a: training seconds of the baseline's runs `[S_a]`.
        seconds_b: training seconds of the other recipe's runs `[S_b]`.

    Raises:
        StatisticsError: unless both are non-empty lists of positive numbers.

    >>> cost = cost_ratio([9.0, 10.0, 11.0], [12.0, 12.0, 12.0])
    >>> round(cost.ratio, 4), round(cost.spread, 4)
    (1.2, 0.0693)
    """
    first, second = _seconds(seconds_a, "seconds_a"), _seconds(seconds_b, "seconds_b")
    ratio = float(second.mean() / first.mean())
    if min(len(first), len(second)) < 2:
        return CostRatio(ratio, None)
    return CostRatio(ratio, ratio * math.hypot(_relative_error(first), _relative_error(second)))


def _relative_error(seconds: NDArray[np.float64]) -> float:
    return float(seconds.std(ddof=1) / (math.sqrt(len(seconds)) * seconds.mean()))


def _seconds(seconds: ArrayLike, name: str) -> NDArray[np.float64]:
    values = np.asarray(seconds, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not bool(np.all((values > 0) & np.isfinite(values))):
        raise StatisticsError(f"`{name}` is {seconds!r}, expected a list of positive training times in seconds.")
    return values
