from typing import Any

import keras
import numpy as np
import pytest

from netgain.engine.building import build_optimizer
from netgain.experiment.optimizer import Optimizer, OptimizerName, Schedule


@pytest.mark.parametrize(("clip_norm", "moved"), [(None, 5.0), (2.5, 2.5), (10.0, 5.0)])
def test_the_gradient_of_all_weights_together_is_made_shorter(clip_norm: float | None, moved: float) -> None:
    weights = [keras.Variable(np.zeros(1)), keras.Variable(np.zeros(1))]
    optimizer = build_optimizer(Optimizer("sgd", 1.0, clip_norm=clip_norm), steps_per_epoch=1, epochs=1)
    optimizer.apply([np.array([3.0], np.float32), np.array([4.0], np.float32)], weights)
    first, second = (float(np.asarray(weight)[0]) for weight in weights)
    assert np.hypot(first, second) == pytest.approx(moved, rel=1e-5)
    assert first / second == pytest.approx(3 / 4, rel=1e-5)  # in its direction


@pytest.mark.parametrize("name", ["adam", "adamax", "nadam"])
def test_betas_that_are_given_replace_those_of_keras(name: OptimizerName) -> None:
    declared = Optimizer(name, beta_1=0.25)
    optimizer: Any = build_optimizer(declared, steps_per_epoch=1, epochs=1)
    assert (optimizer.beta_1, optimizer.beta_2) == (0.25, 0.999)


def rates_of(declared: Optimizer, steps: int) -> list[float]:
    optimizer: Any = build_optimizer(declared, steps_per_epoch=10, epochs=6)
    return [float(optimizer._learning_rate(step)) for step in range(steps)]


def test_a_warm_up_before_a_cosine_is_that_of_keras() -> None:
    keras_own: Any = keras.optimizers.schedules.CosineDecay(0.0, 45, alpha=0.1, warmup_target=0.3, warmup_steps=15)
    declared = Optimizer("sgd", 0.3, warm_up=1.5, schedule=Schedule(kind="cosine", rate=0.1))
    np.testing.assert_allclose(rates_of(declared, 80), [float(keras_own(step)) for step in range(80)], rtol=1e-5)


@pytest.mark.parametrize("kind", ["inverse_time", "exponential"])
def test_other_schedules_begin_after_the_warm_up(kind: Any) -> None:
    declared = Optimizer("sgd", 0.3, schedule=Schedule(kind=kind, rate=0.5))
    warmed = rates_of(declared.change("warm_up", 2), 60)
    np.testing.assert_allclose(warmed[:20], 0.3 * np.arange(20) / 20, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(warmed[20:], rates_of(declared, 40), rtol=1e-5)


def test_a_warm_up_alone_ends_at_the_rate_and_stays() -> None:
    rates = rates_of(Optimizer("adam", 0.02, warm_up=0.5), 30)
    np.testing.assert_allclose(rates, [0.02 * min(step / 5, 1) for step in range(30)], rtol=1e-5, atol=1e-9)


def test_short_forms_are_arguments_of_keras() -> None:
    declared = Optimizer("adam", weight_decay=0.05, ema=0.9, clip_norm=2.0)
    optimizer: Any = build_optimizer(declared, steps_per_epoch=1, epochs=1)
    assert (optimizer.weight_decay, optimizer.use_ema, optimizer.ema_momentum) == (0.05, True, 0.9)
    assert optimizer.global_clipnorm == 2.0
