"""The recurrent kernels against Keras' own layers: states and all gradients, and where Keras has to do the work."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine import native
from netgain.engine.fast_layers import fast_layers
from netgain.engine.kernels import INSTRUCTION_SETS, available

layers = keras.layers

CELLS = {"lstm": layers.LSTM, "gru": layers.GRU, "simple": layers.SimpleRNN}

# Batch, steps, inputs, units; every state asked for; backwards. One of everything, less than a register, a panel and
# one unit, a panel and more than a register, and the input as wide as two panels.
SHAPES = [
    ((1, 1, 1, 1), False, False),
    ((2, 3, 5, 7), True, True),
    ((13, 4, 28, 33), True, False),
    ((5, 3, 40, 50), False, True),
]


@pytest.fixture(params=INSTRUCTION_SETS)
def built(request: pytest.FixtureRequest) -> Iterator[None]:
    """The test runs once with each set of kernels that this machine has; without any, Keras' own layers do the work."""
    if request.param not in available():
        pytest.skip(f"no {request.param} kernels on this machine")
    with native.using(request.param):
        yield


def numbers(*shape: int) -> jax.Array:
    return jnp.asarray(np.random.default_rng(sum(shape)).normal(size=shape), jnp.float32)


def model_of(*inside: Any, x: jax.Array) -> keras.Model:
    """The layers as a model, with weights and biases that are not zero."""
    model = keras.Sequential([keras.Input(x.shape[1:]), *inside])
    model.set_weights([numbers(*weight.shape) / 4 for weight in model.weights])
    return model


def states_and_gradients(model: keras.Model, x: jax.Array) -> list[np.ndarray]:
    """The model's states, and the gradients of a weighted sum of them for the input and each of the weights."""

    def total(x: jax.Array, weights: list[jax.Array]) -> tuple[jax.Array, Any]:
        states: Any = model.stateless_call(weights, [v.value for v in model.non_trainable_variables], x)[0]
        return (states * numbers(*states.shape)).sum(), states

    gradient = jax.jit(jax.grad(total, (0, 1), has_aux=True))
    (of_x, of_weights), states = gradient(x, [v.value for v in model.trainable_variables])
    return [np.asarray(array) for array in (states, of_x, *of_weights)]


def assert_fast_equals_slow(model: keras.Model, x: jax.Array, slow: list[np.ndarray]) -> None:
    with fast_layers(model):
        fast = states_and_gradients(model, x)
    for one, other in zip(fast, slow, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=5e-6 * max(np.abs(other).max(), 1))


@cache
def slow_model(cell: str, shape: tuple[int, ...], **how: bool) -> tuple[keras.Model, jax.Array, list[np.ndarray]]:
    """The model, its input, and what Keras' own layer says."""
    batch, steps, inputs, units = shape
    x = numbers(batch, steps, inputs)
    model = model_of(CELLS[cell](units, recurrent_initializer="zeros", **how), x=x)
    return model, x, states_and_gradients(model, x)


@pytest.mark.parametrize(("shape", "sequences", "backwards"), SHAPES)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.usefixtures("built")
def test_states_and_gradients_are_those_of_keras(cell: str, shape: Any, sequences: bool, backwards: bool) -> None:
    assert_fast_equals_slow(*slow_model(cell, shape, return_sequences=sequences, go_backwards=backwards))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.usefixtures("built")
def test_without_a_bias(cell: str) -> None:
    assert_fast_equals_slow(*slow_model(cell, (2, 3, 5, 7), use_bias=False))


@pytest.mark.usefixtures("built")
def test_both_directions_and_a_dense_layer_at_every_step() -> None:
    x = numbers(3, 4, 5)
    both = layers.Bidirectional(layers.GRU(7, return_sequences=True, recurrent_initializer="zeros"))
    model = model_of(both, layers.Dense(3, activation="tanh"), x=x)
    assert_fast_equals_slow(model, x, states_and_gradients(model, x))


