"""Demonstrations: a claim of the lecture put to the test on real networks, without arms to compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, final

import numpy as np
from pydantic import Field, field_validator

from netgain.data import Dataset
from netgain.declaration import Declaration
from netgain.errors import RecipeError
from netgain.findings import Findings, Measurement
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus
from netgain.sizes import fitting_fractions, quickly, with_images

if TYPE_CHECKING:
    import altair
    import pandas


@dataclass(frozen=True, eq=False, kw_only=True)
class DemonstrationInput:
    """What an examination is given.

    Attributes:
        demonstration: what was asked.
        seeds: the seeds; also for what the examination draws itself.
        dataset: the images; None where the demonstration trains no recipe.
        runs: each recipe's runs by name, one a seed, with their trained networks (`RunResult.model`), which
            :func:`netgain.engine.saving.open_network` opens.
    """

    demonstration: Demonstration
    seeds: tuple[int, ...]
    dataset: Dataset | None
    runs: dict[str, list[RunResult]]

    @property
    def images(self) -> Dataset:
        """The images of a demonstration that trains recipes."""
        assert self.dataset is not None, "a demonstration without recipes has no images"
        return self.dataset

    def finished(self, name: str) -> list[RunResult]:
        """The runs of a recipe whose scores are numbers: neither failed nor diverged."""
        return [run for run in self.runs[name] if run.status not in {RunStatus.FAILED, RunStatus.DIVERGED}]

    def scores(self, name: str) -> np.ndarray:
        """Test scores of a recipe's networks, float32 `[S, n, K]`."""
        return np.stack([run.test_scores for run in self.finished(name)])


@final
class Demonstration(Declaration):
    """A question that networks answer by being looked at, not by being compared.

    Attributes:
        name: short, with dashes.
        question: what is to be shown.
        recipes: name -> recipe to train first, through the store like any; may be empty.
        examine: from the :class:`DemonstrationInput` to the :class:`netgain.Findings`.
        measurement: what `examine` needs of each network and what takes long to get.
        lecture_says: the lecture's statement or figure, in words.

    >>> from netgain.findings import Statement
    >>> def examine(given: DemonstrationInput) -> Findings:
    ...     return Findings((Statement("Seeds differ", len(set(given.seeds)) > 1, f"seeds {given.seeds}"),))
    >>> Demonstration("seeds", question="Do seeds differ?", examine=examine).recipes
    {}
    """

    called: ClassVar[str] = "demonstration"

    name: Annotated[str, Field(min_length=1, pattern=r"^[\w.-]+$")]
    question: str = ""
    recipes: dict[str, Recipe] = {}
    examine: Callable[[DemonstrationInput], Findings] = Field(exclude=True, repr=False)
    measurement: Measurement | None = Field(default=None, exclude=True, repr=False)
    lecture_says: str = ""

    def __init__(self, name: str, **fields: Any) -> None:
        super().__init__(name=name, **fields)

    @field_validator("recipes")
    @classmethod
    def _recipes_share_their_images(cls, recipes: dict[str, Recipe]) -> dict[str, Recipe]:
        if any(recipe.dataset != first.dataset for first in list(recipes.values())[:1] for recipe in recipes.values()):
            named = ", ".join(f"{name}: {recipe.dataset}" for name, recipe in recipes.items())
            raise ValueError(f"every recipe must be trained on the same dataset; received {named}")
        return recipes

    def change_recipes(self, path: str, value: Any) -> Self:
        """A copy in which the field at a dotted path of *every* recipe is set to `value`.

        Raises:
            RecipeError: where the field cannot be, or there are no recipes to change.
        """
        if not self.recipes:
            message = f"the demonstration {self.name!r} trains no recipe, so there is nothing to change; leave it out"
            raise RecipeError(self.called, [(path, message)])
        return self.each_recipe(lambda recipe: recipe.change(path, value))

    def each_recipe(self, change: Callable[[Recipe], Recipe]) -> Self:
        """A copy in which *every* recipe is what `change` makes of it."""
        return self.change("recipes", {name: change(recipe) for name, recipe in self.recipes.items()})

    def fitted_to(self, num_images: int, num_validation: int = 0) -> Self:
        """The same demonstration where there are so few training images; see :meth:`netgain.Study.fitted_to`."""
        fractions = fitting_fractions(self.recipes.values(), num_images, num_validation)
        return self.each_recipe(lambda recipe: with_images(recipe, fractions)) if fractions else self

    def quick(self, num_images: int) -> Self:
        """A rehearsal: a quarter of the epochs, a third of the `num_images` training images."""
        return self.each_recipe(lambda recipe: quickly(recipe, num_images))

    def on(self, dataset: str | Path | Dataset) -> Self:
        """The same demonstration on other images."""
        return self.change_recipes("dataset", dataset)


@dataclass(frozen=True, eq=False, kw_only=True)
class DemonstrationResult:
    """A demonstration that was run: its networks, and what they show.

    Attributes:
        demonstration: what was asked.
        seeds: the seeds.
        dataset: the images; None where no recipe was trained.
        runs: each recipe's runs by name, one a seed.
        findings: statements and figures.
        num_trained: how many of the runs were trained now; the others came from the store.
        seconds: how long everything took, start to end.
    """

    demonstration: Demonstration
    seeds: tuple[int, ...]
    dataset: Dataset | None
    runs: dict[str, list[RunResult]]
    findings: Findings
    num_trained: int
    seconds: float

    @cached_property
    def sentences(self) -> list[str]:
        """The statements, each with its tick or cross, what the lecture says, and runs that went wrong."""
        from netgain.report.demonstrations import demonstration_sentences

        return demonstration_sentences(self)

    def frame(self, name: str) -> pandas.DataFrame:
        """The table behind a figure, by name.

        Raises:
            UnknownNameError: for a name that is no figure.
        """
        return self.findings.frame(name)

    def chart(self, name: str) -> altair.TopLevelMixin:
        """A figure by name.

        Raises:
            UnknownNameError: for a name that is no figure.
        """
        return self.findings.chart(name)

    def report(self, path: str | Path) -> None:
        """Write one self-contained HTML page with the statements and the figures.

        Raises:
            OutputError: where the file cannot be written.
        """
        from netgain.report import page

        page.write([self], path)

    def as_dict(self) -> dict[str, Any]:
        """The result as plain values, for JSON."""
        from netgain.report.demonstrations import as_dict

        return as_dict(self)

    def __str__(self) -> str:
        return "\n".join([self.demonstration.question or self.demonstration.name, *self.sentences])
