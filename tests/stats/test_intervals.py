import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from netgain.errors import StatisticsError
from netgain.stats import accuracy_interval, clopper_pearson, wilson

METHODS = [wilson, clopper_pearson, accuracy_interval]


@pytest.mark.parametrize(
    ("method", "k", "n", "low", "high"),
    [
        (wilson, 9900, 10_000, 0.9878530177, 0.9917706639),
        (clopper_pearson, 9900, 10_000, 0.9878504951, 0.9918564034),
        (clopper_pearson, 18, 20, 0.6830172860, 0.9876514728),
        (wilson, 18, 20, 0.6989663548, 0.9721335188),
    ],
)
def test_oracles(method, k, n, low, high):
    interval = method(k, n)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-10)
    assert interval.level == 0.95


@pytest.mark.parametrize(("method", "name"), [(wilson, "wilson"), (clopper_pearson, "beta")])
@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 30), (30, 30), (3, 7), (9_990, 10_000)])
@pytest.mark.parametrize("level", [0.6827, 0.95, 0.999])
def test_agrees_with_statsmodels(method, name, k, n, level):
    interval = method(k, n, level)
    expected = proportion_confint(k, n, alpha=1 - level, method=name)
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None)
@given(n=st.integers(1, 10**6), share=st.floats(0, 1), level=st.floats(0.01, 0.9999))
def test_holds_the_fraction_inside_zero_and_one_and_has_a_length(method, n, share, level):
    k = round(share * n)
    interval = method(k, n, level)
    assert 0 <= interval.low <= k / n <= interval.high <= 1
    assert interval.low < interval.high
    mirrored = method(n - k, n, level)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((interval.low, interval.high), abs=1e-9)


@pytest.mark.parametrize(("k", "method"), [(0, clopper_pearson), (9, clopper_pearson), (10, wilson)])
def test_few_counts_of_either_kind_get_the_guaranteed_interval(k, method):
    assert accuracy_interval(k, 1000) == method(k, 1000)
    assert accuracy_interval(1000 - k, 1000) == method(1000 - k, 1000)


@pytest.mark.parametrize("fraction", [0.5, 0.98, 0.998])
def test_coverage_where_the_wald_interval_fails(fraction):
    n = 200
    counts = np.arange(n + 1)
    weights = stats.binom.pmf(counts, n, fraction)

    def coverage(method):
        return sum(
            weight
            for k, weight in zip(counts, weights, strict=True)
            if (interval := method(int(k), n)).low <= fraction <= interval.high
        )

    assert coverage(clopper_pearson) >= 0.95
    assert coverage(accuracy_interval) >= 0.94


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (0, 0), (math.nan, 5), (1, math.inf)])
def test_impossible_counts_are_refused(method, k, n):
    with pytest.raises(StatisticsError, match="expected 0 <= k <= n"):
        method(k, n)


@pytest.mark.parametrize("method", METHODS)
def test_impossible_levels_are_refused(method):
    with pytest.raises(StatisticsError, match="`level` is 95"):
        method(1, 2, 95)


@pytest.mark.parametrize("n", range(1, 40))
def test_wilson_ends_at_zero_and_one_exactly(n):
    assert wilson(n, n).high == 1
    assert wilson(0, n).low == 0
    assert wilson(100_003 - 1e-6, 100_003).high == 1  # the formula rounds to just over 1


@pytest.mark.parametrize(("k", "method"), [(3, clopper_pearson), (500, wilson)])
def test_either_interval_is_of_the_level_that_is_asked_for(k, method):
    assert accuracy_interval(k, 1000, 0.5) == method(k, 1000, 0.5)
