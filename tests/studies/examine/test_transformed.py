"""Trained networks on changed test images, and arms against their step-matched controls."""

from concurrent.futures import Executor

import numpy as np
import pytest

from netgain.api import StudyResult, run
from netgain.data import load_dataset
from netgain.experiment.study import Study
from netgain.results.answers import right_on
from netgain.stats import mean_accuracy
from netgain.studies import load_study
from netgain.studies.examine.transformed import MEASUREMENT, OTHERS, ROTATED, examine
from netgain.tasks.classification.recipe import Recipe


@pytest.fixture(scope="module")
def result(here: Executor) -> StudyResult:
    from netgain.experiment.optimizer import Optimizer
    from netgain.networks.families.mlp import MLP

    plain = Recipe(
        dataset="digits",
        train_size=600,
        network=MLP(hidden=(40,), activation="relu"),
        optimizer=Optimizer("adam", 0.01),
        batch_size=32,
        epochs=15,
    )
    arms = {"turned": plain.change("augmentation.rotation", 90)}
    study = Study("turned", baseline=plain, arms=arms, examine=examine, measurement=MEASUREMENT)
    return run(study, seeds=3, store=None, executor=here)


def test_at_strength_zero_the_accuracy_is_the_results_own(result: StudyResult) -> None:
    frame = result.findings.frame(ROTATED)
    for name in result.runs:
        row = frame[(frame["arm"] == name) & (frame["strength"] == 0)].iloc[0]
        accuracy = mean_accuracy(result.right(name))
        got = (row["accuracy"], row["test_sample"], row["training"], row["low"])
        expected = (accuracy.value, accuracy.test_sample, accuracy.training, accuracy.interval().low)
        assert got == pytest.approx([100 * (value or 0) for value in expected])


def test_the_networks_answer_for_the_images_given(result: StudyResult) -> None:
    runs = [(run, result.study.recipes[name]) for name, of_arm in result.runs.items() for run in of_arm]
    sets = [result.dataset.x_test, np.zeros_like(result.dataset.x_test)]
    for (of_run, _), (as_they_are, black) in zip(runs, right_on(runs, result.dataset, sets), strict=True):
        np.testing.assert_array_equal(as_they_are, of_run.right)
        assert black.mean() < 0.2


def test_augmentation_helps_on_turned_digits(result: StudyResult) -> None:
    rows = result.findings.frame(ROTATED).to_dict("records")
    accuracy = {(row["arm"], row["strength"]): row["accuracy"] for row in rows}
    assert accuracy["turned", 50] > accuracy["baseline", 50] + 15
    assert accuracy["baseline", 0] > accuracy["baseline", 50] + 30
    assert [statement.holds for statement in result.findings.statements] == [True, True]
    assert set(result.findings.frame(OTHERS)["transform"]) == {"translation", "blur", "noise"}


@pytest.mark.parametrize("name", [ROTATED, OTHERS])
def test_the_picture_has_a_band_and_a_colour_for_every_arm(result: StudyResult, name: str) -> None:
    drawn = str(result.chart(name).to_dict())
    assert "'area'" in drawn
    assert "['baseline', 'turned']" in drawn
    assert f"n = {load_dataset('digits').num_test:,} test images, 3 seeds per arm" in drawn


def test_the_tripled_set_is_put_beside_its_controls(here: Executor) -> None:
    study = load_study("data-expansion").on("digits").change_recipes("train_size", 200).change_recipes("epochs", 1)
    assert [recipe.num_epochs for recipe in study.recipes.values()] == [1, 1, 3, 1, 3]
    found = run(study, seeds=2, store=None, executor=here).findings.statements
    assert [statement.text.split("'")[1::2] for statement in found] == [
        ["tripled", "same updates"],
        ["tripled", "on the fly, same updates"],
    ]
    assert all("epochs: 1 (tripled) and 3 (" in statement.measured for statement in found)
