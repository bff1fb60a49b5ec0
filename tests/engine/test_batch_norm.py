"""Batch normalization and the activation after it against Keras' own layers: values, moments, derivatives."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine import native
from netgain.engine.batch_norm import normalize, scale_and_shift
from netgain.engine.fast_layers import fast_layers
from netgain.engine.kernels import available

layers = keras.layers
ops: Any = keras.ops


def random(*shape: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(sum(shape)).normal(size=shape) + 0.3, jnp.float32)


def slow(x: jax.Array, gamma: jax.Array, beta: jax.Array, slope: float) -> Any:
    """As `keras.layers.BatchNormalization` computes it."""
    axes = tuple(range(x.ndim - 1))
    mean, variance = ops.moments(x, axes)
    y = ops.batch_normalization(x, mean, variance, -1, beta, gamma, 1e-3)
    return jnp.where(y > 0, y, slope * y), mean, variance


def derivatives(function: Callable[..., Any], *arguments: jax.Array) -> list[np.ndarray]:
    """Values, the gradient of a sum of their squares, and the gradient of a sum of that gradient's squares."""
    each = tuple(range(len(arguments)))

    def squares(arrays: Any) -> Any:
        return sum(((array**2) * random(*array.shape)).sum() for array in jax.tree.leaves(arrays))

    def first(*arguments: jax.Array) -> Any:
        return jax.grad(lambda *a: squares(function(*a)), each)(*arguments)

    def all_of_them(*arguments: jax.Array) -> Any:
        return function(*arguments), first(*arguments), jax.grad(lambda *a: squares(first(*a)), each)(*arguments)

    return [np.asarray(leaf) for leaf in jax.tree.leaves(quickly_compiled(all_of_them, *arguments)(*arguments))]


def quickly_compiled(function: Callable[..., Any], *arguments: Any) -> Any:
    """Compiling takes most of the time: without LLVM's optimizations it is a fraction of it."""
    options: Any = {"xla_backend_optimization_level": 0}
    return jax.jit(function).lower(*arguments).compile(options)


def assert_same(found: Any, expected: Any) -> None:
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-3, atol=2e-4 * np.abs(other).max() + 1e-5)


# One row block and several with a rest; less than a register of columns, more, and with a rest; one row; dense layers.
CASES = [
    ((5, 6, 7, 3), 0.0),
    ((3, 9, 8, 16), 1.0),
    ((2, 13, 11, 37), 0.0),
    ((7, 130), 0.2),
    ((1, 2, 1, 5), 1.0),
    ((300, 4), 0.0),
    ((2, 3, 4, 5, 6), 0.2),
]


@pytest.mark.parametrize(("shape", "slope"), CASES, ids=str)
@pytest.mark.usefixtures("kernels")
def test_values_and_derivatives(shape: tuple[int, ...], slope: float) -> None:
    arguments = random(*shape), random(shape[-1]), random(shape[-1]) - 0.3
    found = derivatives(partial(normalize, epsilon=1e-3, negative_slope=slope), *arguments)
    assert_same(found, derivatives(partial(slow, slope=slope), *arguments))


@pytest.mark.parametrize("slope", [1.0, 0.0, 0.2])
@pytest.mark.usefixtures("kernels")
def test_known_moments(slope: float) -> None:
    def plain(x: jax.Array, scale: jax.Array, offset: jax.Array) -> jax.Array:
        y = x * scale + offset
        return jnp.where(y > 0, y, slope * y)

    arguments = random(3, 4, 5, 21), random(21), random(21)
    found = derivatives(partial(scale_and_shift, negative_slope=slope), *arguments)
    assert_same(found, derivatives(plain, *arguments))


@pytest.mark.usefixtures("kernels")
def test_a_variance_far_below_the_mean_is_not_lost() -> None:
    x = 1000 + random(4, 30, 30, 2)
    _, mean, variance = normalize(x, jnp.ones(2), jnp.zeros(2), epsilon=1e-3)
    exact = np.asarray(x, np.float64).reshape(-1, 2)
    np.testing.assert_allclose(mean, exact.mean(0), rtol=1e-6)
    np.testing.assert_allclose(variance, exact.var(0), rtol=1e-4)


def test_what_is_not_a_number_stays_it(fastest: str) -> None:
    x = random(4, 3).at[1, 1].set(jnp.nan)
    y, mean, _ = normalize(x, jnp.ones(3), jnp.zeros(3), epsilon=1e-3, negative_slope=1.0)
    assert np.isnan(np.asarray(y)[:, 1]).all(), fastest
    assert np.isnan(np.asarray(mean)).tolist() == [False, True, False]


def sequential(*inside: keras.layers.Layer, shape: tuple[int, ...] = (6, 5, 3)) -> keras.Model:
    return keras.Sequential([keras.Input(shape), *inside, layers.Flatten(), layers.Dense(4)])


