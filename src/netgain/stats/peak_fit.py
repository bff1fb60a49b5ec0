"""The extended likelihood fit of a peak over a smooth background to binned spectra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Legendre
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from netgain.errors import StatisticsError

MOST_STEPS = 200
"""Newton steps; a spectrum with enough counts takes about ten."""

TOLERANCE = 1e-10
"""Of the Newton decrement, in units of the log-likelihood: 1/2 is one standard error."""


EMPTY = 1e-3
"""Entries that a bin without any counts as. Their logarithm keeps every μ above 0 where the largest likelihood lies on
that border; the log-likelihood that is found is below the largest by at most this much per empty bin."""


class Peak(NamedTuple):
    """A normal peak of known place and width, in the units of the spectrum's axis."""

    mean: float
    sigma: float

    def shares(self, edges: NDArray[np.float64]) -> NDArray[np.float64]:
        """The share of the peak in each bin `[B]`; they sum to one over the spectrum."""
        within = np.diff(special.ndtr((edges - self.mean) / self.sigma))
        return within / within.sum()


@dataclass(frozen=True, eq=False, repr=False)
class PeakFit:
    """The fits of E spectra of B bins, each by itself.

    Attributes:
        edges: of the bins `[B + 1]`.
        counts: what was fitted `[E, B]`.
        signal: the number of entries in the peak, `[E]`; negative where the spectrum has a dip there.
        error: its standard error `[E]`, with the Poisson fluctuation of the number itself.
        background: the number of entries in the background, `[E]`.
        expected_signal, expected_background: the fitted curves in each bin `[E, B]`.
        degrees_of_freedom: bins minus fitted parameters.
    """

    edges: NDArray[np.float64]
    counts: NDArray[np.float64]
    signal: NDArray[np.float64]
    error: NDArray[np.float64]
    background: NDArray[np.float64]
    expected_signal: NDArray[np.float64]
    expected_background: NDArray[np.float64]
    degrees_of_freedom: int

    def __repr__(self) -> str:
        return f"<PeakFit of {self.counts.shape[0]:,} spectra of {self.counts.shape[1]} bins>"

    @property
    def deviance(self) -> NDArray[np.float64]:
        """2 Σ [μ - n + n ln(n/μ)] of each fit `[E]`, which is χ² distributed where the counts are large.

        Baker & Cousins (1984), Nuclear Instruments and Methods 221, 437, section 3.
        """
        expected = self.expected_signal + self.expected_background
        return 2 * (expected - self.counts + special.xlogy(self.counts, self.counts / expected)).sum(axis=1)

    @property
    def p_value(self) -> NDArray[np.float64]:
        """The probability of a deviance at least as large if peak and background are the truth, `[E]`."""
        return stats.chi2.sf(self.deviance, self.degrees_of_freedom)

    def pulls(self, true_signal: ArrayLike) -> NDArray[np.float64]:
        """(signal - true) / error of each spectrum `[E]`; right fits have pulls of mean 0 and width 1."""
        return (self.signal - np.asarray(true_signal, dtype=np.float64)) / self.error


def fit_peak(counts: ArrayLike, edges: ArrayLike, peak: Peak, degree: int) -> PeakFit:
    """Fit the number of entries in a peak of known shape, over a polynomial background, to each spectrum.

    The expected count of a bin is μ = s P + Σ_k b_k L_k: P is the peak's share of the bin, L_k the integral of
    Legendre's polynomial k over it. All parameters are free, and s may be negative, so that it is unbiased where there
    is no peak. The extended log-likelihood Σ (n ln μ - μ) is concave in them; its largest value is found by Newton's
    method, and the error of s is from the inverse of its second derivatives there: Barlow (1990), Nuclear Instruments
    and Methods A 297, 496; Cowan (1998), Statistical Data Analysis, sections 6.9 and 6.10.

    Args:
        counts: whole numbers `[E, B]`, a spectrum in each row.
        edges: of the bins `[B + 1]`, rising.
        peak: its place and width.
        degree: of the background's polynomial.

    Raises:
        StatisticsError: for arrays that are not such counts and edges, for a peak outside of the spectrum, and for
            spectra with fewer bins with entries than parameters.

    >>> edges = np.linspace(-1, 1, 6)
    >>> fit = fit_peak([[10, 10, 30, 10, 10]], edges, Peak(0.0, 0.1), degree=0)
    >>> print(f"{fit.signal[0]:.2f} ± {fit.error[0]:.2f}, background {fit.background[0]:.2f}")
    21.16 ± 6.03, background 48.84
    """
    values, borders = _checked(counts, edges)
    if not (peak.sigma > 0 and np.isfinite(peak).all() and borders[0] < peak.mean < borders[-1]):
        raise StatisticsError(
            f"the peak has mean {peak.mean!r} and sigma {peak.sigma!r}, expected a mean inside the spectrum, "
            f"{borders[0]:g} to {borders[-1]:g}, and a sigma above 0."
        )
    parts = np.column_stack([peak.shares(borders), _polynomials(borders, degree)])
    _check_filled(values, parts.shape[1])
    filled = np.where(values > 0, values, EMPTY)
    found = _most_likely(filled, parts)
    expected = found @ parts.T
    information = np.einsum("eb,bp,bq->epq", filled / expected**2, parts, parts)
    return PeakFit(
        edges=borders,
        counts=values,
        signal=found[:, 0],
        error=np.sqrt(np.linalg.inv(information)[:, 0, 0]),
        background=found[:, 1],  # the other polynomials integrate to zero
        expected_signal=found[:, :1] * parts[:, 0],
        expected_background=found[:, 1:] @ parts[:, 1:].T,
        degrees_of_freedom=values.shape[1] - parts.shape[1],
    )


