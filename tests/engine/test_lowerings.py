"""The fast convolution and pooling against XLA's own, values and gradients."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.conv import convolve
from netgain.engine.fast_layers import fast_layers
from netgain.engine.pooling import average_pool, max_pool


def random(*shape: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(sum(shape)).normal(size=shape), jnp.float32)


def assert_same_with_gradients(fast, slow, *arguments: jax.Array) -> None:
    weights = random(*slow(*arguments).shape)
    for function in (
        lambda f: f,
        lambda f: jax.grad(lambda *a: (f(*a) * weights).sum(), tuple(range(len(arguments)))),
    ):
        jax.tree.map(
            lambda one, other: np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4),
            function(fast)(*arguments),
            function(slow)(*arguments),
        )


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 2), (3, 1)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (5, 2)])
@pytest.mark.parametrize("channels", [1, 3])
def test_convolution(padding: str, strides: tuple[int, int], kernel: tuple[int, int], channels: int) -> None:
    def slow(x: jax.Array, w: jax.Array) -> jax.Array:
        return jax.lax.conv_general_dilated(x, w, strides, padding.upper(), dimension_numbers=("NHWC", "HWIO", "NHWC"))

    x, w = random(2, 9, 8, channels), random(*kernel, channels, 4)
    assert_same_with_gradients(lambda x, w: convolve(x, w, strides, padding), slow, x, w)


@pytest.mark.parametrize("size", [(2, 2), (3, 2), (1, 1)])
@pytest.mark.parametrize(
    ("fast", "kind"), [(max_pool, keras.layers.MaxPooling2D), (average_pool, keras.layers.AveragePooling2D)]
)
def test_pooling(fast, kind, size: tuple[int, int]) -> None:
    layer = kind(size)  # images of 7×8 leave a rest at the rim
    assert_same_with_gradients(lambda x: fast(x, size), lambda x: layer(x), random(2, 7, 8, 3))


def own_model() -> keras.Model:
    layers = keras.layers
    inputs = keras.Input((12, 12, 2))
    x = layers.Conv2D(4, 3, padding="same", strides=2, activation="relu")(inputs)
    x = layers.Conv2D(4, 3, dilation_rate=2)(layers.UpSampling2D()(x))
    x = layers.AveragePooling2D(2)(layers.MaxPooling2D(2)(x))
    nested = keras.Sequential([keras.Input(x.shape[1:]), layers.Conv2D(3, 1), layers.BatchNormalization()])
    x = layers.MaxPooling2D(2, strides=1, padding="same")(nested(x))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.Flatten()(x)))


def test_a_models_answers_do_not_change_and_nothing_stays_behind() -> None:
    model, x = own_model(), random(5, 12, 12, 2)
    before = {id(layer): set(vars(layer)) for layer in model._flatten_layers()}
    slow = np.asarray(model(x))
    with fast_layers(model):
        lent = [layer for layer in model._flatten_layers() if set(vars(layer)) != before[id(layer)]]
        fast = np.asarray(model(x))
    np.testing.assert_allclose(fast, slow, rtol=1e-4, atol=1e-5)
    assert len(lent) == 4  # two plain convolutions and two poolings; dilation and overlap stay Keras'
    assert {id(layer): set(vars(layer)) for layer in model._flatten_layers()} == before


def test_a_users_subclass_keeps_what_it_does() -> None:
    class Zero(keras.layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return keras.ops.zeros_like(super().convolution_op(inputs, kernel))

    model = keras.Sequential([keras.Input((4, 4, 1)), Zero(2, 3, use_bias=False)])
    with fast_layers(model):
        assert np.all(np.asarray(model(random(1, 4, 4, 1))) == 0)
