"""Recurrent layers by our own kernels (`native/recurrent.h`): a whole layer, forward or back through time, is one call.

XLA runs the loop over time steps as a loop of small products, packs the weights again in each of them, and goes over
the gates several times. The kernel packs once, and changes the gates while the product's result is in the cache. Where
there are no kernels Keras' own layer does the work, which is the slow version that the tests compare with.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

import jax
import jax.numpy as jnp
from jax.custom_derivatives import CustomVJPPrimal

from netgain.engine import native

Cell = Literal["lstm", "gru", "simple"]

GATES: Mapping[Cell, int] = MappingProxyType({"lstm": 4, "gru": 3, "simple": 1})
"""Blocks of `units` columns that a cell's weights have."""

SUMS: Mapping[Cell, int] = MappingProxyType({"lstm": 4, "gru": 4, "simple": 1})
"""Sums of products that a cell takes: GRU's candidate has one of the input and one of the state."""

PANEL = 32
"""A multiple of every set's panel (`native/tile.h`), to which the units are filled up in what is kept."""


def recurrent(
    cell: Cell,
    x: jax.Array,
    kernel: jax.Array,
    recurrent_kernel: jax.Array,
    bias: jax.Array,
    *,
    sequences: bool,
    backwards: bool,
) -> jax.Array:
    """States of a recurrent layer that starts at zero, of every time step `[B, T, U]` or the last one `[B, U]`.

    The cells are those of Keras with their default activations, gates in Keras' order: LSTM, GRU with `reset_after`,
    and the simple cell with tanh. `x` is `[B, T, F]`, `kernel` `[F, gates·U]`, `recurrent_kernel` `[U, gates·U]`,
    `bias` `[gates·U]`, of a GRU `[2, 3·U]`: the input's, then the state's. `backwards` begins with the last time step,
    and the states are in the order in which they are computed, as Keras' `go_backwards` gives them. All float32; needs
    kernels.

    >>> import numpy as np
    >>> x, kernel, state_kernel, bias = np.ones((1, 2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros(1)
    >>> arrays = [jnp.asarray(array, jnp.float32) for array in (x, kernel, state_kernel, bias)]
    >>> if native.has_kernels():
    ...     states = recurrent("simple", *arrays, sequences=True, backwards=False)
    ...     assert np.allclose(states.ravel(), [np.tanh(1), np.tanh(1 + np.tanh(1))])
    """
    weights = jnp.concatenate([kernel, recurrent_kernel])
    if cell == "gru":
        of_input, of_state = bias.reshape(2, 3, -1)
        bias = jnp.concatenate([of_input[:2] + of_state[:2], of_input[2:], of_state[2:]]).ravel()
    return _recurrent(cell, sequences, backwards, x, weights, bias)


@partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2))
def _recurrent(
    cell: Cell, sequences: bool, backwards: bool, x: jax.Array, weights: jax.Array, bias: jax.Array
) -> jax.Array:
    return _states_and_kept(cell, sequences, backwards, x, weights, bias, min(x.shape[1], 2))[0]


def _states_and_kept(
    cell: Cell, sequences: bool, backwards: bool, x: jax.Array, weights: jax.Array, bias: jax.Array, kept: int
) -> list[jax.Array]:
    """The states, and of `kept` time steps what the kernel needs: inputs beside states, gates, and the LSTM's carry."""
    batch, steps, _ = x.shape
    units = weights.shape[1] // GATES[cell]
    padded = -(-units // PANEL) * PANEL
    shapes = (
        (batch, steps, units) if sequences else (batch, units),
        (kept, batch, len(weights)),
        (kept, SUMS[cell], batch, padded),
        (kept if cell == "lstm" else 0, batch, padded),
    )
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    return native.call(f"{cell}_forward", results, x, weights, bias, backwards=backwards)


def _recurrent_forward(
    cell: Cell, sequences: bool, backwards: bool, x: CustomVJPPrimal, weights: CustomVJPPrimal, bias: CustomVJPPrimal
) -> Any:
    states, *kept = _states_and_kept(
        cell, sequences, backwards, x.value, weights.value, bias.value, kept=x.value.shape[1]
    )
    # Whether anything learns before this layer is known while tracing only: a list of one array or of none keeps it.
    return states, (x.value, weights.value, kept, [jnp.zeros(())] * x.perturbed)


def _recurrent_backward(cell: Cell, sequences: bool, backwards: bool, residuals: Any, gradient: Any) -> Any:
    del sequences  # the gradient's shape says so
    x, weights, kept, learns_before = residuals
    if isinstance(gradient, jax.custom_derivatives.SymbolicZero):
        gradient = jnp.zeros(gradient.shape, jnp.float32)
    units = weights.shape[1] // GATES[cell]
    shapes = weights.shape, (SUMS[cell] * units,), x.shape if learns_before else (0,)
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    of_weights, of_bias, dx = native.call(f"{cell}_backward", results, x, weights, gradient, *kept, backwards=backwards)
    return dx if learns_before else None, of_weights, of_bias


_recurrent.defvjp(_recurrent_forward, _recurrent_backward, symbolic_zeros=True)
