"""What follows from the runs of a study, on each part of the images."""

from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.errors import StatisticsError
from netgain.experiment.study import BASELINE, Study
from netgain.networks.families.mlp import MLP
from netgain.results.run import run
from netgain.results.stored import stored
from netgain.results.study_result import StudyResult
from netgain.runs.execute.options import RunOptions
from netgain.runs.store import Store
from netgain.stats import judge_pairs
from netgain.tasks.classification.recipe import Recipe

VALIDATION = 400


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory, here: Executor) -> StudyResult:
    """Three networks per arm on the digits, found again in a store: what is stored must be enough."""
    recipe = Recipe(
        dataset="digits", train_size=300, validation_size=VALIDATION, network=MLP(hidden=(30,), activation="relu"),
        optimizer="adam", batch_size=20, epochs=6,
    )  # fmt: skip
    study = Study("s", baseline=recipe, arms={"small": recipe.change("network.hidden", [3])})
    store: Path = tmp_path_factory.mktemp("store") / "runs.db"
    run(study, 3, RunOptions(store=store, executor=here))
    found = stored(study, Store(store))
    assert isinstance(found, StudyResult)
    return found


def right_by_hand(result: StudyResult, arm: str) -> np.ndarray:
    labels = load_dataset("digits").y_train[-VALIDATION:]
    scores = np.stack([run.arrays["validation_scores"] for run in result.runs[arm]])
    return scores.argmax(axis=2) == labels


def test_the_validation_part_is_judged_by_its_own_images(result: StudyResult) -> None:
    by_hand = {arm: right_by_hand(result, arm) for arm in result.runs}
    for arm, right in by_hand.items():
        np.testing.assert_array_equal(result.right(arm, "validation"), right)
        np.testing.assert_allclose(
            right.mean(axis=1), [run.history["validation"]["accuracy"][-1] for run in result.runs[arm]]
        )
    expected = judge_pairs({"small": (by_hand[BASELINE], by_hand["small"])}, alpha=0.05, delta=0.002)["small"]
    found = result.verdicts_on("validation")["small"]
    assert found.difference == expected.difference
    assert found.outcome is expected.outcome
    assert found.difference.accuracy_a.num_images == VALIDATION
    assert found.difference.effect != result.verdicts["small"].difference.effect


def test_the_training_part_can_be_judged_too(result: StudyResult) -> None:
    effect = result.verdicts_on("train")["small"].difference.effect
    accuracies = {arm: np.mean([run.train_accuracy for run in runs]) for arm, runs in result.runs.items()}
    assert effect == pytest.approx(accuracies["small"] - accuracies[BASELINE])


def test_the_verdicts_are_those_on_the_test_part(result: StudyResult) -> None:
    assert result.verdicts == result.verdicts_on("test")


def test_without_a_validation_part_there_is_nothing_to_judge_on(small_study: Study, here: Executor) -> None:
    found = run(small_study, 1, RunOptions(store=None, executor=here))
    with pytest.raises(StatisticsError, match="no validation part to judge on; set validation_size"):
        found.right(BASELINE, "validation")


def test_it_says_what_it_is_about(result: StudyResult) -> None:
    assert result.items == "the 360 test images of digits"
    assert result.dataset is result.data
    assert result.asked is result.study


def test_arms_with_other_validation_images_are_not_compared_on_them(small_recipe: Recipe, here: Executor) -> None:
    base = small_recipe.change("validation_size", 100).change("epochs", 1)
    arms = {"stratified": base.change("split", "stratified"), "fewer": base.change("train_size", 300)}
    found = run(Study("parts", baseline=base, arms=arms), 2, RunOptions(store=None, executor=here))
    with pytest.raises(StatisticsError, match="'stratified' and 'baseline' have different validation parts"):
        found.verdicts_on("validation")
    same = run(Study("parts", baseline=base, arms={"fewer": arms["fewer"]}), 2, RunOptions(store=None, executor=here))
    assert list(same.verdicts_on("validation")) == ["fewer"]  # both validate on the last 100
    with pytest.raises(StatisticsError, match="have different train parts"):
        same.verdicts_on("train")
