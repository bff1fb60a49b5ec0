"""By how many edits an answer differs from the text."""

from __future__ import annotations

import numpy as np


def edit_distances(answers: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The fewest characters to replace, add or take away so that an answer becomes its text, int64 `[n]`.

    answers: int `[n, L']`; labels: int `[n, L]`; both with characters from 1 on, padded with 0 at the end.

    Levenshtein's distance by the recursion of Wagner & Fischer (1974), for all strings at once.

    >>> edit_distances(np.array([[1, 2, 3], [2, 0, 0], [1, 1, 0]]), np.array([[1, 2, 3, 0], [2, 3, 0, 0], [0] * 4]))
    array([0, 1, 2])
    """
    num, size = labels.shape[0], answers.shape[1]
    row = np.tile(np.arange(size + 1), (num, 1))
    lengths, places = (labels != 0).sum(axis=1), np.arange(num)
    ends = (answers != 0).sum(axis=1)
    distances = row[places, ends]
    for place in range(labels.shape[1]):
        before, row = row, np.empty_like(row)
        row[:, 0] = place + 1
        differs = answers != labels[:, place, np.newaxis]
        for at in range(size):
            row[:, at + 1] = np.minimum(np.minimum(before[:, at + 1], row[:, at]) + 1, before[:, at] + differs[:, at])
        distances = np.where(lengths == place + 1, row[places, ends], distances)
    return distances
