"""Fits of a peak over a background, against MINUIT, a constrained optimiser and pseudo-experiments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from iminuit import Minuit
from numpy.polynomial import Legendre
from scipy import optimize, stats

from netgain.errors import StatisticsError
from netgain.stats import Peak, fit_peak

EDGES = np.linspace(-30, 30, 21)
PEAK = Peak(1.0, 5.0)


def expected(signal: float, *background: float) -> np.ndarray:
    """What each bin should hold, integrated numerically: the slow version."""
    fine = np.linspace(EDGES[:-1], EDGES[1:], 101)
    inside = stats.norm.cdf(30, 1, 5) - stats.norm.cdf(-30, 1, 5)
    density = signal * stats.norm.pdf(fine, 1, 5) / inside + Legendre(background)(fine / 30) / 60
    return np.asarray(np.trapezoid(density, fine, axis=0))


def negative_log_likelihood(counts: np.ndarray) -> Any:
    def of(parameters: np.ndarray) -> float:
        mu = expected(*parameters)
        return float(np.sum(mu - counts * np.log(np.maximum(mu, 1e-12))))

    return of


def test_agrees_with_minuit() -> None:
    counts = np.random.default_rng(3).poisson(expected(150, 900, 120, 200))
    minuit = Minuit(negative_log_likelihood(counts), np.array([100.0, 900, 0, 0]))
    minuit.errordef = Minuit.LIKELIHOOD
    minuit.migrad()
    minuit.hesse()
    fit = fit_peak(counts[np.newaxis], EDGES, PEAK, degree=2)
    assert fit.signal[0] == pytest.approx(minuit.values[0], abs=0.05)
    assert fit.error[0] == pytest.approx(minuit.errors[0], rel=0.005)
    assert fit.background[0] == pytest.approx(minuit.values[1], abs=0.05)
    total = (fit.expected_signal + fit.expected_background)[0]
    assert total == pytest.approx(expected(*minuit.values), rel=2e-3)
    assert total.sum() == pytest.approx(counts.sum()), "at the largest likelihood the totals agree"
    assert fit.deviance[0] == pytest.approx(
        2 * np.sum(stats.poisson.logpmf(counts, counts) - stats.poisson.logpmf(counts, total))
    )
    assert fit.degrees_of_freedom == 16
    assert fit.p_value[0] == pytest.approx(stats.chi2.sf(fit.deviance[0], 16))


def test_pulls_of_pseudo_experiments() -> None:
    generator = np.random.default_rng(5)
    for signal in (0, 60):
        fit = fit_peak(generator.poisson(expected(signal, 800, 100, 150), (3000, 20)), EDGES, PEAK, degree=2)
        pulls = fit.pulls(signal)
        assert abs(pulls.mean()) < 0.06
        assert pulls.std() == pytest.approx(1, abs=0.05)
        assert fit.p_value.mean() == pytest.approx(0.5, abs=0.03)
        assert (fit.signal < 0).mean() == pytest.approx(stats.norm.cdf(-signal / fit.error.mean()), abs=0.03)


def test_a_peak_that_the_fit_does_not_know_biases_it() -> None:
    """The negative control: background with a bump of its own."""
    bump = 40 * stats.norm.pdf((EDGES[1:] + EDGES[:-1]) / 2, 1, 6) * 3
    counts = np.random.default_rng(7).poisson(expected(60, 800) + bump, (500, 20))
    assert fit_peak(counts, EDGES, PEAK, degree=2).pulls(60).mean() > 0.5


def test_empty_bins_at_the_border_of_what_is_possible() -> None:
    counts = np.array([0, 0, 0, 0, 0, 0, 1, 3, 9, 14, 22, 16, 8, 2, 1, 0, 0, 0, 0, 0])
    fit = fit_peak(counts[np.newaxis], EDGES, PEAK, degree=2)
    total = (fit.expected_signal + fit.expected_background)[0]
    best = optimize.minimize(
        negative_log_likelihood(counts), [70.0, 10, 0, 0], method="SLSQP",
        constraints={"type": "ineq", "fun": lambda parameters: expected(*parameters)},
    )  # fmt: skip
    found = float(np.sum(total - counts * np.log(total)))
    assert (total > 0).all()
    assert found < best.fun + 0.05
    assert 0 < fit.error[0] < 12


def test_spectra_are_fitted_each_by_itself() -> None:
    counts = np.random.default_rng(1).poisson(expected(60, 800), (3, 20))
    together = fit_peak(counts, EDGES, PEAK, degree=1)
    alone = [fit_peak(one[np.newaxis], EDGES, PEAK, degree=1) for one in counts]
    assert together.signal == pytest.approx([fit.signal[0] for fit in alone], abs=1e-3)
    assert repr(together) == "<PeakFit of 3 spectra of 20 bins>"


GOOD = np.full((1, 20), 10)


@pytest.mark.parametrize(
    ("counts", "edges", "peak", "words"),
    [
        (GOOD[0], EDGES, PEAK, r"shape \(20,\), expected \[E, B\].*np.newaxis"),
        (GOOD + 0.5, EDGES, PEAK, "whole numbers"),
        (-GOOD, EDGES, PEAK, "whole numbers"),
        (GOOD, EDGES[:-1], PEAK, "expected 21 rising numbers"),
        (GOOD, EDGES[::-1], PEAK, "expected 21 rising numbers"),
        (GOOD, EDGES, Peak(40, 5), "mean inside the spectrum, -30 to 30"),
        (GOOD, EDGES, Peak(0, 0), "sigma above 0"),
        (np.eye(20)[:1], EDGES, PEAK, "has 1 bins with entries of 20"),
        (GOOD[:, :4], EDGES[8:13], PEAK, "more bins than the 4 parameters"),
    ],
)
def test_what_is_refused(counts: np.ndarray, edges: np.ndarray, peak: Peak, words: str) -> None:
    with pytest.raises(StatisticsError, match=words):
        fit_peak(counts, edges, peak, degree=2)
