"""A ratio of two sums over the test items, such as the characters read wrongly of all characters, with its errors."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import ArrayLike

from netgain.errors import StatisticsError
from netgain.stats.arrays import group_numbers
from netgain.stats.crossed import fraction_interval
from netgain.stats.estimate import Estimate, combine
from netgain.stats.intervals import Interval


@dataclass(frozen=True)
class RatioEstimate(Estimate):
    """A ratio of sums with its two independent errors, as a fraction.

    Attributes:
        num_items: n, or the number of groups where items belong together.
        num_trials: Σ of the denominators, over all seeds.
    """

    num_items: int = 1
    num_trials: int = 1

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval, of a ratio between 0 and 1 inside [0, 1] and never of length zero.

        That of a fraction of as many independent trials as would have this variance, as `MeanAccuracy.interval`: at
        least the items, at most all of the denominators. A ratio above 1 has the interval of `Estimate`.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        if self.value > 1:
            return super().interval(level)
        trials = self.num_items, max(self.num_items, self.num_trials)
        return fraction_interval(self.value, self.standard_error**2, self.degrees_of_freedom, trials, level)

    def percent(self) -> str:
        """`0.61 ± 0.08 (test sample) ± 0.02 (training) %`; where nothing is counted, the interval."""
        if self.value == 0:
            return f"0 % (95 %: 0–{100 * self.interval().high:.2f})"
        return super().percent()


def ratio_estimate(numerators: ArrayLike, denominators: ArrayLike, groups: ArrayLike | None = None) -> RatioEstimate:
    """Σ numerators / Σ denominators, the mean over the seeds, with its test-sample and training errors.

    The items are drawn whole: a string with many characters is drawn with all of them. So the ratio's error is that of
    the linear part of its dependence on them (delta method: Cochran, "Sampling Techniques", 1977, equation 6.13), which
    item i moves by (N_si - R_s D_i) / mean D. Over seeds and items it is crossed as in `mean_accuracy`.

    Args:
        numerators: what is counted of each item with each seed, `[S, n]`.
        denominators: of how many, `[n]`, the same for all seeds.
        groups: ids `[n]` of items that belong together, or None.

    Raises:
        StatisticsError: for other shapes, values below zero or not finite, or denominators that sum to zero.

    >>> print(ratio_estimate([[1, 0, 0, 0], [1, 0, 1, 0]], [4, 4, 1, 1]).percent())
    15.00 ± 7.12 (test sample) ± 5.00 (training) %
    """
    counts, sizes = np.asarray(numerators, np.float64), np.asarray(denominators, np.float64)
    if counts.ndim != 2 or counts.size == 0 or sizes.shape != counts.shape[1:]:
        raise StatisticsError(
            f"a ratio needs numerators [S, n] and denominators [n]; received shapes {counts.shape} and {sizes.shape}"
        )
    if not (np.isfinite(counts).all() and np.isfinite(sizes).all() and counts.min() >= 0 and sizes.min() >= 0):
        raise StatisticsError("numerators and denominators of a ratio must be finite and not below zero")
    total = float(sizes.sum())
    if total == 0:
        raise StatisticsError("the denominators of a ratio sum to zero; there is nothing to take a part of")
    numbers = None if groups is None else group_numbers(groups, len(sizes))
    of_seeds = counts.sum(axis=1) / total
    influences = (counts - of_seeds[:, np.newaxis] * sizes) / sizes.mean()
    found = combine(of_seeds, [influences], numbers)
    units = len(sizes) if numbers is None else int(numbers.max()) + 1
    trials = int(total * len(counts))
    return RatioEstimate(*astuple(found), num_items=units, num_trials=trials)
