"""A sample and its templates in the bins that the fit of class fractions uses: soft ones and hard ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from netgain.stats.familiarity import HardBins, hard_bins
from netgain.stats.fraction_fit import FractionModel, SoftBins, Templates, best_bins
from netgain.stats.nuisances import Nuisance, checked_scores, morph
from netgain.stats.template_weights import TemplateWeights, trust_labels, weigh_templates

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BinnedImages:
    """The template images and the sample in K soft and B hard bins.

    Attributes:
        weights: for how much the template images count.
        soft: their contents of the soft bins `[m, K]`.
        hard: their hard bins `[m, B]`.
        observed: mean bin contents of the sample, soft bins first `[K + B]`.
        fractions: of the sample, roughly `[K]`; none negative.
        bins, slices: the bins.
    """

    weights: TemplateWeights
    soft: Floats
    hard: Floats
    observed: Floats
    fractions: Floats
    bins: SoftBins
    slices: HardBins

    @property
    def contents(self) -> Floats:
        """Contents of both kinds of bins of the template images `[m, K + B]`."""
        return np.concatenate([self.soft, self.hard], axis=1)

    @property
    def lowest(self) -> NDArray[np.intp]:
        """The hard bins of lowest confidence, one for each answer that has several."""
        return np.unique(self.slices.first[[len(edges) > 0 for edges in self.slices.edges]])

    def contents_of(self, scores: Floats) -> Floats:
        """Contents of the soft and the hard bins `[n, K + B]` of images with scores `[n, K]`."""
        soft = self.bins.contents(self.weights.templates.scaling.probabilities(scores))
        return np.concatenate([soft, self.slices.indicators(soft)], axis=1)

    def model(self, nuisances: Sequence[Nuisance]) -> FractionModel:
        """What is fitted: sample and templates, which the nuisances morph."""
        morphs = tuple(
            morph(one.values, [self.weights.matrix(self.contents_of(scores)) for scores in checked_scores(one)])
            for one in nuisances
        )
        return FractionModel(self.observed, self.weights.matrix(self.contents), morphs)

    def moved(self, nuisances: Sequence[Nuisance], amounts: Floats, fractions: Floats) -> BinnedImages:
        """The same bins with all template images changed by the amounts `[J]`, and with better fractions `[K]`."""
        contents = self.contents
        for one, amount in zip(nuisances, amounts.tolist(), strict=True):
            contents = contents + morph(one.values, [self.contents_of(scores) for scores in checked_scores(one)])(
                amount
            )
        size = self.soft.shape[1]
        return replace(self, soft=contents[:, :size], hard=contents[:, size:], fractions=fractions)

    def residual_covariance(self, num_images: int) -> Floats:
        """The covariance of sample less fitted templates in the hard bins `[B, B]`, for n sample images.

        The fractions were fitted to the same images. So each image counts with what it adds to a bin less what it adds
        to what the fitted fractions expect there.
        """
        response = np.linalg.solve(self.weights.matrix(self.soft), self.weights.matrix(self.hard))
        apart = self.hard - self.soft @ response
        return self.weights.within(apart, self.fractions) / num_images + self.weights.noise(apart, self.fractions)


def bin_images(templates: Templates, sample_scores: Floats, is_morphed: bool) -> BinnedImages:
    """Choose the bins for a sample with scores `[n, K]`, and put all images into them.

    How a change of an image moves its scores depends on what it truly shows. So where the templates are morphed, their
    labels alone count.
    """
    probabilities = templates.scaling.probabilities(sample_scores)
    bins = best_bins(templates, probabilities)
    soft, of_sample = bins.contents(templates.probabilities), bins.contents(probabilities)
    weights = trust_labels(templates) if is_morphed else weigh_templates(templates, soft)
    signed = np.linalg.solve(weights.matrix(soft).T, of_sample.mean(axis=0))
    fractions = np.maximum(signed, 0.0) / np.maximum(signed, 0.0).sum()
    slices = hard_bins(templates, soft, fractions, len(sample_scores))
    observed = np.concatenate([of_sample.mean(axis=0), slices.indicators(of_sample).mean(axis=0)])
    return BinnedImages(weights, soft, slices.indicators(soft), observed, fractions, bins, slices)
