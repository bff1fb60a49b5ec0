"""Lends a Keras model and its optimizer the fast forms while they are traced; both stay what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import jax
import jax.numpy as jnp
import keras

from netgain.engine import native
from netgain.engine.activations import activated
from netgain.engine.batch_norm import normalize, scale_and_shift
from netgain.engine.dense import dense
from netgain.engine.dropout import dropout
from netgain.engine.fast_convolutions import (
    Fused,
    bias_of,
    convolution_call,
    depthwise_call,
    fused_call,
    is_plain_convolution,
    is_plain_depthwise,
    is_plain_transposed_convolution,
    separable_call,
    slope_of,
    transposed_call,
    value_of,
    windows_do_not_overlap,
)
from netgain.engine.fast_updates import update_step_of
from netgain.engine.pooling import average_pool, max_pool
from netgain.engine.recurrent import Cell, recurrent

RECURRENT: Mapping[Any, Cell] = MappingProxyType(
    {keras.layers.LSTM: "lstm", keras.layers.GRU: "gru", keras.layers.SimpleRNN: "simple"}
)
"""The recurrent layers that have kernels; `Bidirectional` calls two of them."""

Lent = tuple[Any, str, Callable[..., Any]]
"""An object, the method to replace, and its replacement."""


@contextmanager
def fast_layers(model: keras.Model, optimizer: keras.Optimizer | None = None) -> Iterator[None]:
    """Inside, layers and updates run as this room writes them, wherever that is the same.

    A layer is told apart by its exact class, so a user's subclass keeps what it does. Only instances are
    touched, and only while the model is traced: what is saved is plain Keras.
    """
    lent = [*_replacements(model)]
    if optimizer is not None and (update_step := update_step_of(optimizer)):
        lent.append((optimizer, "update_step", update_step))
    given: list[tuple[Any, str]] = []
    try:
        for owner, name, function in lent:
            object.__setattr__(owner, name, function)
            given.append((owner, name))
        yield
    finally:
        for owner, name in given:
            object.__delattr__(owner, name)


@contextmanager
def hashed_dropout(model: keras.Model) -> Iterator[None]:
    """Inside, the model's dropout masks are those of the engine, and all else is Keras' own: for the slow version."""
    lent = [item for item in _replacements(model) if type(item[0]) is keras.layers.Dropout]
    for owner, name, function in lent:
        object.__setattr__(owner, name, function)
    try:
        yield
    finally:
        for owner, name, _ in lent:
            object.__delattr__(owner, name)


def _replacements(model: keras.Model) -> Iterator[Lent]:
    layers: list[Any] = list(model._flatten_layers(include_self=False))
    fused = _fused(model, layers)
    absorbed = {id(layer) for one in fused.values() for layer in one.absorbed}
    for layer in layers:
        if id(layer) in fused:
            call = fused_call if type(layer) is keras.layers.Conv2D else _batch_norm_call
            yield layer, "call", call(layer, fused[id(layer)])
        elif id(layer) in absorbed:
            yield layer, "call", lambda inputs: inputs  # done by the convolution before it
        elif method := _replacement(layer):
            yield layer, *method


def _replacement(layer: Any) -> tuple[str, Callable[..., Any]] | None:
    """The method to lend a single layer and its fast form, or None where Keras' own has to do."""
    kind = type(layer)
    if kind is keras.layers.Conv2D and is_plain_convolution(layer):
        return "call", convolution_call(layer)
    if kind is keras.layers.Conv2DTranspose and is_plain_transposed_convolution(layer):
        return "call", transposed_call(layer)
    if kind is keras.layers.DepthwiseConv2D and is_plain_depthwise(layer):
        return "call", depthwise_call(layer)
    if kind is keras.layers.SeparableConv2D and is_plain_depthwise(layer):
        return "call", separable_call(layer)
    if kind is keras.layers.MaxPooling2D and windows_do_not_overlap(layer):
        return "call", lambda inputs: max_pool(inputs, layer.pool_size)
    if kind is keras.layers.AveragePooling2D and windows_do_not_overlap(layer):
        return "call", lambda inputs: average_pool(inputs, layer.pool_size)
    if kind is keras.layers.Dense and not layer.lora_enabled and layer.quantization_mode is None:
        return "call", _dense_call(layer)
    if kind is keras.layers.Dropout and layer.rate > 0 and layer.noise_shape is None:
        return "call", _dropout_call(layer)
    if kind is keras.layers.BatchNormalization and _is_plain_batch_norm(layer):
        return "call", _batch_norm_call(layer, Fused((), 1.0, (1, 1)))
    if kind in RECURRENT and _is_plain_recurrence(layer):
        return "call", _recurrent_call(layer)
    return None


def _fused(model: keras.Model, layers: list[Any]) -> dict[int, Fused]:
    """Identity of a convolution or batch normalization -> what its kernel does, if that is a layer more."""
    models = [one for one in (model, *layers) if isinstance(one, keras.Model)]  # a layer may be a model of its own
    answers = keras.tree.flatten([getattr(one, "outputs", []) for one in models])
    outputs = {id(tensor._keras_history.operation) for tensor in answers}

    def only_taker(layer: Any) -> Any:
        takers = [node.operation for node in layer._outbound_nodes]
        alone = len(takers) == 1 and len(layer._inbound_nodes) == 1 and id(layer) not in outputs
        return takers[0] if alone and len(takers[0]._inbound_nodes) == 1 else None

    found: dict[int, Fused] = {}
    for layer in layers:
        if type(layer) is keras.layers.Conv2D and is_plain_convolution(layer):
            fused = _fused_convolution(layer, only_taker)
        elif type(layer) is keras.layers.BatchNormalization and _is_plain_batch_norm(layer):
            fused = _fused_batch_norm(layer, only_taker)
        else:
            continue
        if fused is not None:
            found[id(layer)] = fused
    return found


