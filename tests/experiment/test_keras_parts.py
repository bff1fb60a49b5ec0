"""Optimizers, schedules and losses of Keras in a recipe: one declaration whatever they were given as, or a clear no."""

from collections.abc import Callable
from typing import Any

import keras
import pytest

from netgain.errors import RecipeError
from netgain.experiment.keras_arguments import Kind, classes_of
from netgain.experiment.keras_parts import (
    LOSSES,
    OPTIMIZERS,
    KerasLoss,
    KerasOptimizer,
    facts_of,
    loss_of,
    optimizer_of,
)
from netgain.experiment.optimizer import Optimizer

optimizers, losses, schedules = keras.optimizers, keras.losses, keras.optimizers.schedules


def names_of(kind: Kind) -> list[str]:
    return sorted(set(classes_of(kind)) - set(kind.left_out))


def without_name(config: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != "name"}


@pytest.mark.parametrize("name", names_of(OPTIMIZERS))
def test_every_optimizer_comes_back_as_it_was(name: str) -> None:
    given = classes_of(OPTIMIZERS)[name](0.007, clipvalue=0.5, use_ema=True, ema_momentum=0.9)
    declared = KerasOptimizer(given)
    assert without_name(declared.made().get_config()) == without_name(given.get_config())
    assert declared.config == {"learning_rate": 0.007, "clipvalue": 0.5, "use_ema": True, "ema_momentum": 0.9}
    assert declared == KerasOptimizer(**optimizers.serialize(given)) == KerasOptimizer(name.lower(), declared.config)


@pytest.mark.parametrize("name", names_of(LOSSES))
def test_every_loss_comes_back_as_it_was(name: str) -> None:
    declared = KerasLoss(classes_of(LOSSES)[name]())
    assert declared == KerasLoss(name)
    assert declared.config == {}
    assert type(declared.made()) is classes_of(LOSSES)[name]


def test_arguments_that_the_config_of_keras_forgets_are_kept() -> None:
    assert KerasLoss(losses.Huber(delta=2.0)).config == {"delta": 2.0}
    assert KerasLoss("huber", {"delta": 2.0}).made()([[0.0]], [[3.0]]) == pytest.approx(4.0)


def test_a_schedule_is_written_in_full() -> None:
    cosine: Any = schedules.CosineDecay(0.1, 100, alpha=0.01, warmup_target=0.2, warmup_steps=5)
    declared = KerasOptimizer(optimizers.SGD(cosine, momentum=0.9))
    written = {"initial_learning_rate": 0.1, "decay_steps": 100, "alpha": 0.01, "warmup_target": 0.2, "warmup_steps": 5}
    assert declared.config["learning_rate"] == {"class_name": "CosineDecay", "config": written}
    rates: Any = [declared.made(), optimizers.SGD(cosine)]
    for step in (0, 3, 5, 50, 200):
        assert float(rates[0]._learning_rate(step)) == float(rates[1]._learning_rate(step))


def test_one_thing_has_one_spelling() -> None:
    assert loss_of(losses.CategoricalCrossentropy()) == "categorical_crossentropy"
    assert loss_of("mse") == loss_of(losses.mean_squared_error) == loss_of(KerasLoss("mse")) == "mean_squared_error"
    assert loss_of("mae") == loss_of(losses.MeanAbsoluteError()) == KerasLoss("MeanAbsoluteError")
    assert optimizer_of("adam") == Optimizer("adam")
    assert optimizer_of("AdamW") == optimizer_of(optimizers.AdamW()) == KerasOptimizer("adamw")
    assert optimizer_of({"class_name": "Lion"}) == KerasOptimizer("lion", {"learning_rate": 1e-3})
    assert optimizer_of({"name": "sgd", "ema": 0.9}) == Optimizer("sgd", ema=0.9)


