"""Connectionist temporal classification: the likelihood of a string whose characters have no known place (Graves,
Fernández, Gomez & Schmidhuber 2006), and whether the most likely path at each step spells it.

Label 0 is the blank. All is in logarithms: products of a hundred probabilities are no numbers of float32.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

Array = jax.Array | np.ndarray

IMPOSSIBLE = -1e30
"""The logarithm of a probability of zero: finite, so that differences of two of them, and gradients, are numbers."""


def ctc_loss(log_probs: Array, labels: Array, lengths: Array) -> jax.Array:
    """-ln of the probability of each string, summed over all paths that spell it, float32 `[B]`.

    Args:
        log_probs: of every label at every step, float32 `[B, T, K + 1]`, finite.
        labels: of each string, int32 `[B, L]`, 1..K, padded with 0.
        lengths: how many labels of it count, int32 `[B]`.

    The forward variable α_t(s) of Graves et al. 2006, equations 6 to 8, over the 2 L + 1 labels with blanks between
    them. A string that no path of T steps spells (T < length + repeated neighbours) has a loss above 1e29: refuse it
    before, its gradient says nothing.

    >>> halves = jnp.log(jnp.full((1, 2, 2), 0.5))
    >>> jnp.exp(-ctc_loss(halves, jnp.array([[1]]), jnp.array([1]))).tolist()  # of 4 paths: 1 1, 1 blank, blank 1
    [0.75]
    """
    batch, longest = labels.shape
    states = jnp.zeros((batch, 2 * longest + 1), labels.dtype).at[:, 1::2].set(labels)
    of_state = jax.nn.one_hot(states, log_probs.shape[2], dtype=log_probs.dtype)
    # A product in place of a gather, whose gradient would be a slow scatter; adding zeros changes no bit.
    emitted = jnp.einsum("btk,bsk->tbs", log_probs, of_state, precision="highest")
    may_skip = (states != 0) & (states != _moved(states, 2, 0))
    start = jnp.where(jnp.arange(states.shape[1]) < 2, emitted[0], IMPOSSIBLE)

    def step(alpha: jax.Array, emission: jax.Array) -> tuple[jax.Array, None]:
        skipped = jnp.where(may_skip, _moved(alpha, 2, IMPOSSIBLE), IMPOSSIBLE)
        return _log_sum(alpha, _moved(alpha, 1, IMPOSSIBLE), skipped) + emission, None

    alpha, _ = jax.lax.scan(step, start, emitted[1:])
    last = jnp.take_along_axis(alpha, 2 * lengths[:, None], axis=1)[:, 0]
    before = jnp.take_along_axis(alpha, jnp.maximum(2 * lengths[:, None] - 1, 0), axis=1)[:, 0]
    return -_log_sum(last, jnp.where(lengths > 0, before, IMPOSSIBLE))


def slots_loss(log_probs: Array, labels: Array) -> jax.Array:
    """-ln of the probability that every slot has its label, `[B]`, from `[B, T, K + 1]` and int32 `[B, L]`, L <= T."""
    wanted = jnp.pad(labels, ((0, 0), (0, log_probs.shape[1] - labels.shape[1])))
    return -(jax.nn.one_hot(wanted, log_probs.shape[2]) * log_probs).sum((1, 2))


def spells(log_probs: Array, labels: Array, lengths: Array, *, merge_repeats: bool) -> jax.Array:
    """Whether the most likely label at each step spells the string, bool `[B]`, of arrays as of :func:`ctc_loss`.

    `merge_repeats`: the same label at neighbouring steps is one character (CTC), not one each (slots).
    """
    best = log_probs.argmax(-1)
    kept = best != 0
    if merge_repeats:
        kept &= best != _moved(best, 1, 0)
    places = kept.cumsum(axis=1) - 1
    wanted = jnp.take_along_axis(labels, jnp.clip(places, 0, labels.shape[1] - 1), axis=1)
    return (kept.sum(axis=1) == lengths) & (~kept | (wanted == best)).all(axis=1)


def _moved(values: Array, by: int, fill: float) -> jax.Array:
    """`[B, S]` moved to the right by so many places."""
    return jnp.pad(values, ((0, 0), (by, 0)), constant_values=fill)[:, : values.shape[1]]


def _log_sum(*terms: jax.Array) -> jax.Array:
    """Ln Σ exp, element by element."""
    stacked = jnp.stack(terms)
    largest = jax.lax.stop_gradient(stacked.max(0))
    return largest + jnp.log(jnp.exp(stacked - largest).sum(0))
