"""`python -m validation.improving`: how often a climb ends worse than it began, in simulated climbs.

The decisions are those of `netgain improve` itself; only the networks are drawn instead of trained. Recipe r has image
i right with seed s where u < expit(μ_r + 4 (√ρ z_i + √(1-ρ) z_ri) + τ v_rs): images are hard for all recipes alike but
for a part of their own. Moves that do nothing useful are slightly harmful, so that taking one is an error that counts.
In half of the climbs one move helps, in the other half none does, so that a climb can only stay or become worse.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from netgain.experiment.moves import Candidate, Move, Moves
from netgain.results.improve.budget import Budget
from netgain.results.improve.climb import Begun, Climb, Means, MovesFrom, climb
from netgain.results.improve.laboratory import Part, Trial
from netgain.results.improve.race import run_race
from netgain.stats.intervals import Interval, clopper_pearson

START, SPREAD, ALIKE, TAU = 4.5, 4.0, 0.97, 0.1
"""μ of the start, standard deviation of the hardness, ρ and τ."""

EFFECTS = {"useless": (-0.02,) * 9, "harmful": (-0.3, -0.6, -1.2), "helpful": (0.5,)}
"""What each move adds to μ."""

SIZES = {"select": 1_000, "confirm": 1_500}
LIMIT = 0.025
"""Share of the climbs that may end worse than they began."""


@dataclass
class Time:
    """Passes as networks are drawn."""

    now: float = 0.0


@dataclass
class Drawn:
    """Draws networks in place of training them."""

    seed: int
    time: Time
    at_once: int = 2
    hardness: dict[str, np.ndarray] = field(default_factory=dict)
    there: dict[tuple[Any, ...], np.ndarray] = field(default_factory=dict)

    def groups(self, part: Part) -> None:
        return None

    def refuses(self, candidate: Candidate[float]) -> str:
        return ""

    def cost(self, part: Part, candidates: Sequence[Candidate[float]], seeds: Sequence[int], share: float) -> float:
        missing = [1 for one in candidates for seed in seeds if (part, one.name, seed, share) not in self.there]
        return share * len(missing) / self.at_once

    def trials(
        self, part: Part, candidates: Sequence[Candidate[float]], seeds: Sequence[int], share: float = 1.0
    ) -> list[Trial]:
        self.time.now += self.cost(part, candidates, seeds, share)
        return [Trial(np.stack([self._network(part, one, seed, share) for seed in seeds]), share) for one in candidates]

    def final_cost(self, candidate: Candidate[float]) -> float:
        return 5.0

    def _network(self, part: Part, candidate: Candidate[float], seed: int, share: float) -> np.ndarray:
        key = part, candidate.name, seed, share
        if key not in self.there:
            own = self._hardness(f"{part} {candidate.name}", SIZES[part])
            hard = np.sqrt(ALIKE) * self._hardness(part, SIZES[part]) + np.sqrt(1 - ALIKE) * own
            drawn = self._generator(repr(key))
            logits = candidate.recipe + SPREAD * hard + TAU * drawn.normal()
            self.there[key] = drawn.random(len(hard)) < special.expit(logits)
        return self.there[key]

    def _hardness(self, name: str, size: int) -> np.ndarray:
        if name not in self.hardness:
            self.hardness[name] = self._generator(name).normal(size=size)
        return self.hardness[name]

    def _generator(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


class NoJournal:
    """Every climb is the first."""

    def begun(self) -> list[Begun]:
        return []

    def begin(self, attempt: Begun) -> None: ...


def moves_in(seed: int) -> MovesFrom:
    """The moves of a climb: each once, and each adds its effect to μ. With an even seed, none helps."""
    kinds = [kind for kind in EFFECTS if kind != "helpful" or seed % 2]
    moves = {Move(kind, number): effect for kind in kinds for number, effect in enumerate(EFFECTS[kind])}

    def moves_from(present: Candidate[float]) -> Moves[float]:
        left = {move: effect for move, effect in moves.items() if move not in present.moves}
        return Moves([Candidate(present.recipe + left[move], (*present.moves, move)) for move in left])

    return moves_from


def climbed(seed: int, seconds: float) -> float:
    """μ of where a climb of so many seconds ends; a network takes one."""
    time = Time()
    so_far = Climb(Candidate(START))
    budget = Budget(seconds, lambda: time.now)
    climb(so_far, Means(Drawn(seed, time), moves_in(seed), budget, NoJournal(), lambda _: None))
    return so_far.present.recipe


def chosen_by_select(seed: int, seconds: float) -> float:
    """The negative control: the leader of each race is taken without a proof, as tuners do."""
    time = Time()
    present, laboratory, budget = Candidate(START), Drawn(seed, time), Budget(seconds, lambda: time.now)
    for _ in range(3):
        race = run_race(laboratory, present, moves_in(seed)(present).possible, budget, lambda _: None)
        if not race.leaders:
            break
        present = race.leaders[0].candidate
    return present.recipe


@dataclass(frozen=True)
class Found:
    """How many of some climbs ended truly worse, and how many truly better, than they began."""

    num_runs: int
    num_worse: int
    num_better: int

    @property
    def worse(self) -> Interval:
        """95 % interval of the share that ends worse."""
        return clopper_pearson(self.num_worse, self.num_runs, 0.95)

    def __str__(self) -> str:
        low, high = self.worse.low, self.worse.high
        return (
            f"{self.num_worse} of {self.num_runs} end worse than the start ({self.num_worse / self.num_runs:.1%}, "
            f"95 % interval {low:.1%} to {high:.1%}), {self.num_better} end better"
        )


def simulate(end: Callable[[int, float], float], num_runs: int, seconds: float = 400.0) -> Found:
    """So many climbs with different seeds; `end` gives μ of where one ends."""
    truths = np.array([end(seed, seconds) for seed in range(num_runs)])
    return Found(num_runs, int((truths < START).sum()), int((truths > START).sum()))


def main(arguments: list[str]) -> int:
    """Print both; 1 where climbs end worse more often than the limit, or the control does not."""
    parser = argparse.ArgumentParser("python -m validation.improving", description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    runs = parser.parse_args(arguments).runs
    proven, control = simulate(climbed, runs), simulate(chosen_by_select, runs)
    print(f"netgain improve: {proven}.", f"Chosen on select, without a proof: {control}.", sep="\n")
    return int(proven.worse.low > LIMIT or control.worse.low <= LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
