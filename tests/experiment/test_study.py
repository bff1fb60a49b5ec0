from typing import Any

import numpy as np
import pytest

from netgain.data import Dataset
from netgain.errors import RecipeError
from netgain.experiment.study import Study
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe
from netgain.tasks.svm import SVM


def test_changes_reach_every_recipe(small_study: Any) -> None:
    changed = small_study.change_recipes("epochs", 7)
    assert {name: recipe.epochs for name, recipe in changed.recipes.items()} == {"baseline": 7, "wider": 7}
    assert changed.arms["wider"].network == small_study.arms["wider"].network


def test_a_change_reaches_every_recipe_that_has_the_field(small_study: Any) -> None:
    study = small_study.with_arms({**small_study.arms, "machine": SVM(dataset="digits", train_size=600)})
    changed = study.change_recipes("epochs", 7)
    assert [getattr(recipe, "epochs", None) for recipe in changed.recipes.values()] == [7, 7, None]
    assert changed.arms["machine"] == study.arms["machine"]
    assert {recipe.train_size for recipe in study.change_recipes("train_size", 90).recipes.values()} == {90}
    assert study.change_recipes("c", 2.0).arms["machine"] == SVM(dataset="digits", train_size=600, c=2.0)
    with pytest.raises(RecipeError, match="epoch: there is no such field; did you mean 'epochs'"):
        study.change_recipes("epoch", 7)


def test_a_machine_is_rehearsed_and_fitted_to_few_images_beside_networks(small_study: Any) -> None:
    study = small_study.with_arms({"machine": SVM(dataset="digits", train_size=600)})
    quick = study.quick(600)
    assert (quick.baseline.epochs, quick.baseline.train_size, quick.arms["machine"].train_size) == (1, 200, 200)
    assert [recipe.train_size for recipe in study.fitted_to(300).recipes.values()] == [300, 300]
    with pytest.raises(RecipeError, match="same_updates: a recipe of the task"):
        Study("s", baseline=study.baseline, arms=dict(study.arms), same_updates={"machine": "baseline"})


def test_a_machine_on_other_images_is_refused(small_study: Any) -> None:
    with pytest.raises(RecipeError, match=r"arms\.machine\.dataset: .*'digits'; received 'mnist'"):
        small_study.with_arms({"machine": SVM()})


def test_on_other_images_the_lectures_figures_are_left_out(small_recipe: Recipe) -> None:
    study: Any = Study("s", baseline=small_recipe, lecture={"baseline": 0.9}, alpha=0.01)
    moved = study.on("mnist")
    assert (moved.baseline.dataset, moved.lecture, moved.alpha) == ("mnist", {}, 0.01)


def test_studies_that_cannot_be_judged_are_refused(small_recipe: Recipe) -> None:
    wider = small_recipe.change("network.hidden", [24])
    white = np.full((4, 2, 2), 255)
    images = Dataset(white, [0, 1, 0, 1], white, [0, 1, 0, 1])

    def refuse(message: str, **fields) -> None:
        with pytest.raises(RecipeError, match=message):
            Study(**{"name": "s", "baseline": small_recipe, **fields})

    refuse(r"arms\.same: is the same recipe as 'baseline'", arms={"same": small_recipe})
    refuse(r"arms\.b: is the same recipe as 'a'", arms={"a": wider, "b": wider})
    refuse(r"arms\.other\.dataset: .*'digits'; received 'mnist'", arms={"other": wider.change("dataset", "mnist")})
    refuse(r"arms\.own\.dataset: .*received Dataset", arms={"own": wider.change("dataset", images)})
    refuse("other than 'baseline'", arms={"baseline": wider})
    refuse(
        r"lecture\.widest: is not an arm of this study; arms: baseline, wider",
        lecture={"widest": 0.9},
        arms={"wider": wider},
    )
    refuse(r"alpha: must be less than 0\.5", alpha=0.7)
    refuse(r"delta: must be greater than 0", delta=0)
    refuse(r"name: .*pattern", name="a/b")
    refuse(r"baseline: must be an instance of AbstractRecipe", baseline="mnist")
    refuse(r"armz: there is no such field; did you mean 'arms'", armz={})


