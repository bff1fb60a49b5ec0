"""Lends a Keras model the fast lowerings while it is traced; the model itself stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jax
import keras

from netgain.engine.conv import convolve
from netgain.engine.pooling import average_pool, max_pool


@contextmanager
def fast_layers(model: keras.Model) -> Iterator[None]:
    """Inside, the model's convolutions and poolings run as this room writes them, wherever that is the same.

    A layer is told apart by its exact class, so a user's subclass keeps what it does. Only instances are
    touched, and only while the model is traced: what is saved is plain Keras.
    """
    lent: list[tuple[keras.Layer, str]] = []
    try:
        for layer in model._flatten_layers(include_self=False):
            if replacement := _replacement(layer):
                name, function = replacement
                object.__setattr__(layer, name, function)
                lent.append((layer, name))
        yield
    finally:
        for layer, name in lent:
            object.__delattr__(layer, name)


def _replacement(layer: Any) -> tuple[str, Callable[..., jax.Array]] | None:
    """The method to lend and its fast form, or None where Keras' own has to do."""
    kind = type(layer)
    if kind is keras.layers.Conv2D and _is_plain_convolution(layer):

        def convolution(inputs: jax.Array, kernel: Any) -> jax.Array:
            weights: Any = keras.ops.convert_to_tensor(kernel)
            return convolve(inputs, weights, layer.strides, layer.padding)

        return "convolution_op", convolution
    if kind is keras.layers.MaxPooling2D and _windows_do_not_overlap(layer):
        return "call", lambda inputs: max_pool(inputs, layer.pool_size)
    if kind is keras.layers.AveragePooling2D and _windows_do_not_overlap(layer):
        return "call", lambda inputs: average_pool(inputs, layer.pool_size)
    return None


def _is_plain_convolution(layer: Any) -> bool:
    ordinary = layer.data_format == "channels_last" and layer.padding in {"valid", "same"}
    return ordinary and layer.groups == 1 and tuple(layer.dilation_rate) == (1, 1)


def _windows_do_not_overlap(layer: Any) -> bool:
    valid = layer.data_format == "channels_last" and layer.padding == "valid"
    return valid and tuple(layer.strides) == tuple(layer.pool_size)
