"""What is true of the gaps in a cell, by numerical integration: no toy takes part."""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from validation.gap_cells import GapCell
from validation.measure import generator_of
from validation.truth import HARDNESS_SPREAD, arm_truth, both_right_on_a_unit, logit_of, normal_grid

HERMITE_TERMS = 30
"""Terms of Mehler's sum; for τ of 0.4 the tenth is below 1e-9 of the first."""

Floats = NDArray[np.float64]


class GapTruth(NamedTuple):
    """The true difference of the gaps, and the variance of the measured one."""

    effect: float
    variance: float


class _ArmOnTraining(NamedTuple):
    """Accuracy of a recipe on training images, the variance of the measured one, and the accuracy of each seed."""

    accuracy: float
    variance: float
    of_seeds: Floats


@functools.cache
def gap_truth(cell: GapCell) -> GapTruth:
    """The truth of a cell: over networks and test images, and over training images unless they are fixed."""
    gaps, variance = [], 0.0
    fixed = fixed_hardness(cell) if cell.fixed_training else None
    for arm, (train_accuracy, test_accuracy) in enumerate(cell.accuracies):
        tau, seeds, size = cell.seed_spreads[arm], cell.num_seeds[arm], cell.num_train[arm]
        logit = logit_of(train_accuracy, tau)
        train = _drawn(logit, tau, seeds, size) if fixed is None else _fixed(logit, tau, seeds, fixed[arm])
        test = arm_truth(logit_of(test_accuracy, tau), tau, group_size=cell.group_size)
        on_test = _accuracy_of_seeds(logit_of(test_accuracy, tau), tau)
        gaps.append(train.accuracy - test.accuracy)
        variance += train.variance + test.variance(seeds, cell.num_images // cell.group_size)
        variance -= 2 * correlated_covariance(train.of_seeds, on_test, cell.correlation) / seeds
    on_train, on_test = (_same_image(cell, sample) for sample in (0, 1))
    variance -= 2 * on_test * cell.group_size / cell.num_images
    if fixed is None:
        variance -= 2 * on_train * cell.shared / (cell.num_train[0] * cell.num_train[1])
    return GapTruth(gaps[1] - gaps[0], variance)


def fixed_hardness(cell: GapCell) -> tuple[Floats, Floats]:
    """How hard each of the given training images is for A and for B, `[N]` both; the cell's name decides."""
    alike, other = generator_of(f"hardness {cell}").standard_normal((2, max(cell.num_train)))
    return alike, cell.likeness * alike + math.sqrt(1 - cell.likeness**2) * other


def correlated_covariance(first: Floats, second: Floats, correlation: float) -> float:
    """Cov(f(u), g(v)) of correlated normal u and v, from f and g on the nodes of the grid.

    Mehler's formula: Σ_k κ^k E[f He_k] E[g He_k] / k!, k from 1.

    >>> nodes, _ = normal_grid()
    >>> round(correlated_covariance(nodes, 2 * nodes, 0.25), 6)
    0.5
    """
    nodes, weights = normal_grid()
    before, polynomial, total = np.zeros_like(nodes), np.ones_like(nodes), 0.0
    for order in range(1, HERMITE_TERMS + 1):  # normalised: E[He_k²] = 1
        following = (nodes * polynomial - math.sqrt(order - 1) * before) / math.sqrt(order)
        before, polynomial = polynomial, following
        total += correlation**order * float(weights @ (first * polynomial)) * float(weights @ (second * polynomial))
    return total


def _drawn(logit: float, tau: float, num_seeds: int, size: int) -> _ArmOnTraining:
    arm = arm_truth(logit, tau)
    return _ArmOnTraining(arm.accuracy, arm.variance(num_seeds, size), _accuracy_of_seeds(logit, tau))


def _fixed(logit: float, tau: float, num_seeds: int, hardness: Floats) -> _ArmOnTraining:
    nodes, weights = normal_grid()
    right = special.expit(logit + HARDNESS_SPREAD * hardness + tau * nodes[:, np.newaxis])
    of_seeds = right.mean(axis=1)
    accuracy = float(weights @ of_seeds)
    noise = float(weights @ (right * (1 - right)).mean(axis=1)) / len(hardness)
    spread = float(weights @ (of_seeds - accuracy) ** 2)
    return _ArmOnTraining(accuracy, (spread + noise) / num_seeds, of_seeds)


def _accuracy_of_seeds(logit: float, tau: float) -> Floats:
    """Accuracy of a network on infinitely many images, for each node of its shift."""
    nodes, weights = normal_grid()
    return weights @ special.expit(logit + HARDNESS_SPREAD * nodes[:, np.newaxis] + tau * nodes)


def _same_image(cell: GapCell, sample: int) -> float:
    """Covariance of the answers of both recipes on the same image."""
    of_a, of_b = (accuracies[sample] for accuracies in cell.accuracies)
    tau_a, tau_b = cell.seed_spreads
    logits = (logit_of(of_a, tau_a), logit_of(of_b, tau_b))
    return both_right_on_a_unit(logits, (tau_a, tau_b), cell.likeness) - of_a * of_b
