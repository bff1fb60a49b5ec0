"""Moves: what a recipe becomes by each technique at each of its strengths. The list of techniques has all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from netgain.errors import RecipeError, UnknownNameError
from netgain.experiment.techniques import TECHNIQUES, Technique

Recipe = TypeVar("Recipe")


class Move(NamedTuple):
    """A technique at one strength.

    >>> str(Move("dropout", 0.2))
    'dropout 0.2'
    """

    technique: str
    strength: float

    def __str__(self) -> str:
        return f"{self.technique} {self.strength:g}"


@dataclass(frozen=True)
class Candidate(Generic[Recipe]):
    """A recipe, and the moves that lead to it from the start."""

    recipe: Recipe
    moves: tuple[Move, ...] = ()

    @property
    def name(self) -> str:
        """The moves in words: "start + dropout 0.2"."""
        return " + ".join(["start", *map(str, self.moves)])

    @property
    def last(self) -> str:
        """The last move in words, or "start"."""
        return str(self.moves[-1]) if self.moves else "start"


@dataclass
class Moves(Generic[Recipe]):
    """The moves from one recipe: those that it takes, and why it does not take the others.

    Attributes:
        possible: candidates, the default strength of every technique first.
        refused: the reason for every move that is not possible, by the move.
    """

    possible: list[Candidate[Recipe]] = field(default_factory=list)
    refused: dict[Move, str] = field(default_factory=dict)


def moves_from(
    present: Candidate[Any],
    without: Collection[str] = (),
    techniques: Mapping[str, Technique] = TECHNIQUES,
) -> Moves[Any]:
    """Every technique at every strength worth trying, as far as the recipe accepts it.

    Args:
        present: the recipe to change.
        without: names of techniques that are not to be used, such as "rotation" where 6 and 9 would be mixed up.
        techniques: those to choose from.

    Raises:
        UnknownNameError: for a technique in `without` that there is not.

    >>> from netgain.tasks.recipes import load_recipe
    >>> found = moves_from(Candidate(load_recipe("small-sample")), without=["rotation"])
    >>> found.possible[0].name, found.refused[Move("rotation", 10.0)]
    ('start + dropout 0.2', 'switched off')
    """
    for name in without:
        if name not in techniques:
            raise UnknownNameError("technique", name, techniques)
    found: Moves[Any] = Moves()
    seen = {present.recipe.digest}
    for technique, strength in _strengths(techniques.values()):
        move = Move(technique.name, strength)
        try:
            changed = None if technique.name in without else technique.apply(present.recipe, strength)
        except RecipeError as error:
            found.refused[move] = "; ".join(text for _, text in error.problems)
            continue
        reason = "switched off" if changed is None else _in_vain(present.recipe, changed, seen)
        if reason or changed is None:
            found.refused[move] = reason
            continue
        seen.add(changed.digest)
        found.possible.append(Candidate(changed, (*present.moves, move)))
    return found


def _strengths(techniques: Iterable[Technique]) -> list[tuple[Technique, float]]:
    """The default of each technique, then all other strengths: where the time is short, each has been tried once."""
    each = list(techniques)
    others = [(technique, value) for technique in each for value in technique.values if value != technique.default]
    return [*((technique, technique.default) for technique in each), *others]


def _in_vain(present: Any, changed: Any, seen: set[str]) -> str:
    """Why a move need not be tried; empty if it has to be."""
    if changed.digest in seen:
        return "changes nothing"
    before, after = (getattr(recipe, "train_size", None) for recipe in (present, changed))
    if after is not None and (before is None or after < before):
        return "would train on fewer images"
    return ""
