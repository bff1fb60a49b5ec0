"""The states of a recurrent layer step by step, and the gradient of the loss by each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.engine.ambient import keras_alone
from netgain.engine.inputs import image_feeder
from netgain.engine.score import weights_of


def recurrent_layer(model: keras.Model) -> Any:
    """The model's recurrent layer, the first of several."""
    return next(layer for layer in model.layers if hasattr(layer, "cell"))


def states_of(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """The states after every step, float32 `[n, T, D]`, for uint8 images `[n, H, W, C]`; D is units, and twice that for
    an LSTM, whose state is h and c.
    """
    with keras_alone():
        sequences, unrolled = _unrolled(model, images)
        states = jax.jit(lambda sequences: unrolled(sequences, None)[0])(sequences)
    return np.asarray(states)


def state_gradients(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """∂L/∂s_t, the gradient of each image's cross-entropy by the state after each step through all later steps.

    Backpropagation through time (Werbos 1990): a small change is added to every state, and the loss is differentiated
    by the changes at zero.

    Args:
        model: a recurrent layer whose last output goes through one dense layer with a softmax.
        images: uint8 `[n, H, W, C]`.
        labels: int `[n]`.

    Returns:
        float32 `[n, T, D]`, with T and D as of :func:`states_of`.
    """
    with keras_alone():
        sequences, unrolled = _unrolled(model, images)
        targets = jax.nn.one_hot(jnp.asarray(labels, jnp.int32), model.output_shape[-1])
        shape = jax.eval_shape(lambda: unrolled(sequences, None)[0]).shape

        def loss(changes: jax.Array) -> jax.Array:
            scores = unrolled(sequences, changes)[1]
            return -(targets * jnp.log(jnp.maximum(scores, 1e-30))).sum()  # a sum: no image's loss meets another's

        gradients = jax.jit(jax.grad(loss))(jnp.zeros(shape))
    return np.asarray(gradients)


Unrolled = Callable[[jax.Array, "jax.Array | None"], tuple[jax.Array, jax.Array]]
"""From sequences `[n, T, F]` and changes of the states to the states, `[n, T, D]` both, and scores `[n, K]`."""


def _unrolled(model: keras.Model, images: np.ndarray) -> tuple[jax.Array, Unrolled]:
    """What enters the recurrent layer for these images, and the layer and what follows, one step after the other."""
    layer, feed = recurrent_layer(model), image_feeder(model)
    up_to_it: Any = keras.Model(model.inputs, layer.input)
    sequences: Any = up_to_it(feed(jnp.asarray(images)), training=False)
    cell, dense = layer.cell, model.layers[-1]
    weights, rest = weights_of(cell)[:2]
    sizes = cell.state_size if isinstance(cell.state_size, list | tuple) else [cell.state_size]
    borders = np.cumsum(sizes)[:-1].tolist()

    def run(sequences: jax.Array, changes: jax.Array | None) -> tuple[jax.Array, jax.Array]:
        added = jnp.zeros((*sequences.shape[:2], sum(sizes))) if changes is None else changes

        def step(states: jax.Array, now: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            x, change = now
            before = jnp.split(states, borders, axis=1)
            (_, following), _ = cell.stateless_call(weights, rest, x, before, training=False)
            following = following if isinstance(following, list | tuple) else [following]
            moved = jnp.concatenate(following, axis=1) + change
            return moved, moved

        first = jnp.zeros((len(sequences), sum(sizes)))
        last, states = jax.lax.scan(step, first, (jnp.swapaxes(sequences, 0, 1), jnp.swapaxes(added, 0, 1)))
        return jnp.swapaxes(states, 0, 1), dense(last[:, : sizes[0]])

    return sequences, run
