"""The mean accuracy of a recipe: a two-way crossed design, every seed scored on the same test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from netgain.stats import student
from netgain.stats.arrays import check_fraction, group_numbers, right_matrix
from netgain.stats.intervals import Interval, accuracy_interval
from netgain.stats.rounding import error_in_points, in_percent
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class MeanAccuracy(Said):
    """A mean accuracy with its two independent errors; all accuracies are fractions, not percent.

    The squares of the two errors are the two parts of Var = (MS_I + MS_S - MS_IS) / (n S); an images
    part that is estimated below zero counts as zero.

    Attributes:
        value: mean over S seeds and n images.
        num_seeds: S.
        num_images: n.
        mean_square_images: MS_I, 0 for a single image.
        mean_square_seeds: MS_S, None for one seed.
        mean_square_residual: MS_IS, None for one seed.
        num_groups: number of groups of images, None when they are taken as independent.
    """

    value: float
    num_seeds: int
    num_images: int
    mean_square_images: float
    mean_square_seeds: float | None
    mean_square_residual: float | None
    num_groups: int | None = None

    @property
    def test_sample(self) -> float:
        """Standard error from the choice of test images, √((MS_I - MS_IS) / nS)."""
        excess = self.mean_square_images - (self.mean_square_residual or 0.0)
        return math.sqrt(max(0.0, excess) / (self.num_images * self.num_seeds))

    @property
    def training(self) -> float | None:
        """Standard error from the randomness of training, √(MS_S / nS); None for one seed."""
        if self.mean_square_seeds is None:
            return None
        return math.sqrt(self.mean_square_seeds / (self.num_images * self.num_seeds))

    @property
    def standard_error(self) -> float:
        """Both errors in quadrature; for one seed the images part alone."""
        return math.hypot(self.test_sample, self.training or 0.0)

    @property
    def is_all_or_none(self) -> bool:
        """Whether every seed has every image right, or none: there is no spread, and only the interval is an error."""
        return self.value in {0.0, 1.0}

    def all_or_none(self) -> str:
        """All or none right as a count with its interval, `36 of 36 right: 100 % (95 %: 90.3–100)`."""
        interval = self.interval()
        low, high = (f"{100 * limit:.1f}".removesuffix(".0") for limit in (interval.low, interval.high))
        right = f"{self.value * self.num_images:,.0f} of {self.num_images:,} right"
        seeds = f" with each of {self.num_seeds} seeds" if self.num_seeds > 1 else ""
        return f"{right}{seeds}: {100 * self.value:.0f} % (95 %: {low}–{high})"

    @property
    def seed_sigma(self) -> float | None:
        """True spread of the accuracy from seed to seed on infinitely many images; None for one seed.

        √max(0, (MS_S - MS_IS)/n): Jordan (2023), "Calibrated chaos", Theorem 2.
        """
        if self.mean_square_seeds is None or self.mean_square_residual is None:
            return None
        return math.sqrt(max(0.0, self.mean_square_seeds - self.mean_square_residual) / self.num_images)

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval, inside [0, 1] and never of length zero.

        One seed: the binomial interval (`accuracy_interval`). More seeds: the same interval for the
        number of independent images that would have this variance, value(1 - value)/Var · (z/t)², after
        Korn & Graubard (1998), Survey Methodology 24, 193. Near 100 % this keeps its coverage where
        value ± t·error, a Wald interval, loses it (99.8 %, n = 1000: 0.986 against 0.899).

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        variance = self.standard_error**2
        if (self.training is None and self.num_groups is None) or self.num_images == 1:
            variance = 0.0
        scale = self.num_images * self.num_seeds
        parts = [(self.mean_square_images / scale, (self.num_groups or self.num_images) - 1)]
        parts += [(self.training**2, self.num_seeds - 1)] if self.training is not None else []
        freedom = student.satterthwaite(variance, parts)
        return fraction_interval(self.value, variance, freedom, (self.num_images, scale), level)

    def frame(self) -> pandas.DataFrame:
        """One row: the accuracy, its two errors and its 95 % interval, as fractions."""
        import pandas

        interval = self.interval()
        row = {
            "accuracy": self.value,
            "test_sample": self.test_sample,
            "training": self.training,
            "low": interval.low,
            "high": interval.high,
            "seeds": self.num_seeds,
            "images": self.num_images,
        }
        return pandas.DataFrame([row])

    def __str__(self) -> str:
        if self.is_all_or_none:
            return self.all_or_none()
        if self.standard_error == 0:
            interval = self.interval()
            return (
                f"{in_percent(self.value)} % (no spread to measure; 95 % interval "
                f"{100 * interval.low:.2f} to {100 * interval.high:.2f} %)"
            )
        images = f"{in_percent(self.value)} ± {error_in_points(self.test_sample)} (test sample)"
        if self.training is None:
            return f"{images} %, one seed: training not measured"
        return f"{images} ± {error_in_points(self.training)} (training) %"


def mean_accuracy(right: ArrayLike, groups: ArrayLike | None = None) -> MeanAccuracy:
    """The mean accuracy of one recipe with its test-sample and training errors.

    Two-way crossed analysis of variance (images × seeds, one value a cell). The variance equals the
    one-shot U-statistic of Gallas (2006), Academic Radiology 13, 353 (iMRMC's `uStat11`). The sums are
    taken over whole numbers, so that no order of seeds or images changes a digit. With groups, MS_I is what
    the clustered variance of the images' mean (see `difference`) makes of it; luck of a seed that a whole group
    shares is not taken out again, which errs on the wide side.

    Args:
        right: booleans `[S, n]`, true where seed s is right on test image i.
        groups: ids `[n]` of images that belong together, or None.

    Raises:
        StatisticsError: unless `right` is a non-empty boolean matrix, or for ids that are not `[n]`.

    >>> print(mean_accuracy([[True, True, True, False], [True, True, False, False]]))
    62.50 ± 20.41 (test sample) ± 12.50 (training) %
    """
    matrix = right_matrix(right)
    seeds, images = matrix.shape
    total = int(matrix.sum())
    images_square = sum_of_squares(matrix.sum(axis=0))
    mean_square_images = (images * images_square - total**2) / (images * seeds * (images - 1)) if images > 1 else 0.0
    num_groups = None
    if groups is not None:
        numbers = group_numbers(groups, images)
        sums = np.bincount(numbers, weights=matrix.sum(axis=0) / seeds - total / (images * seeds))
        num_groups, mean_square_images = len(sums), float(np.square(sums).sum()) * seeds / images
    mean_square_seeds = mean_square_residual = None
    if seeds > 1:
        seeds_square = sum_of_squares(matrix.sum(axis=1))
        mean_square_seeds = (seeds * seeds_square - total**2) / (images * seeds * (seeds - 1))
        residual = total * images * seeds - images * images_square - seeds * seeds_square + total**2
        freedom = (images - 1) * (seeds - 1)
        mean_square_residual = residual / (images * seeds * freedom) if freedom else 0.0
    value = total / (images * seeds)
    return MeanAccuracy(value, seeds, images, mean_square_images, mean_square_seeds, mean_square_residual, num_groups)


def fraction_interval(
    value: float, variance: float, degrees_of_freedom: float, trials: tuple[int, int], level: float
) -> Interval:
    """The interval of any fraction with an estimated variance, as `MeanAccuracy.interval` describes it.

    Args:
        value: the fraction.
        variance: of the fraction; where it is 0, the fewest trials count.
        degrees_of_freedom: those of the variance.
        trials: the smallest and the largest number of independent trials that the fraction can come from.
        level: confidence level.

    >>> interval = fraction_interval(0.99, 0.99 * 0.01 / 10_000, 1e12, (10_000, 10_000), 0.95)
    >>> round(interval.low, 6), round(interval.high, 6)
    (0.987853, 0.991771)
    """
    fewest, most = trials
    if variance == 0 or not 0 < value < 1:
        return accuracy_interval(value * fewest, fewest, level)
    widening = float(special.ndtri((1 + level) / 2)) / student.quantile(level, degrees_of_freedom)
    # No more independent trials than were made, however small the variance happens to come out.
    images = min(value * (1 - value) / variance, most) * widening**2
    return accuracy_interval(value * images, images, level)


def sum_of_squares(counts: np.ndarray) -> int:
    """Exact sum of squared whole numbers, as a Python integer that no further product can overflow."""
    return int(np.square(counts, dtype=np.int64).sum())
