"""ROC curves, one class against the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction, label_array, score_array
from netgain.stats.crossed import fraction_interval, mean_accuracy
from netgain.stats.estimate import Estimate, combine
from netgain.stats.intervals import Interval
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

FALSE_POSITIVE_RATES = (0.0, *(round(10 ** (step / 10 - 4), 10) for step in range(41)))
"""The grid of false-positive rates that all curves share: 0, then ten to the decade from 0.0001 to 1."""


@dataclass(frozen=True)
class RocPoint:
    """A point of a mean curve, with its errors and the ends of its 95 % band.

    Attributes:
        false_positive: at most this fraction of the other classes' images are taken for the class.
        true_positive: the fraction of the class's images that are then recognised, mean over the seeds.
        test_sample: standard error from the choice of test images, of the class and of the others.
        training: standard error from the randomness of training; None for one seed.
        low, high: the 95 % interval, at this point alone.
    """

    false_positive: float
    true_positive: float
    test_sample: float
    training: float | None
    low: float
    high: float


@dataclass(frozen=True, repr=False)
class RocCurve(Said):
    """The curve of one class against the rest.

    Attributes:
        label: the class.
        num_positives, num_negatives: images of the class and of the others.
        area: area under the curve (AUC): the probability that an image of the class scores higher than
            one of the others.
        points: the curve on the common grid.
    """

    label: int
    num_positives: int
    num_negatives: int
    area: Estimate
    points: tuple[RocPoint, ...]

    def __str__(self) -> str:
        return f"{self.label} against the rest: area {self.area.percent()}"

    def area_interval(self, level: float = 0.95) -> Interval:
        """Confidence interval of the area, inside [0, 1] and never of length zero.

        Where hardly any image makes the area smaller than 1 it covers less than it claims: 0.87 for an area of
        99.98 % from 100 images of the class (95 % claimed), against 0.96 for an area of 96 %.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        trials = min(self.num_positives, self.num_negatives), self.num_positives * self.num_negatives
        area = self.area
        return fraction_interval(area.value, area.standard_error**2, area.degrees_of_freedom, trials, level)


@dataclass(frozen=True, repr=False)
class Roc(Said):
    """The curves of all classes that have images both in and out."""

    curves: tuple[RocCurve, ...]

    def frame(self) -> pandas.DataFrame:
        """A row for each class and false-positive rate: the curve and its band."""
        import pandas

        rows = [{"label": curve.label, **vars(point)} for curve in self.curves for point in curve.points]
        return pandas.DataFrame(rows)

    def areas(self) -> pandas.DataFrame:
        """A row for each class: its images and the area under its curve, with errors and 95 % interval."""
        import pandas

        rows = []
        for curve in self.curves:
            interval = curve.area_interval()
            rows.append(
                {
                    "label": curve.label,
                    "num_positives": curve.num_positives,
                    "num_negatives": curve.num_negatives,
                    "area": curve.area.value,
                    "area_test_sample": curve.area.test_sample,
                    "area_training": curve.area.training,
                    "area_low": interval.low,
                    "area_high": interval.high,
                }
            )
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        return "\n".join(str(curve) for curve in self.curves)


def roc(scores: ArrayLike, labels: ArrayLike) -> Roc:
    """One-vs-rest curves averaged over the seeds at fixed false-positive rates, and their areas.

    At each rate every network has its own threshold, the lowest that lets no more of the others through.
    A point's errors are the crossed ones of `mean_accuracy` on the images of the class; to the test sample's
    comes, in quadrature, what the choice of the other classes' images does through the thresholds. The area
    is Mann and Whitney's statistic with DeLong's components: DeLong, DeLong &
    Clarke-Pearson (1988), Biometrics 44, 837.

    Args:
        scores: `[S, n, K]`, any finite scores.
        labels: classes `[n]`.

    Raises:
        StatisticsError: for shapes that do not match, scores that are not finite, labels that are no
            classes, or when all images are of one class.

    >>> scores = [[[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6], [0.2, 0.8]]]
    >>> curve = roc(scores, [0, 0, 0, 1, 1]).curves[0]
    >>> round(curve.area.value, 4), round(curve.area.test_sample, 4)
    (0.8333, 0.2357)
    """
    values = score_array(scores)
    classes = label_array(labels, values.shape[1], values.shape[2])
    present = np.unique(classes)
    if len(present) < 2:
        raise StatisticsError(
            f"all {len(classes)} images are of class {present[0]}, expected images of at least two classes."
        )
    return Roc(
        tuple(
            _curve(int(label), values[:, classes == label, label], values[:, classes != label, label])
            for label in present
        )
    )


