"""Texts are the most likely ones, found by trying all paths; characters are where the best path has them."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from netgain.tasks.reading.decoding import alignment, beam, greedy
from netgain.tasks.reading.edits import edit_distances


def log_probs_of(shape: tuple[int, ...], seed: int = 0, sharp: float = 1.5) -> np.ndarray:
    logits = sharp * np.random.default_rng(seed).normal(size=shape)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


def spelt(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in itertools.groupby(path) if label)


def best_text(log_probs: np.ndarray) -> tuple[int, ...]:
    """The slow twin of the search: all paths."""
    num_steps, num_labels = log_probs.shape
    totals: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(num_labels), repeat=num_steps):
        totals[spelt(path)] += np.exp(sum(log_probs[step, label] for step, label in enumerate(path)))
    return max(totals, key=lambda text: totals[text])


def texts(answers: np.ndarray) -> list[tuple[int, ...]]:
    return [tuple(label for label in row.tolist() if label) for row in answers]


def test_the_search_finds_the_text_that_all_paths_together_make_most_likely() -> None:
    log_probs = log_probs_of((60, 5, 3))
    wanted = [best_text(steps) for steps in log_probs]
    assert texts(beam(log_probs, beams=50)) == wanted
    assert texts(greedy(log_probs)) != wanted  # the search is worth its time on some of them


def test_greedy_decoding_merges_repeats_and_leaves_blanks_out() -> None:
    paths = [[1, 1, 0, 1, 2], [0, 0, 0, 0, 0], [3, 2, 1, 2, 3]]
    log_probs = np.log(np.eye(4)[paths] + 1e-9)
    assert greedy(log_probs).tolist() == [[1, 1, 2, 0, 0], [0, 0, 0, 0, 0], [3, 2, 1, 2, 3]]
    assert greedy(log_probs, merge_repeats=False)[0].tolist() == [1, 1, 1, 2, 0]


@pytest.mark.parametrize("decode", [greedy, beam])
def test_answers_of_a_network_that_diverged_give_no_character(decode) -> None:
    log_probs = np.full((2, 4, 3), np.nan)
    assert decode(log_probs).shape == (2, 0)


def test_many_characters_take_a_wider_type() -> None:
    log_probs = np.log(np.eye(300)[[[299, 0, 5]]] + 1e-9)
    assert greedy(log_probs).dtype == np.int16
    assert greedy(log_probs).tolist() == beam(log_probs).tolist() == [[299, 5]]


def test_characters_stand_on_the_most_likely_path_of_their_text() -> None:
    log_probs = log_probs_of((6, 3), seed=4)
    paths = [path for path in itertools.product(range(3), repeat=6) if spelt(path) == (1, 2, 2)]
    best = max(paths, key=lambda path: sum(log_probs[step, label] for step, label in enumerate(path)))
    runs, step = [], 0
    for label, group in itertools.groupby(best):
        size = len(list(group))
        if label:
            runs.append((label, 4 * step, 4 * (step + size), float(np.exp(log_probs[step : step + size, label].max()))))
        step += size
    found = alignment(log_probs, [1, 2, 2], columns_per_step=4)
    assert [tuple(one) for one in found] == [(*run[:3], pytest.approx(run[3])) for run in runs]
    assert alignment(log_probs, [], columns_per_step=4) == ()


def slow_distance(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """Levenshtein's distance from its definition."""
    if not a or not b:
        return len(a) + len(b)
    return min(slow_distance(a[1:], b) + 1, slow_distance(a, b[1:]) + 1, slow_distance(a[1:], b[1:]) + (a[0] != b[0]))


def test_edit_distances_are_those_of_the_definition() -> None:
    generator = np.random.default_rng(0)
    answers, labels = generator.integers(1, 4, (200, 5)), generator.integers(1, 4, (200, 4))
    for array in (answers, labels):
        for row in array:
            row[generator.integers(0, len(row) + 1) :] = 0
    wanted = [slow_distance(*pair) for pair in zip(texts(answers), texts(labels), strict=True)]
    assert edit_distances(answers, labels).tolist() == wanted
    assert len(set(wanted)) > 3
