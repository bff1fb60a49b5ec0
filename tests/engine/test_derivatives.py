"""Convolutions, transposed convolutions and dense layers against Keras' own: values, first and second derivatives."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine import native
from netgain.engine.conv import convolve_and_pool, convolve_transposed
from netgain.engine.dense import dense
from netgain.engine.fast_layers import fast_layers
from netgain.engine.kernels import PLAIN_JAX, available
from netgain.engine.pooling import max_pool

ops: Any = keras.ops
Function = Callable[..., Any]


def random(*shape: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(sum(shape)).normal(size=shape), jnp.float32)


def derivatives(function: Function, *arguments: jax.Array) -> list[np.ndarray]:
    """Values, the gradient of a sum of their squares, and the gradient of a sum of that gradient's squares."""
    each = tuple(range(len(arguments)))

    def squares(arrays: Any) -> Any:
        return sum(((array**2) * random(*array.shape)).mean() for array in jax.tree.leaves(arrays))

    def first(*arguments: jax.Array) -> Any:
        return jax.grad(lambda *a: squares(function(*a)), each)(*arguments)

    def all_of_them(*arguments: jax.Array) -> Any:
        second = jax.grad(lambda *a: squares(first(*a)), each)(*arguments)
        return function(*arguments), first(*arguments), second

    options: Any = {"xla_backend_optimization_level": 0}
    # Compiling takes most of the time: without LLVM's optimizations it is a fraction of it.
    compiled = jax.jit(all_of_them).lower(*arguments).compile(options)
    return [np.asarray(array) for array in jax.tree.leaves(compiled(*arguments))]


def assert_same_derivatives(fast: Function, slow: Function, *arguments: jax.Array) -> None:
    """With every set of kernels that this computer has, and with plain JAX."""
    expected = derivatives(slow, *arguments)
    for name in (*available(), PLAIN_JAX):
        with native.using(name):
            found = derivatives(fast, *arguments)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4 * np.abs(other).max() + 1e-12, err_msg=name)


class Case(NamedTuple):
    size: tuple[int, int]
    kernel: tuple[int, int]
    strides: tuple[int, int]
    padding: Any
    channels: int
    filters: int
    slope: float = 1.0
    pool: tuple[int, int] = (1, 1)


CASES = {
    "a critic's first layer": Case((8, 8), (4, 4), (2, 2), "same", 1, 40, slope=0.2),
    "a critic's second layer": Case((6, 6), (4, 4), (2, 2), "same", 33, 5, slope=0.2),
    "odd sizes, strides that differ, ReLU": Case((9, 8), (3, 5), (2, 1), "same", 3, 5, slope=0.0),
    "rows that no window reaches": Case((9, 11), (5, 3), (3, 3), "valid", 2, 4),
    "strides above the kernel": Case((7, 8), (1, 2), (3, 3), "same", 2, 3, slope=0.2),
    "ReLU and pooling": Case((7, 8), (3, 3), (1, 1), "valid", 2, 35, slope=0.0, pool=(2, 2)),
    "a window of more places than a byte tells apart": Case((13, 13), (2, 2), (1, 1), "valid", 1, 2, 0.0, (12, 12)),
    "leaky ReLU and pooling": Case((8, 8), (2, 2), (1, 1), "same", 2, 3, slope=0.2, pool=(3, 2)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_convolution(case: Case) -> None:
    def slow(x: jax.Array, kernel: jax.Array, bias: jax.Array) -> jax.Array:
        maps = ops.conv(x, kernel, case.strides, case.padding) + bias
        return max_pool(jnp.where(maps > 0, maps, case.slope * maps), case.pool)

    windows: dict[str, Any] = {"strides": case.strides, "padding": case.padding, "pool": case.pool}
    x, kernel = random(2, *case.size, case.channels), random(*case.kernel, case.channels, case.filters)
    assert_same_derivatives(
        lambda *arguments: convolve_and_pool(*arguments, negative_slope=case.slope, **windows),
        slow,
        *(x, kernel, random(case.filters)),
    )


TRANSPOSED = {
    "a generator's first doubling": Case((3, 3), (4, 4), (2, 2), "same", 5, 33),
    "a generator's last doubling": Case((4, 4), (4, 4), (2, 2), "same", 33, 1),
    "kernel of 3": Case((3, 5), (3, 3), (2, 2), "same", 3, 5),
    "kernel of 5, strides that differ": Case((5, 4), (5, 5), (3, 2), "valid", 2, 4),
    "stride 1": Case((5, 4), (3, 5), (1, 1), "same", 2, 3),
    "strides above the kernel": Case((3, 4), (1, 2), (3, 3), "same", 2, 3),
    "strides above the kernel, without padding": Case((3, 4), (2, 1), (3, 2), "valid", 2, 3),
}


@pytest.mark.parametrize("case", TRANSPOSED.values(), ids=TRANSPOSED)
def test_transposed_convolution(case: Case) -> None:
    x, kernel = random(2, *case.size, case.channels), random(*case.kernel, case.filters, case.channels)
    assert_same_derivatives(
        lambda x, kernel: convolve_transposed(x, kernel, case.strides, case.padding),
        lambda x, kernel: ops.conv_transpose(x, kernel, case.strides, case.padding),
        *(x, kernel),
    )


@pytest.mark.parametrize("relu", [True, False])
def test_dense(relu: bool) -> None:
    def slow(x: jax.Array, kernel: jax.Array, bias: jax.Array) -> jax.Array:
        return jax.nn.relu(x @ kernel + bias) if relu else x @ kernel + bias

    assert_same_derivatives(
        lambda x, kernel, bias: dense(x, kernel, bias, relu), slow, random(5, 33), random(33, 35), random(35)
    )


def critic() -> keras.Model:
    """Strides, leaky ReLU as a layer and as an activation, pooling, and a branch that sees the label."""
    layers = keras.layers
    pixels, label = keras.Input((9, 9, 1)), keras.Input((), dtype="int32")
    x = layers.LeakyReLU(0.2)(layers.Conv2D(3, 4, strides=2, padding="same")(layers.Rescaling(2.0, -1.0)(pixels)))
    x = layers.Conv2D(4, 3, padding="same", activation="leaky_relu")(x)
    x = layers.Flatten()(layers.MaxPooling2D(2)(layers.Conv2D(3, 2, activation="relu")(x)))
    logit = layers.Add()([layers.Dense(1)(x), layers.Dot(1)([layers.Embedding(10, x.shape[1])(label), x])])
    return keras.Model([pixels, label], logit)


def test_a_penalty_on_a_critics_gradient() -> None:
    keras.utils.set_random_seed(2)
    model, images, labels = critic(), random(4, 9, 9, 1), jnp.arange(4)
    weights = [variable.value for variable in model.trainable_variables]

    def penalty(weights: list[jax.Array]) -> Any:
        def logits(images: jax.Array) -> Any:
            return model.stateless_call(weights, [], [images, labels])[0].sum()

        return (jax.grad(logits)(images) ** 2).sum()

    expected = jax.jit(jax.grad(penalty))(weights)
    for name in (*available(), PLAIN_JAX):
        with native.using(name), fast_layers(model):
            found = jax.jit(lambda weights: jax.grad(penalty)(weights))(weights)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4 * np.abs(other).max() + 1e-12, err_msg=name)
