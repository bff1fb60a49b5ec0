import math

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import cost_ratio


def test_ratio_of_mean_training_times():
    assert cost_ratio([10.0, 20.0], [30.0, 30.0, 30.0]).ratio == pytest.approx(2.0)


def test_spread_is_that_of_repeated_studies():
    rng = np.random.default_rng(4)
    studies = [cost_ratio(rng.normal(10, 1, 8), rng.normal(15, 2, 6)) for _ in range(2000)]
    actual = np.std([study.ratio for study in studies])
    assert np.sqrt(np.mean(np.square([study.spread for study in studies if study.spread]))) == pytest.approx(
        actual, rel=0.06
    )


def test_two_runs_each_are_enough_for_a_spread():
    cost = cost_ratio([9.0, 11.0], [18.0, 22.0])
    assert (cost.ratio, cost.spread) == pytest.approx((2.0, 2.0 * math.hypot(0.1, 0.1)))


def test_single_precision_is_averaged_in_double():
    seconds = np.array([0.1, 0.2, 0.4], np.float32)
    assert cost_ratio(seconds, seconds[:2]) == cost_ratio(seconds.astype(float), seconds[:2].astype(float))


def test_spread_does_not_depend_on_the_unit():
    seconds = cost_ratio([10.0, 11.0], [14.0, 15.0])
    minutes = cost_ratio([10 / 60, 11 / 60], [14 / 60, 15 / 60])
    assert seconds.spread == pytest.approx(minutes.spread)


@pytest.mark.parametrize(("first", "second"), [([10.0], [12.0, 12.5]), ([9.0, 10.0], [12.0]), ([8.0], [9.0])])
def test_one_run_has_no_spread(first, second):
    cost = cost_ratio(first, second)
    assert cost.spread is None
    assert math.isfinite(cost.ratio)


@pytest.mark.parametrize("seconds", [[], [0.0], [-1.0], [float("nan")], [float("inf")], [[1.0, 2.0]]])
def test_anything_but_positive_seconds_is_refused(seconds):
    with pytest.raises(StatisticsError, match="`seconds_b`"):
        cost_ratio([1.0], seconds)
    with pytest.raises(StatisticsError, match="`seconds_a`"):
        cost_ratio(seconds, [1.0])