def ladder(recipe: Recipe) -> Study:
    arms = {"wider": recipe.change("network.hidden", [24]), "widest": recipe.change("network.hidden", [48])}
    return Study("ladder", question="Q?", baseline=recipe, arms=arms, against={"widest": "wider"})


def test_each_arm_knows_what_it_is_compared_with(small_recipe: Recipe) -> None:
    study: Any = ladder(small_recipe)
    assert [study.other(arm) for arm in study.arms] == ["baseline", "wider"]
    assert study.change_recipes("epochs", 2).against == study.against
    assert study.with_arms({"wider": study.arms["wider"]}).against == {}
    with pytest.raises(
        RecipeError, match=r"against\.widest: must compare an arm with the baseline or another arm; received 'wider'"
    ):
        study.with_arms({"widest": study.arms["widest"]})


@pytest.mark.parametrize("against", [{"wider": "wider"}, {"wider": "nobody"}, {"baseline": "wider"}])
def test_comparisons_that_cannot_be_are_refused(small_study: Any, against: dict[str, str]) -> None:
    with pytest.raises(RecipeError, match="against"):
        Study(**{**small_study._values(), "against": against})


def test_a_quick_study_takes_a_quarter_of_the_epochs_and_a_third_of_the_images(small_study: Any) -> None:
    quick = small_study.change_recipes("epochs", 20).change_recipes("train_size", None).quick(900)
    assert {(recipe.epochs, recipe.train_size) for recipe in quick.recipes.values()} == {(5, 300)}
    assert "quick" in quick.question
    assert small_study.quick(600).baseline.epochs == 1


def test_sizes_are_fitted_to_the_images_in_proportion(small_recipe: Recipe) -> None:
    half = small_recipe.change("train_size", 300)
    study: Any = Study("sizes", baseline=small_recipe, arms={"half": half})
    assert study.fitted_to(600) is study
    assert [recipe.train_size for recipe in study.fitted_to(200).recipes.values()] == [200, 100]
    room = study.change_recipes("validation_size", 100).fitted_to(400)
    assert [(r.train_size, r.validation_size) for r in room.recipes.values()] == [(300, 100), (150, 100)]
    narrow = study.change_recipes("validation_size", 600).fitted_to(400)
    assert [(r.train_size, r.validation_size) for r in narrow.recipes.values()] == [(200, 200), (100, 200)]
    own = study.change_recipes("validation_size", 600)
    assert [(r.train_size, r.validation_size) for r in own.fitted_to(400, 90).recipes.values()] == [
        (400, 90),
        (200, 90),
    ]
    assert [(r.train_size, r.validation_size) for r in own.fitted_to(400, 900).recipes.values()] == [
        (400, 600),
        (200, 600),
    ]
    assert own.fitted_to(600, 600) is own
    everything: Any = Study("all", baseline=small_recipe.change("train_size", None).change("validation_size", 600))
    assert everything.fitted_to(360).baseline.validation_size == 60


def matched(same_updates: dict[str, str]) -> Any:
    small = load_recipe("small-sample")
    tripled = small.change("augmentation.copies", [(5, 25), (-25, -5)])
    arms = {"tripled": tripled, "control": small}
    return Study("matched", baseline=small, arms=arms, same_updates=same_updates)


def test_a_step_matched_arm_follows_its_counterpart() -> None:
    study: Any = matched({"control": "tripled"})
    assert [recipe.epochs for recipe in study.recipes.values()] == [100, 100, 299]
    assert [recipe.epochs for recipe in study.change_recipes("epochs", 2).recipes.values()] == [2, 2, 6]
    assert study.change_recipes("batch_size", 100).arms["control"].epochs == 300
    alone = study.with_arms({"control": study.arms["control"]})
    assert (alone.arms["control"].epochs, alone.same_updates) == (299, {})


@pytest.mark.parametrize("same_updates", [{"contrl": "tripled"}, {"control": "triple"}, {"control": "control"}])
def test_a_step_matched_arm_needs_a_counterpart(same_updates: dict[str, str]) -> None:
    with pytest.raises(RecipeError, match=r"same_updates\.cont.*arms: baseline, tripled, control"):
        matched(same_updates)
