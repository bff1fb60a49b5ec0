"""What studies and demonstrations have in common, and changes of recipes that do not all have a field."""

from typing import Any

import pytest
from tests.experiment.recipes import Juggling, Looking

from netgain.errors import RecipeError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.question import Question, change_each, title_of
from netgain.experiment.study import Study

RECIPES: dict[str, Any] = {"jug": Juggling(), "look": Looking(), "look longer": Looking(hours=3)}


def test_a_field_is_set_where_there_is_one() -> None:
    changed = change_each(RECIPES, "hours", 9)
    assert list(changed) == list(RECIPES)
    assert changed == {"jug": Juggling(), "look": Looking(hours=9), "look longer": Looking(hours=9)}
    assert change_each(RECIPES, "stopping.patience", 9)["jug"] == Juggling(stopping=EarlyStopping(patience=9))
    assert change_each(RECIPES, "stopping.patience", 9)["look"] is RECIPES["look"]


def test_a_field_that_no_recipe_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(RecipeError, match="ball: there is no such field; did you mean 'balls'"):
        change_each(RECIPES, "ball", 9)
    with pytest.raises(RecipeError, match="hour: there is no such field; did you mean 'hours'"):
        change_each(RECIPES, "hour", 9)  # which only the second recipe has
    with pytest.raises(RecipeError, match="there is no recipe to change; leave it out"):
        change_each({}, "hours", 9)


def test_a_value_that_one_recipe_refuses_is_refused() -> None:
    with pytest.raises(RecipeError, match="invalid recipe: hours: must be a valid integer"):
        change_each(RECIPES, "hours", "long")
    with pytest.raises(RecipeError, match="train_size: must be greater than 0"):
        change_each(RECIPES, "train_size", 0)


def asked() -> list[Question]:
    looks = {"a": Looking(), "b": Looking(hours=3)}
    study = Study("looks", baseline=looks["a"], arms={"b": looks["b"]})
    return [study, Demonstration("looks", recipes=looks, examine=lambda given: None)]


@pytest.mark.parametrize("question", asked(), ids=["study", "demonstration"])
def test_both_are_one_kind_of_question(question: Any) -> None:
    assert title_of(question) == "looks"
    assert title_of(question.change("question", "Is it so?")) == "Is it so?"
    assert question.called in {"study", "demonstration"}
    larger = question.change_recipes("train_size", 900)
    assert {recipe.train_size for recipe in larger.recipes.values()} == {900}
    assert {recipe.train_size for recipe in larger.fitted_to(300).recipes.values()} == {300}
    assert {recipe.dataset for recipe in question.on("digits").recipes.values()} == {"digits"}
    assert question.measurement is None


def test_a_rehearsal_and_an_examination_are_kept_by_both() -> None:
    hours = [recipe.hours for recipe in asked()[1].quick(900).recipes.values()]  # pyright: ignore
    assert hours == [1, 1]
    for question in asked():
        found = question.change("examine", len)  # pyright: ignore
        assert found.examine is len
        assert found.change_recipes("train_size", 900).examine is len
        assert found.on("digits").fitted_to(300).examine is len
