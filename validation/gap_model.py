"""Draws the right answers of two recipes on training and test images as the model of a cell has them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from netgain.stats import GapDifference, RightAnswers, gap_difference
from validation.gap_cells import GapCell
from validation.gap_truth import fixed_hardness, gap_truth
from validation.measure import Toys, generator_of
from validation.model import Bools, Floats32, answers
from validation.truth import HARDNESS_SPREAD, logit_of

Arms = tuple[RightAnswers, RightAnswers]


def draw_gaps(cell: GapCell, rng: np.random.Generator) -> Arms:
    """The right answers of A and of B in one toy."""
    on_train = fixed_hardness(cell) if cell.fixed_training else _train_hardness(cell, rng)
    on_test = _likened(cell, rng, cell.num_images // cell.group_size)
    first, second = (_arm(cell, arm, on_train[arm], np.repeat(on_test[arm], cell.group_size), rng) for arm in range(2))
    return first, second


def gap_groups(cell: GapCell) -> NDArray[np.intp] | None:
    """The writer of every test image `[n]`, or None where every image has its own."""
    return None if cell.group_size == 1 else np.arange(cell.num_images) // cell.group_size


def simulate_gaps(cell: GapCell, num_toys: int, repeat: int = 0) -> Toys[GapCell, GapDifference]:
    """Draw the toys of a cell."""
    rng, ids, true = generator_of(cell, repeat), gap_groups(cell), gap_truth(cell)
    differences = tuple(gap_difference(*draw_gaps(cell, rng), ids) for _ in range(num_toys))
    return Toys(cell, differences, None, true.effect, true.variance)


def _likened(cell: GapCell, rng: np.random.Generator, num_images: int) -> tuple[Floats32, Floats32]:
    """How hard the same images are for A and for B."""
    alike, other = rng.standard_normal((2, num_images), dtype=np.float32)
    return alike, np.float32(cell.likeness) * alike + np.float32(math.sqrt(1 - cell.likeness**2)) * other


def _train_hardness(cell: GapCell, rng: np.random.Generator) -> tuple[Floats32, Floats32]:
    """How hard each arm's training images are for it: first those of both, then its own."""
    first, second = (
        np.concatenate([both, rng.standard_normal(size - cell.shared, dtype=np.float32)])
        for both, size in zip(_likened(cell, rng, cell.shared), cell.num_train, strict=True)
    )
    return first, second


def _arm(
    cell: GapCell, arm: int, on_train: NDArray[np.floating], on_test: Floats32, rng: np.random.Generator
) -> RightAnswers:
    tau, seeds = cell.seed_spreads[arm], cell.num_seeds[arm]
    alike, other = rng.standard_normal((2, seeds, 1), dtype=np.float32)
    shifts = (cell.correlation * alike + math.sqrt(1 - cell.correlation**2) * other, alike)
    train, test = (
        _right(logit_of(accuracy, tau), hardness, tau * shift if tau else None, seeds, rng)
        for accuracy, hardness, shift in zip(cell.accuracies[arm], (on_train, on_test), shifts, strict=True)
    )
    ids = np.arange(cell.num_train[arm])
    ids[cell.shared :] += arm * max(cell.num_train)
    return RightAnswers(train, test, ids)


def _right(
    logit: float, hardness: NDArray[np.floating], shift: Floats32 | None, num_seeds: int, rng: np.random.Generator
) -> Bools:
    logits = (logit + HARDNESS_SPREAD * hardness).astype(np.float32)
    moved = None if shift is None else shift.astype(np.float32)
    return answers(logits, moved, rng.random((num_seeds, len(logits)), dtype=np.float32))
