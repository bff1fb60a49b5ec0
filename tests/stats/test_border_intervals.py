import numpy as np
import pytest
from scipy import stats

from netgain.stats.border_intervals import border_intervals, border_p_values


def slow_interval(measured):
    """Feldman and Cousins as they describe it: for every true value the measurements in the order of their ratio."""
    x = np.arange(-8, 12, 0.01)
    inside = []
    for true in np.arange(0, 6, 0.02):
        ratio = stats.norm.pdf(x, true) / stats.norm.pdf(x, np.maximum(x, 0))
        order = np.argsort(-ratio)
        chance = np.cumsum(stats.norm.pdf(x, true)[order]) * 0.01
        accepted = x[order[: np.searchsorted(chance, 0.95) + 1]]
        if accepted.min() <= measured <= accepted.max():
            inside.append(true)
    return min(inside), max(inside)


@pytest.mark.parametrize("measured", [-1.0, 0.5, 3.0])
def test_the_construction_of_feldman_and_cousins(measured):
    sigma = 0.01
    ends = border_intervals(np.array([measured * sigma]), lambda true: np.full_like(true, sigma), 0.95)
    assert np.concatenate(ends) / sigma == pytest.approx(slow_interval(measured), abs=0.04)


def test_the_border_at_one_is_a_mirror():
    low, high = border_intervals(np.array([0.02, 0.98]), lambda true: np.full_like(true, 0.03), 0.95)
    assert low[0] == pytest.approx(1 - high[1])
    assert high[0] == pytest.approx(1 - low[1])


@pytest.mark.parametrize("true", [0.0, 0.01, 0.03, 0.5])
def test_the_coverage_is_the_level(true):
    rng, sigma = np.random.default_rng(0), np.full(40_000, 0.02)
    p = border_p_values(rng.normal(true, 0.02, len(sigma)), np.full_like(sigma, true), sigma)
    for level in (0.68, 0.95):
        assert (p >= 1 - level).mean() == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / len(p)))


def test_a_sigma_that_depends_on_the_truth_gives_wilsons_interval():
    from netgain.stats import wilson

    low, high = border_intervals(np.array([0.3]), lambda true: np.sqrt(true * (1 - true) / 50), 0.95)
    expected = wilson(15, 50)
    assert (low[0], high[0]) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_without_an_error_the_interval_is_a_point():
    low, high = border_intervals(np.array([0.25]), np.zeros_like, 0.95)
    assert (low[0], high[0]) == (pytest.approx(0.25, rel=1e-4), pytest.approx(0.25, rel=1e-4))


def test_far_from_the_borders_it_is_the_normal_p_value():
    p = border_p_values(np.array([0.5]), np.array([0.47]), np.array([0.02]))
    assert p[0] == pytest.approx(2 * stats.norm.sf(1.5))
