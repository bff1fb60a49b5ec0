"""Dense layers by our own products (`native/dense.h`), which keep a tile of the result in registers.

XLA's matrix product on one thread reaches about two thirds of the arithmetic limit at the lecture's sizes, and for
the narrow ones (30 neurons) less; bias and ReLU come along in the same pass. As of convolutions (`conv.py`), the
derivative of each product is the other two, so that derivatives of any order run on the kernels.
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


@jax.custom_vjp
def _input_gradient(gradient: jax.Array, kernel: jax.Array) -> jax.Array:
    result = jax.ShapeDtypeStruct((len(gradient), len(kernel)), jnp.float32)
    return native.call("dense_input_gradient", [result], gradient, kernel)[0]


@jax.custom_vjp
def _weight_gradient(x: jax.Array, gradient: jax.Array) -> tuple[jax.Array, jax.Array]:
    shapes = (x.shape[1], gradient.shape[1]), gradient.shape[1:]
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    kernel, bias = native.call("dense_weight_gradient", results, x, gradient)
    return kernel, bias


def _dense_forward(x: jax.Array, kernel: jax.Array, bias: jax.Array, relu: bool) -> Any:
    y = _dense(x, kernel, bias, relu)
    return y, (x, kernel, y)


def _dense_backward(relu: bool, kept: Any, gradient: jax.Array) -> Any:
    """Two calls, of which XLA drops the one for the input where nothing learns before this layer."""
    x, kernel, y = kept
    if relu:
        gradient = jnp.where(y > 0, gradient, 0)
    return _input_gradient(gradient, kernel), *_weight_gradient(x, gradient)


def _input_gradient_backward(kept: Any, x: jax.Array) -> Any:
    gradient, kernel = kept
    return _dense(x, kernel, jnp.zeros(kernel.shape[1]), False), _weight_gradient(x, gradient)[0]


def _weight_gradient_backward(kept: Any, weights: Any) -> Any:
    x, gradient = kept
    kernel, bias = weights
    return _input_gradient(gradient, kernel), _dense(x, kernel, bias, False)


_dense.defvjp(_dense_forward, _dense_backward)
_input_gradient.defvjp(
    lambda gradient, kernel: (_input_gradient(gradient, kernel), (gradient, kernel)), _input_gradient_backward
)
_weight_gradient.defvjp(lambda x, gradient: (_weight_gradient(x, gradient), (x, gradient)), _weight_gradient_backward)
