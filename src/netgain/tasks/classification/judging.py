"""Which images are answered rightly, and how clearly."""

from __future__ import annotations

import numpy as np

from netgain.stats import right_class_log_odds

IMAGES_JUDGED = 10_000
"""Images whose scores are judged at once."""


def right_answers(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether the right class has the largest score, bool `[n]`. Scores that are not finite are wrong answers.

    >>> right_answers(np.array([[0.1, 0.9], [0.8, 0.2], [np.nan, 1]]), np.array([1, 1, 1]))
    array([ True, False, False])
    """
    return (scores.argmax(axis=1) == labels) & np.isfinite(scores).all(axis=1)


def judged(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each image whether it is answered rightly, bool `[n]`, and its class's log-odds, float32 `[n]`.

    In steps: what is computed in between, in float64, would be several times the scores.
    """
    steps = [slice(start, start + IMAGES_JUDGED) for start in range(0, len(labels), IMAGES_JUDGED)]
    rights = [right_answers(scores[step], labels[step]) for step in steps]
    log_odds = [right_class_log_odds(scores[step], labels[step]).astype(np.float32) for step in steps]
    return np.concatenate(rights), np.concatenate(log_odds)
