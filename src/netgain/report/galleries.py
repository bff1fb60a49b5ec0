"""Galleries of test images, as pictures inside the page."""

from __future__ import annotations

import base64
import io
from typing import NamedTuple

import numpy as np

from netgain.result import StudyResult


class WrongImage(NamedTuple):
    """A test image that an arm's networks get wrong.

    Attributes:
        number: its place in the test sample.
        picture: a PNG as a data URL.
        label: the right class.
        predicted: the class that most of the networks that are wrong give.
        num_wrong: how many of the arm's networks are wrong.
        num_networks: how many there are.
    """

    number: int
    picture: str
    label: str
    predicted: str
    num_wrong: int
    num_networks: int


def wrong_images(result: StudyResult, name: str, limit: int) -> list[WrongImage]:
    """The test images that an arm's networks get wrong: those most networks agree on first, then by index."""
    dataset = result.dataset
    scores = np.stack([run.test_scores for run in result.judged(name)])
    wrong_counts = (~result.right(name)).sum(axis=0)
    order = np.lexsort((np.arange(len(wrong_counts)), -wrong_counts))[:limit]
    shown = []
    for index in order[wrong_counts[order] > 0]:
        answers = scores[:, index].argmax(axis=1)
        wrong_answers = answers[answers != dataset.y_test[index]]
        counts = np.bincount(wrong_answers, minlength=dataset.num_classes)
        shown.append(
            WrongImage(
                number=int(index),
                picture=data_url(dataset.x_test[index]),
                label=dataset.class_names[dataset.y_test[index]],
                predicted=dataset.class_names[counts.argmax()] if len(wrong_answers) else "no answer",
                num_wrong=int(wrong_counts[index]),
                num_networks=len(scores),
            )
        )
    return shown


def mean_wrong(result: StudyResult, name: str) -> float:
    """How many test images a network of this arm gets wrong, on average over the seeds."""
    return float((~result.right(name)).sum(axis=1).mean())


def data_url(image: np.ndarray) -> str:
    """An image `[H, W, C]` as a PNG inside a URL."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image.squeeze(-1) if image.shape[-1] == 1 else image).save(buffer, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
