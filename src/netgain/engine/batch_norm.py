"""Batch normalization and the activation after it by our own kernels (`native/batch_norm.h`).

XLA takes the sums over a mini-batch, forward and backward, in passes of their own. A kernel reads the maps twice: once
for the sums, once for what it writes. A derivative of the second order goes through the formula in plain JAX: it is
right, and slow.

`keras.layers.BatchNormalization` on JAX has the same formulas (Ioffe & Szegedy 2015, algorithms 1 and 2): variances of
the mini-batch are divided by its size N, not by N − 1.
"""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import jax
import jax.numpy as jnp

from netgain.engine import native
from netgain.engine.activations import activated
from netgain.engine.asked import filled, is_zero

Results = tuple[jax.Array, jax.Array, jax.Array]


def normalize(
    x: jax.Array, gamma: jax.Array, beta: jax.Array, *, epsilon: float, negative_slope: float = 1.0
) -> Results:
    """activation((x - mean) / √(variance + ε) · gamma + beta), the means and the variances of the mini-batch.

    x: `[B, ..., F]`; gamma, beta, means and variances: `[F]`, over everything but the last dimension. The activation
    multiplies values below zero with `negative_slope` ≥ 0: 1 is no activation, 0 is ReLU.

    >>> y, mean, variance = normalize(jnp.array([[1.0], [3.0]]), jnp.ones(1), jnp.zeros(1), epsilon=0.0)
    >>> y.tolist(), mean.tolist(), variance.tolist()
    ([[-1.0], [1.0]], [2.0], [1.0])
    """
    if native.has_kernels() and _by_kernels(x, gamma, beta):
        return cast("Results", _normalized(x, gamma, beta, epsilon, negative_slope))
    return _plain(x, gamma, beta, epsilon, negative_slope)


def scale_and_shift(x: jax.Array, scale: jax.Array, offset: jax.Array, *, negative_slope: float = 1.0) -> jax.Array:
    """activation(x · scale + offset) for `[B, ..., F]`, `[F]` and `[F]`: normalization by moments that are known.

    >>> scale_and_shift(jnp.array([[1.0], [-3.0]]), jnp.full(1, 2.0), jnp.ones(1), negative_slope=0.0).tolist()
    [[3.0], [0.0]]
    """
    if native.has_kernels() and _by_kernels(x, scale, offset):
        return _scaled(x, scale, offset, negative_slope)
    return _plain_scaled(x, scale, offset, negative_slope)


def _by_kernels(*arguments: jax.Array) -> bool:
    return all(argument.dtype == jnp.float32 and argument.size for argument in arguments)


def _plain_scaled(x: jax.Array, scale: jax.Array, offset: jax.Array, slope: float) -> jax.Array:
    return activated(x * scale + offset, slope)


def _plain(x: jax.Array, gamma: jax.Array, beta: jax.Array, epsilon: float, slope: float) -> Any:
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axes), x.var(axes)
    scale = jax.lax.rsqrt(variance + epsilon) * gamma
    return _plain_scaled(x, scale, beta - mean * scale, slope), mean, variance


def _plain_gradient(
    x: jax.Array, gamma: jax.Array, beta: jax.Array, dy: jax.Array, epsilon: float, slope: float
) -> Any:
    return jax.vjp(lambda x, gamma, beta: _plain(x, gamma, beta, epsilon, slope)[0], x, gamma, beta)[1](dy)


@partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def _normalized(x: jax.Array, gamma: jax.Array, beta: jax.Array, epsilon: float, slope: float) -> Any:
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in (x.shape, gamma.shape, gamma.shape)]
    return tuple(native.call("batch_norm_forward", results, x, gamma, beta, epsilon=float(epsilon), slope=slope))


@partial(jax.custom_vjp, nondiff_argnums=(6, 7))
def _gradient(
    x: jax.Array,
    gamma: jax.Array,
    beta: jax.Array,
    dy: jax.Array,
    mean: jax.Array,
    variance: jax.Array,
    epsilon: float,
    slope: float,
) -> Any:
    """The gradients for x, gamma and beta, from that of what comes out and the moments that went into it."""
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in (x.shape, gamma.shape, gamma.shape)]
    arguments = x, gamma, beta, mean, variance, dy
    return tuple(native.call("batch_norm_backward", results, *arguments, epsilon=float(epsilon), slope=slope))


def _forward(x: Any, gamma: Any, beta: Any, epsilon: float, slope: float) -> Any:
    results = cast("Results", _normalized(x.value, gamma.value, beta.value, epsilon, slope))
    return results, (x.value, gamma.value, beta.value, *results[1:])


def _backward(epsilon: float, slope: float, kept: Any, gradients: Any) -> Any:
    x, gamma, beta, mean, variance = kept
    of_y, of_mean, of_variance = gradients
    if is_zero(of_y):
        images, of_gamma, of_beta = jnp.zeros_like(x), None, None
    else:
        gradients = _gradient(x, gamma, beta, of_y, mean, variance, epsilon, slope)
        images, of_gamma, of_beta = cast("Results", gradients)
    if not (is_zero(of_mean) and is_zero(of_variance)):  # somebody learns from the moments themselves
        rows = x.size // x.shape[-1]
        images += (filled(of_mean) + 2 * (x - mean) * filled(of_variance)) / rows
    return images, of_gamma, of_beta


def _gradient_forward(*arguments: Any) -> Any:
    return _gradient(*arguments), arguments[:4]


def _gradient_backward(epsilon: float, slope: float, kept: Any, gradients: Any) -> Any:
    """The moments are functions of x: nothing comes back for them."""
    arguments = jax.vjp(lambda x, gamma, beta, dy: _plain_gradient(x, gamma, beta, dy, epsilon, slope), *kept)[1](
        gradients
    )
    return *arguments, None, None


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def _scaled(x: jax.Array, scale: jax.Array, offset: jax.Array, slope: float) -> jax.Array:
    results = [jax.ShapeDtypeStruct(x.shape, jnp.float32)]
    return native.call("scale_rows", results, x, scale, offset, slope=slope)[0]


def _scaled_forward(x: jax.Array, scale: jax.Array, offset: jax.Array, slope: float) -> Any:
    return _scaled(x, scale, offset, slope), (x, scale, offset)


def _scaled_backward(slope: float, kept: Any, gradient: jax.Array) -> Any:
    return jax.vjp(lambda x, scale, offset: _plain_scaled(x, scale, offset, slope), *kept)[1](gradient)


_normalized.defvjp(_forward, _backward, symbolic_zeros=True)
_gradient.defvjp(_gradient_forward, _gradient_backward)
_scaled.defvjp(_scaled_forward, _scaled_backward)
