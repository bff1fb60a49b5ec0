"""The compiled epoch and evaluation against what Keras itself measures of the saved network."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.data import load_dataset
from netgain.experiment.optimizer import Optimizer
from netgain.networks.families.own import KerasNetwork
from netgain.runs.record import RunResult
from netgain.runs.trained import open_network
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

DIGITS = load_dataset("digits")


def measured_by_keras(result: RunResult, recipe: Recipe, images: slice, batch_size: int = 32) -> list[float]:
    """Loss and accuracy on some of the training images."""
    model: Any = open_network(result, recipe)
    model.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    scale = 1 / 255 if isinstance(recipe.network, KerasNetwork) else 1  # our own networks take pixels as they are
    x, y = DIGITS.x_train[images] * scale, np.eye(10)[DIGITS.y_train[images]]
    return model.evaluate(x, y, batch_size=batch_size, verbose=0)


def last_of_validation(result: RunResult) -> list[float]:
    """Loss and accuracy on the validation images after the last epoch."""
    return [result.history["validation"][name][-1] for name in ("loss", "accuracy")]


@pytest.mark.parametrize("batch_size", [600, 250, 900])
def test_an_epoch_gives_the_means_over_its_images(small_recipe: Recipe, batch_size: int) -> None:
    """With steps too small to change anything, they are those of the finished network."""
    still = small_recipe.change("optimizer", Optimizer("sgd", 1e-12)).change("network.l2", 0.01)
    recipe = still.change("batch_size", batch_size).change("epochs", 1)
    result = train(recipe, 0)
    loss, accuracy = measured_by_keras(result, recipe, slice(600))
    assert result.history == {"train": {"loss": [pytest.approx(loss, 1e-5)], "accuracy": [pytest.approx(accuracy)]}}


def test_history_is_what_keras_would_have_measured(small_recipe: Recipe) -> None:
    """In inference mode: without dropout, with the penalties."""
    recipe = small_recipe.change("validation_size", 300).change("network.l2", 0.01).change("network.dropout", 0.2)
    result = train(recipe, 0)
    expected = measured_by_keras(result, recipe, slice(-300, None))
    assert last_of_validation(result) == pytest.approx(expected, 1e-4)
    assert {part: sorted(columns) for part, columns in result.history.items()} == {
        "train": ["accuracy", "loss"],
        "validation": ["accuracy", "loss"],
    }
    assert {len(values) for columns in result.history.values() for values in columns.values()} == {3}


class Penalised(layers.Layer):
    """A layer of a user's own that adds the mean square of its answers to the loss."""

    def call(self, inputs: Any) -> Any:
        mean_square: Any = keras.ops.mean(keras.ops.square(inputs))
        self.add_loss(0.01 * mean_square)
        return inputs


class PenalisedModel(keras.Sequential):
    """A model of a user's own class that does the same with its scores."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None, **kwargs: Any) -> Any:
        scores: Any = super().call(inputs, training=training, mask=mask, **kwargs)
        mean_square: Any = keras.ops.mean(keras.ops.square(scores))
        self.add_loss(mean_square)
        return scores


def model_of(*hidden: keras.layers.Layer, kind: type[keras.Sequential] = keras.Sequential) -> keras.Model:
    return kind([keras.Input((8, 8, 1)), layers.Flatten(), *hidden, layers.Dense(10, "softmax")])


def regularised() -> keras.Model:
    squares: Any = keras.regularizers.L2(0.01)
    return model_of(layers.Dense(20, activation="relu", activity_regularizer=squares, kernel_regularizer="l1"))


def own_layer() -> keras.Model:
    return model_of(layers.Dense(20, activation="relu"), Penalised())


def own_class() -> keras.Model:
    return model_of(layers.Dense(20, activation="relu"), kind=PenalisedModel)


@pytest.mark.parametrize("make", [regularised, own_layer, own_class])
def test_a_penalty_on_answers_is_the_mean_over_the_validation_images(make: Callable[[], keras.Model]) -> None:
    """Fault 17: it was that of the first image; what Keras' own evaluate gives, in batches of any size."""
    recipe = Recipe(dataset="digits", validation_size=250, network=KerasNetwork(make()), epochs=1)
    result = train(recipe, 0)
    for batch_size in (32, 250):
        expected = measured_by_keras(result, recipe, slice(-250, None), batch_size)
        assert last_of_validation(result) == pytest.approx(expected, 1e-4)
