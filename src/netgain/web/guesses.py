"""A visitor's guesses of verdicts. They are kept in the visitor's own browser; the server keeps none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from netgain.results.study_result import StudyResult
from netgain.stats import Outcome, accuracy_interval

CHOICES: Mapping[str, tuple[Outcome, ...]] = MappingProxyType(
    {
        "better": (Outcome.BETTER,),
        "worse": (Outcome.WORSE,),
        "equivalent": (Outcome.EQUIVALENT,),
        "not decided": (Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE),
    }
)
"""What can be guessed, and the verdicts that make it right."""


class Opened(NamedTuple):
    """A verdict that the visitor has seen.

    Attributes:
        guess: one of the choices; None if it was opened without a guess.
        outcome: the verdict at that time; more seeds may change it later.
    """

    guess: str | None
    outcome: str

    @property
    def right(self) -> bool:
        """Whether the guess was right."""
        return self.guess is not None and self.outcome in CHOICES[self.guess]


Guesses = dict[str, Opened]
"""By the verdict's key."""


def key_of(result: StudyResult, arm: str) -> str:
    """What a verdict is known by: two stores with the same study have one key, a changed recipe has another."""
    recipes = result.study.recipes
    digests = (recipes[name].digest[:12] for name in (result.study.other(arm), arm))
    return ":".join([result.study.name, *digests])


def guesses_in(kept: object) -> Guesses:
    """The guesses that a browser kept. What netgain did not write there is left out.

    >>> guesses_in({"dropout:1:2": ["better", "WORSE"], "l2:1:3": "rubbish"})
    {'dropout:1:2': Opened(guess='better', outcome='WORSE')}
    """
    found: Guesses = {}
    for key, value in kept.items() if isinstance(kept, dict) else ():
        if isinstance(key, str) and isinstance(value, list | tuple) and len(value) == 2:
            guess, outcome = value
            if guess in (None, *CHOICES) and outcome in list(Outcome):
                found[key] = Opened(guess, str(outcome))
    return found


def with_guess(guesses: Guesses, key: str, guess: str | None, outcome: Outcome) -> tuple[Guesses, str]:
    """The guesses with one more, and what there is to say about it. Only what comes before the verdict opens counts.

    Args:
        guesses: so far.
        key: the verdict's.
        guess: one of the choices; None to open the verdict without a guess.
        outcome: the verdict.
    """
    before = guesses.get(key)
    if before is None:
        opened = Opened(guess, outcome.value)
        return {**guesses, key: opened}, judged(opened)
    if guess is None:
        return guesses, judged(before)
    if before.guess is None:
        return guesses, "You have already seen this verdict, so this guess does not count."
    return guesses, f"You have already guessed this verdict: {before.guess}. A second guess does not count."


def judged(opened: Opened) -> str:
    """What became of a guess."""
    if opened.guess is None:
        return "Opened without a guess."
    return f"You guessed: {opened.guess}. {'Right.' if opened.right else 'Wrong.'}"


def tally(guesses: Guesses) -> str:
    """How often the guesses were right, in words, with what so few guesses leave open.

    >>> tally({"a": Opened("better", "BETTER"), "b": Opened("worse", "BETTER"), "c": Opened(None, "WORSE")})
    'Your guesses in this browser: 1 of 2 right (50 %; 95 % interval 1 to 99 %), 1 wrong.'
    """
    counted = [one for one in guesses.values() if one.guess is not None]
    if not counted:
        return "You have not guessed yet in this browser."
    right, count = sum(one.right for one in counted), len(counted)
    interval = accuracy_interval(right, count)
    plausible = f"95 % interval {100 * interval.low:.0f} to {100 * interval.high:.0f} %"
    share = f"{100 * right / count:.0f} %; {plausible}"
    return f"Your guesses in this browser: {right} of {count} right ({share}), {count - right} wrong."
