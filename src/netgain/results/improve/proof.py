"""The proof: one candidate against the present recipe on the images to confirm by, at a level that is spent for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netgain.experiment.moves import Candidate
from netgain.results.improve.laboratory import Laboratory
from netgain.stats import Outcome, Verdict, judge

FIRST_SEED = 1_000
"""The networks that confirm have seeds that selected nothing."""

NUM_SEEDS = (5, 10)
"""Networks of each recipe in a first attempt to prove a move, and in a second one."""


@dataclass(frozen=True)
class Attempt:
    """One attempt to prove a move.

    Attributes:
        number: of the attempt, from 1; it decides the level.
        move: the move, in words.
        present: the recipe that it would replace.
        level: one-sided significance level that was spent.
        verdict: on the images to confirm by, at this level; None where an earlier call spent the level and this one
            has no use for the attempt, or all networks failed.
        seconds: what it took, from start to end.
        failure: why there is no verdict.
    """

    number: int
    move: str
    present: Candidate[Any]
    level: float
    verdict: Verdict | None
    seconds: float
    failure: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the candidate replaces the present recipe: its verdict is BETTER, and nothing else counts."""
        return self.verdict is not None and self.verdict.outcome is Outcome.BETTER


def confirm_seeds(num_seeds: int) -> range:
    """The seeds of the networks that confirm."""
    return range(FIRST_SEED, FIRST_SEED + num_seeds)


def verdict_on_confirm(
    laboratory: Laboratory, present: Candidate[Any], candidate: Candidate[Any], num_seeds: int, level: float
) -> tuple[Verdict | None, str]:
    """The verdict at a one-sided level, or why there is none.

    The verdict's own p-value is two-sided, so it is held against twice the level: BETTER then has the probability
    `level` at most where the candidate is not better.
    """
    base, other = laboratory.trials("confirm", [present, candidate], confirm_seeds(num_seeds))
    if base.failure or other.failure:
        return None, f"failed: {other.failure or base.failure}"
    if (len(base.right) == 1) != (len(other.right) == 1):
        return None, "failed: too few networks are left to compare"
    judged = judge(base.right, {candidate.last: other.right}, alpha=2 * level, groups=laboratory.groups("confirm"))
    return judged[candidate.last], ""
