"""Do two samples come from the same distribution? Asked of classifiers that were trained to tell them apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction
from netgain.stats.crossed import fraction_interval
from netgain.stats.estimate import combine
from netgain.stats.intervals import Interval
from netgain.stats.roc import area_components
from netgain.stats.said import Said
from netgain.stats.words import p_in_words


@dataclass(frozen=True, repr=False)
class TwoSampleTest(Said):
    """How well classifiers tell two samples apart, on images that none of them was trained on.

    Attributes:
        area: the area under the ROC curve (AUC), mean over the classifiers: the probability that an image of the second
            sample scores higher than one of the first. 0.5 is no better than guessing, 1 is every time.
        first_error: standard error from the choice of the first sample's held-out images.
        second_error: the same of the second sample's.
        classifier_error: standard error from the beginning and the order of the classifiers' training; None for one
            classifier. Other images to train them with would change the area too: that is in no error here.
        degrees_of_freedom: of the three together.
        p_value: how often classifiers tell samples of the same distribution apart so well.
        num_first, num_second: held-out images.
        num_classifiers: C.
    """

    area: float
    first_error: float
    second_error: float
    classifier_error: float | None
    degrees_of_freedom: float
    p_value: float
    num_first: int
    num_second: int
    num_classifiers: int

    @property
    def standard_error(self) -> float:
        """All errors in quadrature."""
        return math.hypot(self.first_error, self.second_error, self.classifier_error or 0.0)

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval of the area, inside [0, 1] and never of length zero.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        trials = min(self.num_first, self.num_second), self.num_first * self.num_second
        return fraction_interval(self.area, self.standard_error**2, self.degrees_of_freedom, trials, level)

    def __str__(self) -> str:
        images = math.hypot(self.first_error, self.second_error)
        classifiers = "" if self.classifier_error is None else f" ± {self.classifier_error:.4f} (classifier)"
        return f"AUC {self.area:.4f} ± {images:.4f} (held-out images){classifiers}; {p_in_words(self.p_value)}"


def two_sample_test(first: ArrayLike, second: ArrayLike) -> TwoSampleTest:
    """The classifier two-sample test, with the area under the ROC curve (Lopez-Paz & Oquab 2017, "Revisiting classifier
    two-sample tests", section 3, with accuracy in place of the area).

    The images are halved at random; classifiers are trained on one half of both samples and score the other half. If
    both samples come from the same distribution, each order of the held-out scores is as probable as any other,
    whatever the classifiers are: so the one-sided test of Mann & Whitney (1947) on the classifiers' mean score is exact
    but for the normal approximation of many images. The errors are DeLong's (1988), crossed over the classifiers as in
    :func:`netgain.stats.roc`.

    Do not let the two halves change places to use all images: the areas of such folds depend on each other, so the
    error of their mean comes out too small (docs/validation.md).

    Args:
        first: scores `[C, n]` or `[n]` of held-out images of the first sample: how much they look like the second.
        second: scores `[C, m]` or `[m]` of the second sample's.

    Raises:
        StatisticsError: for other shapes, less than two images each, or values that are not finite.

    >>> print(two_sample_test([0.1, 0.2, 0.4, 0.3], [0.5, 0.35, 0.8, 0.9]))
    AUC 0.9375 ± 0.0884 (held-out images); p = 0.03
    """
    low, high = _score_matrix(first, "first"), _score_matrix(second, "second")
    if len(low) != len(high):
        raise StatisticsError(
            f"`first` has scores of {len(low)} classifiers and `second` of {len(high)}, expected the same classifiers."
        )
    above, below = area_components(high, low)
    both, of_second, of_first = (combine(above.mean(axis=1), each) for each in ([above, below], [above], [below]))
    errors = [(of_first.test_sample**2, low.shape[1] - 1), (of_second.test_sample**2, high.shape[1] - 1)]
    if both.training is not None:
        errors.append((both.training**2, len(low) - 1))
    return TwoSampleTest(
        area=both.value,
        first_error=of_first.test_sample,
        second_error=of_second.test_sample,
        classifier_error=both.training,
        degrees_of_freedom=student.satterthwaite(sum(variance for variance, _ in errors), errors),
        p_value=_same_distribution(low.mean(axis=0), high.mean(axis=0)),
        num_first=low.shape[1],
        num_second=high.shape[1],
        num_classifiers=len(low),
    )


def _same_distribution(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Mann & Whitney's p-value that scores of the second sample are not larger, with ties; 1/2 where all are equal."""
    if first.min() == first.max() == second.min() == second.max():
        return 0.5
    return float(stats.mannwhitneyu(second, first, alternative="greater", method="asymptotic").pvalue)


def _score_matrix(scores: ArrayLike, name: str) -> NDArray[np.float64]:
    values = np.asarray(scores, np.float64)
    values = values[np.newaxis] if values.ndim == 1 else values
    if values.ndim != 2 or len(values) == 0 or values.shape[1] < 2:
        raise StatisticsError(
            f"`{name}` has shape {np.shape(scores)}, expected [C, n] or [n] with at least two images: a score for each."
        )
    if not np.isfinite(values).all():
        raise StatisticsError(f"`{name}` holds values that are not finite; such a classifier has diverged.")
    return values
