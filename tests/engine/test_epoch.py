"""The compiled epoch and evaluation against what Keras itself measures of the saved network."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest
from keras import layers

from netgain.data import load_dataset
from netgain.engine.epoch import Goal, epoch_function, evaluation_function, state_of
from netgain.engine.inputs import ImageFeeder
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


def squares(targets: Any, answers: Any) -> Any:
    """The sum over an answer of its squared errors, times the weight of its image."""
    return targets["weight"] * ((answers - targets["wanted"]) ** 2).sum(axis=(1, 2))


PAIRS = Goal(
    lambda targets, answers: squares(targets, answers).mean(),
    lambda targets, answers: {
        "positive": (answers > 0).sum() / 6,
        "weighted": (targets["weight"] * answers[:, 1, 2]).sum(),
    },
)
"""For answers of two rows of three numbers, and targets that are a tree."""


def pairs(number: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    generator = np.random.default_rng(number)
    images = generator.integers(0, 256, (number, 2, 2, 1), dtype=np.uint8)
    wanted = generator.normal(size=(number, 2, 3)).astype(np.float32)
    return images, {"wanted": wanted, "weight": generator.uniform(0, 2, number).astype(np.float32)}


def linear() -> keras.Model:
    settings: Any = {
        "kernel_initializer": keras.initializers.GlorotUniform(1),
        "kernel_regularizer": keras.regularizers.L2(0.05),
    }
    last = layers.Dense(6, **settings)
    return keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), last, layers.Reshape((2, 3))])


def means_by_hand(weights: np.ndarray, bias: np.ndarray, x: np.ndarray, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    """The loss and the two counts, means over the images, and the answers."""
    answers = (x @ weights + bias).reshape(-1, 2, 3)
    loss = squares(targets, answers).mean() + 0.05 * (weights**2).sum()
    counts = (answers > 0).mean(), (targets["weight"] * answers[:, 1, 2]).mean()
    return np.array([loss, *counts]), answers


def step_by_hand(weights: np.ndarray, bias: np.ndarray, x: np.ndarray, targets: Any) -> tuple[np.ndarray, np.ndarray]:
    """The weights after a step of gradient descent of 0.02."""
    _, answers = means_by_hand(weights, bias, x, targets)
    errors = (2 * targets["weight"][:, None, None] * (answers - targets["wanted"]) / len(x)).reshape(-1, 6)
    return weights - 0.02 * (x.T @ errors + 0.1 * weights), bias - 0.02 * errors.sum(axis=0)


@pytest.mark.parametrize("number", [20, 23])  # two steps of ten, and three more images
def test_an_epoch_takes_targets_in_a_tree_answers_of_any_shape_and_a_key_for_each_step(number: int) -> None:
    model, optimizer, (images, targets) = linear(), keras.optimizers.SGD(0.02), pairs(number)
    optimizer.build(model.trainable_variables)
    weights, bias = (np.asarray(each) for each in model.get_weights())
    order = np.random.default_rng(1).permutation(number).astype(np.int32)
    keys = np.array([[1, 5], [3, 7], [2, 9]], np.uint32)[: 2 + (number > 20)]

    def augment(key: jax.Array, chosen: jax.Array, y: Any) -> tuple[jax.Array, Any]:
        return chosen * key[0] + key[1] / 10, {**y, "wanted": y["wanted"] * key[1]}

    epoch = jax.jit(epoch_function(model, ImageFeeder(1 / 255, None), optimizer, PAIRS, 10, augment))
    state, means = epoch(state_of(model, optimizer), images, jax.tree.map(jnp.asarray, targets), order, keys)
    totals = np.zeros(3)
    for first, (factor, more) in zip(range(0, number, 10), keys.astype(float), strict=True):
        batch = order[first : first + 10]
        y = {name: part[batch] for name, part in targets.items()}
        y["wanted"] = y["wanted"] * more
        x = images[batch].reshape(-1, 4) / 255 * factor + more / 10
        totals += len(batch) * means_by_hand(weights, bias, x, y)[0]
        weights, bias = step_by_hand(weights, bias, x, y)
    assert sorted(means) == ["loss", "positive", "weighted"]
    found = [means[name] for name in ("loss", "positive", "weighted")]
    np.testing.assert_allclose(found, totals / number, rtol=1e-4)
    jax.tree.map(lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-3), state.trainable, [weights, bias])


@pytest.mark.parametrize("number", [30, 200, 230])  # less than a chunk, two of them, and thirty images more
def test_an_evaluation_takes_targets_in_a_tree_and_answers_of_any_shape(number: int) -> None:
    model, (images, targets) = linear(), pairs(number)
    weights, bias = model.get_weights()
    evaluation = jax.jit(evaluation_function(model, ImageFeeder(1 / 255, None), keras.optimizers.SGD(), PAIRS))
    means, answers = evaluation(state_of(model, keras.optimizers.SGD()), images, jax.tree.map(jnp.asarray, targets))
    expected, answers_by_hand = means_by_hand(weights, bias, images.reshape(-1, 4) / 255, targets)
    assert answers.dtype == np.float32
    np.testing.assert_allclose(answers, answers_by_hand, rtol=1e-4, atol=1e-5)
    assert sorted(means) == ["loss", "positive", "weighted"]
    np.testing.assert_allclose([means[name] for name in ("loss", "positive", "weighted")], expected, rtol=1e-4)
