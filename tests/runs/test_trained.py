"""Trained networks of runs, from the store and as Keras models."""

from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.score import score
from netgain.errors import TrainingError
from netgain.networks.families.own import KerasNetwork
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.runs.trained import model_of, open_network
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.svm import SVM

IMAGES = load_dataset("digits").x_test


def test_a_network_from_the_store_is_the_one_that_was_trained(small_recipe: Recipe, tmp_path: Any) -> None:
    run = train(small_recipe.change("epochs", 1), 0)
    store = Store(tmp_path / "runs.db")
    store.add(run, small_recipe)
    found = store.find([RunKey.of(run)])[RunKey.of(run)]
    assert found.model == b""
    for where in (store, tmp_path / "runs.db", str(tmp_path / "runs.db")):
        with_network = model_of(found, where)
        assert with_network.model == run.model
        np.testing.assert_array_equal(score(open_network(with_network), IMAGES), run.test_scores)
    assert model_of(run, tmp_path / "nowhere.db") is run  # nothing has to be looked up
    assert not (tmp_path / "nowhere.db").exists()


class Halved(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        return inputs / 2


def test_a_network_of_own_layers_opens_with_its_recipe(small_recipe: Recipe) -> None:
    layers = keras.Input((8, 8, 1)), keras.layers.Flatten(), Halved(), keras.layers.Dense(10, activation="softmax")
    recipe = small_recipe.change("network", KerasNetwork(keras.Sequential(layers))).change("epochs", 1)
    run = train(recipe, 0)
    np.testing.assert_array_equal(score(open_network(run, recipe), IMAGES), run.test_scores)
    plain = small_recipe.change("epochs", 1)
    assert open_network(train(plain, 0), plain).count_params() == 910


def test_a_run_without_its_network_cannot_be_opened(small_recipe: Recipe) -> None:
    failed = RunResult(
        recipe_digest="a", seed=0, dataset_digest="b", engine_version="1", status=RunStatus.FAILED, failure="it died"
    )
    with pytest.raises(TrainingError, match="the run with seed 0 failed and has no trained network"):
        open_network(failed)
    machine = SVM(dataset="digits", train_size=100)
    with pytest.raises(TrainingError, match="the run with seed 2 finished and has no trained network"):
        open_network(train(machine, 2), machine)
