"""The climb: race, prove, replace, and again from there. It decides; others train.

Each proof is on the same images to confirm by. What a climb learns of them is whether each attempt was BETTER, one bit
each, which is little (Blum & Hardt 2015, ICML, PMLR 37, 1006); how often a climb ends worse than it began is measured
in `validation/improving.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from netgain.experiment.moves import Candidate, Move, Moves
from netgain.results.improve.budget import Budget
from netgain.results.improve.laboratory import Laboratory
from netgain.results.improve.proof import NUM_SEEDS, Attempt, confirm_seeds, verdict_on_confirm
from netgain.results.improve.race import Race, Tell, run_race
from netgain.stats.spending import spent_level

ALPHA = 0.025
"""One-sided level of all proofs together."""

PROMISING = 0.2
"""A move whose two-sided p-value is below this, and that was not proven, gets a second attempt with more seeds."""

PROVEN = "proven"
SPENT = "an earlier call spent this level"
NO_TIME = "the time was over"
NO_MOVE = "no move that is left leads on the images to select by"

MovesFrom = Callable[[Candidate[Any]], Moves[Any]]


class Begun(NamedTuple):
    """An attempt as the journal has it: it was begun, so its level is spent, whatever became of it.

    Attributes:
        base: the moves of the recipe that was to be replaced, in words.
        move: the move to be proven, in words.
        seeds: networks of each recipe.
    """

    base: tuple[str, ...]
    move: str
    seeds: int


class Journal(Protocol):
    """Remembers which attempts were begun, also by calls before this one."""

    def begun(self) -> list[Begun]:
        """All of them in their order."""
        ...

    def begin(self, attempt: Begun) -> None:
        """Note an attempt before any of its networks is trained."""
        ...


@dataclass
class Climb:
    """Where a climb is.

    Attributes:
        present: the recipe that is proven so far; the start before that.
        attempts: to prove, in their order.
        races: in their order.
        refused: the moves that some recipe on the way did not take, with the reason.
        ended: why it ended; empty while it goes on.
    """

    present: Candidate[Any]
    attempts: list[Attempt] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    refused: dict[Move, str] = field(default_factory=dict)
    ended: str = ""

    @property
    def steps(self) -> list[Attempt]:
        """The attempts that were accepted."""
        return [attempt for attempt in self.attempts if attempt.is_accepted]


class Means(NamedTuple):
    """What a climb works with."""

    laboratory: Laboratory
    moves_from: MovesFrom
    budget: Budget
    journal: Journal
    tell: Tell
    alpha: float = ALPHA


def climb(so_far: Climb, means: Means) -> None:
    """Climb from the present recipe until the time is over or nothing leads, and keep in `so_far` what is proven."""
    _repeat(so_far, means)
    done: dict[tuple[Move, ...], set[str]] = {}  # by the moves to a recipe, the moves from it that need no other race
    worse: set[str] = set()
    while not so_far.ended:
        here = done.setdefault(so_far.present.moves, set())
        candidates = _candidates(so_far, means, worse | here)
        race = run_race(means.laboratory, so_far.present, candidates, means.budget, means.tell)
        so_far.races.append(race)
        worse |= {entry.candidate.last for entry in race.entries if entry.is_surely_worse}
        here |= {entry.candidate.last for entry in race.entries if entry.was_reached}
        _prove_leaders(so_far, race, means)


def _candidates(so_far: Climb, means: Means, left_out: set[str]) -> list[Candidate[Any]]:
    """The moves to race now: not those that were surely worse before, or are done with from this recipe."""
    found = means.moves_from(so_far.present)
    so_far.refused |= found.refused
    judged = [attempt for attempt in so_far.attempts if attempt.failure != SPENT]
    tried = {attempt.move for attempt in judged if attempt.present.moves == so_far.present.moves}
    racing = []
    for candidate in found.possible:
        if candidate.last in left_out | tried:
            continue
        if reason := means.laboratory.refuses(candidate):
            so_far.refused[candidate.moves[-1]] = reason
        else:
            racing.append(candidate)
    return racing


def _prove_leaders(so_far: Climb, race: Race, means: Means) -> None:
    """Try to prove the leaders one after the other, until one replaces the present recipe."""
    if not any(entry.was_reached for entry in race.entries):
        so_far.ended = NO_TIME if race.entries else NO_MOVE
    for leader in race.leaders:
        for seeds in NUM_SEEDS:
            attempt = _attempt(so_far, leader.candidate, seeds, means)
            if attempt is None:
                so_far.ended = NO_TIME
                return
            leader.fate = PROVEN if attempt.is_accepted else "ahead, but not proven"
            if attempt.is_accepted:
                return
            if not _is_promising(attempt):
                break


def _is_promising(attempt: Attempt) -> bool:
    verdict = attempt.verdict
    return verdict is not None and verdict.difference.effect > 0 and verdict.difference.p_value < PROMISING


def _attempt(so_far: Climb, candidate: Candidate[Any], seeds: int, means: Means) -> Attempt | None:
    """One new attempt, noted before it begins; None where it does not end in time."""
    if not _in_time(so_far.present, candidate, seeds, means):
        return None
    means.journal.begin(Begun(tuple(map(str, so_far.present.moves)), candidate.last, seeds))
    return _proven(so_far, candidate, seeds, means)


def _in_time(present: Candidate[Any], candidate: Candidate[Any], seeds: int, means: Means) -> bool:
    laboratory, budget = means.laboratory, means.budget
    cost = laboratory.cost("confirm", [present, candidate], confirm_seeds(seeds), 1.0)
    return budget.allows(cost, kept=max(0.0, laboratory.final_cost(candidate) - budget.reserve))


def _proven(so_far: Climb, candidate: Candidate[Any], seeds: int, means: Means) -> Attempt:
    """Judge a candidate, and replace the present recipe by it where it is BETTER."""
    started, number = means.budget.elapsed, len(so_far.attempts) + 1
    level = spent_level(number, means.alpha)
    verdict, failure = verdict_on_confirm(means.laboratory, so_far.present, candidate, seeds, level)
    seconds = means.budget.elapsed - started
    attempt = Attempt(number, candidate.last, so_far.present, level, verdict, seconds, failure)
    so_far.attempts.append(attempt)
    said = verdict or failure
    means.tell(f"confirm, attempt {number} at level {level:.2g}, {seeds} seeds each: {said}")
    if attempt.is_accepted:
        so_far.present = candidate
        means.budget.reserve = max(means.budget.reserve, means.laboratory.final_cost(candidate))
    return attempt


def _repeat(so_far: Climb, means: Means) -> None:
    """Go through what earlier calls have begun: each attempt keeps its level, and is judged by the same networks."""
    for begun in means.journal.begun():
        present = so_far.present
        candidates = {candidate.last: candidate for candidate in means.moves_from(present).possible}
        candidate = candidates.get(begun.move)
        if tuple(map(str, present.moves)) != begun.base or candidate is None:
            number = len(so_far.attempts) + 1
            level = spent_level(number, means.alpha)
            so_far.attempts.append(Attempt(number, begun.move, present, level, None, 0.0, SPENT))
        elif not _in_time(present, candidate, begun.seeds, means):
            so_far.ended = NO_TIME
            return
        else:
            _proven(so_far, candidate, begun.seeds, means)
