"""Suspected label errors: images on which confident networks of different recipes agree against the label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction, label_array, probability_array
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


class SuspectedLabel(NamedTuple):
    """An image whose label the networks doubt.

    Attributes:
        image: its place among the images.
        label: the class it is said to be.
        answer: the class that the networks agree on.
        confidence: their mean score for the answer, in the recipe where it is lowest.
        label_score: their mean score for the label, in the recipe where it is highest.
        num_agreeing: networks of all recipes that give this answer.
    """

    image: int
    label: int
    answer: int
    confidence: float
    label_score: float
    num_agreeing: int


@dataclass(frozen=True, repr=False)
class SuspectedLabels(Said):
    """The images whose label is doubted, most doubtful first. A suspicion: only a person's look decides.

    Attributes:
        suspects: the images.
        num_recipes: recipes that had to agree.
        num_networks: networks of all of them.
        confidence: the mean score that every recipe had to reach.
        expected_by_chance: how many such images there would be if every label were right and the
            confidences were true probabilities: the sum of 1 - confidence over all images on which all
            recipes agree with this confidence, for or against the label.
    """

    suspects: tuple[SuspectedLabel, ...]
    num_recipes: int
    num_networks: int
    confidence: float
    expected_by_chance: float

    def frame(self) -> pandas.DataFrame:
        """A row for each suspected image, most doubtful first."""
        import pandas

        return pandas.DataFrame(list(self.suspects), columns=list(SuspectedLabel._fields))

    def __str__(self) -> str:
        return (
            f"{len(self.suspects)} labels suspected: all {self.num_recipes} recipes ({self.num_networks} networks) "
            f"agree against them with a mean score of at least {self.confidence:g}; with right labels and true "
            f"confidences {self.expected_by_chance:.1f} would be expected"
        )


def suspected_labels(scores: Mapping[str, ArrayLike], labels: ArrayLike, confidence: float = 0.9) -> SuspectedLabels:
    """The images on which every recipe gives the same answer, another than the label, with confidence.

    A recipe's answer is the class with the largest mean score over its seeds. Ranked by the confidence of
    the least confident recipe: errors that one architecture makes alone do not count. After the idea of
    Northcutt, Jiang & Chuang (2021), "Confident learning", Journal of AI Research 70, 1373.

    Args:
        scores: for every recipe's name its probabilities `[S, n, K]` on the same images; S may differ.
        labels: classes `[n]`.
        confidence: mean score that the common answer must reach in every recipe.

    Raises:
        StatisticsError: for fewer than two recipes, shapes that do not match, scores that are no
            probabilities, labels that are not classes, or a confidence outside (0, 1).

    >>> sure = [[[0.01, 0.99], [0.98, 0.02], [0.95, 0.05]]]
    >>> result = suspected_labels({"mlp": sure, "convnet": sure}, [0, 0, 1])
    >>> [(suspect.image, suspect.answer) for suspect in result.suspects]
    [(0, 1), (2, 0)]
    """
    check_fraction(confidence, "confidence")
    if len(scores) < 2:
        raise StatisticsError(
            f"`scores` names {len(scores)} recipes, expected at least two that differ: networks of one recipe make "
            "the same mistakes."
        )
    means, num_networks, num_agreeing = _of_recipes(scores)
    classes = label_array(labels, means.shape[1], means.shape[2])
    answers = means.argmax(axis=2)
    answer = answers[0]
    image = np.arange(len(classes))
    sureness = means[:, image, answer].min(axis=0)
    agree = (answers == answer).all(axis=0) & (sureness >= confidence)
    label_score = means[:, image, classes].max(axis=0)
    chosen = np.flatnonzero(agree & (answer != classes))
    chosen = chosen[np.lexsort((chosen, label_score[chosen], -sureness[chosen]))]
    suspects = tuple(
        SuspectedLabel(
            image=int(i),
            label=int(classes[i]),
            answer=int(answer[i]),
            confidence=float(sureness[i]),
            label_score=float(label_score[i]),
            num_agreeing=int(num_agreeing[i, answer[i]]),
        )
        for i in chosen
    )
    expected = float((1 - sureness[agree]).sum())
    return SuspectedLabels(suspects, len(scores), num_networks, confidence, expected)


def _of_recipes(scores: Mapping[str, ArrayLike]) -> tuple[NDArray[np.float64], int, NDArray[np.int64]]:
    """Mean scores `[R, n, K]`, the number of networks, and how many give each answer `[n, K]`."""
    means: list[NDArray[np.float64]] = []
    num_networks, num_agreeing = 0, []
    for name, of_recipe in scores.items():
        values = probability_array(of_recipe, f"scores[{name!r}]")
        if means and values.shape[1:] != means[0].shape:
            raise StatisticsError(
                f"`scores[{name!r}]` has shape {values.shape}, expected [S, {means[0].shape[0]}, "
                f"{means[0].shape[1]}] as the first recipe has; score all recipes on the same images."
            )
        means.append(values.mean(axis=0))
        num_networks += len(values)
        num_agreeing.append((values.argmax(axis=2)[..., np.newaxis] == np.arange(values.shape[2])).sum(axis=0))
    return np.stack(means), num_networks, np.sum(num_agreeing, axis=0)
