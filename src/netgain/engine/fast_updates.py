"""Gradient descent, Adadelta and Adam in one pass over the weights (`native/optimizers.h`).

XLA goes over weights and slots once for each array it writes; with two wide layers that is megabytes a step, a fifth
of the epoch. Plain descent it does in one pass too, but a slower one: 8 % of the epoch of the lecture's smallest
network. The optimizer stays Keras' own: its schedule, clipping and bookkeeping are around this one method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras

from netgain.engine import native


def update_step_of(optimizer: Any) -> Callable[[jax.Array, Any, Any], None] | None:
    """What may replace `optimizer.update_step(gradient, variable, learning_rate)`, or None."""
    if not native.has_kernels():
        return None
    if type(optimizer) is keras.optimizers.SGD and not optimizer.momentum:
        return lambda gradient, variable, rate: _update(optimizer, "descend", variable, (), gradient, rate, {})
    if type(optimizer) is keras.optimizers.Adadelta:
        return lambda gradient, variable, rate: _adadelta(optimizer, gradient, variable, rate)
    if type(optimizer) in {keras.optimizers.Adam, keras.optimizers.AdamW} and not optimizer.amsgrad:
        return lambda gradient, variable, rate: _adam(optimizer, gradient, variable, rate)
    return None


def _adadelta(optimizer: Any, gradient: jax.Array, variable: Any, rate: Any) -> None:
    index = optimizer._get_variable_index(variable)
    slots = optimizer._accumulated_grads[index], optimizer._accumulated_delta_vars[index]
    constants = {"rho": float(optimizer.rho), "epsilon": float(optimizer.epsilon)}
    _update(optimizer, "adadelta", variable, slots, gradient, rate, constants)


def _adam(optimizer: Any, gradient: jax.Array, variable: Any, rate: Any) -> None:
    index = optimizer._get_variable_index(variable)
    slots = optimizer._momentums[index], optimizer._velocities[index]
    steps = keras.ops.cast(optimizer.iterations + 1, "float32")
    rate = rate * jnp.sqrt(1 - optimizer.beta_2**steps) / (1 - optimizer.beta_1**steps)
    names = "beta_1", "beta_2", "epsilon"
    _update(
        optimizer, "adam", variable, slots, gradient, rate, {name: float(getattr(optimizer, name)) for name in names}
    )


def _update(
    optimizer: Any,
    handler: str,
    variable: Any,
    slots: tuple[Any, ...],
    gradient: jax.Array,
    rate: Any,
    constants: dict[str, float],
) -> None:
    changed = variable, *slots
    values: list[Any] = [keras.ops.convert_to_tensor(item) for item in changed]
    shapes = [jax.ShapeDtypeStruct(value.shape, jnp.float32) for value in values]
    now: Any = keras.ops.convert_to_tensor(rate)
    in_place = {number: number for number in range(len(changed))}
    results = native.call(
        handler, shapes, *values, gradient, jnp.asarray(now, jnp.float32), in_place=in_place, **constants
    )
    for item, value in zip(changed, results, strict=True):
        optimizer.assign(item, value)
