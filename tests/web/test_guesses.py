"""A visitor's guesses count once each, and only before the verdict opens."""

from __future__ import annotations

import pytest

from netgain.experiment.study import Study
from netgain.stats import Outcome, accuracy_interval
from netgain.web.guesses import CHOICES, Opened, guesses_in, judged, key_of, tally, with_guess

from .made_results import made_result


def test_every_verdict_makes_one_guess_right() -> None:
    for outcome in Outcome:
        right = [choice for choice in CHOICES if Opened(choice, outcome.value).right]
        assert len(right) == 1, outcome
    assert Opened("not decided", "UNDECIDABLE HERE").right
    assert not Opened("better", "WORSE").right
    assert not Opened(None, "BETTER").right


def test_a_second_guess_does_not_count() -> None:
    first, said = with_guess({}, "dropout", "worse", Outcome.BETTER)
    assert said == "You guessed: worse. Wrong."
    again, said = with_guess(first, "dropout", "better", Outcome.BETTER)
    assert again == first
    assert said == "You have already guessed this verdict: worse. A second guess does not count."
    assert with_guess(first, "dropout", None, Outcome.BETTER) == (first, "You guessed: worse. Wrong.")
    assert "0 of 1 right" in tally(again)


def test_a_guess_after_the_verdict_was_seen_does_not_count() -> None:
    seen, said = with_guess({}, "dropout", None, Outcome.BETTER)
    assert said == judged(seen["dropout"]) == "Opened without a guess."
    guessed, said = with_guess(seen, "dropout", "better", Outcome.BETTER)
    assert guessed == seen
    assert said == "You have already seen this verdict, so this guess does not count."
    assert tally(guessed) == "You have not guessed yet in this browser."


def test_the_tally_has_its_interval() -> None:
    guesses = {str(number): Opened("better", "BETTER" if number < 3 else "WORSE") for number in range(4)}
    interval = accuracy_interval(3, 4)
    assert f"3 of 4 right (75 %; 95 % interval {100 * interval.low:.0f} to {100 * interval.high:.0f} %)" in tally(
        guesses
    )
    assert tally(guesses).endswith("1 wrong.")


@pytest.mark.parametrize(
    "kept", [None, [], "x", 3, {"a": None}, {"a": "better"}, {"a": ["better"]}, {"a": ["best", "BETTER"]}]
)
@pytest.mark.parametrize("more", [{}, {"b": ["better", "SURE"]}, {"b": [["x"], {}]}, {"b": {"guess": 1}}])
def test_what_the_browser_kept_is_not_trusted(kept: object, more: dict[str, object]) -> None:
    kept = {**kept, **more} if isinstance(kept, dict) else kept
    assert guesses_in(kept) == {}


def test_what_was_kept_comes_back() -> None:
    guesses = {"a": Opened("better", "WORSE"), "b": Opened(None, "EQUIVALENT")}
    assert guesses_in({key: list(opened) for key, opened in guesses.items()}) == guesses


def test_a_changed_recipe_is_another_verdict(small_study: Study) -> None:
    result = made_result(small_study, [100], [100])
    wider = small_study.arms["wider"].change("epochs", 4)
    other = made_result(small_study.change("arms", {"wider": wider}), [100], [100])
    more_seeds = made_result(small_study, [100, 101], [100, 101])
    assert key_of(result, "wider") == key_of(more_seeds, "wider") != key_of(other, "wider")
