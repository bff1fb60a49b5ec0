"""Which images are answered rightly, and how clearly."""

import numpy as np
import pytest

from netgain.runs.training import train
from netgain.tasks.classification import judging
from netgain.tasks.classification.judging import judged, right_answers
from netgain.tasks.classification.recipe import Recipe


def test_scores_that_are_no_numbers_are_wrong_answers() -> None:
    scores = np.array([[0.9, 0.1], [np.nan, np.nan], [0.2, 0.8]])
    assert right_answers(scores, np.array([0, 0, 0])).tolist() == [True, False, False]


def test_training_images_are_judged_in_steps_as_at_once(small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = train(small_recipe, seed=3)
    monkeypatch.setattr(judging, "IMAGES_JUDGED", 64)  # the last step has a rest
    assert len(at_once.arrays["train_right"]) > 64
    assert len(at_once.arrays["train_right"]) % 64
    in_steps = train(small_recipe, seed=3)
    np.testing.assert_array_equal(in_steps.arrays["train_right"], at_once.arrays["train_right"])
    np.testing.assert_array_equal(in_steps.arrays["train_log_odds"], at_once.arrays["train_log_odds"])


def test_the_log_odds_are_those_of_the_right_class() -> None:
    right, log_odds = judged(np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1]], np.float32), np.array([1, 1, 1]))
    assert right.tolist() == [True, False, False]  # of equals the first is the answer
    assert log_odds.dtype == np.float32
    np.testing.assert_allclose(log_odds, np.log([3, 1, 1 / 9]), rtol=1e-5, atol=1e-6)
