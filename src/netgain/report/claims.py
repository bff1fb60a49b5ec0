"""What the lecture says of an arm, held against the verdict."""

from __future__ import annotations

from typing import NamedTuple

from netgain.result import StudyResult
from netgain.stats import GapOutcome, Outcome
from netgain.study import BASELINE


class JudgedClaim(NamedTuple):
    """A claim of the lecture: whether it holds (None: open), and that in a sentence."""

    arm: str
    holds: bool | None
    sentence: str


def judged_claims(result: StudyResult) -> list[JudgedClaim]:
    """The lecture's claims on the arms, each held against ours."""
    judged = []
    for arm in result.verdicts:
        claim = result.study.claim(arm)
        if claim is None:
            continue
        holds, ours = _gap(result, arm) if claim == "smaller gap" else _accuracy(result, arm, claim)
        other = result.study.other(arm)
        than = f"{'as' if claim == 'as good' else 'than'} {'the baseline' if other == BASELINE else other}"
        said = f"{arm} has a smaller gap {than}" if claim == "smaller gap" else f"{arm} is {claim} {than}"
        word = {True: "holds", False: "does not hold", None: "stays open"}[holds]
        judged.append(JudgedClaim(arm, holds, f"The lecture’s claim that {said} {word}: {ours}."))
    return judged


def _accuracy(result: StudyResult, arm: str, claim: str) -> tuple[bool | None, str]:
    verdict = result.verdicts[arm]
    ours = f"{verdict.outcome} by {verdict.difference}"
    if verdict.outcome in {Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE}:
        return None, f"{verdict.outcome}, {verdict.difference}"
    proves = {"better": Outcome.BETTER, "worse": Outcome.WORSE, "as good": Outcome.EQUIVALENT}[claim]
    return verdict.outcome is proves, ours


def _gap(result: StudyResult, arm: str) -> tuple[bool | None, str]:
    verdict = result.gap_verdicts[arm]
    open_ = verdict.outcome is GapOutcome.UNDECIDED
    return None if open_ else verdict.outcome is GapOutcome.SMALLER, str(verdict)
