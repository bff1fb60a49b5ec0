"""The race: all moves from one recipe, cheap first, compared on the images to select by. It proves nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from netgain.experiment.moves import Candidate
from netgain.results.improve.budget import Budget
from netgain.results.improve.laboratory import Laboratory
from netgain.stats import Difference, difference

Tell = Callable[[str], None]

SURELY = 0.95
"""Level of the interval that must lie below zero for a move to be surely worse."""

LEAST_KEPT = 3
CHUNK = 2
"""Moves that are begun together, for each network that is trained at once."""

FAILED = "failed: "


class Rung(NamedTuple):
    """One round of the race.

    Attributes:
        seeds: networks of each candidate, from seed 0.
        share: of the epochs.
        kept: the fraction of its candidates that goes on, :data:`LEAST_KEPT` at least.
        time: the fraction of the time that the race may use up to the end of this rung.
    """

    seeds: int
    share: float
    kept: float
    time: float


RUNGS = (Rung(2, 0.25, 1 / 3, 0.4), Rung(3, 1.0, 1 / 3, 0.8), Rung(5, 1.0, 1.0, 1.0))
"""Successive halving by thirds (Jamieson & Talwalkar 2016, AISTATS, PMLR 51, 240), with paired comparisons."""


@dataclass
class Entry:
    """How far one move came.

    Attributes:
        candidate: the recipe with the move.
        difference: on the images to select by, its accuracy minus that of the recipe it changes; None where it was
            not trained.
        seconds: of training, the mean over its networks.
        fate: what became of it, in words.
        is_surely_worse: whether its interval lay below zero.
    """

    candidate: Candidate[Any]
    difference: Difference | None = None
    seconds: float = 0.0
    fate: str = ""
    is_surely_worse: bool = False

    @property
    def was_reached(self) -> bool:
        """Whether there was time for it, even if all of its networks failed."""
        return self.difference is not None or self.fate.startswith(FAILED)

    @property
    def leads(self) -> bool:
        """Whether it is ahead by more than its standard error: a smaller lead is not worth a level."""
        return self.difference is not None and self.difference.effect > math.sqrt(self.difference.variance)


@dataclass
class Race:
    """One race.

    Attributes:
        present: the recipe from which the moves are.
        entries: the moves; those that were not reached in time have no difference.
        leaders: those ahead in the last rung that was run, the largest lead first.
        seconds: how long it took.
    """

    present: Candidate[Any]
    entries: list[Entry] = field(default_factory=list)
    leaders: list[Entry] = field(default_factory=list)
    seconds: float = 0.0


def run_race(
    laboratory: Laboratory, present: Candidate[Any], candidates: Sequence[Candidate[Any]], budget: Budget, tell: Tell
) -> Race:
    """Race the candidates against the present recipe, in rungs, while the time allows.

    Every rung compares each candidate with the present recipe on the same images. A candidate that is surely worse
    leaves; of the others the best third goes on to more seeds and all epochs.

    Args:
        laboratory: where they are trained.
        present: the recipe that they change.
        candidates: in the order in which they are tried where the time is short.
        budget: the time.
        tell: called with what goes on, in words.
    """
    started, free = budget.elapsed, budget.free - proof_cost(laboratory, present)
    race = Race(present, [Entry(candidate) for candidate in candidates])
    racing = list(race.entries)
    for number, rung in enumerate(RUNGS, 1):
        ran = _run_rung(laboratory, present, racing, rung, budget, started + rung.time * free)
        told = f"{len(ran)} of {len(racing)} moves, {rung.seeds} seeds each, {rung.share:.0%} of the epochs"
        tell(f"select, rung {number}: {told}")
        racing = _kept(ran, rung)
        if ran:
            race.leaders = [entry for entry in racing if entry.leads]
        if not racing:
            break
    for entry in race.entries:
        entry.fate = entry.fate or _fate(entry, race)
    race.seconds = budget.elapsed - started
    return race


def proof_cost(laboratory: Laboratory, present: Candidate[Any], num_seeds: int = 5) -> float:
    """Seconds that a proof is expected to take, which a race leaves over."""
    return 2 * laboratory.cost("confirm", [present], range(num_seeds), 1.0)


def _run_rung(
    laboratory: Laboratory, present: Candidate[Any], racing: Sequence[Entry], rung: Rung, budget: Budget, end: float
) -> list[Entry]:
    """The entries that were compared before the end."""
    seeds, ran = range(rung.seeds), []
    size = max(1, CHUNK * laboratory.at_once)
    for first in range(0, len(racing), size):
        chunk = list(racing[first : first + size])
        candidates = [present, *(entry.candidate for entry in chunk)]
        cost = laboratory.cost("select", candidates, seeds, rung.share)
        if not budget.allows(cost) or (cost and budget.elapsed + cost > end):
            break
        base, *others = laboratory.trials("select", candidates, seeds, rung.share)
        for entry, trial in zip(chunk, others, strict=True):
            entry.seconds = trial.seconds
            if trial.failure or base.failure:
                entry.fate = f"{FAILED}{trial.failure or base.failure}"
                continue
            rows = min(len(base.right), len(trial.right))  # where some failed
            entry.difference = difference(base.right[:rows], trial.right[:rows], laboratory.groups("select"))
            ran.append(entry)
    return ran


def _kept(ran: Sequence[Entry], rung: Rung) -> list[Entry]:
    """Those that go on, the best first."""
    for entry in ran:
        assert entry.difference is not None
        entry.is_surely_worse = entry.difference.interval(SURELY).high < 0
    alive = [entry for entry in ran if not entry.is_surely_worse]
    alive.sort(key=lambda entry: -entry.difference.effect if entry.difference else 0.0)
    return alive[: max(LEAST_KEPT, math.ceil(rung.kept * len(ran)))]


def _fate(entry: Entry, race: Race) -> str:
    if entry.difference is None:
        return "no time to try it"
    if entry.is_surely_worse:
        return "surely worse on the images to select by"
    return "ahead" if entry in race.leaders else "not ahead"
