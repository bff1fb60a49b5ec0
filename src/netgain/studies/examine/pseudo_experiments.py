"""Pseudo-experiments after a cut on a network's score: the spectrum of a mass is drawn, and the signal in it fitted.

The mass is the angle by which a digit was turned. The digits that pass are drawn from every test digit at every mass of
a grid: with replacement, so that a spectrum's entries are independent and its pulls are not narrowed, and from a
population of which the expected signal is known exactly. The entries of independent draws in bins are Poisson numbers,
and those are drawn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netgain.data.turned import BACKGROUND_MASS, SIGNAL_MASS
from netgain.stats import Peak, PeakFit, fit_peak

GENERIC, BLIND, UNCUT = "generic", "blind", "no cut"
PASSING = 0.85
"""The share of the signal that passes the cut on the score. Whoever changes it, or the bins, names the measurement of
`examine/kept_information.py` anew: stores keep what was measured."""

EDGES = np.linspace(-34.5, 34.5, 24)
"""Of the bins of mass, degrees. Near ±45°, where its training digits end, a blind network lets more background through.
The fit keeps away from there, so that a parabola describes the background: of the windows from ±31° to ±45° with 80 to
95 % of the signal passing, it does so best up to ±35°."""

CENTRES = (EDGES[1:] + EDGES[:-1]) / 2
PEAK, DEGREE = Peak(SIGNAL_MASS.mean, SIGNAL_MASS.sigma), 2
SIGNAL, BACKGROUND, SPREAD = 1_000, 20_000, 0.5
"""Signal and background of a pseudo-experiment before the cut, flat within ±50 %: an experiment does not know them."""

PER_NETWORK = 1_000
"""Pseudo-experiments for each network."""

SIGNAL_SHARES = PEAK.shares(EDGES)
BACKGROUND_SHARE = float(EDGES[1] - EDGES[0]) / (BACKGROUND_MASS.high - BACKGROUND_MASS.low)
"""Of the background before the cut in each bin."""


class Experiments(NamedTuple):
    """The pseudo-experiments of one way to select, those of all networks one after another: E fits.

    Attributes:
        fit: of signal over background `[E]`.
        truth: the expected signal after the cut, of each `[E]`.
        alone: the fit of the same background without a signal.
    """

    fit: PeakFit
    truth: np.ndarray
    alone: PeakFit

    @property
    def pulls(self) -> np.ndarray:
        """(fitted - expected) / error, `[E]`."""
        return self.fit.pulls(self.truth)

    @property
    def found(self) -> float:
        """How often a signal of more than two standard errors is found where there is none."""
        return float((self.alone.pulls(0) > 2).mean())


def experiments(passing: np.ndarray) -> Experiments:
    """Draw and fit pseudo-experiments of networks whose cut lets these shares through, `[S, 2, bins]`."""
    generator = np.random.default_rng(0)
    size = (len(passing), PER_NETWORK, 1)
    signal, background = (mean * generator.uniform(1 - SPREAD, 1 + SPREAD, size) for mean in (SIGNAL, BACKGROUND))
    of_signal = signal * (SIGNAL_SHARES * passing[:, 0])[:, np.newaxis]
    of_background = background * BACKGROUND_SHARE * passing[:, 1][:, np.newaxis]
    both, alone = (
        fit_peak(generator.poisson(expected).reshape(-1, len(CENTRES)), EDGES, PEAK, DEGREE)
        for expected in (of_signal + of_background, of_background)
    )
    return Experiments(both, of_signal.sum(axis=2).ravel(), alone)
