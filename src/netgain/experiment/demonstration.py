"""Demonstrations: a claim of the lecture tested on real networks, without arms to compare."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Self, final

from pydantic import Field, model_validator

from netgain.data import Dataset, StringDataset
from netgain.errors import RecipeError
from netgain.experiment.measurement import Measurement
from netgain.experiment.question import Named, change_each, title_of
from netgain.experiment.recipe import AnyRecipe
from netgain.experiment.shown import field_tables
from netgain.experiment.sizes import fitting_fractions, with_images
from netgain.markup import box, folded, paragraph


@final
class Demonstration(Named):
    """A question that is answered by examining networks, not by comparing them.

    Attributes:
        declared: the demonstration before it was changed by one of its methods; None where it was not.
        name: short, with dashes.
        question: what is to be shown.
        recipes: name -> recipe to train first, through the store like any; may be empty.
        examine: from the :class:`netgain.results.demonstration_result.DemonstrationInput` to the
            :class:`netgain.Findings`.
        measurement: what `examine` needs of each network and what is slow to compute.
        lecture_says: the lecture's statement or figure, in words.
        datasets: the named datasets that the recipes must be trained on, where the examination knows how just these
            were made. They may be several if their test images are the same. Empty: one dataset, and any will do.

    >>> from netgain.results.findings import Findings, Statement
    >>> def examine(given):
    ...     return Findings((Statement("Seeds differ", len(set(given.seeds)) > 1, f"seeds {given.seeds}"),))
    >>> Demonstration("seeds", question="Do seeds differ?", examine=examine).recipes
    {}
    """

    called: ClassVar[str] = "demonstration"

    recipes: dict[str, AnyRecipe] = {}
    examine: Callable[[Any], Any] = Field(exclude=True, repr=False)
    measurement: Measurement | None = Field(default=None, exclude=True, repr=False)
    lecture_says: str = ""
    datasets: tuple[str, ...] = ()

    def __init__(self, name: str, **fields: Any) -> None:
        super().__init__(name=name, **fields)

    @model_validator(mode="after")
    def _recipes_share_their_images(self) -> Self:
        images = [recipe.judged_on for recipe in self.recipes.values()]
        if self.datasets and set(images) != set(self.datasets):
            raise ValueError(
                f"recipes: {self.name} needs the datasets {' and '.join(self.datasets)}, because it has to know how "
                f"their images were made; received {', '.join(dict.fromkeys(map(str, images))) or 'no recipe'}. Run it "
                "without --data"
            )
        if not self.datasets and any(image != images[0] for image in images):
            named = ", ".join(f"{name}: {recipe.judged_on}" for name, recipe in self.recipes.items())
            raise ValueError(f"recipes: every recipe must be trained on the same dataset; received {named}")
        return self

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return [(None, self.name), ("question", self.question), ("recipes", list(self.recipes))]

    def _repr_html_(self) -> str:
        lecture = paragraph(f"The lecture: {self.lecture_says}") if self.lecture_says else ""
        recipes = [
            folded(f"The fields of {name}", "".join(field_tables(recipe.shown_fields())))
            for name, recipe in self.recipes.items()
        ]
        title = paragraph(title_of(self), "title")
        return box(title, paragraph(f"Demonstration {self.name}.", "soft"), lecture, *recipes)

    def change_recipes(self, path: str, value: Any) -> Self:
        """A copy in which the field at a dotted path is set to `value` in every recipe that has it.

        Raises:
            RecipeError: if the field is invalid, or there are no recipes to change.
        """
        if not self.recipes:
            message = f"the demonstration {self.name!r} does not train a recipe, so it has no such setting; remove it"
            raise RecipeError(self.called, [(path, message)])
        return self.change("recipes", change_each(self.recipes, path, value))

    def each_recipe(self, change: Callable[[AnyRecipe], AnyRecipe]) -> Self:
        """A copy in which *every* recipe is what `change` makes of it."""
        return self.change("recipes", {name: change(recipe) for name, recipe in self.recipes.items()})

    def fitted_to(self, num_images: int, num_validation: int = 0) -> Self:
        """The same demonstration for fewer training images; see :meth:`netgain.Study.fitted_to`."""
        fractions = fitting_fractions(self.recipes.values(), num_images, num_validation)
        return self.each_recipe(lambda recipe: with_images(recipe, fractions)) if fractions else self

    def quick(self, num_images: int) -> Self:
        """A rehearsal: a quarter of the epochs, a third of the `num_images` training images."""
        return self.each_recipe(lambda recipe: recipe.quick(num_images))

    def on(self, dataset: str | Path | Dataset | StringDataset) -> Self:
        """The same demonstration on other images."""
        return self.change_recipes("dataset", dataset)