def _fused_convolution(layer: Any, only_taker: Callable[[Any], Any]) -> Fused | None:
    """The kernel knows the activation; a leaky ReLU and then a max pooling are done with it.

    Nothing else may take the answers before them. An activation that rises may come after the maximum.
    """
    slope, absorbed, taker = slope_of(layer), [], only_taker(layer)
    pool: Any = 1, 1
    if slope == 1.0 and type(taker) is keras.layers.LeakyReLU:
        slope, taker = float(taker.negative_slope), only_taker(taker)
        absorbed.append(only_taker(layer))
    if type(taker) is keras.layers.MaxPooling2D and windows_do_not_overlap(taker):
        pool = taker.pool_size
        absorbed.append(taker)
    return Fused(tuple(absorbed), slope, tuple(pool)) if slope is not None and absorbed else None


def _fused_batch_norm(layer: Any, only_taker: Callable[[Any], Any]) -> Fused | None:
    taker = only_taker(layer)
    kind, slope = type(taker), None
    if kind is keras.layers.LeakyReLU or (
        kind is keras.layers.ReLU and taker.max_value is None and not taker.threshold
    ):
        slope = float(taker.negative_slope)
    elif kind is keras.layers.Activation:
        slope = slope_of(taker)
    return None if slope is None or taker.compute_dtype != "float32" else Fused((taker,), slope, (1, 1))


def _dense_call(layer: Any) -> Callable[..., jax.Array]:
    def call(inputs: jax.Array, training: bool | None = None) -> jax.Array:
        del training
        fused = _fused_activation(layer)
        rows = inputs.reshape(-1, inputs.shape[-1])  # of a sequence, all time steps are rows of one product
        y = dense(rows, value_of(layer.kernel), bias_of(layer, layer.units), bool(fused))
        y = y.reshape(*inputs.shape[:-1], layer.units)
        return y if fused is not None else layer.activation(y)

    return call


def _dropout_call(layer: Any) -> Callable[..., jax.Array]:
    def call(inputs: jax.Array, training: bool = False) -> jax.Array:
        return dropout(inputs, layer.seed_generator.next(), layer.rate) if training else inputs

    return call


def _batch_norm_call(layer: Any, fused: Fused) -> Callable[..., jax.Array]:
    """As Keras has it: moments of the mini-batch where the layer is trained, and their moving means where not."""

    def call(inputs: jax.Array, training: bool | None = None, mask: Any = None) -> jax.Array:
        if mask is not None or inputs.dtype != jnp.float32 or not native.has_kernels():
            y: Any = type(layer).call(layer, inputs, training=training, mask=mask)
            return activated(y, fused.slope)
        mean, variance = value_of(layer.moving_mean), value_of(layer.moving_variance)
        gamma = value_of(layer.gamma) if layer.scale else jnp.ones(mean.shape)
        beta = value_of(layer.beta) if layer.center else jnp.zeros(mean.shape)
        if not (training and layer.trainable):
            scale = jax.lax.rsqrt(variance + layer.epsilon) * gamma
            return scale_and_shift(inputs, scale, beta - mean * scale, negative_slope=fused.slope)
        y, now, spread = normalize(inputs, gamma, beta, epsilon=layer.epsilon, negative_slope=fused.slope)
        layer.moving_mean.assign(mean * layer.momentum + now * (1.0 - layer.momentum))
        layer.moving_variance.assign(variance * layer.momentum + spread * (1.0 - layer.momentum))
        return y

    return call


def _recurrent_call(layer: Any) -> Callable[..., Any]:
    cell = layer.cell

    def call(sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False) -> Any:
        given = initial_state is not None or mask is not None
        if given or not native.has_kernels() or sequences.dtype != jnp.float32 or 0 in sequences.shape:
            return type(layer).call(layer, sequences, initial_state=initial_state, mask=mask, training=training)
        kind, kernel, state_kernel = RECURRENT[type(layer)], value_of(cell.kernel), value_of(cell.recurrent_kernel)
        none = jnp.zeros(kernel.shape[1] * (2 if kind == "gru" else 1))
        bias = value_of(cell.bias) if cell.use_bias else none
        order: dict[str, bool] = {"sequences": layer.return_sequences, "backwards": layer.go_backwards}
        return recurrent(kind, sequences, kernel, state_kernel, bias, **order)

    return call


def _is_plain_recurrence(layer: Any) -> bool:
    """Whether the kernels do what the layer does; a mask or a state to begin with shows only when it is called."""
    cell = layer.cell
    gates = getattr(cell, "recurrent_activation", keras.activations.sigmoid)
    usual = cell.activation is keras.activations.tanh and gates is keras.activations.sigmoid
    own = layer.stateful or layer.unroll or layer.return_state or cell.dropout or cell.recurrent_dropout
    return usual and not own and getattr(cell, "reset_after", True) and layer.compute_dtype == "float32"


def _fused_activation(layer: Any) -> bool | None:
    """True for ReLU, False for none, and None for what a kernel does not know."""
    known = {None: False, keras.activations.linear: False, keras.activations.relu: True}
    return known.get(layer.activation)


def _is_plain_batch_norm(layer: Any) -> bool:
    """Over all dimensions but the last, in float32, with the moments of this mini-batch alone."""
    last = layer.built and layer.axis in {-1, len(layer._reduction_axes)}
    return last and not layer.synchronized and not layer.renorm and layer.compute_dtype == "float32"
