"""From declarations to Keras objects."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, final

import keras

from netgain.experiment.keras_parts import KerasLoss, KerasOptimizer
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


def build_loss(declared: str | KerasLoss) -> keras.Loss:
    """Keras' loss, the mean over the images of a batch."""
    return declared.made() if isinstance(declared, KerasLoss) else _LOSSES[declared]()


def build_optimizer(declared: Optimizer | KerasOptimizer, steps_per_epoch: int, epochs: int) -> keras.Optimizer:
    """Keras' optimizer with its schedule, whose epochs are counted in steps; one of Keras' own counts steps itself."""
    if isinstance(declared, KerasOptimizer):
        return declared.made()
    rate = _learning_rate(declared, steps_per_epoch, epochs)
    own = {"momentum": declared.momentum, "nesterov": declared.nesterov} if declared.name == "sgd" else {}
    betas = {"beta_1": declared.beta_1, "beta_2": declared.beta_2}
    own |= {name: beta for name, beta in betas.items() if beta is not None}
    own |= {"global_clipnorm": declared.clip_norm, "weight_decay": declared.weight_decay}
    if declared.ema is not None:
        own |= {"use_ema": True, "ema_momentum": declared.ema}
    return _OPTIMIZERS[declared.name](learning_rate=rate, **own)


Rate = float | keras.optimizers.schedules.LearningRateSchedule


def _learning_rate(declared: Optimizer, steps_per_epoch: int, epochs: int) -> Rate:
    warm_up = round(declared.warm_up * steps_per_epoch)
    course = _course(declared, steps_per_epoch, max(1, steps_per_epoch * epochs - warm_up))
    return WarmUp(course, declared.learning_rate, warm_up) if warm_up else course


def _course(declared: Optimizer, steps_per_epoch: int, steps: int) -> Rate:
    """The rate after the warm-up, which is for so many steps."""
    schedule, start = declared.schedule, declared.learning_rate
    if schedule is None:
        return start
    if schedule.kind == "inverse_time":
        return keras.optimizers.schedules.InverseTimeDecay(start, steps_per_epoch, schedule.rate)
    if schedule.kind == "exponential":
        return keras.optimizers.schedules.ExponentialDecay(start, steps_per_epoch, schedule.rate)
    return keras.optimizers.schedules.CosineDecay(start, steps, alpha=schedule.rate)


@final
class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that rises linearly from 0 to `target` over `steps` updates, and then takes its course from its start.

    >>> rate = WarmUp(keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5), 1.0, 4)
    >>> [float(rate(step)) for step in range(7)]
    [0.0, 0.25, 0.5, 0.75, 1.0, 0.5, 0.25]
    """

    def __init__(self, course: Rate, target: float, steps: int) -> None:
        self.course, self.target, self.steps = course, target, steps

    def __call__(self, step: Any) -> Any:
        step = keras.ops.cast(step, "float32")
        after = keras.ops.maximum(step - self.steps, 0.0)
        course = self.course if isinstance(self.course, float | int) else self.course(after)
        return keras.ops.where(step < self.steps, self.target * step / self.steps, course)

    def get_config(self) -> dict[str, Any]:
        return {"course": self.course, "target": self.target, "steps": self.steps}
