"""From declarations to Keras objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import keras

from netgain.experiment.optimizer import Optimizer

_OPTIMIZERS: Mapping[str, Any] = MappingProxyType(
    {
        "sgd": keras.optimizers.SGD,
        "adagrad": keras.optimizers.Adagrad,
        "adadelta": keras.optimizers.Adadelta,
        "rmsprop": keras.optimizers.RMSprop,
        "adam": keras.optimizers.Adam,
        "adamax": keras.optimizers.Adamax,
        "nadam": keras.optimizers.Nadam,
    }
)
_LOSSES: Mapping[str, Any] = MappingProxyType(
    {
        "mean_squared_error": keras.losses.MeanSquaredError,
        "binary_crossentropy": keras.losses.BinaryCrossentropy,
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    }
)


def build_loss(name: str) -> keras.Loss:
    """Keras' loss, the mean over the images of a batch."""
    return _LOSSES[name]()


def build_optimizer(declared: Optimizer, steps_per_epoch: int, epochs: int) -> keras.Optimizer:
    """Keras' optimizer with its schedule, whose epochs are counted in steps."""
    rate = _learning_rate(declared, steps_per_epoch, epochs)
    own = {"momentum": declared.momentum, "nesterov": declared.nesterov} if declared.name == "sgd" else {}
    betas = {"beta_1": declared.beta_1, "beta_2": declared.beta_2}
    own |= {name: beta for name, beta in betas.items() if beta is not None}
    return _OPTIMIZERS[declared.name](learning_rate=rate, global_clipnorm=declared.clip_norm, **own)


def _learning_rate(
    declared: Optimizer, steps_per_epoch: int, epochs: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    schedule, start = declared.schedule, declared.learning_rate
    if schedule is None:
        return start
    if schedule.kind == "inverse_time":
        return keras.optimizers.schedules.InverseTimeDecay(start, steps_per_epoch, schedule.rate)
    if schedule.kind == "exponential":
        return keras.optimizers.schedules.ExponentialDecay(start, steps_per_epoch, schedule.rate)
    return keras.optimizers.schedules.CosineDecay(start, steps_per_epoch * epochs, alpha=schedule.rate)
