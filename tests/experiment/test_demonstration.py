"""What may be declared of a demonstration, and what is refused with its reason."""

from typing import Any

import pytest

from netgain.errors import RecipeError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.study import Study
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM


def nothing(given: Any) -> None:
    """Examines nothing."""


def test_changes_reach_every_recipe_that_has_the_field(small_recipe: Recipe) -> None:
    recipes = {"network": small_recipe, "machine": SVM(dataset="digits")}
    demonstration = Demonstration("both", recipes=recipes, examine=nothing)
    changed = demonstration.change_recipes("epochs", 7)
    assert (changed.recipes["network"].num_epochs, changed.recipes["machine"]) == (7, recipes["machine"])
    assert {recipe.train_size for recipe in demonstration.quick(900).recipes.values()} == {200, 300}  # pyright: ignore
    assert {recipe.judged_on for recipe in demonstration.on("mnist").recipes.values()} == {"mnist"}
    with pytest.raises(RecipeError, match="epoch: there is no such field"):
        demonstration.change_recipes("epoch", 7)


def test_the_examination_does_not_enter_the_digest(small_study: Study) -> None:
    assert "examine" not in small_study.change("examine", nothing).model_dump()
    fields = {"name", "question", "recipes", "lecture_says", "datasets"}
    assert set(Demonstration("d", examine=nothing).model_dump()) == fields


def test_a_demonstration_without_recipes_has_nothing_to_change() -> None:
    demonstration = Demonstration("none", examine=nothing)
    with pytest.raises(RecipeError, match="does not train a recipe"):
        demonstration.on("digits")
    assert demonstration.quick(100) == demonstration.fitted_to(3) == demonstration


def test_recipes_on_two_datasets_are_refused(small_recipe: Recipe) -> None:
    recipes = {"a": small_recipe, "b": small_recipe.change("dataset", "mnist")}
    with pytest.raises(RecipeError, match="same dataset; received a: digits, b: mnist"):
        Demonstration("two", recipes=recipes, examine=nothing)


def test_recipes_on_the_datasets_that_the_examination_needs(small_recipe: Recipe) -> None:
    recipes = {"a": small_recipe, "b": small_recipe.change("dataset", "mnist")}
    two = Demonstration("two", recipes=recipes, examine=nothing, datasets=("digits", "mnist"))
    with pytest.raises(
        RecipeError, match=r"needs the datasets digits and mnist.*received fashion-mnist.*without --data"
    ):
        two.on("fashion-mnist")
    with pytest.raises(RecipeError, match="received digits"):
        two.on("digits")


def test_a_demonstration_needs_a_name_and_an_examination() -> None:
    with pytest.raises(RecipeError, match="invalid demonstration: name: .*pattern.*; examine: must be given"):
        Demonstration("a/b")