@pytest.mark.parametrize("cell", CELLS)
def test_without_gradients_nothing_else_comes_out_and_always_the_same_bits(cell: str, fastest: str) -> None:
    model, x, slow = slow_model(cell, (13, 4, 28, 33), return_sequences=True, go_backwards=False)
    with fast_layers(model):
        kept, alone, again = states_and_gradients(model, x), jax.jit(model)(x), jax.jit(lambda x: model(x))(x)
    np.testing.assert_array_equal(alone, kept[0])
    np.testing.assert_array_equal(alone, again)
    np.testing.assert_allclose(alone, slow[0], atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_a_state_that_is_not_a_number_stays_it(cell: str, fastest: str) -> None:
    model, x, _ = slow_model(cell, (2, 3, 5, 7))
    with fast_layers(model):
        states = jax.jit(lambda x: model(x))(x.at[0, 0, 0].set(np.nan))
    assert np.isnan(states[0]).all()
    assert np.isfinite(states[1]).all()


class Own(layers.LSTM):
    """A subclass may do anything."""


KERAS_DOES = {
    "activation": lambda: layers.LSTM(3, activation="relu"),
    "gates": lambda: layers.GRU(3, recurrent_activation="hard_sigmoid"),
    "reset before": lambda: layers.GRU(3, reset_after=False),
    "dropout": lambda: layers.LSTM(3, dropout=0.2),
    "recurrent dropout": lambda: layers.SimpleRNN(3, recurrent_dropout=0.2),
    "unrolled": lambda: layers.LSTM(3, unroll=True),
    "all states": lambda: layers.GRU(3, return_state=True),
    "half precision": lambda: layers.LSTM(3, dtype="float16", recurrent_initializer="zeros"),
    "subclass": lambda: Own(3),
}


@pytest.mark.parametrize("build", KERAS_DOES.values(), ids=KERAS_DOES)
def test_what_the_kernels_do_not_know_is_left_to_keras(build: Callable[[], Any], fastest: str) -> None:
    x = numbers(2, 4, 5)
    layer = build()
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, layer(inputs))
    assert "ffi_call" not in traced(model, model, x)


def test_a_stateful_layer_is_left_to_keras(fastest: str) -> None:
    inputs = keras.Input(batch_shape=(2, 4, 5))
    model = keras.Model(inputs, layers.LSTM(3, stateful=True)(inputs))
    with fast_layers(model):
        assert all("call" not in vars(layer) for layer in model.layers)


def test_a_mask_or_a_state_to_begin_with_is_left_to_keras(fastest: str) -> None:
    x, layer = numbers(2, 4, 5), layers.LSTM(3)
    model = keras.Sequential([keras.Input(x.shape[1:]), layer])
    mask = jnp.asarray([[True, True, False, False], [True] * 4])
    given = {"mask": mask, "initial_state": [numbers(2, 3), numbers(2, 3)]}
    assert "ffi_call" in traced(model, layer, x)  # what follows could fail
    for name, value in given.items():
        assert "ffi_call" not in traced(model, lambda x, **one: layer(x, **one), x, **{name: value})


def traced(model: keras.Model, function: Callable[..., Any], x: jax.Array, **others: Any) -> str:
    """What is computed of x inside `fast_layers`, in words."""
    with fast_layers(model):
        return str(jax.make_jaxpr(lambda x: function(x, **others))(x))


@pytest.mark.usefixtures("built")
def test_the_squashing_functions_are_as_exact_as_they_say() -> None:
    """With one unit and one step, the simple cell is tanh(x), and an LSTM with open gates sigmoid(x) · tanh(1)."""
    x = jnp.asarray(np.concatenate([np.linspace(-20, 20, 20_000), np.geomspace(1e-6, 1, 5_000)]), jnp.float32)
    exactly = np.asarray(x, np.float64)
    simple = keras.Sequential([keras.Input((1, 1)), layers.SimpleRNN(1, recurrent_initializer="zeros")])
    simple.set_weights([np.ones((1, 1)), np.zeros((1, 1)), np.zeros(1)])
    lstm = keras.Sequential([keras.Input((1, 1)), layers.LSTM(1, recurrent_initializer="zeros")])
    lstm.set_weights([np.array([[0.0, 0, 0, 1]]), np.zeros((1, 4)), np.array([60.0, 0, 60, 0])])
    for model, expected, units in (
        (simple, np.tanh(exactly), 3),
        (lstm, np.tanh(1) / (1 + np.exp(-exactly)), 4),
    ):
        with fast_layers(model):
            got = np.asarray(jax.jit(lambda x, model=model: model(x))(x[:, None, None]), np.float64).ravel()
        off = np.abs(got - expected) / np.spacing(np.abs(expected).astype(np.float32))
        assert off.max() <= units
