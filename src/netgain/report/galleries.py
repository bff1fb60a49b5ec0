"""Galleries of test images, as pictures in the page: those that are wrong, those a technique fixes and breaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas

from netgain.data.samples import data_url
from netgain.results.analyses import analyse
from netgain.results.study_result import StudyResult

if TYPE_CHECKING:
    from netgain.stats import ChangedImages

NO_ANSWER = "no answer"
"""The answer of a diverged network: its scores are not numbers."""


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

    @property
    def rate(self) -> float:
        """Fraction of the networks that are wrong."""
        return self.num_wrong / self.num_networks


class ChangedImage(NamedTuple):
    """A test image that an arm's networks get wrong less often, or more often, than those it is compared with.

    Attributes:
        number, picture, label: as in :class:`WrongImage`.
        predicted: the class that most of the networks give that are wrong on it, of the arm that is wrong more often.
        wrong_before, num_before: networks that are wrong without the technique, and how many there are.
        wrong_after, num_after: the same with it.
        p_value: of Fisher's exact test.
    """

    number: int
    picture: str
    label: str
    predicted: str
    wrong_before: int
    num_before: int
    wrong_after: int
    num_after: int
    p_value: float


class Changes(NamedTuple):
    """What a technique changes, image by image.

    Attributes:
        fixed, broken: the images with the largest change, that one first.
        num_fixed, num_broken: how many there are beyond what the seeds explain.
        sentence: the same in words.
    """

    fixed: list[ChangedImage]
    broken: list[ChangedImage]
    num_fixed: int
    num_broken: int
    sentence: str

    @property
    def beyond_chance(self) -> bool:
        """Whether any image is changed beyond what the seeds explain; if not, those shown may be chance."""
        return self.num_fixed + self.num_broken > 0

    def frame(self) -> pandas.DataFrame:
        """The table of the pictures."""
        rows = [
            {"change": change, **{name: value for name, value in image._asdict().items() if name != "picture"}}
            for change, images in (("fixed", self.fixed), ("broken", self.broken))
            for image in images
        ]
        return pandas.DataFrame(rows)


def changed_images(result: StudyResult, arm: str, other: str, limit: int) -> Changes:
    """The test images that an arm fixes and breaks, at most `limit` each.

    If no image changed more than seed noise explains, those whose answers changed most.
    """
    changed: ChangedImages = analyse(result, "changed-images", arm)
    fixed, broken = changed.fixed, changed.broken
    if not len(fixed) and not len(broken):
        difference = changed.wrong_b / changed.num_seeds[1] - changed.wrong_a / changed.num_seeds[0]
        order = np.lexsort((np.arange(len(difference)), -np.abs(difference)))
        fixed, broken = order[difference[order] < 0], order[difference[order] > 0]
    return Changes(
        fixed=[_changed(result, changed, other, index) for index in fixed[:limit]],
        broken=[_changed(result, changed, arm, index) for index in broken[:limit]],
        num_fixed=len(changed.fixed),
        num_broken=len(changed.broken),
        sentence=str(changed),
    )


def _changed(result: StudyResult, changed: ChangedImages, wrong_arm: str, index: int) -> ChangedImage:
    before, after = changed.num_seeds
    return ChangedImage(
        number=int(index),
        picture=data_url(result.dataset.x_test[index]),
        label=result.dataset.class_names[result.dataset.y_test[index]],
        predicted=_wrong_answer(result, wrong_arm, index),
        wrong_before=int(changed.wrong_a[index]),
        num_before=before,
        wrong_after=int(changed.wrong_b[index]),
        num_after=after,
        p_value=float(changed.p_values[index]),
    )


def wrong_images(result: StudyResult, name: str, limit: int) -> list[WrongImage]:
    """The test images that an arm's networks get wrong: those most networks agree on first, then by index."""
    dataset = result.dataset
    wrong_counts = (~result.right(name)).sum(axis=0)
    order = np.lexsort((np.arange(len(wrong_counts)), -wrong_counts))[:limit]
    return [
        WrongImage(
            number=int(index),
            picture=data_url(dataset.x_test[index]),
            label=dataset.class_names[dataset.y_test[index]],
            predicted=_wrong_answer(result, name, index),
            num_wrong=int(wrong_counts[index]),
            num_networks=len(result.judged(name)),
        )
        for index in order[wrong_counts[order] > 0]
    ]


def wrong_images_table(images: Iterable[WrongImage]) -> pandas.DataFrame:
    """The table of those pictures."""
    rows = [
        {"image": image.number, "label": image.label, "answer": image.predicted, "networks wrong": image.num_wrong,
         "of": image.num_networks, "error rate, %": 100 * image.rate}
        for image in images
    ]  # fmt: skip
    return pandas.DataFrame(rows)


def _wrong_answer(result: StudyResult, name: str, index: int) -> str:
    """The class that most of those networks of an arm give that are wrong on an image."""
    dataset = result.dataset
    answers = np.array([run.test_scores[index].argmax() for run in result.judged(name)])
    wrong = answers[answers != dataset.y_test[index]]
    counts = np.bincount(wrong, minlength=dataset.num_classes)
    return dataset.class_names[counts.argmax()] if len(wrong) else NO_ANSWER


def mean_wrong(result: StudyResult, name: str) -> float:
    """How many test images a network of this arm gets wrong, on average over the seeds."""
    return float((~result.right(name)).sum(axis=1).mean())
