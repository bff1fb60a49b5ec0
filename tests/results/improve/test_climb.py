"""The decisions of a climb, with networks whose answers are made up."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.experiment.moves import Candidate, Move, Moves
from netgain.results.improve import climb as climbing
from netgain.results.improve.budget import Budget
from netgain.results.improve.climb import ALPHA, NO_MOVE, NO_TIME, SPENT, Begun, Climb, Means, climb
from netgain.results.improve.laboratory import Trial
from netgain.results.improve.proof import FIRST_SEED
from netgain.stats.spending import spent_level

EFFECTS = {"helps": 0.10, "nothing": 0.0, "harms": -0.20}
SLIGHTLY = 0.02
NUM_IMAGES = 600


class Laboratory:
    """Recipes are accuracies; a network takes a second."""

    at_once = 1

    def __init__(self, only_on_select=(), interrupt_after=None):
        self.now, self.asked, self.there = 0.0, [], set()
        self.only_on_select, self.interrupt_after = only_on_select, interrupt_after

    def groups(self, part):
        return None

    def refuses(self, candidate):
        return "does not fit" if candidate.last.startswith("refused") else ""

    def cost(self, part, candidates, seeds, share):
        return share * sum((part, one.name, seed, share) not in self.there for one in candidates for seed in seeds)

    def final_cost(self, candidate):
        return 10.0

    def trials(self, part, candidates, seeds, share=1.0):
        if self.interrupt_after is not None and len(self.asked) >= self.interrupt_after:
            raise KeyboardInterrupt
        self.now += self.cost(part, candidates, seeds, share)
        self.asked += [(part, one.last, tuple(seeds)) for one in candidates]
        self.there |= {(part, one.name, seed, share) for one in candidates for seed in seeds}
        return [self._trial(part, one, seeds) for one in candidates]

    def _trial(self, part, candidate, seeds):
        if candidate.last.startswith("fails"):
            return Trial(np.zeros((0, NUM_IMAGES), bool), 0.0, "out of luck")
        gained = sum({**EFFECTS, "slightly": SLIGHTLY}.get(move.technique, 0.0) for move in candidate.moves)
        if part == "select":
            gained += sum(0.1 for move in candidate.moves if move.technique in self.only_on_select)
        hard = np.linspace(0, 1, NUM_IMAGES)
        noise = [np.random.default_rng([seed, part == "select"]).normal(0, 0.01, NUM_IMAGES) for seed in seeds]
        return Trial(np.stack([hard < 0.7 + gained + one for one in noise]), 1.0)


class Journal:
    def __init__(self):
        self.attempts = []

    def begun(self):
        return list(self.attempts)

    def begin(self, attempt):
        self.attempts.append(attempt)


def moves_of(*techniques):
    def moves_from(present):
        left = [Move(name, 1) for name in techniques if Move(name, 1) not in present.moves]
        return Moves([Candidate(present.recipe, (*present.moves, move)) for move in left])

    return moves_from


def climbed(laboratory, *techniques, seconds=1000.0, journal=None, reserve=0.0):
    so_far, budget = Climb(Candidate("start")), Budget(seconds, lambda: laboratory.now)
    budget.reserve = reserve
    climb(so_far, Means(laboratory, moves_of(*techniques), budget, journal or Journal(), lambda _: None))
    return so_far


def test_what_helps_is_proven_and_taken_and_the_rest_is_not():
    found = climbed(Laboratory(), *EFFECTS)
    assert [attempt.move for attempt in found.steps] == ["helps 1"]
    assert found.present.moves == (Move("helps", 1),)
    assert found.ended == NO_MOVE
    entries = {entry.candidate.last: entry for entry in found.races[0].entries}
    assert entries["harms 1"].is_surely_worse
    assert [entry.candidate.last for entry in found.races[1].entries] == ["nothing 1"]


def test_what_was_ahead_on_select_alone_is_never_taken():
    found = climbed(Laboratory(only_on_select=("nothing",)), "nothing", "harms")
    assert found.races[0].leaders[0].candidate.last == "nothing 1"
    assert found.attempts
    assert found.steps == []
    assert found.present == Candidate("start")


def test_every_attempt_spends_its_level_and_confirms_with_seeds_that_selected_nothing():
    laboratory = Laboratory(only_on_select=("one", "two"))
    found = climbed(laboratory, "one", "two", "helps")
    assert [attempt.level for attempt in found.attempts] == [
        spent_level(number, ALPHA) for number in range(1, len(found.attempts) + 1)
    ]
    assert all(min(seeds) >= FIRST_SEED for part, _, seeds in laboratory.asked if part == "confirm")
    assert all(max(seeds) < FIRST_SEED for part, _, seeds in laboratory.asked if part == "select")


def test_what_cannot_be_trained_is_left_out_with_its_reason():
    found = climbed(Laboratory(), "fails", "refused", "helps")
    assert {str(move): reason for move, reason in found.refused.items()} == {"refused 1": "does not fit"}
    assert {entry.candidate.last: entry.fate for entry in found.races[0].entries}["fails 1"] == "failed: out of luck"
    assert [attempt.move for attempt in found.steps] == ["helps 1"]


@pytest.mark.parametrize("seconds", [5, 20, 40, 60, 100, 200])
def test_the_time_is_kept_and_the_reserve_is_left_over(seconds):
    laboratory = Laboratory()
    found = climbed(laboratory, *EFFECTS, seconds=float(seconds), reserve=4.0)
    assert laboratory.now <= seconds - 4.0
    assert found.ended in {NO_TIME, NO_MOVE}


def test_a_second_call_goes_on_and_spends_no_level_twice():
    journal, first = Journal(), Laboratory(interrupt_after=8)
    so_far, budget = Climb(Candidate("start")), Budget(1000.0, lambda: first.now)
    with pytest.raises(KeyboardInterrupt):
        climb(so_far, Means(first, moves_of(*EFFECTS), budget, journal, lambda _: None))
    again = climbed(Laboratory(), *EFFECTS, journal=journal)
    whole = Journal()
    at_once = climbed(Laboratory(), *EFFECTS, journal=whole)
    assert again.present == at_once.present
    assert [(one.move, one.level) for one in again.attempts] == [(one.move, one.level) for one in at_once.attempts]


def test_the_level_of_an_attempt_that_no_longer_fits_stays_spent():
    journal = Journal()
    journal.begin(Begun(("gone 1",), "helps 1", 5))
    found = climbed(Laboratory(), "helps", journal=journal)
    assert found.attempts[0].failure == SPENT
    assert found.attempts[1].level == spent_level(2, ALPHA)
    assert [attempt.move for attempt in found.steps] == ["helps 1"]


def test_a_promising_move_gets_a_second_attempt_with_more_seeds(monkeypatch):
    monkeypatch.setattr(climbing, "spent_level", lambda number, alpha: 1e-9)
    found = climbed(Laboratory(), "slightly")
    assert [attempt.verdict and attempt.verdict.difference.num_seeds for attempt in found.attempts] == [
        (5, 5),
        (10, 10),
    ]
    assert found.steps == []
