"""The fast forms of the convolutional layers of Keras, and which layers have one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from netgain.engine.conv import convolve_and_pool, convolve_depthwise, convolve_transposed

LEAKY_SLOPE = 0.2
"""Of `keras.activations.leaky_relu`, unless it is told another."""


class Fused(NamedTuple):
    """What one kernel does: a layer, and those after it that alone take its answers."""

    absorbed: tuple[Any, ...]
    slope: float
    pool: tuple[int, int]


def fused_call(layer: Any, fused: Fused) -> Callable[..., jax.Array]:
    """A convolution with the layers that it takes over."""

    def call(inputs: jax.Array) -> jax.Array:
        kernel, bias = value_of(layer.kernel), bias_of(layer, layer.filters)
        windows: dict[str, Any] = {"strides": tuple(layer.strides), "padding": layer.padding, "pool": fused.pool}
        return convolve_and_pool(inputs, kernel, bias, negative_slope=fused.slope, **windows)

    return call


def convolution_call(layer: Any) -> Callable[..., jax.Array]:
    """A convolution and its own activation, which the kernel computes if it knows it."""
    slope = slope_of(layer)
    plain = fused_call(layer, Fused((), 1.0 if slope is None else slope, (1, 1)))
    return plain if slope is not None else lambda inputs: layer.activation(plain(inputs))


def transposed_call(layer: Any) -> Callable[..., jax.Array]:
    """A transposed convolution."""

    def call(inputs: jax.Array) -> jax.Array:
        maps = convolve_transposed(inputs, value_of(layer.kernel), tuple(layer.strides), layer.padding)
        return layer.activation(maps + value_of(layer.bias) if layer.use_bias else maps)

    return call


def depthwise_call(layer: Any) -> Callable[..., jax.Array]:
    """A convolution of each map on its own."""

    def call(inputs: jax.Array) -> jax.Array:
        maps = convolve_depthwise(inputs, value_of(layer.kernel), tuple(layer.strides), layer.padding)
        return layer.activation(maps + value_of(layer.bias) if layer.use_bias else maps)

    return call


def separable_call(layer: Any) -> Callable[..., jax.Array]:
    """A convolution of each map on its own, then a 1×1 convolution of all."""

    def call(inputs: jax.Array) -> jax.Array:
        maps = convolve_depthwise(inputs, value_of(layer.depthwise_kernel), tuple(layer.strides), layer.padding)
        slope, bias = slope_of(layer), bias_of(layer, layer.filters)
        maps = convolve_and_pool(
            maps, value_of(layer.pointwise_kernel), bias, negative_slope=1.0 if slope is None else slope
        )
        return layer.activation(maps) if slope is None else maps

    return call


def slope_of(layer: Any) -> float | None:
    """What the activation multiplies values below zero with; None for what a kernel does not know."""
    known = {keras.activations.leaky_relu: LEAKY_SLOPE, keras.activations.relu: 0.0}
    return 1.0 if layer.activation in {None, keras.activations.linear} else known.get(layer.activation)


def bias_of(layer: Any, size: int) -> jax.Array:
    """The layer's bias `[size]`; zeros where it has none."""
    return value_of(layer.bias) if layer.use_bias else jnp.zeros(size)


def value_of(variable: Any) -> Any:
    """The array of a Keras variable, inside and outside of a stateless call."""
    return keras.ops.convert_to_tensor(variable)


def is_plain_convolution(layer: Any) -> bool:
    """Whether the kernels do what the layer does."""
    ordinary = layer.data_format == "channels_last" and layer.padding in {"valid", "same"} and not layer.lora_enabled
    return ordinary and layer.groups == 1 and tuple(layer.dilation_rate) == (1, 1)


def is_plain_transposed_convolution(layer: Any) -> bool:
    """Whether the kernels do what the layer does."""
    ordinary = layer.data_format == "channels_last" and layer.padding in {"valid", "same"}
    return ordinary and layer.output_padding is None and tuple(layer.dilation_rate) == (1, 1)


def is_plain_depthwise(layer: Any) -> bool:
    """Of depthwise and separable convolutions."""
    ordinary = layer.data_format == "channels_last" and layer.padding in {"valid", "same"}
    return ordinary and set(layer.dilation_rate) == {1} and layer.compute_dtype == "float32"


def windows_do_not_overlap(layer: Any) -> bool:
    """Whether a pooling takes each value once at most."""
    valid = layer.data_format == "channels_last" and layer.padding == "valid"
    return valid and tuple(layer.strides) == tuple(layer.pool_size)
