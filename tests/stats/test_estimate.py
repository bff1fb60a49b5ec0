import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netgain.errors import StatisticsError
from netgain.stats import mean_accuracy
from netgain.stats.estimate import columns, mean_estimate

MATRICES = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=8))


@settings(deadline=None)
@given(right=MATRICES)
def test_zeros_and_ones_have_the_errors_of_an_accuracy(right):
    number, accuracy = mean_estimate(right.astype(float)), mean_accuracy(right)
    assert number.value == pytest.approx(accuracy.value)
    assert number.test_sample == pytest.approx(accuracy.test_sample, abs=1e-7)
    assert number.training == (None if len(right) == 1 else pytest.approx(accuracy.training, abs=1e-7))
    assert number.standard_error == pytest.approx(accuracy.standard_error, abs=1e-7)
    interval = number.interval()
    assert interval.low <= number.value <= interval.high
    assert "nan" not in f"{number} {number.percent()} {interval}"


@settings(deadline=None, max_examples=25)
@given(values=hnp.arrays(float, (3, 7), elements=st.floats(-5, 5)), order=st.permutations(range(7)))
def test_order_changes_nothing(values, order):
    number, other = mean_estimate(values), mean_estimate(values[::-1][:, order])
    assert (other.value, other.test_sample, other.training) == pytest.approx(
        (number.value, number.test_sample, number.training), abs=1e-7
    )


def test_interval_covers_a_mean_with_both_kinds_of_noise():
    rng = np.random.default_rng(4)
    toys, hits = 500, 0
    for _ in range(toys):
        values = rng.normal(size=60) + 0.3 * rng.normal(size=(5, 1)) + rng.normal(size=(5, 60))
        interval = mean_estimate(values).interval()
        hits += interval.low <= 0 <= interval.high
    assert 0.92 <= hits / toys <= 0.985


def test_prints_both_errors_and_refuses_an_impossible_level():
    values = np.array([[0.1, 0.2, 0.4], [0.3, 0.1, 0.4]])
    number = mean_estimate(values)
    assert str(number) == f"0.2500 ± {number.test_sample:.4f} (test sample) ± 0.0167 (training)"
    assert number.percent().endswith("± 1.67 (training) %")
    assert str(mean_estimate(values[:1])).endswith("(test sample), one seed: training not measured")
    assert number.percent() == f"25.00 ± {100 * number.test_sample:.2f} (test sample) ± 1.67 (training) %"
    one = mean_estimate(1000 * values[:1])
    assert one.percent() == f"23333.33 ± {100 * one.test_sample:.2f} (test sample) %, one seed: training not measured"
    assert number.interval(0.5).level == 0.5
    assert math.isclose(number.interval(0.5).high + number.interval(0.5).low, 0.5)
    with pytest.raises(StatisticsError, match="`level` is 0"):
        number.interval(0)


def test_one_seed_has_the_error_and_the_freedom_of_its_images():
    number = mean_estimate(np.array([[0.1, 0.2, 0.4, 0.7]]))
    assert number.test_sample == pytest.approx(np.std([0.1, 0.2, 0.4, 0.7], ddof=1) / 2)
    assert number.training is None
    assert number.degrees_of_freedom == pytest.approx(3)


def test_a_single_image_has_the_error_and_the_freedom_of_its_seeds():
    number = mean_estimate(np.array([[0.1], [0.2], [0.4], [0.7]]))
    assert number.test_sample == 0
    assert number.training == pytest.approx(np.std([0.1, 0.2, 0.4, 0.7], ddof=1) / 2)
    assert number.degrees_of_freedom == pytest.approx(3)


def test_degrees_of_freedom_are_those_of_satterthwaite():
    values = np.array([[0.1, 0.2, 0.4, 0.9, 0.3], [0.3, 0.1, 0.4, 0.8, 0.7], [0.6, 0.5, 0.9, 0.9, 0.8]])
    number = mean_estimate(values)
    of_images, of_seeds = values.mean(axis=0).var(ddof=1) / 5, values.mean(axis=1).var(ddof=1) / 3
    assert number.training == pytest.approx(math.sqrt(of_seeds))
    total = number.standard_error**2
    assert number.degrees_of_freedom == pytest.approx(total**2 / (of_images**2 / 4 + of_seeds**2 / 2))
    assert number.degrees_of_freedom > 2, "the smallest part decides: choose other values"
    same = mean_estimate(values[[0, 0]])
    assert (same.training, same.degrees_of_freedom) == (0, pytest.approx(4))


def test_columns_hold_the_number_its_errors_and_its_interval():
    number = mean_estimate(np.array([[0.1, 0.2, 0.4], [0.3, 0.1, 0.4]]))
    interval = number.interval()
    assert columns("loss", number) == {
        "loss": number.value,
        "loss_test_sample": number.test_sample,
        "loss_training": number.training,
        "loss_low": interval.low,
        "loss_high": interval.high,
    }
