"""The readers of one recipe, ready to read a line of writing of any width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from netgain.data import LineForm
from netgain.engine.saving import model_from
from netgain.engine.score import scorer, weights_of
from netgain.tasks.reading.answer import Answer, answer_of, filled_up


class Reading(NamedTuple):
    """What one network reads in a line: its answer, and the log-probabilities `[T, K + 1]` of its steps behind it."""

    answer: Answer
    log_probs: np.ndarray


class ReaderPanel:
    """The readers of one recipe, one per seed, each of which reads alone.

    Args:
        networks: the bytes of their `.keras` files.

    Attributes:
        form: of the lines that they take.
        sees_places: whether their steps are places in the image (CTC), or slots of the text.

    Raises:
        DataError: if a file is not a network that can be opened.
    """

    def __init__(self, networks: Sequence[bytes]) -> None:
        opened = [model_from(content) for content in networks]
        self._model, self._note = opened[0]
        self._weights = [weights_of(model) for model, _ in opened]
        self._scorers: dict[int, Callable[..., Any]] = {}
        self.form = LineForm(**self._note["line"])
        self.sees_places = self._note["reads_by"] == "ctc"
        self.read(np.zeros((self.form.height, self.form.width, 1), np.uint8))  # compiled before somebody waits for it

    def taken(self, line: np.ndarray) -> np.ndarray:
        """A prepared line, uint8 `[H, W, 1]`, filled up to a width that the networks take."""
        return filled_up(line, self.form.width)

    def read(self, line: np.ndarray) -> list[Reading]:
        """What each network reads in a line as :meth:`taken` gives it."""
        images, width = line[np.newaxis], line.shape[1]
        if width not in self._scorers:
            self._scorers[width] = scorer(self._model, images)
        steps = [self._scorers[width](weights, images)[0] for weights in self._weights]
        return [Reading(answer_of(each, width, self._note), each) for each in steps]