def test_an_argument_is_changed_by_its_path() -> None:
    decay: Any = schedules.CosineDecay(0.1, 100)
    changed = KerasOptimizer(optimizers.AdamW(decay)).change("config.learning_rate.config.decay_steps", 7)
    assert changed.config["learning_rate"]["config"] == {"initial_learning_rate": 0.1, "decay_steps": 7}
    assert changed.change("config.clipnorm", 1.0).config["clipnorm"] == 1
    assert changed.change("class_name", "Lion").class_name == "Lion"
    assert KerasLoss("huber").change("config.delta", 2).config == {"delta": 2}


def test_what_a_loss_expects() -> None:
    assert [facts_of(loss_of(name)).scores for name in ("kld", "bce", "mae")] == ["sum to one", "0 to 1", "any"]
    assert {name for name in names_of(LOSSES) if facts_of(KerasLoss(name)).integers} == {
        "CategoricalGeneralizedCrossEntropy",
        "SparseCategoricalCrossentropy",
    }


class OwnOptimizer(optimizers.SGD):
    """A user's."""


class OwnSchedule(schedules.LearningRateSchedule):
    """A user's."""

    def __call__(self, step: Any) -> Any:
        return 0.1

    def get_config(self) -> dict[str, Any]:
        return {}


def own_loss(targets: Any, scores: Any) -> Any:
    return (targets - scores) ** 2


def without_biases() -> Any:
    optimizer = optimizers.AdamW()
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    return optimizer


def scheduled(name: str, **config: Any) -> dict[str, Any]:
    return {"class_name": "SGD", "config": {"learning_rate": {"class_name": name, "config": config}}}


def of_adamw(**config: Any) -> dict[str, Any]:
    return {"class_name": "AdamW", "config": config}


WRONG_OPTIMIZERS: dict[str, tuple[Callable[[], Any], str]] = {
    "unknown name": (lambda: "Lions", "name: there is no 'Lions'; did you mean 'lion'"),
    "unknown class": (lambda: {"class_name": "Lions"}, r"class_name: Keras has no 'Lions'; did you mean 'Lion'"),
    "number": (lambda: 5, r"takes a name, an object of keras\.optimizers or a table .*received int 5"),
    "nothing": (lambda: None, r"takes a name, .*received NoneType None"),
    "another library's": (lambda: Kind("a", "b", "c", {}), r"received netgain\.experiment\.keras_arguments\.Kind"),
    "class": (lambda: optimizers.Lion, r"is Keras' class Lion; give an object of it, keras\.optimizers\.Lion\(\)"),
    "own": (OwnOptimizer, r"is your own class, .*OwnOptimizer, .*ng\.fit trains"),
    "own, written": (
        lambda: {"class_name": "X", "module": "mine"},
        r"class_name: mine\.X is not a class of Keras' own",
    ),
    "excluded weights": (without_biases, r"excludes weights from the decay \(exclude_from_weight_decay\)"),
    "scaled loss": (lambda: optimizers.LossScaleOptimizer(optimizers.SGD()), "LossScaleOptimizer wraps another one"),
    "float16": (lambda: optimizers.SGD(loss_scale_factor=2.0), r"config\.loss_scale_factor: is for float16"),
    "own schedule": (lambda: optimizers.SGD(OwnSchedule()), r"config\.learning_rate: is your own class, .*OwnSchedule"),  # pyright: ignore
    "function": (lambda: optimizers.SGD(lambda: 0.1), r"config\.learning_rate: is a function, which no text"),  # pyright: ignore
    "no steps": (
        lambda: scheduled("CosineDecay", initial_learning_rate=0.1),
        r"config\.learning_rate\.config: CosineDecay: missing 1 required positional argument: 'decay_steps'",
    ),
    "zero steps": (
        lambda: scheduled("ExponentialDecay", initial_learning_rate=0.1, decay_steps=0, decay_rate=0.5),
        r"config\.learning_rate\.config: ExponentialDecay: .*decay_steps",
    ),
    "no boundaries": (
        lambda: scheduled("PiecewiseConstantDecay", boundaries=[], values=[0.1]),
        r"config\.learning_rate\.config: PiecewiseConstantDecay gives no rate",
    ),
    "unknown schedule": (lambda: scheduled("CosinDecay"), r"config\.learning_rate\.class_name: .*'CosineDecay'"),
    "unknown argument": (lambda: of_adamw(learning_rat=1), r"config\.learning_rat: .*did you mean 'learning_rate'"),
    "no table": (lambda: {"class_name": "AdamW", "config": 5}, r"config: must be a table of arguments; received 5"),
    "unknown field": (lambda: {"class_name": "AdamW", "confg": {}}, r"confg: there is no such field.*'config'"),
    "negative rate": (lambda: of_adamw(learning_rate=-1), r"config\.learning_rate: must be a number above 0"),
    "no number": (lambda: of_adamw(learning_rate=float("nan")), r"config\.learning_rate: must be a number above 0"),
    "text": (lambda: of_adamw(beta_1="much"), r"config\.beta_1: must be a number; received 'much'"),
    "yes": (lambda: of_adamw(amsgrad=1), r"config\.amsgrad: must be true or false; received 1"),
    "negative clip": (lambda: of_adamw(clipnorm=-1), r"config\.clipnorm: must be a number above 0; received -1"),
    "negative decay": (lambda: of_adamw(weight_decay=-1), r"config\.weight_decay: must be a number from 0"),
    "none": (lambda: of_adamw(weight_decay=None), r"config\.weight_decay: None cannot be written in a file; give 0"),
    "two clips": (lambda: of_adamw(clipnorm=1, clipvalue=1), r"config: AdamW: Only one of `clipnorm`"),
}

