"""Seeds that are trained as one are what each is alone; the slow twin is the training of one network on plain JAX."""

from collections.abc import Sequence

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import CPU_TOGETHER, PLAIN_JAX
from netgain.engine.score import score
from netgain.errors import RecipeError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.test_time import TestTime
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.trained import open_network
from netgain.runs.training import train, train_together
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM


def normalised() -> keras.Model:
    """A user's model whose moving averages are no weights, and which computes in its own way."""
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.Flatten()(inputs)
    x = keras.layers.BatchNormalization(momentum=0.8)(keras.layers.Dense(8)(x))
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


RECIPE = Recipe(
    dataset="digits",
    train_size=300,
    network=MLP(hidden=(12,), activation="relu", dropout={"hidden": 0.2}),  # pyright: ignore
    optimizer=Optimizer("adam", 0.01),
    batch_size=32,
    epochs=2,
)
RECIPES = {
    "drawn": RECIPE.change("augmentation", Augmentation(rotation=10, copies=((5, 20),))).change("validation_size", 100),
    "mixed, cut and seen from all sides": RECIPE.change(
        "augmentation", Augmentation(flip="horizontal", brightness=0.1, cutout=3, mixup=0.3)
    ).change("test_time", TestTime(shift=1, flip="horizontal")),
    "convolution": RECIPE.change("network", ConvNet(filters=(4,), kernel_size=3, dropout={"hidden": 0.2})),  # pyright: ignore
    "own": RECIPE.change("network", KerasNetwork(normalised(), pixels="0..1")),
}


def assert_same(together: Sequence[RunResult], recipe: Recipe) -> None:
    compiled = CompiledFunctions()
    for one in together:
        alone = train(recipe, one.seed, kernels=PLAIN_JAX, compiled=compiled, watch_test=True)
        assert (one.status, one.best_epoch, one.recipe_digest) == (alone.status, alone.best_epoch, alone.recipe_digest)
        np.testing.assert_allclose(one.test_scores, alone.test_scores, atol=2e-5)
        np.testing.assert_array_equal(one.right, alone.right)
        for name, array in alone.arrays.items():
            np.testing.assert_allclose(one.arrays[name], array, atol=2e-3 if "odds" in name else 2e-5)
        assert one.history.keys() == alone.history.keys()
        for part, columns in alone.history.items():
            for name, values in columns.items():
                np.testing.assert_allclose(one.history[part][name], values, rtol=1e-5)


@pytest.mark.parametrize("name", RECIPES)
def test_each_seed_is_what_it_is_alone(name: str) -> None:
    together = train_together(RECIPES[name], [0, 3], kernels=CPU_TOGETHER, watch_test=True)
    assert [one.seed for one in together] == [0, 3]
    assert {one.engine_version.partition("+")[2] for one in together} == {CPU_TOGETHER}
    assert not np.array_equal(together[0].test_scores, together[1].test_scores)
    assert_same(together, RECIPES[name])


def test_each_stops_early_by_itself_with_its_own_best_weights() -> None:
    rule = EarlyStopping(patience=1)
    recipe = RECIPE.change("validation_size", 40).change("early_stopping", rule).change("epochs", 30)
    recipe = recipe.change("optimizer", Optimizer("adam", 0.05))
    together = train_together(recipe, range(4), kernels=CPU_TOGETHER, watch_test=True)
    assert len({one.num_epochs for one in together}) > 1
    assert RunStatus.STOPPED_EARLY in {one.status for one in together}
    assert_same(together, recipe)


def test_what_diverges_says_so_and_is_over() -> None:
    recipe = RECIPE.change("optimizer", Optimizer("sgd", 1e30)).change("epochs", 9)
    together = train_together(recipe, [0, 1], kernels=CPU_TOGETHER)
    assert {one.status for one in together} == {RunStatus.DIVERGED}
    assert {one.num_epochs for one in together} == {train(recipe, 0, kernels=PLAIN_JAX).num_epochs}


def test_every_network_is_saved_as_it_answers_and_every_epoch_is_told_for_every_seed() -> None:
    told: list[list[int]] = []
    together = train_together(
        RECIPE, [1, 2], kernels=CPU_TOGETHER, on_epochs=lambda reports: told.append([one.epoch for one in reports])
    )
    assert told == [[1, 1], [2, 2]]
    for one in together:
        model = open_network(one, RECIPE)
        scores = score(model, load_dataset("digits").x_test)
        np.testing.assert_allclose(scores, one.test_scores, atol=1e-5)


def test_a_task_without_such_a_way_trains_one_after_the_other() -> None:
    machine = SVM(dataset="digits", train_size=300)
    (one,) = train_together(machine, [0], kernels=CPU_TOGETHER)
    assert "+" not in one.engine_version
    np.testing.assert_array_equal(one.right, train(machine, 0).right)


def test_a_network_that_does_not_take_the_images_is_refused() -> None:
    wrong = RECIPE.change("network", ConvNet(filters=(4,), kernel_size=9))
    with pytest.raises(RecipeError):
        train_together(wrong, [0, 1], kernels=CPU_TOGETHER)