def _polynomials(edges: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """The integral of each Legendre polynomial over each bin `[B, degree + 1]`; that of order 0 sums to one."""
    places = 2 * (edges - edges[0]) / (edges[-1] - edges[0]) - 1
    return np.column_stack([np.diff(Legendre.basis(order).integ()(places)) / 2 for order in range(degree + 1)])


def _most_likely(counts: NDArray[np.float64], parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parameters `[E, P]` with the largest likelihood, by Newton steps that are halved until they lead uphill."""
    found = np.zeros((len(counts), parts.shape[1]))
    found[:, 1] = counts.sum(axis=1)  # flat
    gain = np.full(len(counts), np.inf)
    for _ in range(MOST_STEPS):
        expected = found @ parts.T
        slope = (counts / expected - 1) @ parts
        curvature = np.einsum("eb,bp,bq->epq", counts / expected**2, parts, parts)
        step = np.linalg.solve(curvature, slope[:, :, np.newaxis])[:, :, 0]
        gain = (slope * step).sum(axis=1)
        if (gain < TOLERANCE).all():
            return found
        found = found + _uphill(counts, expected, step @ parts.T, gain)[:, np.newaxis] * step
    number = int(np.argmax(gain))
    raise StatisticsError(
        f"the fit of spectrum {number}, with {counts[number].sum():.0f} entries, does not converge after {MOST_STEPS} "
        "steps; use more entries, wider bins or a lower degree."
    )


def _uphill(
    counts: NDArray[np.float64], expected: NDArray[np.float64], change: NDArray[np.float64], gain: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The share of each spectrum's step `[E]` that raises its likelihood enough (Armijo) and keeps every μ positive."""
    share = np.ones(len(counts))
    for _ in range(60):
        ratio = 1 + share[:, np.newaxis] * change / expected
        inside = (ratio > 0).all(axis=1)
        raised = (special.xlogy(counts, np.maximum(ratio, 1e-300)) - expected * (ratio - 1)).sum(axis=1)
        enough = inside & (raised >= 1e-4 * share * gain - 1e-12 * counts.sum(axis=1))
        if enough.all():
            break
        share = np.where(enough, share, share / 2)
    return share


def _checked(counts: ArrayLike, edges: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts `[E, B]` and edges `[B + 1]` as numbers, or a StatisticsError."""
    values, borders = np.asarray(counts, dtype=np.float64), np.asarray(edges, dtype=np.float64)
    if values.ndim != 2 or 0 in values.shape:
        raise StatisticsError(
            f"`counts` has shape {values.shape}, expected [E, B] (spectra, bins); for one spectrum use "
            "counts[np.newaxis]."
        )
    if not (np.isfinite(values).all() and (values >= 0).all() and (values == np.rint(values)).all()):
        raise StatisticsError("`counts` holds other values than whole numbers from 0; give the entries of each bin.")
    if borders.shape != (values.shape[1] + 1,) or not (np.isfinite(borders).all() and (np.diff(borders) > 0).all()):
        raise StatisticsError(
            f"`edges` has shape {borders.shape}, expected {values.shape[1] + 1} rising numbers: one more than bins."
        )
    return values, borders


def _check_filled(counts: NDArray[np.float64], parameters: int) -> None:
    """Refuse spectra that have fewer bins with entries than there are parameters, or no more bins at all."""
    filled = (counts > 0).sum(axis=1)
    if counts.shape[1] <= parameters or filled.min() < parameters:
        raise StatisticsError(
            f"a spectrum has {filled.min()} bins with entries of {counts.shape[1]}, expected more bins than the "
            f"{parameters} parameters, and entries in as many; use more entries or a lower degree."
        )
