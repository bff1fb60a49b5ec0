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
from netgain.engine.asked import Primal, asked, filled, is_zero


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


def _dense_forward(x: Primal, kernel: Primal, bias: Primal, relu: bool) -> Any:
    y = _dense(x.value, kernel.value, bias.value, relu)
    return y, (x.value, kernel.value, y, asked(x), asked(kernel, bias))


def _dense_backward(relu: bool, kept: Any, gradient: Any) -> Any:
    x, kernel, y, of_input, of_weights = kept
    if is_zero(gradient):
        return None, None, None
    if relu:
        gradient = jnp.where(y > 0, gradient, 0)
    weights: Any = _weight_gradient(x, gradient) if of_weights else (None, None)
    return _input_gradient(gradient, kernel) if of_input else None, *weights


def _input_gradient_forward(gradient: Primal, kernel: Primal) -> Any:
    kept = gradient.value, kernel.value, asked(gradient), asked(kernel)
    return _input_gradient(gradient.value, kernel.value), kept


def _input_gradient_backward(kept: Any, x: Any) -> Any:
    gradient, kernel, of_gradient, of_kernel = kept
    if is_zero(x):
        return None, None
    weights: Any = _weight_gradient(x, gradient) if of_kernel else (None, None)
    return _dense(x, kernel, jnp.zeros(kernel.shape[1]), False) if of_gradient else None, weights[0]


def _weight_gradient_forward(x: Primal, gradient: Primal) -> Any:
    return _weight_gradient(x.value, gradient.value), (x.value, gradient.value, asked(x), asked(gradient))


def _weight_gradient_backward(kept: Any, weights: Any) -> Any:
    x, gradient, of_input, of_gradient = kept
    if all(is_zero(part) for part in weights):
        return None, None
    kernel, bias = (filled(part) for part in weights)
    of_x = _input_gradient(gradient, kernel) if of_input else None
    return of_x, _dense(x, kernel, bias, False) if of_gradient else None


_dense.defvjp(_dense_forward, _dense_backward, symbolic_zeros=True)
_input_gradient.defvjp(_input_gradient_forward, _input_gradient_backward, symbolic_zeros=True)
_weight_gradient.defvjp(_weight_gradient_forward, _weight_gradient_backward, symbolic_zeros=True)
