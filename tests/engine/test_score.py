"""Scores of trained networks: a run's own to the last bit, Keras' but for rounding, and what is refused."""

from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.score import score, scorer, weights_of
from netgain.errors import DataError
from netgain.experiment.optimizer import Optimizer
from netgain.networks import Network
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.runs.trained import open_network
from netgain.runs.training import train
from netgain.tasks.classification.recipe import Recipe

layers = keras.layers
DIGITS = load_dataset("digits")


def own() -> keras.Model:
    hidden = layers.Conv2D(4, 3), layers.BatchNormalization(), layers.ReLU(), layers.Dropout(0.3), layers.Flatten()
    return keras.Sequential([keras.Input((8, 8, 1)), *hidden, layers.Dense(10, activation="softmax")])


NETWORKS: dict[str, Any] = {
    "an MLP": lambda: MLP(hidden=(12,), dropout=0.2),  # pyright: ignore
    "a ConvNet": lambda: ConvNet(filters=(4,), kernel_size=3, dense=(8,), dropout=0.2),  # pyright: ignore
    "an own model": lambda: KerasNetwork(own()),
}


def trained(network: Network) -> tuple[Any, np.ndarray]:
    """The network of a run, opened, and the run's own scores of the test images, of which 100 do not make a chunk."""
    fields = {"train_size": 300, "optimizer": Optimizer("adam", 0.01), "batch_size": 32, "epochs": 2}
    recipe = Recipe(dataset="digits", network=network, **fields)
    run = train(recipe, 3)
    return open_network(run, recipe), run.test_scores


@pytest.mark.usefixtures("kernels")
@pytest.mark.parametrize("name", NETWORKS)
def test_scores_are_those_of_the_run_and_of_keras(name: str) -> None:
    network = NETWORKS[name]()
    model, of_the_run = trained(network)
    images = DIGITS.x_test
    assert len(images) % 100
    found = score(model, images)
    assert (found.dtype, found.shape) == (np.float32, (len(images), 10))
    np.testing.assert_array_equal(found, of_the_run)  # to the last bit
    pixels = images / 255 if isinstance(network, KerasNetwork) else images  # our own scale for themselves
    np.testing.assert_allclose(found, model.predict(pixels, verbose=0), atol=1e-5)


def test_a_scorer_takes_any_weights_of_the_same_layers() -> None:
    first, second = (MLP(hidden=(12,)).build((8, 8, 1), 10) for _ in range(2))
    images = DIGITS.x_test[:130]
    scores_of = scorer(first, images)
    np.testing.assert_array_equal(scores_of(weights_of(second), images), score(second, images))
    np.testing.assert_array_equal(scores_of(weights_of(first), images), score(first, images))
    assert not np.array_equal(score(first, images), score(second, images))


IMAGES: Any = np.zeros((3, 8, 8, 1), np.uint8)
WANTED = r"images to score must be a NumPy array uint8 \[n, H, W, C\] with pixels 0\.\.255; received "
REFUSED: dict[str, tuple[Any, str]] = {
    "pixels 0..1": (IMAGES / 255, WANTED + r"float64 \(3, 8, 8, 1\)"),
    "integers": (IMAGES.astype(int), WANTED + r"int64 \(3, 8, 8, 1\)"),
    "one image": (IMAGES[0], WANTED + r"uint8 \(8, 8, 1\)"),
    "no channels": (IMAGES[..., 0], WANTED + r"uint8 \(3, 8, 8\)"),
    "none": (IMAGES[:0], WANTED + r"uint8 \(0, 8, 8, 1\)"),
    "a list": (IMAGES.tolist(), WANTED + "list"),
    "nothing": (None, WANTED + "NoneType"),
    "a dataset": (DIGITS, WANTED + "Dataset"),
    "larger": (
        np.zeros((3, 9, 8, 1), np.uint8),
        r"takes images of shape \(8, 8, 1\); received images of shape \(9, 8, 1\)",
    ),
    "colour": (
        np.zeros((3, 8, 8, 3), np.uint8),
        r"takes images of shape \(8, 8, 1\); received images of shape \(8, 8, 3\)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_are_no_images_for_the_network_is_refused(case: str) -> None:
    images, message = REFUSED[case]
    with pytest.raises(DataError, match=message):
        score(MLP(hidden=(3,)).build((8, 8, 1), 10), images)


def test_models_of_rows_of_vectors_and_of_any_size_take_images() -> None:
    end = layers.Dense(10, activation="softmax")
    rows: Any = keras.Sequential([keras.Input((8, 8)), layers.LSTM(4), end])
    vectors: Any = keras.Sequential([keras.Input((64,)), layers.Dense(10, activation="softmax")])
    any_size: Any = keras.Sequential(
        [keras.Input((None, None, 1)), layers.Conv2D(4, 3), layers.GlobalMaxPooling2D(), layers.Dense(10, "softmax")]
    )
    images = DIGITS.x_test[:7]
    for model, shape in ((rows, (7, 8, 8)), (vectors, (7, 64)), (any_size, (7, 8, 8, 1))):
        expected = model.predict((images / 255).reshape(shape), verbose=0)
        np.testing.assert_allclose(score(model, images), expected, atol=1e-5)
    with pytest.raises(DataError, match=r"shape \(8, 8, 1\); received images of shape \(8, 9, 1\)"):
        score(rows, np.zeros((2, 8, 9, 1), np.uint8))
    with pytest.raises(DataError, match=r"takes images of 64 pixel values; received images of shape \(8, 9, 1\)"):
        score(vectors, np.zeros((2, 8, 9, 1), np.uint8))
