"""The readers of one recipe, ready to read a line of writing of any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from netgain.data import LineForm
from netgain.engine.ctc import ctc_loss
from netgain.engine.saving import model_from
from netgain.engine.score import scorer, weights_of
from netgain.tasks.reading.decoding import Aligned, alignment, beam, greedy

WIDTH_STEP = 64
"""A wide line is filled up with black to a multiple of so many columns: every new width has to be compiled."""


class Seen(NamedTuple):
    """A character of an answer: where it is in the image, in columns, and how probable it is there."""

    character: str
    start: int
    end: int
    probability: float


class Reading(NamedTuple):
    """What one network reads in a line.

    Attributes:
        text: the characters.
        probability: of the text, over all ways to write it in the time steps.
        seen: its characters with their places.
        log_probs: of the blank and of every character at each time step, float32 `[T, K + 1]`.
    """

    text: str
    probability: float
    seen: tuple[Seen, ...]
    log_probs: np.ndarray


class ReaderPanel:
    """The readers of one recipe, one per seed, each of which reads alone.

    Args:
        networks: the bytes of their `.keras` files.
        form: of the lines that they were trained on.

    Attributes:
        form: as given.

    Raises:
        DataError: if a file is not a network that can be opened.
    """

    def __init__(self, networks: Sequence[bytes], form: LineForm) -> None:
        opened = [model_from(content) for content in networks]
        note, self.form = opened[0][1], form
        self._alphabet, self._decoding = note["reads"], note["decoding"]
        self._models = [model for model, _ in opened]
        self._weights = [weights_of(model) for model in self._models]
        self._loss = jax.jit(ctc_loss)
        self._scorers: dict[int, Callable[..., Any]] = {}
        self.read(np.zeros((self.form.height, self.form.width, 1), np.uint8))  # compiled before somebody waits for it

    def read(self, line: np.ndarray) -> list[Reading]:
        """What each network reads in a line, uint8 `[H, W, 1]`, as wide as the form or wider."""
        more = line.shape[1] - self.form.width
        fill = self.form.width + -(-more // WIDTH_STEP) * WIDTH_STEP - line.shape[1]
        images = np.pad(line, ((0, 0), (0, fill), (0, 0)))[np.newaxis]
        width = images.shape[2]
        if width not in self._scorers:
            self._scorers[width] = scorer(self._models[0], images)
        return [self._reading(self._scorers[width](weights, images)[0], width) for weights in self._weights]

    def _reading(self, log_probs: np.ndarray, width: int) -> Reading:
        answers = (beam if self._decoding == "beam" else greedy)(log_probs[np.newaxis])
        labels = answers[0][answers[0] > 0].astype(np.int32)
        padded = np.zeros((1, len(log_probs)), np.int32)
        padded[0, : len(labels)] = labels
        loss = self._loss(jnp.asarray(log_probs[np.newaxis]), jnp.asarray(padded), jnp.asarray([len(labels)]))
        placed = alignment(log_probs, labels, width // len(log_probs))
        return Reading(
            text="".join(self._alphabet[label - 1] for label in labels),
            probability=float(np.exp(-loss[0])),
            seen=tuple(self._seen(each) for each in placed),
            log_probs=log_probs,
        )

    def _seen(self, each: Aligned) -> Seen:
        return Seen(self._alphabet[each.label - 1], each.start, each.end, each.probability)
