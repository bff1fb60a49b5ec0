"""The fit of class fractions: soft bins that are best for the sample at hand, and the templates in them.

Dimension letters: m template images, n sample images, K classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from netgain.stats.matrix_scaling import MatrixScaling, fit_matrix_scaling
from netgain.stats.nuisances import Morph

MOST_STEPS = 5000
CLOSE_ENOUGH = 1e-7

FEWEST_IMAGES = 1.0
"""A class that the sample hardly has is sought as if so many of its images were there."""

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Templates:
    """The labelled images: their scores as class probabilities.

    Attributes:
        labels: classes `[m]`.
        counts: images of every class `[K]`.
        probabilities: p_k(x) `[m, K]` for images with the templates' own class fractions.
        scaling: that makes probabilities of scores.
        features: of the images, as the scaling has them `[m, K+1]`.
    """

    labels: Labels
    counts: Floats
    probabilities: Floats
    scaling: MatrixScaling
    features: Floats

    @property
    def priors(self) -> Floats:
        """Class fractions of the template images `[K]`."""
        return self.counts / self.counts.sum()


def make_templates(scores: Floats, labels: Labels) -> Templates:
    """The templates of scores `[m, K]` and labels `[m]`."""
    scaling = fit_matrix_scaling(scores, labels)
    counts = np.bincount(labels, minlength=scores.shape[1]).astype(np.float64)
    return Templates(labels, counts, scaling.probabilities(scores), scaling, scaling.features(scores))


@dataclass(frozen=True)
class SoftBins:
    """K bins that share every image: its bin contents g_k(x) are its class probabilities in a sample like this one.

    g_k(x) = f_k r_k(x) / Σ_j f_j r_j(x), with r_k = p_k / prior_k: the direction in which the likelihood of the
    fractions f changes, so that the sums of g over the sample have all that it says about them.

    Attributes:
        densities: by what probabilities are divided, the templates' priors `[K]`.
        fractions: f, none zero `[K]`.
    """

    densities: Floats
    fractions: Floats

    def contents(self, probabilities: Floats) -> Floats:
        """G `[n, K]` of images with probabilities `[n, K]`."""
        contents = probabilities * (self.fractions / self.densities)
        return contents / contents.sum(axis=1, keepdims=True)


def best_bins(templates: Templates, probabilities: Floats) -> SoftBins:
    """The soft bins for a sample with probabilities `[n, K]`."""
    fractions = expectation_maximisation(probabilities / templates.priors)
    fractions = np.maximum(fractions, FEWEST_IMAGES / len(probabilities))
    return SoftBins(templates.priors, fractions / fractions.sum())


def expectation_maximisation(ratios: Floats) -> Floats:
    """The fractions `[K]` that make a sample most probable, none negative.

    Saerens, Latinne & Decaestecker (2002), Neural Computation 14, 21, eq. 2.8, from r_k(x) = p_k(x) / prior_k `[n, K]`.

    >>> expectation_maximisation(np.array([[2.0, 0.0], [0.0, 2.0], [0.0, 2.0], [0.0, 2.0]])).round(3).tolist()
    [0.25, 0.75]
    """
    fractions = np.full(ratios.shape[1], 1 / ratios.shape[1])
    for _ in range(MOST_STEPS):
        found = fractions * (ratios / (ratios @ fractions)[:, np.newaxis]).mean(axis=0)
        step = float(np.abs(found - fractions).max())
        fractions = found
        if step < CLOSE_ENOUGH:
            break
    return fractions / fractions.sum()


@dataclass(frozen=True, eq=False)
class FractionModel:
    """What the sample has in K soft and B hard bins, and what the templates have there.

    Attributes:
        observed: mean bin contents of the sample, soft bins first `[K + B]`.
        nominal: the same of every class of template images `[K, K + B]`.
        morphs: what each nuisance adds to it, at an amount.
    """

    observed: Floats
    nominal: Floats
    morphs: tuple[Morph, ...] = ()

    def templates(self, amounts: Floats) -> Floats:
        """The templates at amounts of the nuisances `[J]`."""
        changes = [morph(float(amount)) for morph, amount in zip(self.morphs, amounts, strict=True)]
        return self.nominal + sum(changes, np.zeros_like(self.nominal))

    def matrix(self, amounts: Floats) -> Floats:
        """M `[K, K]`, the templates in the soft bins."""
        return self.templates(amounts)[:, : len(self.nominal)]

    def signed(self, amounts: Floats) -> Floats:
        """The fractions f with fᵀM = the sample's contents of the soft bins; one may be negative. They sum to one."""
        return np.asarray(np.linalg.solve(self.matrix(amounts).T, self.observed[: len(self.nominal)]), np.float64)

    def differences(self, amounts: Floats) -> tuple[Floats, Floats]:
        """What is in the hard bins, and what the fitted templates expect there `[B]` each."""
        size = len(self.nominal)
        return self.observed[size:], self.signed(amounts) @ self.templates(amounts)[:, size:]


def nearest_fractions(signed: Floats, covariance: Floats) -> Floats:
    """Of all fractions that are not negative and sum to one, those nearest in units of the errors `[K]`."""
    values, vectors = np.linalg.eigh(covariance)
    is_measured = values > 1e-9 * values.max(initial=0.0)
    if not is_measured.any():
        return np.clip(signed, 0.0, None) / np.clip(signed, 0.0, None).sum()
    rotated = vectors[:, is_measured].T / np.sqrt(values[is_measured])[:, np.newaxis]
    weight = 1e4 * float(np.abs(rotated).max())
    rows = np.concatenate([rotated, np.full((1, len(signed)), weight)])
    found, _ = optimize.nnls(rows, np.concatenate([rotated @ signed, [weight]]))
    return found / found.sum()
