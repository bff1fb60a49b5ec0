"""Keras layers as the families share them. Imports Keras: only called from `build()`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import keras

from netgain.networks.network import BatchNorm, DenseLayers


def input_pixels(image_shape: tuple[int | None, ...], dropout: float) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """The input `[B, H, W, C]` of pixels 0..255 and what the first layer sees: scaled to 0..1, some dropped."""
    inputs: Any = keras.Input(image_shape, name="pixels")
    return inputs, drop(keras.layers.Rescaling(1 / 255)(inputs), dropout)


def drop(x: keras.KerasTensor, fraction: float) -> keras.KerasTensor:
    """Dropout, or `x` itself if nothing is dropped, so that there is no useless layer."""
    return keras.layers.Dropout(fraction)(x) if fraction else x


def penalty(l1: float, l2: float) -> keras.Regularizer | None:
    """Keras' penalty l1 Σ|w| + l2 Σw² on one layer's kernel, or None."""
    return keras.regularizers.L1L2(l1=l1, l2=l2) if l1 or l2 else None


def initializer(initial_weights: str) -> Any:
    """Keras' initializer of that name; `unit_normal` is N(0, 1), the lecture's unscaled start."""
    if initial_weights == "unit_normal":
        return keras.initializers.RandomNormal(stddev=1.0)
    return keras.initializers.get(initial_weights)


def activated(x: Any, layer: Callable[..., Any], activation: str, batch_norm: BatchNorm) -> Any:
    """`x` through a layer, its activation, and batch normalization before or after the activation.

    layer: makes the Keras layer from its options `activation` and `use_bias`. What is normalized before the activation
    needs no bias: the mean over the mini-batch takes it away.
    """
    if batch_norm is not True:
        x = layer(activation=activation)(x)
        return keras.layers.BatchNormalization()(x) if batch_norm == "after" else x
    x = keras.layers.BatchNormalization()(layer(use_bias=False)(x))
    return x if activation == "linear" else keras.layers.Activation(activation)(x)


def classifier(
    x: keras.KerasTensor, hidden: tuple[int, ...], num_classes: int, network: DenseLayers, batch_norm: BatchNorm = False
) -> keras.KerasTensor:
    """Hidden dense layers on flat features `[B, F]`, dropout after each, and the output layer: scores `[B, K]`."""
    for units in hidden:
        layer = partial(
            keras.layers.Dense,
            units,
            kernel_initializer=initializer(network.initial_weights),
            kernel_regularizer=penalty(network.l1.hidden, network.l2.hidden),
        )
        x = drop(activated(x, layer, network.activation, batch_norm), network.dropout.hidden)
    return keras.layers.Dense(
        num_classes,
        activation=network.output,
        kernel_initializer=initializer(network.initial_weights),
        kernel_regularizer=penalty(network.l1.output, network.l2.output),
    )(x)
