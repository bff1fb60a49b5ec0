"""Draws the right answers of two recipes as the model of a cell has them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from validation.cells import ACCURACY, Cell
from validation.truth import HARDNESS_SPREAD, LEAST_ROWS, logit_of

Bools = NDArray[np.bool_]
Floats32 = NDArray[np.float32]


def draw(cell: Cell, rng: np.random.Generator) -> tuple[Bools, Bools]:
    """The right answers of A `[S_a, n]` and of B `[S_b, n]` in one toy; S_a and S_b are S less the failed runs."""
    alike, other = (rng.standard_normal(cell.num_units, dtype=np.float32) for _ in range(2))
    rest = math.sqrt(1 - cell.likeness**2)
    hardness: tuple[Floats32, Floats32] = (
        alike,
        (np.float32(cell.likeness) * alike + np.float32(rest) * other).astype(np.float32, copy=False),
    )
    arms = zip(hardness, (0.0, cell.effect), cell.seed_spreads, cell.num_seeds, cell.diverged, strict=True)
    right_a, right_b = (
        _right(_logits(unit, ACCURACY + effect, tau, cell), _rows_left(seeds, cell.missing, rng), tau, diverged, rng)
        for unit, effect, tau, seeds, diverged in arms
    )
    return right_a, right_b


def groups(cell: Cell) -> NDArray[np.intp] | None:
    """The writer of every image `[n]`, or None where every image has its own."""
    return None if cell.group_size == 1 else np.arange(cell.num_images) // cell.group_size


def _logits(hardness: Floats32, accuracy: float, tau: float, cell: Cell) -> Floats32:
    logits = np.float32(logit_of(accuracy, tau)) + np.float32(HARDNESS_SPREAD) * hardness
    return np.repeat(logits, cell.group_size)


def _rows_left(num_seeds: int, missing: float, rng: np.random.Generator) -> int:
    if missing == 0:
        return num_seeds
    while True:
        rows = int(rng.binomial(num_seeds, 1 - missing))
        if rows >= LEAST_ROWS:
            return rows


def _right(logits: Floats32, rows: int, tau: float, diverged: float, rng: np.random.Generator) -> Bools:
    """Bernoulli draws `[rows, n]`, some rows wrong throughout."""
    uniform = rng.random((rows, len(logits)), dtype=np.float32)
    shift = np.float32(tau) * rng.standard_normal((rows, 1), dtype=np.float32) if tau else None
    right = answers(logits, shift, uniform)
    if diverged:
        right &= rng.random((rows, 1)) >= diverged
    return right


def answers(logits: Floats32, shift: Floats32 | None, uniform: Floats32) -> Bools:
    """Right or not `[S, n]`: wrong with odds exp(-logit), shifted for a whole row by u_s.

    Args:
        logits: `[n]`.
        shift: `[S, 1]`, or None where no seed differs from another.
        uniform: random numbers `[S, n]` from 0 to 1; overwritten.
    """
    odds = np.exp(-logits)
    if shift is None:
        return uniform >= odds / (1 + odds)
    row_odds = np.exp(shift) * odds
    # uniform >= odds / (1 + odds), without the slow division.
    uniform *= 1 + row_odds
    return uniform >= row_odds
