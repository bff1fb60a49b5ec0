"""Student's t with estimated degrees of freedom, as every crossed comparison here needs it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from scipy import special


def quantile(level: float, degrees_of_freedom: float) -> float:
    """The t that a fraction `level` of Student's distribution lies within, in both directions.

    >>> round(quantile(0.95, 4), 4)
    2.7764
    """
    return float(special.stdtrit(degrees_of_freedom, (1 + level) / 2))


def two_sided_p(effect: float, variance: float, degrees_of_freedom: float) -> float:
    """The p-value of `effect` against zero; without variance it is 1 for no effect and else 0.

    >>> round(two_sided_p(2.7764, 1.0, 4), 4)
    0.05
    """
    if variance == 0:
        return 1.0 if effect == 0 else 0.0
    return float(2 * special.stdtr(degrees_of_freedom, -abs(effect) / math.sqrt(variance)))


def satterthwaite(total: float, parts: Iterable[tuple[float, float]]) -> float:
    """Degrees of freedom of a variance estimated as a sum of parts.

    Satterthwaite (1946), Biometrics Bulletin 2, 110, but never below the smallest of the
    parts' own, which is where the formula ends when one part is everything.

    Args:
        total: the variance.
        parts: (variance, degrees of freedom) of each independent part.

    >>> satterthwaite(2.0, [(1.0, 4), (1.0, 4)])
    8.0
    """
    # A single image or group has none, and t needs one: the widest distribution there is.
    parts = [(variance, max(1.0, freedom)) for variance, freedom in parts]
    lowest = min(freedom for _, freedom in parts)
    spread = sum(variance**2 / freedom for variance, freedom in parts)
    return max(lowest, total**2 / spread) if spread > 0 else lowest
