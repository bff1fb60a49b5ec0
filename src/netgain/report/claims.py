"""What the lecture says of an arm, held against the verdict."""

from __future__ import annotations

import math
from typing import NamedTuple

from netgain.result import StudyResult
from netgain.stats import Outcome, Overtraining, overtraining
from netgain.study import BASELINE

NORMAL_95 = 1.96


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


def gap_of(result: StudyResult, arm: str) -> Overtraining:
    """The gap between the accuracies on training and test images."""
    return overtraining([run.train_right for run in result.judged(arm)], result.right(arm))


def _accuracy(result: StudyResult, arm: str, claim: str) -> tuple[bool | None, str]:
    verdict = result.verdicts[arm]
    ours = f"{verdict.outcome} by {verdict.difference}"
    if verdict.outcome in {Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE}:
        return None, f"{verdict.outcome}, {verdict.difference}"
    proves = {"better": Outcome.BETTER, "worse": Outcome.WORSE, "as good": Outcome.EQUIVALENT}[claim]
    return verdict.outcome is proves, ours


def _gap(result: StudyResult, arm: str) -> tuple[bool | None, str]:
    """Whether the gap shrinks by more than 1.96 standard errors, those of both gaps in quadrature: a rough test."""
    ours, other = gap_of(result, arm), gap_of(result, result.study.other(arm))
    change, error = ours.gap - other.gap, math.hypot(ours.standard_error, other.standard_error)
    words = f"from {100 * other.gap:+.2f} to {100 * ours.gap:+.2f}, by {100 * change:+.2f} ± {100 * error:.2f} points"
    if (
        abs(change) <= NORMAL_95 * error
        or min(len(result.judged(arm)), len(result.judged(result.study.other(arm)))) < 2
    ):
        return None, words
    return change < 0, words
