"""The published protocol of class fractions on MNIST, and the same without images that repeat.

Alexandari, Kundaje & Shrikumar (2020), ICML: networks of 91.5 %; the fractions of the sample from a Dirichlet
distribution; n labelled images out of 10,000 and n images of the sample; the mean squared error of the class weights
(realised fraction over fraction among the labelled images). They draw the sample with replacement from 10,000 test
images, so that images repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgain.stats import class_fractions
from netgain.stats.fractions import Target
from validation.fraction_measure import FractionMeasured, FractionResult, judge_both, measure_fractions
from validation.fraction_networks import NUM_NETWORKS, TRAIN_SIZE, ScoredImages
from validation.fraction_peers import PEERS

Numbers = NDArray[np.intp]

NUM_CLASSES = 10
TEST, VALIDATION = np.arange(60_000, 70_000), np.arange(50_000, 60_000)
HELD_OUT = np.arange(TRAIN_SIZE, 70_000)
OURS = "netgain"


@dataclass(frozen=True)
class ProtocolCell:
    """α of the Dirichlet distribution, n of the sample and m of the templates."""

    alpha: float
    num_images: int
    num_templates: int

    def __str__(self) -> str:
        return f"α={self.alpha:g} n={self.num_images} m={self.num_templates}"


PUBLISHED = tuple(
    ProtocolCell(alpha, images, images) for alpha, images in ((0.1, 2_000), (1.0, 2_000), (1.0, 8_000), (10.0, 8_000))
)


@dataclass(frozen=True)
class Trial:
    """One draw: which network, which labelled images, which sample, and the population's fractions."""

    network: int
    templates: Numbers
    sample: Numbers
    population: NDArray[np.float64]


def published_trials(cell: ProtocolCell, images: ScoredImages, count: int) -> Iterator[Trial]:
    """Trials as published: images of the sample repeat."""
    for number in range(count):
        rng = np.random.default_rng([number, cell.num_images, round(10 * cell.alpha)])
        templates = rng.choice(VALIDATION, cell.num_templates, replace=False)
        population = rng.dirichlet(np.full(NUM_CLASSES, cell.alpha))
        counts = np.floor(cell.num_images * population).astype(int)
        counts += rng.multinomial(cell.num_images - counts.sum(), population)
        labels = images.labels[TEST]
        sample = [rng.choice(TEST[labels == label], size) for label, size in enumerate(counts)]
        yield Trial(number % NUM_NETWORKS, templates, np.concatenate(sample), population)


def fresh_trials(cell: ProtocolCell, images: ScoredImages, count: int) -> Iterator[Trial]:
    """Trials with images that were never seen before: templates and sample out of all that were not trained on."""
    for number in range(count):
        rng = np.random.default_rng([number, cell.num_images, cell.num_templates, round(10 * cell.alpha)])
        mixed = rng.permutation(HELD_OUT)
        templates, others = mixed[: cell.num_templates], mixed[cell.num_templates :]
        population = rng.dirichlet(np.full(NUM_CLASSES, cell.alpha))
        counts = rng.multinomial(cell.num_images, population)
        labels = images.labels[others]
        sample = [others[labels == label][:size] for label, size in enumerate(counts)]
        if sum(map(len, sample)) == cell.num_images:  # 6,000 images of a class are there, 8,000 may be asked for
            yield Trial(number % NUM_NETWORKS, templates, np.concatenate(sample), population)


def squared_errors(cell: ProtocolCell, images: ScoredImages, count: int) -> dict[str, list[float]]:
    """The mean squared error of the weights in every published trial, for every estimator."""
    errors: dict[str, list[float]] = {name: [] for name in (*PEERS, OURS)}
    for trial in published_trials(cell, images, count):
        scores, labels = images.scores[trial.network], images.labels
        known = (scores[trial.templates], labels[trial.templates], scores[trial.sample])
        priors = _fractions(labels[trial.templates])
        true = _fractions(labels[trial.sample]) / priors
        weights = {name: peer(*known) for name, peer in PEERS.items()}
        weights[OURS] = class_fractions(*known).fractions / priors
        for name, found in weights.items():
            errors[name].append(float(np.square(found - true).mean()))
    return errors


def coverage(trials: Iterator[Trial], images: ScoredImages) -> dict[Target, FractionMeasured]:
    """What the intervals of the trials cover, for both targets."""
    results: dict[Target, list[FractionResult]] = {"population": [], "sample": []}
    for trial in trials:
        scores, labels = images.scores[trial.network], images.labels
        found = class_fractions(scores[trial.templates], labels[trial.templates], scores[trial.sample])
        judged = judge_both(found, trial.population, _fractions(labels[trial.sample]))
        for target, result in judged.items():
            results[target].append(result)
    return {target: measure_fractions(found) for target, found in results.items()}


def training_bias(images: ScoredImages, cell: ProtocolCell, count: int) -> tuple[float, float]:
    """Root mean square error of the fractions over their named error, with held-out and with training images.

    One is right. The templates are as many held-out images as there are training images, and the training images.
    """
    widths = []
    for known in (None, np.arange(TRAIN_SIZE)):
        pulls = []
        for trial in fresh_trials(cell, images, count):
            scores, labels = images.scores[trial.network], images.labels
            templates = trial.templates if known is None else known
            found = class_fractions(scores[templates], labels[templates], scores[trial.sample])
            pulls.append((found.signed - _fractions(labels[trial.sample])) / found.errors("sample").total)
        widths.append(float(np.sqrt(np.square(pulls).mean())))
    return widths[0], widths[1]


def _fractions(labels: Numbers) -> NDArray[np.float64]:
    return np.bincount(labels, minlength=NUM_CLASSES) / len(labels)
