"""Dense layers by our own products (`native/dense.h`), which keep a tile of the result in registers.

XLA's matrix product on one thread reaches about two thirds of the arithmetic limit at the lecture's sizes, and for
the narrow ones (30 neurons) less; bias and ReLU come along in the same pass.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from netgain.engine import native


def dense(x: jax.Array, kernel: jax.Array, bias: jax.Array, relu: bool) -> jax.Array:
    """activation(x · kernel + bias) for `[B, N]`, `[N, M]` and `[M]`: `[B, M]`; the activation is ReLU or none."""
    if native.has_kernels() and x.dtype == kernel.dtype == bias.dtype == jnp.float32:
        return _dense(x, kernel, bias, relu)
    y = x @ kernel + bias
    return jax.nn.relu(y) if relu else y


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def _dense(x: jax.Array, kernel: jax.Array, bias: jax.Array, relu: bool) -> jax.Array:
    result = jax.ShapeDtypeStruct((len(x), kernel.shape[1]), jnp.float32)
    return native.call("dense_forward", [result], x, kernel, bias, relu=relu)[0]


def _dense_forward(x: jax.Array, kernel: jax.Array, bias: jax.Array, relu: bool) -> Any:
    y = _dense(x, kernel, bias, relu)
    return y, (x, kernel, y)


def _dense_backward(relu: bool, kept: Any, gradient: jax.Array) -> Any:
    """Two calls, of which XLA drops the one for the input where nothing learns before this layer."""
    x, kernel, y = kept
    if relu:
        gradient = jnp.where(y > 0, gradient, 0)
    shapes = jax.ShapeDtypeStruct(kernel.shape, jnp.float32), jax.ShapeDtypeStruct(kernel.shape[1:], jnp.float32)
    weights = native.call("dense_weight_gradient", shapes, x, gradient)
    (dx,) = native.call("dense_input_gradient", [jax.ShapeDtypeStruct(x.shape, jnp.float32)], gradient, kernel)
    return dx, *weights


_dense.defvjp(_dense_forward, _dense_backward)
