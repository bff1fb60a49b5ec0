"""Images in the shape and scale a model expects, and the scaling that is done while they are taken."""

import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.inputs import image_feeder, scaled_when_taken

layers = keras.layers
IMAGES = jnp.asarray(np.random.default_rng(0).integers(0, 256, (7, 6, 5, 1)), jnp.uint8)


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
