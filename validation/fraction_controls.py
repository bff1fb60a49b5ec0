"""Class fractions where something must go wrong: samples with an unknown class, and the errors of another fit."""

from __future__ import annotations

import numpy as np
from iminuit import cost
from iminuit.minuit import Minuit
from numpy.typing import NDArray

import netgain as ng
from netgain.data import Dataset
from netgain.stats import class_fractions
from validation.fraction_cells import FractionCell, draw_fractions
from validation.fraction_networks import EPOCHS, TRAIN_SIZE, all_images

UNKNOWN_DIGIT, NUM_TEMPLATES = 9, 10_000
MIXTURES = ((2_000, 0.0), (2_000, 0.02), (2_000, 0.05), (10_000, 0.01), (10_000, 0.05))
"""Images of a sample, and the share of those that are of the unknown digit."""

SLICES = 3
"""Of the largest score, in the bins of the other fit."""

Floats = NDArray[np.float64]


def doubted_with_unknown(count: int) -> dict[tuple[int, float], float]:
    """For each of the mixtures the share of `count` samples that are said not to look like the templates.

    The network learnt the digits below 9, and the templates have no 9.
    """
    images, labels = all_images()
    known = np.flatnonzero(labels != UNKNOWN_DIGIT)
    first, rest = known[:TRAIN_SIZE], known[TRAIN_SIZE:]
    dataset = Dataset(images[first], labels[first], images[rest], labels[rest], name="digits below 9")
    recipe = ng.load_recipe("small-sample").change("dataset", dataset).change("train_size", TRAIN_SIZE)
    model = ng.open_network(ng.train(recipe.change("epochs", EPOCHS), 0))
    scores = ng.score(model, images).astype(np.float64)
    scores /= scores.sum(axis=1, keepdims=True)
    others, found = np.flatnonzero(labels == UNKNOWN_DIGIT), {}
    for size, share in MIXTURES:
        doubted = []
        for number in range(count):
            rng = np.random.default_rng([number, size])
            mixed, strangers = rng.permutation(rest), round(share * size)
            templates, familiar = mixed[:NUM_TEMPLATES], mixed[NUM_TEMPLATES:][: size - strangers]
            sample = np.concatenate([familiar, rng.choice(others, strangers, replace=False)])
            doubted.append(not class_fractions(scores[templates], labels[templates], scores[sample]).familiar)
        found[size, share] = float(np.mean(doubted))
    return found


def template_cost_widths(cell: FractionCell, num_toys: int) -> tuple[float, float]:
    """The width of the pulls of the population's fractions by netgain, and by iminuit's `cost.Template`.

    Its approximation of Dembinski and Abdelmotteleb (2022), Eur. Phys. J. C 82, 1043, takes the images of a class in a
    bin as Poisson distributed. Here the number of labelled images of a class is fixed, and the errors are too large.
    """
    ours, theirs = [], []
    for number in range(num_toys):
        toy = draw_fractions(cell, np.random.default_rng([number, 10]))
        found = class_fractions(toy.template_scores, toy.template_labels, toy.sample_scores)
        ours.append((found.signed - toy.population) / found.errors("population").total)
        theirs.append(
            _template_pulls(cell, toy.template_scores, toy.template_labels, toy.sample_scores, toy.population)
        )
    return float(np.std(ours)), float(np.std(theirs))


def _template_pulls(
    cell: FractionCell, known: Floats, labels: NDArray[np.intp], sample: Floats, population: Floats
) -> Floats:
    edges = np.quantile(known.max(axis=1), np.linspace(0, 1, SLICES + 1)[1:-1])
    num_bins = SLICES * cell.num_classes

    def counted(scores: Floats) -> Floats:
        bins = scores.argmax(axis=1) * SLICES + np.searchsorted(edges, scores.max(axis=1))
        return np.bincount(bins, minlength=num_bins).astype(np.float64)

    templates = [counted(known[labels == label]) for label in range(cell.num_classes)]
    fit = cost.Template(counted(sample), np.arange(num_bins + 1.0), templates, method="da")
    start = np.full(cell.num_classes, len(sample) / cell.num_classes)
    minuit = Minuit(fit, *start)
    minuit.limits = [(0, None)] * cell.num_classes
    minuit.migrad()
    minuit.hesse()
    return (np.array(minuit.values) - len(sample) * population) / np.array(minuit.errors)
