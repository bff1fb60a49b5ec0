"""Images in the shape and scale a model expects, and the scaling that is done while they are taken."""

from typing import Any

import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.fast_layers import fast_layers
from netgain.engine.inputs import image_feeder, pixels_of, scaled_when_taken
from netgain.errors import RecipeError
from netgain.networks.families.own import KerasNetwork

layers = keras.layers
IMAGES: Any = np.random.default_rng(0).integers(0, 256, (7, 6, 5, 1)).astype(np.uint8)


def beginning_with(*first: keras.layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((6, 5, 1)), *first, layers.Flatten(), layers.Dense(3)])


def branching() -> keras.Model:
    """The pixels go two ways: they may not be scaled for both."""
    inputs = keras.Input((6, 5, 1))
    both = layers.Concatenate()([layers.Rescaling(1 / 255)(inputs), inputs])
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(both)))


MODELS = {
    "rescaling first": (lambda: beginning_with(layers.Rescaling(1 / 255)), True),
    "no rescaling": (lambda: beginning_with(), False),
    "rescaling with an offset": (lambda: beginning_with(layers.Rescaling(2 / 255, offset=-1)), False),
    "rescaling later": (lambda: beginning_with(layers.ReLU(), layers.Rescaling(1 / 255)), False),
    "two of them": (lambda: beginning_with(layers.Rescaling(1 / 255), layers.Rescaling(2.0)), False),
    "two ways": (branching, False),
}


@pytest.mark.parametrize(("build", "rests"), MODELS.values(), ids=MODELS)
def test_scaling_while_taking_changes_no_answer(build, rests: bool) -> None:
    model = build()
    slow = np.asarray(model(image_feeder(model)(IMAGES)))
    with scaled_when_taken(model) as feed:
        fast = np.asarray(model(feed(IMAGES)))
        resting = [layer for layer in model._flatten_layers() if "call" in vars(layer)]
    np.testing.assert_allclose(fast, slow, rtol=1e-5, atol=1e-5)
    assert len(resting) == rests
    np.testing.assert_allclose(np.asarray(model(image_feeder(model)(IMAGES))), slow)  # it is given back


@pytest.mark.usefixtures("kernels")
def test_a_batch_is_taken_and_scaled() -> None:
    model, index = beginning_with(layers.Rescaling(1 / 255)), jnp.asarray([6, 0, 0, 3], jnp.int32)
    with scaled_when_taken(model) as feed:
        np.testing.assert_allclose(feed.take(IMAGES, index), np.asarray(IMAGES)[[6, 0, 0, 3]] / 255, rtol=1e-6)
        np.testing.assert_allclose(feed.shaped(feed.take(IMAGES, index)), feed(IMAGES[index]), rtol=1e-6)
    flat = keras.Sequential([keras.Input((30,)), layers.Dense(3)])
    assert image_feeder(flat)(IMAGES).shape == (7, 30)


def normalization(highest: float) -> keras.layers.Layer:
    layer: Any = layers.Normalization(axis=None)  # pyright: ignore[reportArgumentType] - as Keras documents
    layer.adapt(np.random.default_rng(0).uniform(0, highest, (50, 6, 5, 1)))
    return layer


class Scaling(layers.Layer):
    """Divides by 255 inside, before its own weights."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = layers.Conv2D(2, 3)

    def call(self, inputs):
        return self.inner(inputs / 255.0)


def with_a_scaled_branch() -> keras.Model:
    """Fault 10: some layer is a `Rescaling`, but the pixels do not pass it."""
    inputs = keras.Input((6, 5, 1))
    x = layers.Conv2D(2, 3, padding="same")(inputs)
    x = layers.Add()([x, layers.Rescaling(0.1)(layers.Conv2D(2, 3, padding="same")(x))])
    return keras.Model(inputs, layers.Dense(3)(layers.Flatten()(x)))


def rows() -> keras.Model:
    return keras.Sequential([keras.Input((6, 5)), layers.LSTM(4), layers.Dense(3)])


EXPECTED = {
    "nothing": (lambda: beginning_with(), "0..1"),
    "a rescaling": (lambda: beginning_with(layers.Rescaling(1 / 255)), "0..255"),
    "a rescaling to -1..1": (lambda: beginning_with(layers.Rescaling(1 / 127.5, offset=-1)), "0..255"),
    "a rescaling from 0..1": (lambda: beginning_with(layers.Rescaling(2.0, offset=-1)), "0..1"),
    "a division": (lambda: beginning_with(layers.Lambda(lambda x: x / 255.0)), "0..255"),
    "a subtraction and a division": (lambda: beginning_with(layers.Lambda(lambda x: (x - 127.5) / 127.5)), "0..255"),
    "a division in an own layer": (lambda: beginning_with(Scaling()), "0..255"),
    "a normalization of 0..255": (lambda: beginning_with(normalization(255)), "0..255"),
    "a normalization of 0..1": (lambda: beginning_with(normalization(1)), "0..1"),
    "augmentation, then a rescaling": (
        lambda: beginning_with(layers.RandomFlip(), layers.Rescaling(1 / 255)),
        "0..255",
    ),
    "a rescaling on a branch": (with_a_scaled_branch, "0..1"),
    "a rescaling in a model": (
        lambda: beginning_with(
            keras.Sequential([keras.Input((6, 5, 1)), layers.Rescaling(1 / 255), layers.Conv2D(2, 2)])
        ),
        "0..255",
    ),
    "rows for a recurrent layer": (rows, "0..1"),
}


@pytest.mark.parametrize(("build", "expected"), EXPECTED.values(), ids=EXPECTED)
def test_the_range_of_pixels_that_a_model_expects(build, expected: str) -> None:
    """Faults 1, 9 and 10: guessed from the names of layers, it was wrong."""
    assert pixels_of(build()) == expected


def test_finding_the_range_leaves_lent_layers_lent() -> None:
    model = beginning_with()
    with fast_layers(model):
        lent = [vars(layer).get("call") for layer in model.layers]
        assert pixels_of(model) == "0..1"
        assert [vars(layer).get("call") for layer in model.layers] == lent
    assert all("call" not in vars(layer) for layer in model.layers)


def test_a_range_that_cannot_be_told_is_asked_for() -> None:
    model = beginning_with(layers.Rescaling(100.0))
    with pytest.raises(RecipeError, match=r"spreads by .* for pixels 0\.\.1, .*KerasNetwork\(model, pixels='0\.\.1'\)"):
        pixels_of(model)
    softmax = keras.Sequential([model, layers.Softmax()])
    built = KerasNetwork(softmax, pixels="0..1").build((6, 5, 1), 3)
    assert pixels_of(built) == "0..1"