def area_difference(first: ArrayLike, second: ArrayLike, labels: ArrayLike, label: int) -> Estimate:
    """By how much the second scores make the area under the curve of one class larger, on the same test images.

    Paired: the test-sample error is that of the differences of DeLong's components image by image, the training error
    that of two sets of independent networks. DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837, eq. 5.

    Args:
        first: `[S, n, K]`, any finite scores.
        second: `[S, n, K]`, from as many networks.
        labels: classes `[n]`.
        label: the class that is told from the rest.

    Raises:
        StatisticsError: as :func:`roc`, and for different numbers of networks.

    >>> first, second = [[[0.6], [0.7], [0.3], [0.9]]], [[[0.9], [0.7], [0.3], [0.6]]]
    >>> scores = [np.concatenate([1 - np.array(of), of], axis=2) for of in (first, second)]
    >>> area_difference(*scores, [1, 1, 0, 0], label=1).value
    0.5
    """
    values = [score_array(first, "first"), score_array(second, "second")]
    if values[0].shape != values[1].shape:
        raise StatisticsError(
            f"`first` has shape {values[0].shape} and `second` {values[1].shape}, expected the same numbers of "
            "networks, images and classes."
        )
    is_class = label_array(labels, values[0].shape[1], values[0].shape[2]) == label
    if is_class.all() or not is_class.any():
        raise StatisticsError(
            f"{is_class.sum()} of {len(is_class)} images are of class {label}, expected images in it and out of it."
        )
    less, more = (area_components(scores[:, is_class, label], scores[:, ~is_class, label]) for scores in values)
    samples = [new - old for new, old in zip(more, less, strict=True)]
    return combine(samples[0].mean(axis=1), samples)


def _curve(label: int, positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> RocCurve:
    """The curve from the scores of the class's images `[S, P]` and of the others `[S, Q]`."""
    ordered = np.sort(negatives)
    return RocCurve(
        label=label,
        num_positives=positives.shape[1],
        num_negatives=negatives.shape[1],
        area=_area(positives, negatives),
        points=tuple(_point(rate, positives, ordered) for rate in FALSE_POSITIVE_RATES),
    )


def _area(positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> Estimate:
    above, below = area_components(positives, negatives)
    return combine(above.mean(axis=1), [above, below])


def area_components(
    positives: NDArray[np.float64], negatives: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """DeLong's components: of each image of the class `[S, P]` the share of the others that score lower, and of each of
    the others `[S, Q]` the share of the class that scores lower, whose influence on the area is the opposite.
    """
    above = np.stack([_fraction_below(*pair) for pair in zip(positives, np.sort(negatives), strict=True)])
    below = np.stack([_fraction_below(*pair) for pair in zip(negatives, np.sort(positives), strict=True)])
    return above, below


def _fraction_below(values: NDArray[np.float64], ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each value the fraction of the ordered others that lie below it, ties counting one half."""
    ends = [np.searchsorted(ordered, values, side) for side in ("left", "right")]
    return (ends[0] + ends[1]) / (2 * len(ordered))


def recognised(allowed: int, positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which images of the class `[S, P]` lie above the thresholds that let `allowed` of the sorted others in."""
    count = negatives.shape[1]
    if allowed >= count:
        return np.ones(positives.shape, dtype=bool)
    return positives > negatives[:, count - 1 - allowed, np.newaxis]


def _point(rate: float, positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> RocPoint:
    allowed = int(rate * negatives.shape[1] + 1e-9)
    accuracy = mean_accuracy(recognised(allowed, positives, negatives))
    images = math.hypot(accuracy.test_sample, threshold_error(allowed, positives, negatives))
    variances = [images**2] + ([] if accuracy.training is None else [accuracy.training**2])
    freedoms = [min(accuracy.num_images, negatives.shape[1]) - 1, accuracy.num_seeds - 1]
    freedom = student.satterthwaite(sum(variances), zip(variances, freedoms, strict=False))
    trials = accuracy.num_images, accuracy.num_images * accuracy.num_seeds
    interval = fraction_interval(accuracy.value, sum(variances), freedom, trials, 0.95)
    return RocPoint(rate, accuracy.value, images, accuracy.training, interval.low, interval.high)


def threshold_error(allowed: int, positives: NDArray[np.float64], negatives: NDArray[np.float64]) -> float:
    """Standard error of a point from the choice of the other classes' images, which set its threshold.

    The fraction of all such images above the one that is next is Beta distributed, with parameters
    allowed + 1 and Q - allowed; its standard deviation times the slope of the mean curve around the point.
    """
    count = negatives.shape[1]
    sigma = math.sqrt((allowed + 1) * (count - allowed) / (count + 2))
    low, high = max(0, math.floor(allowed - sigma)), min(count, math.ceil(allowed + sigma))
    if low == high:
        return 0.0
    change = recognised(high, positives, negatives).mean() - recognised(low, positives, negatives).mean()
    return float(change) * sigma / (high - low)
