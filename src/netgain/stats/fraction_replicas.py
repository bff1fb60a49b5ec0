"""Samples and templates as they might have been: pseudo-experiments around the fit of class fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from netgain.stats.fraction_bins import BinnedImages
from netgain.stats.fraction_fit import FractionModel
from netgain.stats.nuisances import Nuisance, checked_scores, morph
from netgain.stats.template_weights import TemplateWeights

NUM_REPLICAS = 50
"""So many give an error to a tenth of itself."""

Floats = NDArray[np.float64]


def replicas(
    binned: BinnedImages, nuisances: Sequence[Nuisance], amounts: Floats, num_images: int
) -> Iterator[FractionModel]:
    """Models with another sample of n images and other templates, drawn around the fitted ones.

    The template images are drawn again with replacement, class by class (Efron 1979, Ann. Statist. 7, 1), each with all
    its changed copies. What the sample has in the bins is moved by a normal error with the covariance of n images.

    Args:
        binned: sample and templates, which count by their labels alone.
        nuisances: J of them.
        amounts: the fitted ones `[J]`.
        num_images: n.
    """
    rng, trusted = np.random.default_rng(0), binned.weights
    changed = [[binned.contents_of(scores) for scores in checked_scores(one)] for one in nuisances]
    moved = binned.moved(nuisances, amounts, binned.fractions).contents
    root = _root(trusted.within(moved, binned.fractions) / num_images)
    for _ in range(NUM_REPLICAS):
        weights = replace(trusted, weights=trusted.weights * _drawn_again(trusted, rng)[:, np.newaxis])
        morphs = [
            morph(one.values, [weights.matrix(contents) for contents in copies])
            for one, copies in zip(nuisances, changed, strict=True)
        ]
        observed = binned.observed + root @ rng.normal(size=len(root))
        yield FractionModel(observed, weights.matrix(binned.contents), tuple(morphs))


def _drawn_again(weights: TemplateWeights, rng: np.random.Generator) -> Floats:
    """How often each template image is drawn `[m]`, if as many are drawn from every class as there are."""
    times = np.zeros(len(weights.templates.labels))
    for label in range(len(weights.templates.counts)):
        places = np.flatnonzero(weights.templates.labels == label)
        times[places] = rng.multinomial(len(places), np.full(len(places), 1 / len(places)))
    return times


def _root(covariance: Floats) -> Floats:
    """R with R Rᵀ = the covariance, which may be singular."""
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0.0))
