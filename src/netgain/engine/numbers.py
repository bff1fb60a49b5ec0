"""Trains small Keras models on plain numbers: the lecture's networks of one or two neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.epoch import State, put_weights, state_of


class NumbersHistory(NamedTuple):
    """What an epoch gave, each float64 `[E]`: the mean loss and the mean output, as the batches were seen."""

    loss: np.ndarray
    output: np.ndarray


def chain_of_neurons(weights_and_biases: Sequence[tuple[float, float]]) -> keras.Model:
    """Sigmoid neurons one after the other, each with the given weight and bias; input and output `[B, 1]`."""
    inputs: Any = keras.Input((1,))
    x = inputs
    for weight, bias in weights_and_biases:
        neuron = keras.layers.Dense(1, activation="sigmoid")
        x = neuron(x)
        neuron.set_weights([np.array([[weight]]), np.array([bias])])
    return keras.Model(inputs, x)


def train_on_numbers(
    model: keras.Model,
    loss: keras.Loss,
    optimizer: keras.Optimizer,
    x: np.ndarray,
    targets: np.ndarray,
    *,
    batch_size: int,
    epochs: int,
    generator: np.random.Generator,
) -> NumbersHistory:
    """Train on `x` and `targets`, float `[N, F]` and `[N, 1]`, in a random order each epoch; the model is changed.

    All epochs are one compiled scan over Keras' stateless call, as in :mod:`netgain.engine.epoch`; N must be a
    multiple of the batch size.
    """
    optimizer.build(model.trainable_variables)
    orders = np.stack([generator.permutation(len(x)) for _ in range(epochs)]).reshape(epochs, -1, batch_size)
    inputs, wanted = jnp.asarray(x, jnp.float32), jnp.asarray(targets, jnp.float32)

    def step(state: State, index: jax.Array) -> tuple[State, tuple[jax.Array, jax.Array]]:
        def objective(trainable: list[jax.Array]) -> tuple[jax.Array, jax.Array]:
            scores: Any = model.stateless_call(trainable, state.non_trainable, inputs[index], training=True)[0]
            value: Any = loss(wanted[index], scores)
            return value, scores

        (value, scores), gradients = jax.value_and_grad(objective, has_aux=True)(state.trainable)
        updated: Any = optimizer.stateless_apply(state.slots, gradients, state.trainable)
        return State(updated[0], state.non_trainable, updated[1]), (value, scores.mean())

    def epoch(state: State, batches: jax.Array) -> tuple[State, tuple[jax.Array, jax.Array]]:
        state, values = jax.lax.scan(step, state, batches)
        return state, (values[0].mean(), values[1].mean())

    state, (losses, outputs) = jax.jit(lambda s, o: jax.lax.scan(epoch, s, o))(state_of(model, optimizer), orders)
    put_weights(model, state)
    return NumbersHistory(np.asarray(losses, np.float64), np.asarray(outputs, np.float64))
