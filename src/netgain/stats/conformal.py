"""Conformal sets: instead of one answer, a set of classes that contains the right class as often as promised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.stats.arrays import check_fraction, label_array, probability_array, two_samples
from netgain.stats.crossed import MeanAccuracy, mean_accuracy
from netgain.stats.estimate import Estimate, columns, mean_estimate
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class ConformalSets(Said):
    """The sets of each network for each test image, and how often they contain the right class.

    Attributes:
        alpha: the sets miss the right class in at most this fraction of images, on average over samples.
        thresholds: `[S]`; a class belongs to the set where 1 - score is at most this.
        sets: booleans `[S, n, K]`.
        coverage: fraction of the test images whose set contains the right class.
        validation_error: standard error of the coverage from the choice of validation images; the same
            images set the threshold of every network, so it does not shrink with S.
        size: mean number of classes in a set.
        empty: fraction of the sets that are empty.
    """

    alpha: float
    thresholds: tuple[float, ...]
    sets: NDArray[np.bool_]
    coverage: MeanAccuracy
    validation_error: float
    size: Estimate
    empty: MeanAccuracy

    @property
    def warning(self) -> str:
        """What is wrong with these sets, or an empty string."""
        if self.empty.value == 0:
            return ""
        return (
            f"{100 * self.empty.value:.2f} % of the sets are empty; this happens if one answer alone is right about "
            f"as often as the {100 * (1 - self.alpha):g} % promised; choose an alpha below the networks' error rate"
        )

    def frame(self) -> pandas.DataFrame:
        """A row for each size of a set that occurs: the fraction of images, with its errors and interval."""
        import pandas

        sizes = self.sets.sum(axis=2)
        rows = [{"size": int(size), **columns("fraction", mean_accuracy(sizes == size))} for size in np.unique(sizes)]
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        lines = [
            f"sets that promise {100 * (1 - self.alpha):g} % contain the right class for {self.coverage}, "
            f"± {100 * self.validation_error:.2f} (validation sample); mean size {self.size}"
        ]
        return "; ".join(lines + ([self.warning] if self.warning else []))


def conformal_sets(
    validation_scores: ArrayLike,
    validation_labels: ArrayLike,
    test_scores: ArrayLike,
    test_labels: ArrayLike,
    alpha: float,
) -> ConformalSets:
    """Least ambiguous sets (LAC): all classes whose score is not too far from what the right class gets.

    The threshold is the ⌈(m+1)(1-α)⌉-th smallest 1 - p_y of the m validation images; with fewer images than
    that rank, every class belongs to every set. Sadinle, Lei & Wasserman (2019), JASA 114, 223. Over
    samples the coverage is at least 1 - α; for one validation sample it is Beta distributed, with parameters
    rank and m + 1 - rank (Vovk 2012, ACML, 475), whose standard deviation is `validation_error`.

    Args:
        validation_scores: probabilities `[S, m, K]`, of images the networks were not trained on.
        validation_labels: classes `[m]`.
        test_scores: probabilities `[S, n, K]` of the same networks.
        test_labels: classes `[n]`.
        alpha: fraction of images whose set may miss the right class; above the error rate of the networks
            some sets are empty.

    Raises:
        StatisticsError: for shapes that do not match, scores that are not probabilities, labels that are not
            classes, or an alpha outside (0, 1).

    >>> validation = [[[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]]]
    >>> result = conformal_sets(validation, [0, 0, 0, 0], [[[0.65, 0.35], [0.5, 0.5]]], [0, 1], alpha=0.2)
    >>> result.thresholds, result.sets.tolist()
    ((0.6,), [[[True, False], [True, True]]])
    """
    check_fraction(alpha, "alpha")
    (validation, of_validation), (test, of_test) = two_samples(
        (validation_scores, validation_labels), (test_scores, test_labels), ("validation", "test")
    )
    thresholds, validation_error = _thresholds(validation, of_validation, alpha)
    sets = 1 - test <= thresholds[:, np.newaxis, np.newaxis]
    sizes = sets.sum(axis=2)
    return ConformalSets(
        alpha=alpha,
        thresholds=tuple(thresholds.tolist()),
        sets=sets,
        coverage=mean_accuracy(sets[:, np.arange(len(of_test)), of_test]),
        validation_error=validation_error,
        size=mean_estimate(sizes.astype(np.float64)),
        empty=mean_accuracy(sizes == 0),
    )


def conformal_thresholds(scores: ArrayLike, labels: ArrayLike, alpha: float) -> NDArray[np.float64]:
    """The threshold of each network `[S]` alone, for images without a label: those with 1 - score at most this.

    For the rule and its promise see :func:`conformal_sets`.

    Args:
        scores: probabilities `[S, m, K]`, of images the networks were not trained on.
        labels: classes `[m]`.
        alpha: fraction of images whose set may miss the right class.

    Raises:
        StatisticsError: for scores that are not probabilities, labels that are not classes, or an alpha
            outside (0, 1).

    >>> conformal_thresholds([[[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.4, 0.6]]], [0, 0, 0, 0], alpha=0.2).tolist()
    [0.6]
    """
    check_fraction(alpha, "alpha")
    probabilities = probability_array(scores)
    right = label_array(labels, *probabilities.shape[1:])
    return _thresholds(probabilities, right, alpha)[0]


def _thresholds(
    scores: NDArray[np.float64], labels: NDArray[np.intp], alpha: float
) -> tuple[NDArray[np.float64], float]:
    """The threshold of each network `[S]`, and the error of the coverage that the m images leave."""
    images = len(labels)
    # Rounded first: (m+1)(1-α) of 99 images at α = 0.1 is 90, and 90.00000000000001 in floating point.
    rank = math.ceil(round((images + 1) * (1 - alpha), 9))
    if rank > images:
        return np.ones(len(scores)), 0.0
    strangeness = np.sort(1 - scores[:, np.arange(images), labels])
    beta_mean = rank / (images + 1)
    return strangeness[:, rank - 1], math.sqrt(beta_mean * (1 - beta_mean) / (images + 2))
