"""What studies and demonstrations have in common: a question, and recipes to be trained for its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, Self

from pydantic import Field

from netgain.errors import RecipeError, near_or_all
from netgain.experiment.base import Declaration

if TYPE_CHECKING:
    from netgain.data import Dataset, StringDataset
    from netgain.experiment.measurement import Measurement
    from netgain.experiment.recipe import AbstractRecipe, AnyRecipe


class Question(Protocol):
    """What can be run: :class:`netgain.Study`, which compares, and :class:`netgain.Demonstration`, which examines."""

    called: ClassVar[str]  # "study" or "demonstration"

    @property
    def name(self) -> str:
        """Short, with dashes."""
        ...

    @property
    def declared(self) -> Any:
        """What it was before anything of it was changed; None where nothing was."""
        ...

    @property
    def question(self) -> str:
        """What is to be answered; may be empty."""
        ...

    @property
    def recipes(self) -> dict[str, AnyRecipe]:
        """What is trained, by name; may be empty for a demonstration."""
        ...

    @property
    def examine(self) -> Callable[[Any], Any] | None:
        """From the result to what is found in it; None for nothing."""
        ...

    @property
    def measurement(self) -> Measurement | None:
        """What `examine` needs of each network and what takes long to get."""
        ...

    def change(self, path: str, value: Any) -> Self:
        """A copy with a field of its own, such as the name, set to a value."""
        ...

    def change_recipes(self, path: str, value: Any) -> Self:
        """A copy in which the field at a dotted path is set in every recipe that has it."""
        ...

    def fitted_to(self, num_images: int, num_validation: int = 0) -> Self:
        """The same where there are so few training images."""
        ...

    def quick(self, num_images: int) -> Self:
        """A rehearsal."""
        ...

    def on(self, dataset: str | Path | Dataset | StringDataset) -> Self:
        """The same on other images."""
        ...


class Named(Declaration):
    """What studies and demonstrations declare alike. A changed copy remembers the first one: a report marks what was
    changed.

    Attributes:
        name: short, with dashes.
        question: what is to be answered.
        declared: what it was before one of its methods changed it; None where none did. It is no part of what is asked.
    """

    name: Annotated[str, Field(min_length=1, pattern=r"^[\w.-]+$")]
    question: str = ""
    declared: Any = Field(default=None, exclude=True, repr=False)

    def __eq__(self, other: object) -> bool:
        fields = [field for field in type(self).model_fields if field != "declared"]
        return type(other) is type(self) and all(getattr(self, name) == getattr(other, name) for name in fields)

    __hash__ = None  # pyright: ignore[reportAssignmentType] - recipes stand in dicts

    def _values(self) -> dict[str, Any]:
        return {**super()._values(), "declared": self.declared or self}


def title_of(asked: Question) -> str:
    """The question, or the name where there is none."""
    return asked.question or asked.name


def change_each(recipes: Mapping[str, AbstractRecipe], path: str, value: Any) -> dict[str, AbstractRecipe]:
    """The recipes with a field set in each of them that has it; a support vector machine has no epochs, say.

    Raises:
        RecipeError: where the field cannot be set so, or none of the recipes has it.
    """
    field = path.partition(".")[0]
    have = [name for name, recipe in recipes.items() if field in type(recipe).model_fields]
    if not recipes:
        raise RecipeError("call", [(path, "there is no recipe to change; leave it out")])
    if not have:
        known = list(dict.fromkeys(name for recipe in recipes.values() for name in type(recipe).model_fields))
        raise RecipeError("recipe", [(path, f"there is no such field{near_or_all(field, known, 'Fields')}")])
    return {name: recipe.change(path, value) if name in have else recipe for name, recipe in recipes.items()}
