"""Networks that are trained: they learn, from the images they are to learn from, and are saved as they were."""

import io
import json
import zipfile
from pathlib import Path

import keras
import numpy as np

from netgain.data import Dataset, load_dataset
from netgain.engine.saving import NOTE_NAME
from netgain.engine.score import score
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.convnet import ConvNet
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.training import train
from netgain.tasks.classification.judging import right_answers
from netgain.tasks.classification.recipe import Recipe


def same(one: RunResult, other: RunResult) -> bool:
    return one.history == other.history and np.array_equal(one.test_scores, other.test_scores)


def test_it_learns_and_its_scores_are_those_of_the_saved_network(small_recipe: Recipe, tmp_path: Path) -> None:
    result = train(small_recipe.change("epochs", 8), 0)
    assert result.status is RunStatus.FINISHED
    assert result.test_accuracy > 0.8
    assert result.train_accuracy > result.test_accuracy
    assert result.history["train"]["loss"] == sorted(result.history["train"]["loss"], reverse=True)
    assert result.num_parameters == 64 * 12 + 12 + 12 * 10 + 10
    assert result.compile_seconds > 0
    assert result.run_seconds > 0
    result.save_model(tmp_path / "model.keras")
    opened = keras.saving.load_model(tmp_path / "model.keras")
    dataset = load_dataset("digits")
    plain = np.asarray(opened.predict(dataset.x_test, verbose=0))  # pyright: ignore
    np.testing.assert_allclose(plain, result.test_scores, rtol=1e-4, atol=1e-6)
    assert np.array_equal(right_answers(plain, dataset.y_test), result.right)
    np.testing.assert_allclose(score(opened, dataset.x_test), plain, rtol=1e-5)  # pyright: ignore


def test_augmentation_is_decided_by_the_seed_and_changes_what_is_learned(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("augmentation", Augmentation(rotation=15, elastic=0.3, copies=((5, 25),)))
    first, again, other = train(recipe, 3), train(recipe, 3), train(recipe, 4)
    assert same(first, again)
    assert not same(first, other)
    assert len(first.arrays["train_right"]) == 600  # the images themselves are scored, not their copies
    # Another recipe has another order of the images, so only a slower start tells that these are harder images.
    plain = train(small_recipe.change("epochs", 6), 3)
    wild = train(small_recipe.change("epochs", 6).change("augmentation.rotation", 180), 3)
    assert wild.history["train"]["accuracy"][-1] < plain.history["train"]["accuracy"][-1] - 0.1


def test_copies_are_made_of_the_training_part_alone(small_recipe: Recipe) -> None:
    digits = load_dataset("digits")
    groups = np.arange(digits.num_test) // 2
    dataset = Dataset(digits.x_train, digits.y_train, digits.x_test, digits.y_test, test_groups=groups)
    recipe = small_recipe.change("dataset", dataset).change("validation_size", 300)
    tripled = train(recipe.change("augmentation.copies", [(5, 25), (-25, -5)]), 0)
    assert tripled.arrays["validation_scores"].shape == (300, 10)
    assert tripled.right.shape == (digits.num_test,)
    assert tripled.arrays["train_right"].shape == (600,)
    assert tripled.train_accuracy > train(recipe, 0).train_accuracy  # three times the updates


def test_convnet_learns() -> None:
    network = ConvNet(filters=(8,), kernel_size=3, dropout={"hidden": 0.1})  # pyright: ignore
    recipe = Recipe(dataset="digits", network=network, optimizer=Optimizer("adam", 0.01), batch_size=32, epochs=3)
    assert train(recipe, 0).test_accuracy > 0.75


def test_the_saved_network_says_what_it_was_trained_on_and_where_it_comes_from(small_recipe: Recipe) -> None:
    run = train(small_recipe.change("epochs", 1), 5)
    with zipfile.ZipFile(io.BytesIO(run.model)) as archive:
        note = json.loads(archive.read(NOTE_NAME))
    digits = load_dataset("digits")
    assert note["class_names"] == list(digits.class_names)
    assert note["image_shape"] == [8, 8, 1]
    assert (note["recipe_digest"], note["seed"], note["pixels"]) == (run.recipe_digest, 5, "0..255")


def test_what_is_kept_of_a_run_has_names_and_shapes(small_recipe: Recipe) -> None:
    """Fields by which every table and chart finds them."""
    digits = load_dataset("digits")
    for size in (0, 100):
        run = train(small_recipe.change("validation_size", size).change("epochs", 1), 0)
        assert {name: (array.dtype.name, array.shape) for name, array in run.arrays.items()} == {
            "test_scores": ("float32", (digits.num_test, 10)),
            "train_right": ("bool", (600,)),
            "train_log_odds": ("float32", (600,)),
            "validation_scores": ("float32", (100, 10) if size else (0, 0)),
        }
        assert (run.right.dtype, run.right.shape) == (np.dtype(bool), (digits.num_test,))
