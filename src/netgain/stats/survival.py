"""Whether what an arm gains on the test images as they are is still there on shifted ones."""

from __future__ import annotations

from enum import StrEnum

from netgain.stats.rounding import error_in_points, signed
from netgain.stats.verdict import Outcome, Verdict


class Survival(StrEnum):
    """What becomes of a verdict under a shift; :func:`survival` has the rules."""

    SURVIVES = "the gain survives"
    LOST = "the gain does not survive"
    OPEN = "not decided whether the gain survives"
    ONLY_WITH = "a gain only with the shift"
    STILL_WORSE = "worse with and without the shift"
    NO_GAIN = "no gain was shown without the shift"


def survival(without: Verdict, with_shift: Verdict) -> Survival:
    """What becomes of the verdict on an arm under a shift.

    A gain is a verdict BETTER. It survives where the verdict under the shift is BETTER too; it does not where that is
    WORSE or EQUIVALENT; else it is open. A gain may be smaller or larger than before.
    """
    before, after = without.outcome, with_shift.outcome
    if before is not Outcome.BETTER:
        if after is Outcome.BETTER:
            return Survival.ONLY_WITH
        return Survival.STILL_WORSE if before is after is Outcome.WORSE else Survival.NO_GAIN
    if after is Outcome.BETTER:
        return Survival.SURVIVES
    return Survival.LOST if after in {Outcome.WORSE, Outcome.EQUIVALENT} else Survival.OPEN


def survival_sentence(without: Verdict, with_shift: Verdict, shift: str) -> str:
    """Both verdicts and what follows; `shift` in words, such as "rotation=N(0,10)"."""
    before, after = (
        f"{verdict.outcome} {signed(100 * verdict.difference.effect)} ± "
        f"{error_in_points(verdict.difference.variance**0.5)}"
        for verdict in (without, with_shift)
    )
    became = survival(without, with_shift)
    return f"{with_shift.arm}: {before} points without the shift, {after} points with {shift}: {became}."
