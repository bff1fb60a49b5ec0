"""Systematic errors of class fractions: templates that are morphed by nuisances, and the profile over them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import probability_array

Floats = NDArray[np.float64]
Morph = Callable[[float], Floats]
"""What is added to templates, or to images, at an amount of one nuisance."""

ChiSquare = Callable[[Floats], float]
"""χ² of the differences between a sample and its templates, at amounts `[J]`."""

STARTS = (0.0, -1.0, 1.0)
"""Where the fit begins, in sigmas from the mean: a nuisance that acts alike to both sides has two minima."""


@dataclass(frozen=True, eq=False)
class Nuisance:
    """One source of systematic error: the template images, all changed by known amounts.

    The sample's images are all changed by one amount that nobody knows; `mean` and `sigma` say what is known of it.

    Attributes:
        name: such as "rotation".
        unit: such as "degrees".
        values: the amounts at which the template images were scored, rising, 0 among them. They should reach two
            sigma from the mean: outside of them the amount is not sought.
        scores: probabilities `[L, m, K]`: for each of the L amounts those of the changed template images.
        mean: of the normal prior of the amount.
        sigma: its width.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    scores: Floats = field(repr=False)
    mean: float
    sigma: float


@dataclass(frozen=True, eq=False)
class FittedNuisance:
    """What the sample says about the amount of one nuisance.

    Attributes:
        name, unit: of the nuisance.
        value: the fitted amount.
        error: its standard error, with the prior, from pseudo-experiments.
        pull: (value - mean) / sigma of the prior.
        correlation: with the fraction of every class `[K]`.
    """

    name: str
    unit: str
    value: float
    error: float
    pull: float
    correlation: Floats

    def __str__(self) -> str:
        return f"{self.name} {self.value:.2f} ± {self.error:.2f} {self.unit} (pull {self.pull:+.2f})"


def check_nuisance(nuisance: Nuisance, num_templates: int, num_classes: int) -> None:
    """Refuse amounts that cannot be interpolated, and scores of other images."""
    values, name = nuisance.values, nuisance.name
    rising = all(low < high for low, high in itertools.pairwise(values))
    if len(values) < 2 or not rising or 0 not in values:
        raise StatisticsError(
            f"nuisance {name!r} has the values {values}, expected at least two rising amounts, 0 among them."
        )
    expected = (len(values), num_templates, num_classes)
    if np.shape(nuisance.scores) != expected:
        raise StatisticsError(
            f"nuisance {name!r} has scores of shape {np.shape(nuisance.scores)}, expected {expected}: "
            "for each amount those of all template images, in their order."
        )
    if not (nuisance.sigma > 0 and values[0] <= nuisance.mean <= values[-1]):
        raise StatisticsError(
            f"nuisance {name!r} has the prior N({nuisance.mean:g}, {nuisance.sigma:g}), expected a sigma above 0 and a "
            f"mean among the amounts from {values[0]:g} to {values[-1]:g}."
        )


def checked_scores(nuisance: Nuisance) -> Floats:
    """The scores `[L, m, K]` as probabilities."""
    return probability_array(nuisance.scores, f"scores of nuisance {nuisance.name!r}")


def morph(values: Sequence[float], arrays: Sequence[Floats]) -> Morph:
    """A smooth curve through the arrays at each amount, less the one at 0.

    >>> bend = morph((-1.0, 0.0, 1.0), [np.full((1, 1), 2.0), np.full((1, 1), 1.0), np.full((1, 1), 2.0)])
    >>> bend(0.5).item()
    0.25
    """
    from scipy import interpolate  # takes a while to import, which every command would wait for

    origin = arrays[list(values).index(0)]
    spline = interpolate.CubicSpline(values, np.stack(arrays) - origin)
    return lambda value: np.asarray(spline(value), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class NuisanceFit:
    """The best amounts of J nuisances, and what they do to fractions.

    Attributes:
        amounts: `[J]`.
        errors: their standard errors `[J]`.
        penalty: of the best amounts, Σ ((v - mean) / sigma)².
        systematics: covariance of the fractions from the nuisances `[K, K]`.
        together: covariance of the nuisances with the fractions `[J, K]`.
    """

    amounts: Floats
    errors: Floats
    penalty: float
    systematics: Floats
    together: Floats


def fit_nuisances(
    chi_square: ChiSquare,
    pseudo_experiments: Callable[[Floats], Iterable[ChiSquare]],
    fractions: Callable[[Floats], Floats],
    nuisances: Sequence[Nuisance],
) -> NuisanceFit:
    """Minimise χ² over the nuisances, each with its penalty, by MIGRAD of iminuit.

    The errors are the root mean square deviation of the fits of pseudo-experiments, in which the data, the templates
    and the means of the priors fluctuate. χ² itself is too narrow: the changed templates fluctuate with every amount
    anew, and of two minima the wrong one may be the deeper.

    Given the nuisances, the fractions have all that the likelihood says about them. So their error does not depend on
    χ², which is made of what the fractions leave over, and the nuisances' own error adds in quadrature.

    Args:
        chi_square: of the sample.
        pseudo_experiments: from the best amounts to χ² of samples and templates as they might have been.
        fractions: `[K]` at amounts `[J]`.
        nuisances: J of them.
    """
    if not nuisances:
        none = np.zeros(0)
        size = len(fractions(none))
        return NuisanceFit(none, none, 0.0, np.zeros((size, size)), np.zeros((0, size)))
    means, sigmas = (np.array([getattr(one, name) for one in nuisances]) for name in ("mean", "sigma"))

    def best(of: ChiSquare, shift: Floats) -> Floats:
        return _minimised(lambda scaled: of(means + sigmas * scaled), shift, nuisances)

    scaled, rng = best(chi_square, np.zeros(len(nuisances))), np.random.default_rng(0)
    amounts = means + sigmas * scaled
    others = [best(one, rng.normal(size=len(scaled))) for one in pseudo_experiments(amounts)]
    moved = sigmas * (np.array(others) - scaled)
    changed = np.array([fractions(amounts + step) for step in moved]) - fractions(amounts)
    covariances = (moved.T @ moved, changed.T @ changed, moved.T @ changed)
    of_amounts, systematics, together = (covariance / len(others) for covariance in covariances)
    return NuisanceFit(amounts, np.sqrt(np.diag(of_amounts)), float(np.square(scaled).sum()), systematics, together)


def _minimised(chi_square: ChiSquare, shift: Floats, nuisances: Sequence[Nuisance]) -> Floats:
    """The best of several fits of the amounts, in units of their priors, whose means are shifted `[J]`."""
    from iminuit import Minuit

    def cost(scaled: Any) -> float:  # iminuit gives all parameters in one array, which its types do not know
        return chi_square(scaled) + float(np.square(scaled - shift).sum())

    fits = []
    for start in STARTS:
        fit = Minuit(cost, np.full(len(nuisances), start))  # pyright: ignore[reportArgumentType]
        fit.limits = [
            ((one.values[0] - one.mean) / one.sigma, (one.values[-1] - one.mean) / one.sigma) for one in nuisances
        ]
        fit.errordef = Minuit.LEAST_SQUARES
        fits.append(fit.migrad())
    return np.array(min(fits, key=lambda fit: fit.fval).values)
