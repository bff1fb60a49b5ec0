"""What a trained reader says of a line of writing: the text, how probable it is, and where each character is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from netgain.engine.ctc import ctc_loss, slots_loss
from netgain.tasks.reading.decoding import alignment, beam, greedy

WIDTH_STEP = 64
"""A wide line is filled up with black to a multiple of so many columns: every new width has to be compiled."""


class Seen(NamedTuple):
    """A character of an answer: where it is in the image, in columns, and how probable it is there."""

    character: str
    start: int
    end: int
    probability: float


class Answer(NamedTuple):
    """What one network reads in a line.

    Attributes:
        text: the characters.
        probability: of the text, over all ways to write it in the time steps.
        seen: its characters with their places; empty for fixed slots, which have no places.
    """

    text: str
    probability: float
    seen: tuple[Seen, ...]


def answer_of(log_probs: np.ndarray, width: int, note: Mapping[str, Any]) -> Answer:
    """The answer in a reader's log-probabilities `[T, K + 1]` for one image.

    Args:
        log_probs: finite ones; number 0 is the blank.
        width: columns of the image.
        note: that of the reader's `.keras` file, with the characters, the way it reads and its decoding.

    >>> log_probs = np.log(np.eye(3, dtype=np.float32)[[0, 1, 1, 0, 2]] * 0.9 + 0.03)
    >>> answer = answer_of(log_probs, 20, {"reads": "47", "reads_by": "ctc", "decoding": "greedy"})
    >>> answer.text, answer.seen[1][:3]
    ('47', ('7', 16, 20))
    """
    by_ctc = note["reads_by"] == "ctc"
    batch = log_probs[np.newaxis]
    answers = beam(batch) if note["decoding"] == "beam" else greedy(batch, merge_repeats=by_ctc)
    labels = answers[0][answers[0] > 0].astype(np.int32)
    characters = [note["reads"][label - 1] for label in labels]
    found = alignment(log_probs, labels, round(width / len(log_probs))) if by_ctc else ()
    seen = [Seen(character, *each[1:]) for character, each in zip(characters, found, strict=False)]
    return Answer("".join(characters), _probability(batch, labels, by_ctc=by_ctc), tuple(seen))


def filled_up(image: np.ndarray, width: int) -> np.ndarray:
    """An image `[H, W, 1]` with black on the right: of the training images' width, or a few columns at a time more."""
    more = max(0, image.shape[1] - width)
    fill = width + -(-more // WIDTH_STEP) * WIDTH_STEP - image.shape[1]
    return np.pad(image, ((0, 0), (0, fill), (0, 0)))


def _probability(log_probs: np.ndarray, labels: np.ndarray, *, by_ctc: bool) -> float:
    # As long as there are time steps, so that one compiled function serves all texts.
    padded = np.zeros(log_probs.shape[:2], np.int32)
    padded[0, : len(labels)] = labels
    if by_ctc:
        loss = jax.jit(ctc_loss)(log_probs, padded, np.array([len(labels)], np.int32))
    else:
        loss = slots_loss(jnp.asarray(log_probs), jnp.asarray(padded))
    return float(np.exp(-loss[0]))
