import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score

from netgain.errors import StatisticsError
from netgain.stats import ensemble, mean_accuracy


def test_is_the_mean_of_the_scores_with_image_errors_only(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 5, 800, signal=2.0)
    result = ensemble(scores, labels)
    answers = scores.mean(axis=0).argmax(axis=1)
    assert result.accuracy.value == accuracy_score(labels, answers)
    assert result.accuracy.training is None
    right = scores.argmax(axis=2) == labels
    assert result.single == mean_accuracy(right)
    paired = (answers == labels) - right.mean(axis=0)
    assert result.gain.effect == pytest.approx(paired.mean())
    assert result.gain.test_sample == pytest.approx(paired.std(ddof=1) / math.sqrt(800))
    assert result.gain.training is None
    assert result.gain.interval().low > 0
    assert result.gain.p_value < 0.01
    assert "one ensemble: training not measured; against its mean single network +" in str(result)


def test_the_gain_covers_what_more_images_would_show(toy_scores):
    rng = np.random.default_rng(4)
    scores, labels = toy_scores(rng, 5, 60_000, signal=2.0)
    truth = ensemble(scores, labels).gain.effect
    hits = 0
    for part in np.split(np.arange(60_000), 200):
        interval = ensemble(scores[:, part], labels[part]).gain.interval()
        hits += interval.low <= truth <= interval.high
    assert 0.91 <= hits / 200 <= 0.99


def test_one_network_is_its_own_ensemble(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 1, 300)
    result = ensemble(scores, labels)
    assert result.accuracy == result.single
    assert (result.gain.effect, result.gain.p_value) == (0, 1)
    interval = result.gain.interval()
    assert interval.low < 0 < interval.high


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), seeds=st.integers(1, 4), images=st.integers(1, 12))
def test_order_changes_nothing_and_everything_is_finite(seed, seeds, images):
    rng = np.random.default_rng(seed)
    scores, labels = rng.random((seeds, images, 3)), rng.integers(3, size=images)
    order = rng.permutation(images)
    result, other = ensemble(scores, labels), ensemble(scores[::-1][:, order], labels[order])
    assert other.gain.effect == pytest.approx(result.gain.effect)
    assert other.gain.variance == pytest.approx(result.gain.variance)
    interval = result.gain.interval()
    assert -1 <= interval.low <= result.gain.effect <= interval.high <= 1
    assert result.frame()["value"].tolist() == [result.accuracy.value, result.single.value, result.gain.effect]
    assert "nan" not in str(result)


def test_networks_that_diverged_are_refused(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 3, 30)
    scores[2] = np.nan
    with pytest.raises(StatisticsError, match=r"rows \[2\] of the seeds: such a network has diverged"):
        ensemble(scores, labels)
