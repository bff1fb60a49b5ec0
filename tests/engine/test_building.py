from typing import Any

import keras
import numpy as np
import pytest

from netgain.engine.building import build_optimizer
from netgain.experiment.optimizer import Optimizer, OptimizerName


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
