"""The interval that decides: the one that excludes zero, or lies inside ±δ, exactly when the verdict says so."""

from __future__ import annotations

from netgain.stats.difference import Difference
from netgain.stats.intervals import Interval
from netgain.stats.verdict import Outcome


def deciding_interval(difference: Difference, outcome: Outcome, alpha: float, adjustment: float) -> Interval:
    """The interval on which a verdict rests.

    Holm's procedure compares p times some factor from 1 to the number of arms with α, which is to compare p with a
    smaller α. The interval of that smaller α excludes zero exactly when the adjusted p is below α. EQUIVALENT rests on
    two one-sided tests, so on the interval of level 1 - 2α.

    Args:
        difference: arm minus baseline.
        outcome: the verdict on it.
        alpha: level of the study; of a check, its share of that.
        adjustment: the factor, from 1 to the number of arms.

    >>> from netgain.stats.difference import difference as compare
    >>> measured = compare([[True] * 90 + [False] * 10] * 5, [[True] * 95 + [False] * 5] * 5)
    >>> deciding_interval(measured, Outcome.UNDECIDED, 0.05, 2.0).level
    0.975
    >>> deciding_interval(measured, Outcome.EQUIVALENT, 0.05, 2.0).level
    0.9
    """
    spent = 2 * alpha if outcome is Outcome.EQUIVALENT else alpha / adjustment
    return difference.interval(1 - spent)


def adjustment_of(p: float, p_adjusted: float, num_arms: int) -> float:
    """By what Holm's procedure multiplied a p-value; the number of arms where a limit of p hides it.

    >>> adjustment_of(0.01, 0.02, 3), adjustment_of(0.7, 1.0, 3)
    (2.0, 3)
    """
    return p_adjusted / p if p > 0 and p_adjusted < 1 else num_arms
