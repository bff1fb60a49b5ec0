"""Class fractions of images that are all rotated or blurred by one amount that the fit does not know.

With the nuisance in the fit the intervals must keep their coverage; without it they must lose it (negative control).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

import netgain as ng
from netgain.stats import Nuisance, class_fractions
from netgain.stats.fractions import TARGETS, Target
from validation.fraction_measure import FractionMeasured, FractionResult, judge_both, measure_fractions
from validation.fraction_networks import TRAIN_SIZE, Images, all_images, weak_network

NUM_CLASSES, NUM_TEMPLATES, NUM_IMAGES = 10, 4_000, 2_000
POOL = slice(TRAIN_SIZE, TRAIN_SIZE + 23_000)
"""The images that templates and samples are drawn from, without one in both."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """One way to change images.

    Attributes:
        name, unit: of the nuisance.
        apply: to images `[n, H, W, 1]` with an amount.
        values: amounts of the templates.
        true: amounts of the samples, one after the other.
        mean, sigma: of the prior.
    """

    name: str
    unit: str
    apply: Callable[[Images, float], Images]
    values: tuple[float, ...]
    true: tuple[float, ...]
    mean: float
    sigma: float


def _rotated(images: Images, degrees: float) -> Images:
    return np.asarray(ndimage.rotate(images, degrees, axes=(1, 2), reshape=False, order=1), np.uint8)


def _blurred(images: Images, pixels: float) -> Images:
    return np.asarray(ndimage.gaussian_filter(images, (0, pixels, pixels, 0)), np.uint8)


CHANGES = (
    Change("rotation", "degrees", _rotated, (-16, -8, 0, 8, 16), (-10, -6, -3, 2, 5, 10), 0.0, 6.0),
    Change("blur", "pixels", _blurred, (0.0, 0.4, 0.8, 1.2, 1.6), (0.3, 0.5, 0.7, 0.9), 0.6, 0.3),
)


@dataclass(frozen=True)
class ChangedScores:
    """Scores of one network for a pool of images `[L, n, K]`, at the templates' amounts and at the samples', labels."""

    templates: Floats
    samples: Floats
    labels: NDArray[np.intp]


def scored(change: Change, network: int = 0) -> ChangedScores:
    """Score the images at all amounts."""
    images, labels = all_images()
    model = ng.open_network(weak_network(network))

    def at(amounts: tuple[float, ...]) -> Floats:
        scores = np.stack([ng.score(model, change.apply(images[POOL], amount)) for amount in amounts])
        return scores.astype(np.float64) / scores.sum(axis=2, keepdims=True)

    return ChangedScores(at(change.values), at(change.true), labels[POOL])


@dataclass(frozen=True)
class NuisanceMeasured:
    """What the toys say.

    Attributes:
        fits: for both fits, "in the fit" and "left out", and both targets, how good the fractions are.
        pulls: of the amount, (fitted - true) / error, a toy each.
    """

    fits: dict[str, dict[Target, FractionMeasured]]
    pulls: Floats


def nuisance_coverage(change: Change, scores: ChangedScores, num_toys: int) -> NuisanceMeasured:
    """What the intervals cover with the nuisance in the fit and without it."""
    pulls = []
    results: dict[str, dict[Target, list[FractionResult]]] = {
        fit: {target: [] for target in TARGETS} for fit in ("in the fit", "left out")
    }
    for number in range(num_toys):
        rng = np.random.default_rng([number, 18])
        mixed = rng.permutation(len(scores.labels))
        known, others = mixed[:NUM_TEMPLATES], mixed[NUM_TEMPLATES:]
        population = rng.dirichlet(np.full(NUM_CLASSES, 2.0))  # few samples ask for more than the 1,700 images
        counts = rng.multinomial(NUM_IMAGES, population)
        chosen = np.concatenate([others[scores.labels[others] == label][:size] for label, size in enumerate(counts)])
        sample = scores.samples[number % len(change.true)][chosen]
        nominal = scores.templates[change.values.index(0)][known]
        moved = Nuisance(change.name, change.unit, change.values, scores.templates[:, known], change.mean, change.sigma)
        for fit, nuisances in (("in the fit", [moved]), ("left out", [])):
            found = class_fractions(nominal, scores.labels[known], sample, nuisances)
            for target, result in judge_both(found, population, counts / NUM_IMAGES).items():
                results[fit][target].append(result)
            pulls += [(one.value - change.true[number % len(change.true)]) / one.error for one in found.nuisances]
    measured: dict[str, dict[Target, FractionMeasured]] = {
        fit: {target: measure_fractions(found) for target, found in of_fit.items()} for fit, of_fit in results.items()
    }
    return NuisanceMeasured(measured, np.array(pulls))
