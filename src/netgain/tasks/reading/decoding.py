"""From log-probabilities at each step to text: greedily, or by a search over prefixes; and where each character is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

BEAMS = 10
"""Prefixes kept at each step of the search."""

LEAST_LIKELY = -12.0
"""The search leaves out labels whose log-probability at a step is below this: 1 in 160,000."""


def greedy(log_probs: np.ndarray, *, merge_repeats: bool = True) -> np.ndarray:
    """The text of the most likely label at each step: int8 `[n, L']` (int16 for over 127 characters), padded with 0.

    Args:
        log_probs: float `[n, T, K + 1]`; number 0 is "no character".
        merge_repeats: the same label at neighbouring steps is one character (CTC), not one each (slots). Steps that
            are not finite give no character.

    >>> steps = np.array([1, 1, 0, 1, 2, 2])
    >>> greedy(np.log(np.eye(3)[np.newaxis, steps] + 1e-9)), greedy(np.eye(3)[np.newaxis, steps], merge_repeats=False)
    (array([[1, 1, 2]], dtype=int8), array([[1, 1, 1, 2, 2]], dtype=int8))
    """
    best = np.where(np.isfinite(log_probs).all(axis=2), log_probs.argmax(axis=2), 0)
    kept = best != 0
    if merge_repeats:
        kept[:, 1:] &= best[:, 1:] != best[:, :-1]
    return _padded([row[keep] for row, keep in zip(best, kept, strict=True)], log_probs.shape[2])


def beam(log_probs: np.ndarray, beams: int = BEAMS) -> np.ndarray:
    """The most likely text, summed over its paths, as far as a search that keeps `beams` prefixes finds it.

    Args:
        log_probs: float `[n, T, K + 1]`; number 0 is the blank.
        beams: prefixes kept at each step.

    Prefix search decoding of Graves et al. 2006, section 3.2, with a beam (Hannun, Maas, Jurafsky & Ng 2014,
    algorithm 1, without a language model). Gives what :func:`greedy` gives.

    >>> one_or_blank = np.log([[[0.6, 0.4], [0.6, 0.4]]])  # blank twice: 0.36; but 1 in three ways: 0.64
    >>> greedy(one_or_blank).shape, beam(one_or_blank)
    ((1, 0), array([[1]], dtype=int8))
    """
    return _padded([np.array(_search(steps, beams), int) for steps in log_probs], log_probs.shape[2])


def _search(log_probs: np.ndarray, beams: int) -> tuple[int, ...]:
    """The text of one string `[T, K + 1]`."""
    ends: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -np.inf)}  # by a blank, by the last character
    for step in log_probs:
        if not np.isfinite(step).all():
            continue
        labels = [(int(label), float(step[label])) for label in np.flatnonzero(step > LEAST_LIKELY) if label]
        blank, now = float(step[0]), dict[tuple[int, ...], tuple[float, float]]()
        for prefix, (by_blank, by_character) in ends.items():
            total = _add(by_blank, by_character)
            last = prefix[-1] if prefix else 0
            again = by_character + float(step[last]) if last else -np.inf
            _note(now, prefix, total + blank, again)
            for label, log_prob in labels:
                _note(now, (*prefix, label), -np.inf, (by_blank if label == last else total) + log_prob)
        best = sorted(now, key=lambda prefix: -_add(*now[prefix]))[:beams]
        ends = {prefix: now[prefix] for prefix in best}
    return max(ends, key=lambda prefix: _add(*ends[prefix]))


def _note(
    now: dict[tuple[int, ...], tuple[float, float]], prefix: tuple[int, ...], by_blank: float, by_character: float
) -> None:
    before = now.get(prefix, (-np.inf, -np.inf))
    now[prefix] = _add(before[0], by_blank), _add(before[1], by_character)


def _add(a: float, b: float) -> float:
    """Ln (e^a + e^b)."""
    return float(np.logaddexp(a, b))


class Aligned(NamedTuple):
    """Where a character of an answer is.

    Attributes:
        label: its number, from 1.
        start, end: the columns of the image at which it is read, from `start` to before `end`.
        probability: of it, at the step where it is largest.
    """

    label: int
    start: int
    end: int
    probability: float


def alignment(log_probs: np.ndarray, labels: Sequence[int] | np.ndarray, columns_per_step: int) -> tuple[Aligned, ...]:
    """The columns of each character of an answer, on the most likely path that spells it (Viterbi).

    Args:
        log_probs: of one string, float `[T, K + 1]`, of a network that reads by CTC.
        labels: its answer, such as a row of :func:`greedy` without the zeros.
        columns_per_step: columns of the image that one step stands for.

    >>> log_probs = np.log(np.eye(3)[[0, 1, 1, 0, 2]] * 0.9 + 0.02)
    >>> [(one.label, one.start, one.end) for one in alignment(log_probs, [1, 2], 4)]
    [(1, 4, 12), (2, 16, 20)]
    """
    if not len(labels):
        return ()
    states = np.zeros(2 * len(labels) + 1, int)
    states[1::2] = labels
    path = _best_path(log_probs[:, states], states)
    found = []
    for number, label in enumerate(states[1::2]):
        steps = np.flatnonzero(path == 2 * number + 1)
        most = float(np.exp(log_probs[steps, label].max()))
        found.append(Aligned(int(label), int(steps[0]) * columns_per_step, int(steps[-1] + 1) * columns_per_step, most))
    return tuple(found)


def _best_path(emitted: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The state at each step, int `[T]`, of the most likely way through the labels and the blanks between them."""
    num_steps, num_states = emitted.shape
    may_skip = (states != 0) & (states != np.concatenate([[0, 0], states[:-2]]))
    score = np.where(np.arange(num_states) < 2, emitted[0], -np.inf)
    moves = np.zeros((num_steps, num_states), int)
    for step in range(1, num_steps):
        one, two = (np.concatenate([np.full(by, -np.inf), score[:-by]]) for by in (1, 2))
        options = np.stack([score, one, np.where(may_skip, two, -np.inf)])
        moves[step] = options.argmax(axis=0)
        score = options.max(axis=0) + emitted[step]
    path = np.empty(num_steps, int)
    path[-1] = num_states - 1 if score[-1] >= score[-2] else num_states - 2
    for step in range(num_steps - 1, 0, -1):
        path[step - 1] = path[step] - moves[step, path[step]]
    return path


def _padded(texts: Sequence[np.ndarray], num_labels: int) -> np.ndarray:
    longest = max((len(text) for text in texts), default=0)
    padded = np.zeros((len(texts), longest), np.int8 if num_labels <= 128 else np.int16)
    for row, text in zip(padded, texts, strict=True):
        row[: len(text)] = text
    return padded
