"""Whether what the lecture says of an arm holds, by the verdicts."""

from __future__ import annotations

from typing import NamedTuple

from netgain.experiment.study import Claim
from netgain.results.study_result import StudyResult
from netgain.stats import GapOutcome, Outcome

OPEN = {Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE}

PROVES = {"better": Outcome.BETTER, "worse": Outcome.WORSE, "as good": Outcome.EQUIVALENT}


class JudgedClaim(NamedTuple):
    """A claim of the lecture, held against the verdict.

    Attributes:
        arm: the arm that it is about.
        claim: what the lecture says of it against its other.
        holds: whether it holds; None where that is open.
    """

    arm: str
    claim: Claim
    holds: bool | None


def judged_claims(result: StudyResult) -> list[JudgedClaim]:
    """The lecture's claims on the arms, each held against ours; gaps only where the runs have answers to training
    items.
    """
    judged = []
    for arm in result.verdicts:
        claim = result.study.claim(arm)
        if claim == "smaller gap":
            if arm in result.gap_verdicts:
                judged.append(JudgedClaim(arm, claim, _gap(result, arm)))
        elif claim is not None:
            judged.append(JudgedClaim(arm, claim, _accuracy(result, arm, claim)))
    return judged


def _accuracy(result: StudyResult, arm: str, claim: Claim) -> bool | None:
    outcome = result.verdicts[arm].outcome
    return None if outcome in OPEN else outcome is PROVES[claim]


def _gap(result: StudyResult, arm: str) -> bool | None:
    outcome = result.gap_verdicts[arm].outcome
    return None if outcome is GapOutcome.UNDECIDED else outcome is GapOutcome.SMALLER
