"""The difference of two gaps between training and test accuracy: does one arm overtrain less than another?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction
from netgain.stats.difference import difference
from netgain.stats.intervals import Interval
from netgain.stats.overtraining import Overtraining, overtraining
from netgain.stats.rounding import error_in_points, signed
from netgain.stats.said import Said

Floats = NDArray[np.float64]


class RightAnswers(NamedTuple):
    """Which training and which test images the S networks of an arm have right.

    Attributes:
        train: booleans `[S, N]`, true where network s is right on training image i (no dropout, no augmentation).
        test: booleans `[S, n]` of the same networks in the same order.
        train_images: ids `[N]` of the training images, whole numbers or strings, the same id in both arms for the
            same image.
    """

    train: ArrayLike
    test: ArrayLike
    train_images: ArrayLike

    def __repr__(self) -> str:
        (seeds, num_train), num_test = np.shape(self.train), np.shape(self.test)[-1]
        return f"<RightAnswers of {seeds} networks on {num_train:,} training and {num_test:,} test images>"


@dataclass(frozen=True, repr=False)
class GapDifference(Said):
    """Gap of B minus gap of A, as a fraction, with its errors; a gap is training accuracy minus test accuracy.

    Attributes:
        gap_a: the gap of the first arm alone.
        gap_b: the gap of the second arm alone.
        num_shared: training images that both arms were trained on.
        train_sample: standard error from the choice of training images, as far as their own answers show it.
        test_sample: standard error from the choice of test images.
        degrees_of_freedom: those of `variance`.
        effective_images: how many images of equal weight would scatter as those do that tell the arms apart.
        p_value: two-sided, of an equal gap.
        num_groups: number of groups of test images, None when they are taken as independent.
    """

    gap_a: Overtraining
    gap_b: Overtraining
    num_shared: int
    train_sample: float
    test_sample: float
    degrees_of_freedom: float
    effective_images: float
    p_value: float
    num_groups: int | None

    @property
    def effect(self) -> float:
        """Gap of B minus gap of A; below zero where B overtrains less."""
        return self.gap_b.gap - self.gap_a.gap

    @property
    def num_seeds(self) -> tuple[int, int]:
        """Seeds of A and of B."""
        return self.gap_a.train.num_seeds, self.gap_b.train.num_seeds

    @property
    def training(self) -> float | None:
        """Standard error from the randomness of training, √Σ_r s²_gap,r/S_r; None for one seed each."""
        first, second = self.gap_a.training, self.gap_b.training
        return None if first is None or second is None else math.hypot(first, second)

    @property
    def variance(self) -> float:
        """V, the estimated variance of `effect`: the squares of the three errors."""
        return self.train_sample**2 + self.test_sample**2 + (self.training or 0.0) ** 2

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval of the effect, inside [-2, 2], never of length zero.

        It excludes zero exactly when `p_value` is below 1 - level. Where only the few images forbid that, it reaches
        beyond zero by ln(2/(1-level))/N_min, about 3.7 images of the smallest sample at 95 %: so often can occur what
        a sample of that size has not shown once (Clopper & Pearson 1934, Biometrika 26, 404, for no event).

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        half = student.quantile(level, self.degrees_of_freedom) * math.sqrt(self.variance)
        low, high = self.effect - half, self.effect + half
        if _least_p(self.variance, self.effective_images) >= 1 - level:
            samples = (self.gap_a.train, self.gap_b.train, self.gap_a.test)
            reach = -math.log((1 - level) / 2) / min(sample.num_images for sample in samples)
            low, high = min(low, -reach), max(high, reach)
        return Interval(max(-2.0, low), min(2.0, high), level)

    def __str__(self) -> str:
        errors = (
            f"{signed(100 * self.effect)} ± {error_in_points(self.train_sample)} (train sample) "
            f"± {error_in_points(self.test_sample)} (test sample)"
        )
        if self.training is None:
            return f"{errors} percentage points, training not measured"
        return f"{errors} ± {error_in_points(self.training)} (training) percentage points"


def gap_difference(a: RightAnswers, b: RightAnswers, groups: ArrayLike | None = None) -> GapDifference:
    """How much larger the gap between training and test accuracy is for recipe B than for recipe A.

    Δ = (train_B - test_B) - (train_A - test_A), with three errors whose squares add up to its variance,
    V = V_train + V_test + Σ_r s²_gap,r/S_r:

    - V_test = max(0, s_d² - Σ_r MS_IS,r/S_r)/n. Both arms answer the same n test images, so only their difference d_i
      on each image counts: the test-sample part of :func:`difference`, with its groups.
    - V_train = max(0, Σ_h m_h s²_h - Σ_r MS_IS,r/(N_r S_r)), the same for the training images. They come in up to three
      strata h of m_h images: those that both arms were trained on, which are paired, c_i = ȳ_B,i/N_B - ȳ_A,i/N_A; and
      those of one arm alone, which are an independent sample, c_i = ±ȳ_r,i/N_r. s²_h is the variance of c_i within
      the stratum (Cochran 1977, Sampling Techniques, 5.3). With the same images for both this is s_d²/N as above.
    - s²_gap,r is the variance of the gaps of the S_r networks of one arm. Training and test accuracy come from the same
      network, so their covariance is in it. Seeds of different arms are independent.

    The residuals MS_IS are taken out of the image parts because s²_gap,r contains them. df is that of Satterthwaite
    (1946) over the strata, s_d²/n and s²_gap,r/S_r, as for :func:`difference`. p is Student's, but not below 2^(1-k)
    with k effective images, which is the smallest p that an exact sign test on k images can give, and 1 where V is 0.
    k = (Σ u²)²/Σ u⁴ over what each image adds to Δ, u, less the mean of its stratum: Kish's effective sample size
    (1965, Survey Sampling) for weights u². Where few images are discordant, all of one weight, k is their number.

    **What the claim covers**: new networks of both recipes and new test images, with the training images that were
    used. What other training images would have made of the networks cannot be known from one training sample (Bengio &
    Grandvalet 2004, Journal of Machine Learning Research 5, 1089): it is not in V, just as it is not in
    :func:`difference`. V_train is the sampling error of the two training accuracies as means over N_r images. It
    is in V because it is in the errors of both gaps (:func:`overtraining`). For these training images alone it is more
    than needed: the claim errs on the side of "not known". For other ones, V_train is all that one
    training sample shows, and too little where the networks follow their training images closely (docs/validation.md).

    With one seed each, the claim covers these two networks only.

    Args:
        a: the right answers of the first arm.
        b: those of the second, on the same test images in the same order.
        groups: ids `[n]` of test images that belong together (MNIST: the writer), or None. Groups of training images
            are not known: these are taken as independent.

    Raises:
        StatisticsError: for anything but boolean matrices with as many seeds in `train` as in `test`, other
            test images, one arm with one seed and the other with more, ids of training images that are not
            `[N]` or not distinct, or groups that `difference` refuses.

    >>> all_right, half = [[True] * 80] * 5, [[True] * 40 + [False] * 40] * 5
    >>> overtrained = RightAnswers(train=all_right, test=half, train_images=range(80))
    >>> regular = RightAnswers(train=half, test=half, train_images=range(80))
    >>> print(gap_difference(overtrained, regular))
    −50.00 ± 5.63 (train sample) ± <0.01 (test sample) ± <0.01 (training) percentage points
    """
    gaps = overtraining(a.train, a.test, groups), overtraining(b.train, b.test, groups)
    on_test = difference(a.test, b.test, groups)
    strata, num_shared = _strata(a, b)
    train_sample = math.sqrt(max(0.0, sum(map(_variance_of_sum, strata)) - sum(map(_residual, gaps))))
    seeds = [(gap.training**2, gap.train.num_seeds - 1) for gap in gaps if gap.training is not None]
    variance = train_sample**2 + on_test.test_sample**2 + sum(part for part, _ in seeds)
    num_units = on_test.num_groups or on_test.num_images
    parts = [(_variance_of_sum(stratum), len(stratum) - 1) for stratum in strata]
    parts += [(on_test.image_variance / on_test.num_images, num_units - 1), *seeds]
    freedom = student.satterthwaite(variance, parts)
    effective = _effective_images([*strata, _centred(_means(b.test) - _means(a.test)) / on_test.num_images])
    p_value = student.two_sided_p(gaps[1].gap - gaps[0].gap, variance, freedom)
    return GapDifference(
        gap_a=gaps[0],
        gap_b=gaps[1],
        num_shared=num_shared,
        train_sample=train_sample,
        test_sample=on_test.test_sample,
        degrees_of_freedom=freedom,
        effective_images=effective,
        p_value=max(p_value, _least_p(variance, effective)),
        num_groups=on_test.num_groups,
    )


def _strata(a: RightAnswers, b: RightAnswers) -> tuple[list[Floats], int]:
    """What each training image adds to train_B - train_A, less the mean of its stratum; and the number shared."""
    ids_a, ids_b = _distinct_ids(a, "a"), _distinct_ids(b, "b")
    means_a, means_b = _means(a.train) / len(ids_a), _means(b.train) / len(ids_b)
    shared, at_a, at_b = np.intersect1d(ids_a, ids_b, return_indices=True)
    strata = [means_b[at_b] - means_a[at_a], np.delete(means_a, at_a), np.delete(means_b, at_b)]
    return [_centred(stratum) for stratum in strata if len(stratum)], len(shared)


def _distinct_ids(answers: RightAnswers, name: str) -> NDArray[Any]:
    ids: NDArray[Any] = np.asarray(answers.train_images)
    num_images = np.asarray(answers.train).shape[1]
    if ids.shape != (num_images,) or ids.dtype.kind not in "iuU":
        raise StatisticsError(
            f"`{name}.train_images` has shape {ids.shape} and holds {ids.dtype}, expected ({num_images},) whole "
            "numbers or strings: an id for each training image, such as its place in the dataset."
        )
    if num_images > len(np.unique(ids)):
        raise StatisticsError(
            f"`{name}.train_images` has {len(np.unique(ids)):,} distinct ids for {num_images:,} training images, "
            "expected one id for each image; remove repeated images, or give every copy its own id."
        )
    return ids


def _means(right: ArrayLike) -> Floats:
    return np.asarray(right).mean(axis=0)


def _centred(values: Floats) -> Floats:
    """Deviations from the mean, exactly zero where all values are equal."""
    return values - values.mean() if np.ptp(values) else np.zeros_like(values)


def _variance_of_sum(centred: Floats) -> float:
    """The variance of a sum of m independent images, m s²; 0 for a single one, which shows none."""
    return len(centred) / max(1, len(centred) - 1) * float(np.square(centred).sum())


def _residual(gap: Overtraining) -> float:
    """MS_IS/(N S), what the luck of single networks adds to the variance over the training images."""
    return (gap.train.mean_square_residual or 0.0) / (gap.train.num_images * gap.train.num_seeds)


def _effective_images(contributions: list[Floats]) -> float:
    squares = np.square(np.concatenate(contributions))
    return float(squares.sum() ** 2 / np.square(squares).sum()) if squares.any() else 0.0


def _least_p(variance: float, effective_images: float) -> float:
    """The smallest p that so few images allow."""
    return min(1.0, 2.0 ** (1 - effective_images)) if variance > 0 else 1.0
