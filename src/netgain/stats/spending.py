"""A significance level that is spent over attempts whose number nobody knows before."""

from __future__ import annotations

import math

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction


def spent_level(attempt: int, alpha: float = 0.025) -> float:
    """The level of attempt k to prove something, α·6/(π²k²).

    The levels of all attempts add up to α (Euler's Σ 1/k² = π²/6), so by Bonferroni's bound any of them is wrong with
    probability α at most, however many there are: the simplest of the spending sequences of Foster & Stine (2008),
    Journal of the Royal Statistical Society B 70, 429, without anything earned back.

    Args:
        attempt: its number, from 1.
        alpha: the level of all together.

    Raises:
        StatisticsError: for an attempt below 1, or a level that is not between 0 and 1.

    >>> [round(spent_level(attempt), 4) for attempt in (1, 2, 3)]
    [0.0152, 0.0038, 0.0017]
    """
    check_fraction(alpha, "alpha")
    if attempt < 1:
        raise StatisticsError(f"`attempt` is {attempt}, expected 1 or more: the first attempt is number 1.")
    return alpha * 6 / (math.pi * attempt) ** 2
