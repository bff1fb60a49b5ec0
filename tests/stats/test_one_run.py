"""Comparisons of one network each: counted as a loop counts them, with an interval that keeps its level."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import OneRunComparisons, Outcome, one_run_comparisons, wilson

NO_SIGN = (Outcome.EQUIVALENT, Outcome.UNDECIDED, Outcome.UNDECIDABLE_HERE)


def slow_twin(right_a, right_b) -> list[list[int]]:
    return [[sum(int(b) - int(a) for a, b in zip(ours, theirs, strict=True)) for theirs in right_b] for ours in right_a]


def of(wrong: int, num_a: int, num_b: int) -> OneRunComparisons:
    more = np.ones(num_a * num_b, np.int64)
    more[:wrong] = -1
    return OneRunComparisons(more.reshape(num_a, num_b), 100, Outcome.BETTER)


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6), st.integers(1, 12))
def test_every_pair_is_counted_as_a_loop_counts_it(number, num_a, num_b, images):
    random = np.random.default_rng(number)
    a, b = random.random((num_a, images)) < 0.6, random.random((num_b, images)) < 0.7
    expected = [more for row in slow_twin(a, b) for more in row]
    better, worse = (one_run_comparisons(a, b, outcome) for outcome in (Outcome.BETTER, Outcome.WORSE))
    assert better.more.tolist() == slow_twin(a, b)
    assert better.more.dtype == np.int64
    assert better.num_images == images
    assert better.num_higher == worse.num_wrong == sum(more > 0 for more in expected)
    assert better.num_lower == better.num_wrong == sum(more < 0 for more in expected)
    assert better.num_tied == sum(more == 0 for more in expected)
    assert better.num_pairs == len(expected) == num_a * num_b


@pytest.mark.parametrize("outcome", NO_SIGN)
def test_without_a_decided_sign_no_pair_is_wrong(outcome):
    pairs = one_run_comparisons([[True, False]], [[False, False]], outcome)
    assert pairs.num_lower == 1
    assert pairs.num_wrong is None
    assert pairs.wrong_interval() is None


def test_with_one_network_each_the_interval_is_wilsons():
    for wrong in (0, 1):
        interval, expected = of(wrong, 1, 1).wrong_interval(), wilson(wrong, 1)
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


def test_the_limits_solve_newcombes_equation():
    interval = of(6, 4, 8).wrong_interval(0.9)
    assert interval is not None
    assert interval.low < 6 / 32 < interval.high
    assert interval.level == 0.9
    for limit in (interval.low, interval.high):
        # Hanley & McNeil's variance, with (4 + 8)/2 networks on both sides in the two parts that pairs share.
        q1, q2 = limit / (2 - limit), 2 * limit**2 / (1 + limit)
        shared = 5 * (q1 - limit**2) + 5 * (q2 - limit**2)
        variance = (limit * (1 - limit) + shared) / 32
        assert (6 / 32 - limit) ** 2 == pytest.approx(stats.norm.ppf(0.95) ** 2 * variance)


def test_few_networks_leave_much_open():
    none_of_25, none_of_400 = of(0, 5, 5).wrong_interval(), of(0, 20, 20).wrong_interval()
    assert none_of_25 is not None
    assert none_of_400 is not None
    assert none_of_25.low == none_of_400.low == 0
    assert 0.25 < none_of_25.high < 0.4
    assert 0.05 < none_of_400.high < 0.12
    all_of_25 = of(25, 5, 5).wrong_interval()
    assert all_of_25 is not None
    assert all_of_25.low == pytest.approx(1 - none_of_25.high)
    assert all_of_25.high == 1


@pytest.mark.parametrize(("num_seeds", "effect"), [(5, 0.5), (5, 1.5), (20, 0.3), (20, 1.0)])
def test_the_interval_contains_the_true_probability_as_often_as_it_says(num_seeds, effect):
    true = stats.norm.cdf(-effect / np.sqrt(2))
    random = np.random.default_rng(1)
    a = random.normal(size=(2000, num_seeds, 1))
    b = random.normal(effect, size=(2000, 1, num_seeds))
    counts = np.bincount((b < a).sum(axis=(1, 2)), minlength=num_seeds**2 + 1)
    covered = 0
    for wrong in np.flatnonzero(counts):
        interval = of(int(wrong), num_seeds, num_seeds).wrong_interval()
        assert interval is not None
        covered += counts[wrong] * (interval.low <= true <= interval.high)
    assert 0.93 <= covered / 2000 <= 0.99


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ([[True, False]], [[True]], "`right_a` has 2 test images and `right_b` has 1"),
        ([[1, 0]], [[True, False]], "`right_a` holds int64, expected booleans"),
        ([[True, False]], [True, False], r"`right_b` has shape \(2,\), expected \[S, n\]"),
    ],
)
def test_what_cannot_be_compared_is_refused(a, b, words):
    with pytest.raises(StatisticsError, match=words):
        one_run_comparisons(a, b, Outcome.BETTER)


def test_a_level_is_between_0_and_1():
    with pytest.raises(StatisticsError, match="`level` is 95"):
        of(1, 2, 2).wrong_interval(95)
