"""Optimizers: the rules by which gradients change the weights. Declarations only."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, final

from pydantic import Field, model_validator

from netgain.experiment.base import Declaration

OptimizerName = Literal["sgd", "adagrad", "adadelta", "rmsprop", "adam", "adamax", "nadam"]

# Keras' defaults at the time of the lecture (Keras 2.2). Keras 3 lowered Adagrad's and Adadelta's to 0.001,
# with which Adadelta hardly moves in the lecture's 20 epochs.
DEFAULT_LEARNING_RATES: dict[str, float] = {
    "sgd": 0.01,
    "adagrad": 0.01,
    "adadelta": 1.0,
    "rmsprop": 0.001,
    "adam": 0.001,
    "adamax": 0.002,
    "nadam": 0.002,
}


Decay = Annotated[float, Field(ge=0, lt=1)]


@final
class Schedule(Declaration):
    """How the learning rate η falls with the epoch t (counted in fractions, step by step).

    Attributes:
        kind: "inverse_time": η/(1 + rate·t), the lecture's `decay`; "exponential": η·rate^t;
            "cosine": from η down to rate·η at the last epoch.
        rate: see `kind`.
    """

    called: ClassVar[str] = "schedule"

    kind: Literal["inverse_time", "exponential", "cosine"]
    rate: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _rate_fits_kind(self) -> Self:
        if self.kind == "exponential" and not 0 < self.rate <= 1:
            raise ValueError(f"rate: an exponential schedule needs a rate in (0, 1]; received {self.rate}")
        if self.kind == "cosine" and self.rate > 1:
            raise ValueError(f"rate: a cosine schedule ends at rate·η with rate in [0, 1]; received {self.rate}")
        return self


@final
class Optimizer(Declaration):
    """The rule by which gradients change the weights.

    Attributes:
        name: sgd, adagrad, adadelta, rmsprop, adam, adamax or nadam.
        learning_rate: η; None for Keras' default at the time of the lecture (Adadelta 1.0, Adam 0.001, …).
        momentum, nesterov: for sgd only.
        beta_1, beta_2: for adam, adamax and nadam only: how much the running means of the gradient and of its square
            keep in each update (Kingma & Ba 2015, algorithm 1); None for Keras' defaults, 0.9 and 0.999.
        schedule: how η falls with the epochs; None keeps it.
        clip_norm: the largest norm that the gradient of all weights together may have; a longer one is made shorter
            and keeps its direction (Pascanu, Mikolov & Bengio 2013, algorithm 1). None clips nothing.
        weight_decay: λ of w ← w − η λ w before each update, apart from the gradient (Loshchilov & Hutter 2019,
            algorithm 2). Exactly Keras' argument of this name: of all trainable weights, biases and those of batch
            normalisation too, with the η of the schedule at that step. None decays nothing.
        warm_up: epochs, also fractions, over which the rate first rises linearly from 0 to η; the schedule then takes
            the epochs that are left. Where it is longer than the training, η is never reached.
        ema: how much the running mean of the weights keeps in each update, such as 0.999; the mean is what is
            evaluated, judged and saved (Keras' `use_ema` with this momentum). None uses the last weights.

    >>> Optimizer("adadelta").learning_rate
    1.0
    >>> Optimizer("sgd", 0.1, momentum=0.9, warm_up=2, schedule=Schedule(kind="cosine")).warm_up
    2.0
    """

    called: ClassVar[str] = "optimizer"

    name: OptimizerName = "sgd"
    learning_rate: Annotated[float, Field(gt=0)] = 0.01
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.0
    nesterov: bool = False
    beta_1: Decay | None = None
    beta_2: Decay | None = None
    schedule: Schedule | None = None
    clip_norm: Annotated[float, Field(gt=0)] | None = None
    weight_decay: Annotated[float, Field(ge=0)] | None = None
    warm_up: Annotated[float, Field(ge=0)] = 0.0
    ema: Decay | None = None

    def __init__(self, name: OptimizerName = "sgd", learning_rate: float | None = None, **fields: Any) -> None:
        rate = DEFAULT_LEARNING_RATES.get(str(name), 0.01) if learning_rate is None else learning_rate
        super().__init__(name=name, learning_rate=rate, **fields)

    def _default(self, name: str) -> Any:
        return DEFAULT_LEARNING_RATES[self.name] if name == "learning_rate" else super()._default(name)

    @model_validator(mode="after")
    def _momentum_belongs_to_sgd(self) -> Self:
        if self.momentum and self.name != "sgd":
            raise ValueError(f"momentum: is a field of sgd; {self.name} has its own momentum or no momentum")
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov: needs a momentum above 0, for example momentum=0.9")
        return self

    @model_validator(mode="after")
    def _betas_belong_to_adam(self) -> Self:
        given = [name for name in ("beta_1", "beta_2") if getattr(self, name) is not None]
        if given and self.name not in {"adam", "adamax", "nadam"}:
            raise ValueError(f"{given[0]}: is a field of adam, adamax and nadam; {self.name} does not have it")
        return self
