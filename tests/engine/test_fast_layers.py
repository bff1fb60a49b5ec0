"""Which layers of a model are lent a fast form, and that what they say is the same."""

from typing import Any

import jax
import keras
import numpy as np
import pytest

from netgain.engine.fast_layers import fast_layers

layers = keras.layers


def images(*shape: int) -> jax.Array:
    return jax.numpy.asarray(np.random.default_rng(3).random(shape), "float32")


def fast_and_slow(model: keras.Model, x: jax.Array) -> tuple[np.ndarray, np.ndarray]:
    """All answers of the model and the gradient of each of its weights, as one vector each way."""
    weights = [variable.value for variable in model.trainable_variables]
    others = [variable.value for variable in model.non_trainable_variables]

    def all_of_it() -> np.ndarray:
        def total(values):
            answers: Any = jax.tree.leaves(model.stateless_call(values, others, x, training=False)[0])
            return sum((answer**2).sum() for answer in answers), answers

        gradients, answers = jax.jit(jax.grad(total, has_aux=True))(weights)
        return np.concatenate([np.ravel(part) for part in [*answers, *gradients]])

    slow = all_of_it()
    with fast_layers(model):
        return all_of_it(), slow


def branching() -> keras.Model:
    """A convolution whose maps are pooled and used otherwise too: they may not be pooled away."""
    inputs = keras.Input((9, 9, 2))
    maps = layers.Conv2D(3, 2, activation="relu")(inputs)
    both = layers.Concatenate()([layers.Flatten()(layers.MaxPooling2D(2)(maps)), layers.Flatten()(maps)])
    return keras.Model(inputs, layers.Dense(4)(both))


def answering_with_maps() -> keras.Model:
    inputs = keras.Input((9, 9, 2))
    maps = layers.Conv2D(3, 2, activation="relu")(inputs)
    return keras.Model(inputs, [maps, layers.MaxPooling2D(2)(maps)])


def answering_with_maps_inside() -> keras.Model:
    """As above, but the model with the two answers is a layer of another model."""
    inputs = keras.Input((9, 9, 2))
    maps, pooled = answering_with_maps()(inputs)
    return keras.Model(inputs, [layers.GlobalAveragePooling2D()(maps), layers.Flatten()(pooled)])


def sequential(*inside: keras.layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((9, 9, 2)), *inside, layers.Flatten(), layers.Dense(4)])


MODELS = {
    "ReLU and pooling": lambda: sequential(layers.Conv2D(5, 2, activation="relu"), layers.MaxPooling2D(2)),
    "no activation": lambda: sequential(layers.Conv2D(5, 2), layers.MaxPooling2D(2)),
    "sigmoid": lambda: sequential(layers.Conv2D(5, 2, activation="sigmoid"), layers.MaxPooling2D(2)),
    "no bias": lambda: sequential(layers.Conv2D(5, 2, use_bias=False, activation="relu"), layers.MaxPooling2D(2)),
    "padding": lambda: sequential(layers.Conv2D(5, 3, padding="same", activation="relu"), layers.MaxPooling2D(3)),
    "strides": lambda: sequential(layers.Conv2D(5, 3, strides=2, activation="relu"), layers.MaxPooling2D(2)),
    "activation apart": lambda: sequential(layers.Conv2D(5, 2), layers.ReLU(), layers.MaxPooling2D(2)),
    "average": lambda: sequential(layers.Conv2D(5, 2, activation="relu"), layers.AveragePooling2D(2)),
    "depthwise": lambda: sequential(layers.DepthwiseConv2D(3, padding="same", activation="relu")),
    "depthwise, dilated": lambda: sequential(layers.DepthwiseConv2D(3, dilation_rate=2, depth_multiplier=2)),
    "separable": lambda: sequential(layers.SeparableConv2D(5, 3, strides=2, depth_multiplier=2, activation="relu")),
    "separable, sigmoid, no bias": lambda: sequential(
        layers.SeparableConv2D(3, 2, activation="sigmoid", use_bias=False)
    ),
    "overlap": lambda: sequential(layers.Conv2D(5, 2, activation="relu"), layers.MaxPooling2D(3, strides=1)),
    "dense on maps": lambda: sequential(layers.Dense(3, activation="relu")),
    "branches": branching,
    "maps among the answers": answering_with_maps,
    "maps among the answers of a model inside": answering_with_maps_inside,
    "shared": lambda: _shared(),
    "pooling shared": lambda: _pooling_shared(),
}


def _shared() -> keras.Model:
    inputs = keras.Input((9, 9, 2))
    convolution, pooling = layers.Conv2D(2, 1, activation="relu"), layers.MaxPooling2D(3)
    twice = pooling(convolution(convolution(inputs)))
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(twice)))


def _pooling_shared() -> keras.Model:
    inputs = keras.Input((9, 9, 2))
    pooling = layers.MaxPooling2D(2)
    of_maps, of_images = pooling(layers.Conv2D(2, 1, activation="relu")(inputs)), pooling(inputs)
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(layers.Concatenate()([of_maps, of_images]))))


@pytest.mark.parametrize("build", MODELS.values(), ids=MODELS)
@pytest.mark.usefixtures("kernels")
def test_same_answers_and_gradients(build) -> None:
    keras.utils.set_random_seed(1)
    model = build()
    fast, slow = fast_and_slow(model, images(4, 9, 9, 2))
    np.testing.assert_allclose(fast, slow, rtol=1e-3, atol=1e-3 * np.abs(slow).max())


def test_a_subclass_of_dense_keeps_what_it_does() -> None:
    class Zero(layers.Dense):
        def call(self, inputs, training=None):
            return keras.ops.zeros_like(super().call(inputs, training))

    model = keras.Sequential([keras.Input((3,)), Zero(2)])
    with fast_layers(model):
        assert np.all(np.asarray(model(images(1, 3))) == 0)


def test_methods_are_given_back_after_an_error() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ZeroDivisionError), fast_layers(model):
        _ = 1 / 0
    assert "call" not in vars(model.layers[0])
