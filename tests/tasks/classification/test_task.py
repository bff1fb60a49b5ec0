"""What classifiers share: what is refused before anything runs, and what is right on each part."""

import keras
import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.errors import DataError, RecipeError, StatisticsError
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.own import KerasNetwork
from netgain.runs.training import train
from netgain.tasks.catalogue import task_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.task import outcome

DIGITS = load_dataset("digits")


def test_right_answers_of_every_part_follow_from_what_a_run_keeps(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("validation_size", 100).change("split", "stratified")
    run, task, parts = train(recipe, 0), task_of(recipe), recipe.parts_of(DIGITS)
    on = {part: task.right(recipe, DIGITS, run.arrays, part) for part in ("train", "validation")}
    np.testing.assert_array_equal(on["train"], run.arrays["train_right"])
    expected = run.arrays["validation_scores"].argmax(axis=1) == parts.y_validation
    np.testing.assert_array_equal(on["validation"], expected)
    assert on["validation"].mean() == pytest.approx(run.history["validation"]["accuracy"][-1])
    np.testing.assert_array_equal(run.right, run.test_scores.argmax(axis=1) == DIGITS.y_test)


def test_a_part_that_is_not_there_has_no_right_answers(small_recipe: Recipe) -> None:
    task = task_of(small_recipe)
    with pytest.raises(StatisticsError, match="no validation part to judge on; set validation_size"):
        task.right(small_recipe, DIGITS, {"validation_scores": np.zeros((0, 0))}, "validation")
    with pytest.raises(StatisticsError, match="kept no answers on the train part"):
        task.right(small_recipe, DIGITS, {}, "train")


def test_what_does_not_fit_is_refused_before_anything_runs(small_recipe: Recipe) -> None:
    task = task_of(small_recipe)
    task.check(small_recipe, DIGITS)
    with pytest.raises(DataError, match="train_size"):
        task.check(small_recipe.change("train_size", 10_000), DIGITS)
    with pytest.raises(RecipeError):
        task.check(small_recipe.change("network", ConvNet(filters=(4, 4, 4), kernel_size=5)), DIGITS)
    with pytest.raises(RecipeError, match="augmentation.cutout: must be at most the images' 8 pixels; received 9"):
        task.check(small_recipe.change("augmentation.cutout", 9), DIGITS)
    with pytest.raises(RecipeError, match="test_time.shift: must be less than the images' 8 pixels; received 8"):
        task.check(small_recipe.change("test_time.shift", 8), DIGITS)
    images = DIGITS.x_train[:20]
    lacking = Dataset(images, np.arange(20) % 2, images, np.arange(20) % 2)
    with pytest.raises(DataError, match="the 1 training images lack the class 1"):
        task.check(small_recipe.change("train_size", 1), lacking)
    with pytest.warns(UserWarning, match="the 1 validation images lack the class 0"):
        task.check(small_recipe.change("train_size", 19).change("validation_size", 1), lacking)


def test_an_own_model_is_tried_on_images(small_recipe: Recipe) -> None:
    task = task_of(small_recipe)
    task.try_out(small_recipe, DIGITS)  # netgain's own networks are known
    layers = keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="log_softmax")
    wrong = small_recipe.change("network", KerasNetwork(keras.Sequential(layers)))
    with pytest.raises(RecipeError, match="which are not negative; end it with a softmax"):
        task.try_out(wrong, DIGITS)


def test_without_a_validation_part_its_scores_are_empty() -> None:
    scores = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    found = outcome({"train": scores, "test": scores[:1]}, np.array([0]), np.array([0, 0]), 5)
    assert (found.right.tolist(), found.num_parameters) == ([True], 5)
    assert found.arrays["train_right"].tolist() == [True, False]
    assert found.arrays["validation_scores"].shape == (0, 0)