WRONG_LOSSES: dict[str, tuple[Callable[[], Any], str]] = {
    "unknown name": (lambda: "maee", r"class_name: Keras has no 'maee'"),
    "number": (lambda: 3, r"takes a name, an object of keras\.losses or a table .*received int 3"),
    "several": (lambda: [losses.Huber()], r"takes a name, .*received list"),
    "class": (lambda: losses.Huber, r"is Keras' class Huber; give an object"),
    "own function": (lambda: own_loss, r"is your own function, own_loss"),
    "of sequences": (lambda: "CTC", r"class_name: Keras' CTC is of sequences; ng\.Reader"),
    "of embeddings": (losses.Circle, r"Keras' Circle compares embeddings"),
    "base": (losses.Loss, r"Keras' Loss is the base of all"),
    "logits": (lambda: losses.CategoricalCrossentropy(from_logits=True), r"config\.from_logits: .*end the network"),
    "sum": (lambda: losses.Huber(reduction="sum"), r"config\.reduction: .*Received 'sum'"),
    "halves": (lambda: losses.Huber(dtype="float16"), r"computes in float16, which its config does not say"),
    "unknown argument": (lambda: {"class_name": "Huber", "config": {"dlta": 1}}, r"config\.dlta: .*'delta'"),
}


@pytest.mark.parametrize("case", WRONG_OPTIMIZERS)
def test_optimizers_that_are_refused(case: str) -> None:
    make, message = WRONG_OPTIMIZERS[case]
    with pytest.raises(RecipeError, match=message):
        optimizer_of(make())


@pytest.mark.parametrize("case", WRONG_LOSSES)
def test_losses_that_are_refused(case: str) -> None:
    make, message = WRONG_LOSSES[case]
    with pytest.raises(RecipeError, match=message):
        loss_of(make())


def test_keras_must_work_with_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.backend, "backend", lambda: "tensorflow")
    with pytest.raises(RecipeError, match="Keras works with the backend 'tensorflow' here, but netgain needs 'jax'"):
        KerasOptimizer("lion")


def test_what_is_left_out_exists() -> None:
    assert set(OPTIMIZERS.left_out) < set(classes_of(OPTIMIZERS))
    assert set(LOSSES.left_out) < set(classes_of(LOSSES))
