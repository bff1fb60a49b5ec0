"""Overtraining: how much better the networks are on the images they were trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction, right_matrix
from netgain.stats.crossed import MeanAccuracy, fraction_interval, mean_accuracy
from netgain.stats.intervals import Interval
from netgain.stats.rounding import error_in_points, signed
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Overtraining(Said):
    """The gap between the accuracies on the training and on the test images; fractions, not percent.

    Attributes:
        train: mean accuracy on the N training images, in evaluation mode.
        test: mean accuracy of the same networks on the n test images.
        training: standard error of the gap from the randomness of training, s/√S over the gaps of the S
            networks; None for one seed.
        covariance: of the two mean accuracies, through the seeds that they share; 0 for one seed.
    """

    train: MeanAccuracy
    test: MeanAccuracy
    training: float | None
    covariance: float

    @property
    def gap(self) -> float:
        """Accuracy on the training images minus accuracy on the test images."""
        return self.train.value - self.test.value

    @property
    def train_sample(self) -> float:
        """Standard error from the choice of training images."""
        return self.train.test_sample

    @property
    def test_sample(self) -> float:
        """Standard error from the choice of test images."""
        return self.test.test_sample

    @property
    def standard_error(self) -> float:
        """All errors in quadrature."""
        return math.hypot(self.train_sample, self.test_sample, self.training or 0.0)

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval of the gap, inside [-1, 1].

        The distances of the limits of both accuracies are added in quadrature with their correlation, so
        that the interval stays right near 100 %: Newcombe (1998), Statistics in Medicine 17, 873, method 10;
        with correlation, Zou & Donner (2008), Statistics in Medicine 27, 1693.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        freedom = self._degrees_of_freedom()
        train, test = (_interval(accuracy, freedom, level) for accuracy in (self.train, self.test))
        below = self._quadrature(self.train.value - train.low, test.high - self.test.value)
        above = self._quadrature(train.high - self.train.value, self.test.value - test.low)
        return Interval(max(-1.0, self.gap - below), min(1.0, self.gap + above), level)

    def _degrees_of_freedom(self) -> float:
        """Satterthwaite's, of the variance of the gap: those of its largest part, mostly the test sample."""
        arms = (self.train, self.test)
        parts = [
            (arm.mean_square_images / (arm.num_images * arm.num_seeds), (arm.num_groups or arm.num_images) - 1)
            for arm in arms
        ]
        if self.training is not None:
            parts.append((self.training**2, self.train.num_seeds - 1))
        return student.satterthwaite(self.standard_error**2, parts)

    def _quadrature(self, of_train: float, of_test: float) -> float:
        scale = self.train.standard_error * self.test.standard_error
        correlation = min(1.0, max(-1.0, self.covariance / scale)) if scale else 0.0
        square = of_train**2 + of_test**2 - 2 * correlation * of_train * of_test
        return math.sqrt(max(0.0, square))

    def frame(self) -> pandas.DataFrame:
        """Three rows, the two accuracies and the gap, as fractions with their errors and 95 % intervals."""
        import pandas

        rows = []
        for name, quantity, value in (
            ("train", self.train, self.train.value),
            ("test", self.test, self.test.value),
            ("gap", self, self.gap),
        ):
            interval = quantity.interval()
            rows.append(
                {
                    "quantity": name,
                    "value": value,
                    "train_sample": self.train_sample if name != "test" else None,
                    "test_sample": self.test_sample if name != "train" else None,
                    "training": quantity.training,
                    "low": interval.low,
                    "high": interval.high,
                }
            )
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        interval = self.interval()
        training = "training not measured"
        if self.training is not None:
            training = f"± {error_in_points(self.training)} (training)"
        return (
            f"gap between training and test images {signed(100 * self.gap)} ± {error_in_points(self.train_sample)} "
            f"(train sample) ± {error_in_points(self.test_sample)} (test sample)"
            f"{',' if self.training is None else ''} {training} "
            f"percentage points; 95 % interval {signed(100 * interval.low)} to {signed(100 * interval.high)}"
        )


def overtraining(train_right: ArrayLike, test_right: ArrayLike, groups: ArrayLike | None = None) -> Overtraining:
    """The gap of the accuracies on training and test images, with its interval.

    The images are independent, the networks the same: the two samples add their image parts, and the
    randomness of training enters once, by the spread of the S gaps:
    Var = (MS_I - MS_IS)/(NS) on the training images + the same on the test images + s²_gap/S.

    Args:
        train_right: booleans `[S, N]`, true where network s is right on training image i (no dropout, no
            augmentation).
        test_right: booleans `[S, n]` of the same networks in the same order.
        groups: ids `[n]` of test images that belong together, or None.

    Raises:
        StatisticsError: unless both are non-empty boolean matrices with as many seeds, or for ids that are not
            `[n]`.

    >>> train = [[True] * 99 + [False], [True] * 100]
    >>> test = [[True] * 90 + [False] * 10, [True] * 91 + [False] * 9]
    >>> print(overtraining(train, test))  # doctest: +NORMALIZE_WHITESPACE
    gap between training and test images +9.00 ± <0.01 (train sample) ± 2.86 (test sample)
    ± <0.01 (training) percentage points; 95 % interval +3.89 to +16.48
    """
    train, test = right_matrix(train_right, "train_right"), right_matrix(test_right, "test_right")
    if len(train) != len(test):
        raise StatisticsError(
            f"`train_right` has {len(train)} seeds and `test_right` has {len(test)}; "
            "score the same networks, in the same order, on both."
        )
    training, covariance = None, 0.0
    if len(train) > 1:
        of_seeds = np.stack([train.mean(axis=1), test.mean(axis=1)])
        training = _standard_error_of_gaps(train, test)
        covariance = float(np.cov(of_seeds)[0, 1]) / len(train)
    return Overtraining(mean_accuracy(train), mean_accuracy(test, groups), training, covariance)


def _standard_error_of_gaps(train: NDArray[np.bool_], test: NDArray[np.bool_]) -> float:
    """s/√S over the gaps of the S networks, from whole numbers: exactly 0 where all gaps are equal."""
    scale, seeds = train.shape[1] * test.shape[1], len(train)
    gaps = [
        right * test.shape[1] - right_on_test * train.shape[1]
        for right, right_on_test in zip(train.sum(axis=1).tolist(), test.sum(axis=1).tolist(), strict=True)
    ]
    spread = seeds * sum(gap**2 for gap in gaps) - sum(gaps) ** 2
    return math.sqrt(spread / (seeds - 1)) / (seeds * scale)


def _interval(accuracy: MeanAccuracy, degrees_of_freedom: float, level: float) -> Interval:
    trials = (accuracy.num_images, accuracy.num_images * accuracy.num_seeds)
    return fraction_interval(accuracy.value, accuracy.standard_error**2, degrees_of_freedom, trials, level)
