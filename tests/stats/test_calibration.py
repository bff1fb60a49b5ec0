from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import Calibration, Estimate, Interval, calibration, wilson

ERROR, EXCESS = Estimate(0.05, 0.01, 0.02, 9.0), Estimate(0.04, 0.01, 0.02, 9.0)


def judged(scores, labels, seed=0):
    return calibration(scores, labels, generator=np.random.default_rng(seed))


def slow_error(scores, labels):
    """The ECE of one network without ties: bins of equal mass by sorting."""
    order = np.argsort(scores.max(axis=1))
    total = 0.0
    bin_of = [rank * 15 // len(order) for rank in range(len(order))]
    for number in set(bin_of):
        members = [image for image, its in zip(order, bin_of, strict=True) if its == number]
        right = sum(int(scores[i].argmax() == labels[i]) for i in members)
        total += abs(right - sum(float(scores[i].max()) for i in members))
    return total / len(order)


@pytest.mark.parametrize("images", [7, 100, 151])
def test_equals_plain_loops(toy_scores, images):
    scores, labels = toy_scores(np.random.default_rng(images), 3, images)
    result = judged(scores, labels)
    assert result.error.value == pytest.approx(np.mean([slow_error(one, labels) for one in scores]), abs=1e-6)
    assert result.error.training is not None


def test_reliability_table(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 1, 300)
    result = judged(scores, labels)
    frame: Any = result.frame()
    assert len(frame) == 15
    assert frame["images"].tolist() == [20.0] * 15
    right = scores[0].argmax(axis=1) == labels
    assert (frame["accuracy"] * frame["images"]).sum() == pytest.approx(right.sum())
    interval = wilson(frame["accuracy"][3] * 20, 20)
    assert (frame["low"][3], frame["high"][3]) == pytest.approx((interval.low, interval.high))
    assert frame["confidence"].is_monotonic_increasing
    assert (frame["accuracy"] - frame["confidence"]).abs().mean() == pytest.approx(result.error.value)


def test_calibrated_networks_are_inside_the_band_as_often_as_promised():
    rng = np.random.default_rng(8)
    inside = small = 0
    for toy in range(100):
        confidence = 0.5 + 0.5 * rng.random(200)
        scores = np.stack([confidence, 1 - confidence], axis=1)[np.newaxis]
        result = judged(scores, (rng.random(200) > confidence).astype(int), toy)
        inside += result.null_band.low <= result.error.value <= result.null_band.high
        small += result.p_value < 0.05
    assert inside >= 88
    assert small <= 12


@pytest.mark.parametrize(("sharpness", "word"), [(4.0, "over-confident"), (0.4, "under-confident")])
def test_networks_too_sure_or_not_sure_enough_are_outside(toy_scores, sharpness, word):
    scores, labels = toy_scores(np.random.default_rng(2), 3, 1000, signal=2.0, sharpness=sharpness)
    result = judged(scores, labels)
    assert result.error.value > result.null_band.high
    assert result.p_value == pytest.approx(1 / 1001)
    assert str(result).endswith(f"more than chance, {word}")
    assert "(test sample) ± " in str(result)


def test_the_error_of_the_sample_is_right(toy_scores):
    rng = np.random.default_rng(3)
    toys = [judged(*toy_scores(rng, 1, 400, signal=2.0, sharpness=4.0)).error for _ in range(60)]
    spread = np.std([one.value for one in toys], ddof=1)
    assert np.mean([one.test_sample for one in toys]) == pytest.approx(spread, rel=0.3)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), images=st.integers(1, 40), seeds=st.integers(1, 3), ties=st.booleans())
def test_order_changes_nothing_and_everything_is_finite(seed, images, seeds, ties):
    rng = np.random.default_rng(seed)
    scores = rng.dirichlet(np.ones(3) * 0.3, size=(seeds, images))
    scores = scores.round(1) if ties else scores
    labels = rng.integers(3, size=images)
    result = judged(scores, labels)
    order = rng.permutation(images)
    other = judged(scores[::-1][:, order], labels[order])
    assert other.error.value == pytest.approx(result.error.value, abs=1e-12)
    assert [one.images for one in other.bins] == [one.images for one in result.bins]
    assert "nan" not in f"{result} {result.bins}"


@pytest.mark.parametrize(
    ("p_value", "meaning"), [(0.049, "more than chance, over-confident"), (0.05, "not more than chance alone gives")]
)
def test_words(p_value, meaning):
    text = str(Calibration(ERROR, Interval(0.0101, 0.0404, 0.95), p_value, EXCESS, ()))
    assert text == (
        "expected calibration error 5.00 ± 1.00 (test sample) ± 2.00 (training) %; perfectly calibrated networks show "
        f"1.01 to 4.04 % on as many images: {meaning}"
    )


def test_the_same_network_twice_is_one_network(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 1, 300, signal=2.0)
    one, twice = judged(scores, labels), judged(scores[[0, 0]], labels)
    assert (twice.null_band.low, twice.null_band.high) == pytest.approx((one.null_band.low, one.null_band.high))
    assert one.null_band.level == 0.95
    assert twice.bins == one.bins
    assert twice.p_value == one.p_value


@pytest.mark.parametrize("right", [13, 15, 18])
def test_chance_is_binomial_for_images_of_one_confidence(right):
    """20 images of confidence 0.75: as many right as Binomial(20, 0.75), and the distance from 15 is the error."""
    scores = np.tile([0.75, 0.25], (2, 20, 1))
    result = judged(scores, (np.arange(20) >= right).astype(int))
    distance = np.abs(np.arange(21) - 15)
    chance = stats.binom.pmf(np.arange(21), 20, 0.75)
    assert result.error.value == pytest.approx(abs(right - 15) / 20)
    assert result.p_value == pytest.approx(chance[distance >= abs(right - 15)].sum(), abs=0.04)
    assert (result.null_band.low, result.null_band.high) == pytest.approx((0, 0.2))
    assert chance[distance >= 4].sum() > 0.025 > chance[distance > 4].sum()


def test_all_right_and_sure_is_perfect():
    scores = np.tile([1.0, 0.0], (2, 50, 1))
    result = judged(scores, np.zeros(50, int))
    assert (result.error.value, result.p_value, len(result.bins)) == (0, 1, 1)
    assert judged(scores, np.ones(50, int)).error.value == 1


def test_wrong_input_is_refused(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(1), 2, 30)
    with pytest.raises(StatisticsError, match=r"expected \[S, n, K\]"):
        judged(scores[0], labels)
    with pytest.raises(StatisticsError, match="expected probabilities between 0 and 1"):
        judged(scores * 3, labels)
    with pytest.raises(StatisticsError, match=r"rows \[1\] of the seeds"):
        judged(np.where(np.arange(2)[:, None, None] == 1, np.nan, scores), labels)
    with pytest.raises(StatisticsError, match="classes from 0 to 3"):
        judged(scores, labels + 1)
    with pytest.raises(StatisticsError, match="expected whole numbers"):
        judged(scores, labels.astype(float))
