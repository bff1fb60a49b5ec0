"""The fast convolution and pooling against XLA's own, values and gradients."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.conv import Padding, convolve, convolve_and_pool, convolve_depthwise
from netgain.engine.dense import dense
from netgain.engine.fast_layers import fast_layers
from netgain.engine.pooling import average_pool, max_pool


def random(*shape: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(sum(shape)).normal(size=shape), jnp.float32)


def assert_same_with_gradients(fast, slow, *arguments: jax.Array) -> None:
    weights = random(*slow(*arguments).shape)
    for function in (
        lambda f: f,
        lambda f: jax.jit(jax.grad(lambda *a: (f(*a) * weights).sum(), tuple(range(len(arguments))))),
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
def test_convolution(padding: Padding, strides: tuple[int, int], kernel: tuple[int, int], channels: int) -> None:
    def slow(x: jax.Array, w: jax.Array) -> jax.Array:
        return jax.lax.conv_general_dilated(x, w, strides, padding.upper(), dimension_numbers=("NHWC", "HWIO", "NHWC"))

    x, w = random(2, 9, 8, channels), random(*kernel, channels, 4)
    assert_same_with_gradients(lambda x, w: convolve(x, w, strides, padding), slow, x, w)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [(1, 1), (2, 3)])
@pytest.mark.parametrize("kernel", [(1, 1), (3, 3), (4, 2)])
@pytest.mark.parametrize("multiplier", [1, 2])
def test_depthwise_convolution(
    padding: Padding, strides: tuple[int, int], kernel: tuple[int, int], multiplier: int
) -> None:
    def slow(x: jax.Array, w: jax.Array) -> jax.Array:
        options = {"dimension_numbers": ("NHWC", "HWIO", "NHWC"), "feature_group_count": 3}
        return jax.lax.conv_general_dilated(x, w.reshape(*kernel, 1, -1), strides, padding.upper(), **options)

    x, w = random(2, 9, 8, 3), random(*kernel, 3, multiplier)
    assert_same_with_gradients(lambda x, w: convolve_depthwise(x, w, strides, padding), slow, x, w)


@pytest.mark.parametrize("size", [(2, 2), (3, 2), (1, 1)])
@pytest.mark.parametrize(
    ("fast", "kind"), [(max_pool, keras.layers.MaxPooling2D), (average_pool, keras.layers.AveragePooling2D)]
)
def test_pooling(fast, kind, size: tuple[int, int]) -> None:
    layer = kind(size)  # images of 7×8 leave a rest at the rim
    assert_same_with_gradients(lambda x: fast(x, size), lambda x: layer(x), random(2, 7, 8, 3))


# One filter and many, less than a register and more than a panel; one channel and many; windows that leave a rest.
SHAPES = {
    "lecture's first layer": ((3, 28, 28, 1), (5, 5, 1, 16), (2, 2)),
    "lecture's second layer": ((2, 12, 12, 32), (5, 5, 32, 32), (2, 2)),
    "filters in two panels and a rest": ((2, 9, 8, 3), (3, 2, 3, 45), (2, 2)),
    "one filter": ((2, 7, 5, 2), (2, 3, 2, 1), (3, 1)),
    "channels in two panels": ((1, 6, 6, 37), (3, 3, 37, 5), (1, 1)),
    "a rest at the rim": ((2, 8, 10, 1), (3, 3, 1, 4), (4, 3)),
    "kernel as large as the image": ((2, 4, 4, 2), (4, 4, 2, 3), (1, 1)),
}


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
@pytest.mark.usefixtures("kernels")
def test_convolution_and_pooling(shapes, relu: bool) -> None:
    image_shape, kernel_shape, pool = shapes

    def slow(x: jax.Array, w: jax.Array, b: jax.Array) -> jax.Array:
        maps = jax.lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")) + b
        maps = jax.nn.relu(maps) if relu else maps
        return jax.lax.reduce_window(maps, -jnp.inf, jax.lax.max, (1, *pool, 1), (1, *pool, 1), "VALID")

    arguments = random(*image_shape), random(*kernel_shape), random(kernel_shape[3])
    slope = 0.0 if relu else 1.0
    assert_same_with_gradients(
        lambda x, w, b: convolve_and_pool(x, w, b, pool=pool, negative_slope=slope), slow, *arguments
    )


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize(
    ("batch", "inputs", "outputs"), [(30, 784, 30), (128, 100, 512), (1, 7, 1), (13, 33, 50), (5, 64, 10), (17, 1, 97)]
)
@pytest.mark.usefixtures("kernels")
def test_dense(batch: int, inputs: int, outputs: int, relu: bool) -> None:
    def slow(x: jax.Array, w: jax.Array, b: jax.Array) -> jax.Array:
        y = x @ w + b
        return jax.nn.relu(y) if relu else y

    arguments = random(batch, inputs), random(inputs, outputs) / 10, random(outputs)
    assert_same_with_gradients(lambda x, w, b: dense(x, w, b, relu), slow, *arguments)


def own_model() -> keras.Model:
    layers = keras.layers
    inputs = keras.Input((12, 12, 2))
    x = layers.Conv2D(4, 3, padding="same", strides=2, activation="relu")(inputs)
    x = layers.Conv2D(4, 3, dilation_rate=2)(layers.UpSampling2D()(x))
    x = layers.AveragePooling2D(2)(layers.MaxPooling2D(2)(x))
    nested = keras.Sequential([keras.Input(x.shape[1:]), layers.Conv2D(3, 1), layers.BatchNormalization()])
    x = layers.MaxPooling2D(2, strides=1, padding="same")(nested(x))
    return keras.Model(inputs, layers.Dense(3, activation="softmax")(layers.Flatten()(x)))


@pytest.mark.usefixtures("kernels")
def test_a_models_answers_do_not_change_and_nothing_stays_behind() -> None:
    model, x = own_model(), random(5, 12, 12, 2)
    before = {id(layer): set(vars(layer)) for layer in model._flatten_layers()}
    slow = np.asarray(model(x))
    with fast_layers(model):
        lent = [layer for layer in model._flatten_layers() if set(vars(layer)) != before[id(layer)]]
        fast = np.asarray(model(x))
    np.testing.assert_allclose(fast, slow, rtol=1e-4, atol=1e-5)
    # Two plain convolutions, two poolings, batch normalization, the dense layer; dilation and overlap stay Keras'.
    assert len(lent) == 6
    assert {id(layer): set(vars(layer)) for layer in model._flatten_layers()} == before


def test_a_users_subclass_keeps_what_it_does() -> None:
    class Zero(keras.layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return keras.ops.zeros_like(super().convolution_op(inputs, kernel))

    model = keras.Sequential([keras.Input((4, 4, 1)), Zero(2, 3, use_bias=False)])
    with fast_layers(model):
        assert np.all(np.asarray(model(random(1, 4, 4, 1))) == 0)
