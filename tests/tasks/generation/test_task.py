"""A generator learns to make shapes, is judged by what a classifier learns of them, and what cannot be is refused."""

from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import Dataset
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.saving import load_classifier
from netgain.errors import DataError, RecipeError
from netgain.networks.families.convnet import ConvNet
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.training import train
from netgain.tasks.catalogue import task_of
from netgain.tasks.generation.recipe import Generator

from .conftest import JUDGE, SIDE, recipe_for, recipe_of_trained


def test_a_generator_learns_to_make_shapes(trained: RunResult) -> None:
    assert trained.status is RunStatus.FINISHED
    assert trained.history["validation"]["accuracy"][0] < trained.test_accuracy > 0.9
    assert set(trained.history["train"]) == {"loss", "critic loss"}


def test_what_is_kept_of_a_run(trained: RunResult, shapes: Dataset) -> None:
    kept = trained.arrays
    assert kept["generated"].shape == (150, SIDE, SIDE, 1)
    assert kept["generated"].dtype == kept["film"].dtype == np.uint8
    assert np.bincount(kept["generated_labels"]).tolist() == [50, 50, 50]
    assert kept["film"].shape == (3, 40, SIDE, SIDE, 1)
    assert kept["film_epochs"].tolist() == [1, 2, 3]
    assert trained.right.tolist() == (kept["test_scores"].argmax(axis=1) == shapes.y_test).tolist()
    assert kept["validation_right"].shape == (60,)
    assert {name: len(kept[f"critic_{name}"]) for name in ("train", "test", "generated")} == {
        "train": 150, "test": 150, "generated": 150,
    }  # fmt: skip


def test_images_have_the_class_that_was_asked_for(trained: RunResult, shapes: Dataset) -> None:
    means = np.stack([shapes.x_train[shapes.y_train == k].mean(axis=0) for k in range(3)])
    distances = np.abs(trained.arrays["generated"][:, np.newaxis] - means).mean(axis=(2, 3, 4))
    assert (distances.argmin(axis=1) == trained.arrays["generated_labels"]).mean() > 0.9


def test_a_run_is_the_same_to_the_bit_whether_it_is_watched_and_depends_on_its_seed(
    trained: RunResult, shapes: Dataset, compiled: CompiledFunctions
) -> None:
    watched = train(recipe_of_trained(shapes), 0, watch_test=True)
    assert watched.history["train"] == trained.history["train"]
    assert len(watched.history["test"]["accuracy"]) == 3
    for name, array in trained.arrays.items():
        np.testing.assert_array_equal(array, watched.arrays[name])
    other = train(recipe_of_trained(shapes), 1, compiled=compiled)
    assert (other.arrays["generated"] != trained.arrays["generated"]).any()
    assert other.history["train"] != trained.history["train"]


def test_plain_keras_opens_a_saved_generator_and_makes_the_same_images(trained: RunResult, tmp_path) -> None:
    from netgain.engine.randomness import latent_generator

    trained.save_model(tmp_path / "generator.keras")
    model: Any = keras.saving.load_model(tmp_path / "generator.keras")
    film = latent_generator(trained.recipe_digest, trained.seed, 0).standard_normal((40, 8), np.float32)
    made = np.asarray(model([film, np.arange(40, dtype=np.int32) % 10 % 3]))
    assert abs(made - trained.arrays["film"][-1]).max() < 0.51  # rounded to whole levels


def test_a_generator_is_not_taken_for_a_classifier(trained: RunResult, tmp_path) -> None:
    trained.save_model(tmp_path / "generator.keras")
    with pytest.raises(DataError, match="makes images, expected one that gives each image a class: netgain generate"):
        load_classifier(tmp_path / "generator.keras")


def test_without_classes_a_network_trained_on_real_images_names_them(shapes: Dataset) -> None:
    recipe = recipe_for(shapes, conditional=False, epochs=2, ema=None, loss="hinge")
    run = train(recipe, seed=0)
    means = np.stack([shapes.x_train[shapes.y_train == k].mean(axis=0) for k in range(3)])
    labels = np.abs(run.arrays["generated"][:, np.newaxis] - means).mean(axis=(2, 3, 4)).argmin(axis=1)
    assert (labels == run.arrays["generated_labels"]).mean() > 0.9


def test_a_diverged_run_is_recorded_with_black_images_and_judged(shapes: Dataset) -> None:
    wild = {"name": "sgd", "learning_rate": 1e30}
    recipe = recipe_for(shapes, loss="wasserstein", generator_optimizer=wild, critic_optimizer=wild)
    run = train(recipe, seed=0)
    assert run.status is RunStatus.DIVERGED
    assert (run.arrays["generated"] == 0).all()
    assert run.test_accuracy < 0.8  # as it comes out: a judge of black images knows nothing
    assert run.arrays["film_epochs"].tolist() == [1]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "not divisible": ({"generator.filters": (4, 4, 4, 4)}, "4 doublings need square images whose side 16 divides"),
    "critic": ({"critic.filters": (4, 4, 4, 4)}, "4 halvings need square images whose side 16 divides"),
    "fewer images than a step": ({"critic_steps": 40}, "a step takes 640 images, but there are 512 training images"),
    "a judge that does not take them": (
        {"judge": JUDGE.change("network", ConvNet(kernel_size=9))},
        "invalid recipe: judge.network.kernel_size: the 9×9 kernel",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_runs(case: str, shapes: Dataset) -> None:
    changes, message = REFUSED[case]
    recipe: Generator = recipe_for(shapes)
    for path, value in changes.items():
        recipe = recipe.change(path, value)
    with pytest.raises(RecipeError, match=message):
        task_of(recipe).check(recipe, shapes)
