"""Longer strings against p^L, on answers that are made up."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.studies.examine.string_length import difference_to_independent, digit_accuracy

SEEDS, STRINGS = 4, 400
LENGTHS = np.resize(np.arange(1, 9), STRINGS)


def made(generator: np.random.Generator, p: float, later: float) -> tuple[np.ndarray, np.ndarray]:
    """Answers of readers that have each digit right with probability p, and from the sixth on with another one."""
    chance = np.where(np.arange(8) < 5, p, later)
    wrong = (generator.random((SEEDS, STRINGS, 8)) > chance) & (np.arange(8) < LENGTHS[:, np.newaxis])
    edits = wrong.sum(axis=2).astype(np.float64)
    return edits == 0, edits


def test_p_is_counted_on_strings_as_long_as_those_trained_on() -> None:
    edits = np.where(LENGTHS == 4, 1.0, 0.0) + np.where(LENGTHS > 5, 3.0, 0.0)
    assert digit_accuracy(edits[np.newaxis], LENGTHS) == pytest.approx([1 - 50 / (50 * 15)])
    assert digit_accuracy(np.full((1, STRINGS), 99.0), LENGTHS) == [0.0]


def test_readers_of_single_digits_are_on_the_line_and_its_interval_is_right() -> None:
    generator, covered, deviations = np.random.default_rng(0), [], []
    for _ in range(300):
        difference = difference_to_independent(*made(generator, 0.97, 0.97), LENGTHS)
        ends = difference.interval()
        covered.append(ends.low <= 0 <= ends.high)
        deviations.append(difference.value)
    assert 0.90 <= np.mean(covered) <= 0.995
    assert abs(np.mean(deviations)) < 3 * np.std(deviations) / np.sqrt(300) + 0.002


def test_readers_that_lose_their_way_in_longer_strings_are_below_it() -> None:
    difference = difference_to_independent(*made(np.random.default_rng(0), 0.99, 0.7), LENGTHS)
    assert difference.interval().high < -0.2
