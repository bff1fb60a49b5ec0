"""Binomial confidence intervals: the accuracy of one network.

The Wald interval is not here on purpose: near 99 % it covers far less than it claims.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction

FEW_COUNTS = 10
"""With fewer wrong (or fewer right) images than this, an accuracy gets the guaranteed interval."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval [low, high] at a level such as 0.95, in the units of its quantity."""

    low: float
    high: float
    level: float

    def is_above(self, other: Interval) -> bool:
        """Whether it lies wholly above another: a cautious comparison, as intervals of a real difference may overlap.

        >>> Interval(0.58, 0.62, 0.95).is_above(Interval(0.55, 0.59, 0.95))
        False
        """
        return self.low > other.high


def _check_counts(k: float, n: float, level: float) -> None:
    if not (0 < n < math.inf and 0 <= k <= n):
        raise StatisticsError(
            f"`k` = {k!r} of `n` = {n!r} is invalid; expected 0 <= k <= n and n > 0 (right images, images)."
        )
    check_fraction(level, "level")


def wilson(k: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's score interval of a fraction k/n.

    Wilson (1927), JASA 22, 209; Brown, Cai & DasGupta (2001), Statistical Science 16, 101, eq. 4.
    Its mean coverage is the level; a fractional n is an effective number of images.

    Raises:
        StatisticsError: unless 0 <= k <= n, n > 0 and 0 < level < 1.

    >>> interval = wilson(9900, 10_000)
    >>> round(interval.low, 10), round(interval.high, 10)
    (0.9878530177, 0.9917706639)
    """
    _check_counts(k, n, level)
    z2 = float(special.ndtri((1 + level) / 2)) ** 2
    fraction = k / n
    centre = (fraction + z2 / (2 * n)) / (1 + z2 / n)
    half = math.sqrt(z2 * (fraction * (1 - fraction) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    # At the ends rounding would leave 1e-17 where the formula gives exactly 0 or 1.
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return Interval(low, high, level)


def clopper_pearson(k: float, n: float, level: float = 0.95) -> Interval:
    """The exact interval of a fraction k/n: its coverage is never below the level.

    Clopper & Pearson (1934), Biometrika 26, 404. A fractional n is an effective number of images
    (Korn & Graubard 1998, Survey Methodology 24, 193).

    Raises:
        StatisticsError: unless 0 <= k <= n, n > 0 and 0 < level < 1.

    >>> interval = clopper_pearson(18, 20)
    >>> round(interval.low, 10), round(interval.high, 10)
    (0.683017286, 0.9876514728)
    """
    _check_counts(k, n, level)
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 1 - tail))
    return Interval(low, high, level)


def accuracy_interval(k: float, n: float, level: float = 0.95) -> Interval:
    """The interval of an accuracy of k right among n images: Wilson, or Clopper-Pearson for few counts.

    Few means fewer than 10 wrong images, or fewer than 10 right ones.

    Raises:
        StatisticsError: unless 0 <= k <= n, n > 0 and 0 < level < 1.

    >>> interval = accuracy_interval(1, 1)
    >>> round(interval.low, 4), interval.high
    (0.025, 1.0)
    """
    few = min(k, n - k) < FEW_COUNTS
    return clopper_pearson(k, n, level) if few else wilson(k, n, level)