def residual() -> keras.Model:
    inputs = keras.Input((6, 5, 3))
    x = layers.BatchNormalization()(layers.Conv2D(3, 3, padding="same", use_bias=False)(inputs))
    both = layers.Add()([x, layers.Activation("relu")(x)])  # two take it: the ReLU may not be done before
    return keras.Model(inputs, layers.Dense(2)(layers.Flatten()(layers.ReLU()(layers.BatchNormalization()(both)))))


def frozen() -> keras.Model:
    normalization: Any = layers.BatchNormalization(trainable=False)
    model = sequential(normalization, layers.ReLU())
    normalization.moving_mean.assign([0.1, 0.2, 0.3])
    normalization.moving_variance.assign([0.5, 1.5, 2.5])
    return model


MODELS = {
    "ReLU": lambda: sequential(layers.Conv2D(4, 2), layers.BatchNormalization(), layers.ReLU()),
    "activation": lambda: sequential(layers.BatchNormalization(), layers.Activation("relu"), layers.MaxPooling2D(2)),
    "leaky": lambda: sequential(layers.BatchNormalization(momentum=0.6, epsilon=0.1), layers.LeakyReLU(0.3)),
    "leaky ReLU": lambda: sequential(layers.BatchNormalization(), layers.ReLU(negative_slope=0.1)),
    "limited": lambda: sequential(layers.BatchNormalization(), layers.ReLU(max_value=0.5)),
    "threshold": lambda: sequential(layers.BatchNormalization(), layers.ReLU(threshold=0.5)),
    "tanh": lambda: sequential(layers.BatchNormalization(), layers.Activation("tanh")),
    "alone": lambda: sequential(layers.BatchNormalization()),
    "no scale, no center": lambda: sequential(layers.BatchNormalization(scale=False, center=False), layers.ReLU()),
    "rows": lambda: sequential(layers.BatchNormalization(axis=1), layers.ReLU()),
    "dense": lambda: sequential(
        layers.Dense(7, use_bias=False), layers.BatchNormalization(), layers.ReLU(), shape=(9,)
    ),
    "masked": lambda: sequential(
        layers.Masking(), layers.BatchNormalization(), layers.ReLU(), layers.GlobalAveragePooling1D(), shape=(6, 5)
    ),
    "half precision": lambda: sequential(layers.BatchNormalization(dtype="mixed_float16"), layers.ReLU()),
    "residual": residual,
    "frozen": frozen,
}


def everything(model: keras.Model, x: jax.Array, training: bool) -> Any:
    """A function that gives answers, moving moments and gradients, and its arguments."""
    weights = [variable.value for variable in model.trainable_variables]
    others = [variable.value for variable in model.non_trainable_variables]

    def total(weights: Any, x: jax.Array) -> Any:
        answers, changed, *_ = model.stateless_call(weights, others, x, training=training)
        return (answers**2).sum(), (answers, changed)

    # A new function each time: JAX keeps what it traced of the same one.
    return lambda *arguments: jax.grad(total, (0, 1), has_aux=True)(*arguments), (weights, x)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("build", MODELS.values(), ids=MODELS)
@pytest.mark.usefixtures("kernels")
def test_a_model_answers_and_learns_as_in_plain_keras(build: Callable[[], Any], training: bool) -> None:
    keras.utils.set_random_seed(3)
    model = build()
    x = random(4, *model.input_shape[1:])
    if any(isinstance(layer, layers.Masking) for layer in model.layers):
        x = x.at[:, 3:].set(0)
    function, arguments = everything(model, x, training)
    expected = jax.jit(function)(*arguments)
    with fast_layers(model):
        function, arguments = everything(model, x, training)
        found = jax.jit(function)(*arguments)
    assert_same(found, expected)


@pytest.mark.parametrize(
    ("name", "num_kernels"),
    [("ReLU", 1), ("rows", 0), ("limited", 1), ("masked", 0), ("residual", 2), ("half precision", 0), ("frozen", 0)],
)
def test_the_kernels_are_used_where_they_can_be(name: str, num_kernels: int) -> None:
    if not available():
        pytest.skip("no kernels on this machine")
    model = MODELS[name]()
    function, arguments = everything(model, random(4, *model.input_shape[1:]), training=True)
    with native.using(available()[0]), fast_layers(model):
        text = jax.jit(function).lower(*arguments).as_text()
    assert text.count(f"netgain_batch_norm_forward_{available()[0]}(") == num_kernels
    assert text.count(f"netgain_batch_norm_backward_{available()[0]}(") == num_kernels


def test_an_activation_is_done_with_the_normalization_before_it() -> None:
    model = MODELS["activation"]()
    with fast_layers(model):
        x = random(2, 6, 5, 3)
        np.testing.assert_array_equal(model.layers[1](-x), -x)  # the activation lets everything through
    assert float(ops.max(model.layers[1](-random(2, 6, 5, 3)))) >= 0
