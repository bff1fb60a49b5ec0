"""How much a template image tells about each class: its label, or what the other images say about such an image.

The label alone is never wrong, but 200 images of a class say little about its rare mistakes. The calibrated probability
uses all images, but it is a model and can be wrong. So every class takes a mixture of the two, and the weight of the
labels comes from how far the model is wrong for them (empirical Bayes: Efron & Morris 1973, JASA 68, 117).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgain.stats.fraction_fit import Templates

UNSEEN = 0.5
"""Of every class so many template images count as images of a random class: a rare mistake that none of them shows."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TemplateWeights:
    """For how much every template image counts in the template of every class.

    Attributes:
        templates: the images.
        trust: weight of the labels against the model for each class `[K]`, from 0 to 1.
        misfit: τ²: the squared error of the model's template, in units of the variance of one image.
        weights: `[m, K]`; the column of a class sums to its number of images.
    """

    templates: Templates
    trust: Floats
    misfit: float
    weights: Floats

    def matrix(self, contents: Floats) -> Floats:
        """M `[K, B]`: the mean contents of B bins for every class, from those of the template images `[m, B]`."""
        return (self.weights.T @ contents) / self.templates.counts[:, np.newaxis]

    def scatter(self, contents: Floats, of_classes: Floats) -> Floats:
        """Σ_k c_k Cov_k `[B, B]`: the covariances of the contents within the classes, with a factor for each `[K]`."""
        means = self.matrix(contents)
        weights = self.weights @ (of_classes / self.templates.counts)
        return contents.T @ (contents * weights[:, np.newaxis]) - means.T @ (means * of_classes[:, np.newaxis])

    def within(self, contents: Floats, fractions: Floats) -> Floats:
        """The covariance of one image's contents in a sample with these fractions, its class given `[B, B]`."""
        return self.scatter(contents, fractions) + self._unseen(contents, fractions / self.templates.counts)

    def influence(self, contents: Floats, fractions: Floats) -> Floats:
        """What every template image adds to fᵀM `[m, B]`.

        The images are summed, and the model was fitted to them.
        """
        of_class = fractions / self.templates.priors
        direct = contents * (self.weights @ of_class)[:, np.newaxis] / len(contents)
        return direct + _through_model(self.templates, contents, of_class * (1 - self.trust))

    def noise(self, contents: Floats, fractions: Floats) -> Floats:
        """The covariance of fᵀM `[B, B]` from the choice of template images and from what is wrong with the model."""
        wrong = np.square(fractions * (1 - self.trust)) * self.misfit
        unseen = np.square(fractions / self.templates.counts)
        seen = scatter_within(self.influence(contents, fractions), self.templates)
        return seen + self.scatter(contents, wrong) + self._unseen(contents, unseen)

    def _unseen(self, contents: Floats, of_classes: Floats) -> Floats:
        """What mistakes that no template image shows add, with a factor for each class `[B, B]`.

        Without it the error of an absent class would be smallest where, by chance, no template image looks like it.
        """
        size = len(of_classes)
        means = self.matrix(contents)
        centred = means - means.mean(axis=0)
        anywhere = self.scatter(contents, np.full(size, 1 / size)) + centred.T @ centred / size
        return UNSEEN * (of_classes.sum() * anywhere + centred.T @ (centred * of_classes[:, np.newaxis]))


def trust_labels(templates: Templates) -> TemplateWeights:
    """Every template image counts for the class of its label, and for no other."""
    labelled = np.eye(len(templates.counts))[templates.labels]
    return TemplateWeights(templates, np.ones(len(templates.counts)), 0.0, labelled)


def weigh_templates(templates: Templates, contents: Floats) -> TemplateWeights:
    """The mixture that is best for bins with contents `[m, K]`."""
    by_label = trust_labels(templates)
    by_model = TemplateWeights(templates, np.zeros(len(templates.counts)), 0.0, templates.probabilities)
    squares = np.square(by_label.matrix(contents) - by_model.matrix(contents))
    noise, spread = np.empty_like(squares), np.empty_like(squares)
    for label, one in enumerate(np.eye(len(templates.counts))):
        apart = by_label.influence(contents, one) - by_model.influence(contents, one)
        noise[label] = np.diag(scatter_within(apart, templates))
        spread[label] = np.diag(by_model.scatter(contents, one))
    scale = np.maximum(spread.sum(axis=1), 1e-12)
    misfit = max(0.0, float(((squares - noise).sum(axis=1) / scale).mean()))
    chance = noise.sum(axis=1) / scale
    trust = misfit / np.maximum(misfit + chance, 1e-300)
    return TemplateWeights(templates, trust, misfit, trust * by_label.weights + (1 - trust) * templates.probabilities)


def scatter_within(values: Floats, templates: Templates) -> Floats:
    """The covariance of the sum of values `[m, …]` over the template images.

    Images are compared with those of their class only, because the number of images of a class is not random.
    """
    counts = templates.counts
    means = np.eye(len(counts))[templates.labels].T @ values / counts[:, np.newaxis]
    centred = values - means[templates.labels]
    growth = counts / np.maximum(counts - 1, 1)
    return centred.T @ (centred * growth[templates.labels][:, np.newaxis])


def _through_model(templates: Templates, contents: Floats, weights: Floats) -> Floats:
    """How every image moves Σ_j weights_j mean(p_j g) `[m, B]` by moving the fitted probabilities p."""
    if not weights.any():
        return np.zeros_like(contents)
    p, features = templates.probabilities, templates.features
    total, num_classes = p.shape
    pulls = p * (weights - (p @ weights)[:, np.newaxis]) / total
    by_weight = (pulls[:, :, np.newaxis] * features[:, np.newaxis]).reshape(total, -1)
    slope = contents.T @ by_weight @ templates.scaling.inverse
    residuals = np.eye(num_classes)[templates.labels] - p
    scores = (residuals[:, :, np.newaxis] * features[:, np.newaxis]).reshape(total, -1)
    return scores @ slope.T
