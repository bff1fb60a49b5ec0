"""What the lecture says of an arm, held against the verdict, in words."""

from __future__ import annotations

from netgain.experiment.study import BASELINE
from netgain.results.claims import OPEN, JudgedClaim
from netgain.results.study_result import StudyResult

WORDS = {True: "holds", False: "does not hold", None: "stays open"}


def claim_sentence(result: StudyResult, judged: JudgedClaim) -> str:
    """Whether a claim holds, and what was found, in a sentence."""
    arm, claim, other = judged.arm, judged.claim, result.study.other(judged.arm)
    than = f"{'as' if claim == 'as good' else 'than'} {'the baseline' if other == BASELINE else other}"
    said = f"{arm} has a smaller gap {than}" if claim == "smaller gap" else f"{arm} is {claim} {than}"
    ours = str(result.gap_verdicts[arm]) if claim == "smaller gap" else _accuracy_in_words(result, arm)
    return f"The lecture’s claim that {said} {WORDS[judged.holds]}: {ours}."


def _accuracy_in_words(result: StudyResult, arm: str) -> str:
    verdict = result.verdicts[arm]
    return f"{verdict.outcome}{', ' if verdict.outcome in OPEN else ' by '}{verdict.difference}"
