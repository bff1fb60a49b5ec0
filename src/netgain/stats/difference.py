"""The difference of two recipes on the same test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction, group_numbers, right_matrix
from netgain.stats.crossed import MeanAccuracy, mean_accuracy, sum_of_squares
from netgain.stats.intervals import Interval, clopper_pearson
from netgain.stats.rounding import error_in_points, signed
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

FEW_DISCORDANT = 25
"""With fewer images than this that tell two recipes apart, the exact sign test has its say."""

INDEPENDENT_ITEMS = "Test {items} are assumed independent; their groups were not given."
"""The remark on a difference that was computed without groups."""

Method = Literal["crossed t", "crossed t with exact sign test", "exact McNemar", "exact McNemar with clustered t"]


@dataclass(frozen=True, repr=False)
class Difference(Said):
    """Accuracy of B minus accuracy of A, as fractions, with its errors; d_i is the difference on image i.

    Attributes:
        effect: mean of d_i over the n images.
        accuracy_a: the first recipe alone.
        accuracy_b: the second recipe alone.
        image_variance: variance of d_i (s_d²), or n times the clustered variance of the mean with groups.
        variance: V, the estimated variance of `effect`; for one seed each, the images part only.
        degrees_of_freedom: those of V.
        p_value: two-sided, by `method`.
        method: "crossed t"; "crossed t with exact sign test" where few images differ; for one seed each
            "exact McNemar" or, with groups, "exact McNemar with clustered t". With two tests the larger
            p counts, and the interval covers both intervals.
        num_fixed: images that B has right more often than A.
        num_broken: images that B has right less often than A.
        discordant_rms: root mean square of d_i over those images; 1 when there are none.
        num_groups: number of groups of images, None when they are taken as independent.
    """

    effect: float
    accuracy_a: MeanAccuracy
    accuracy_b: MeanAccuracy
    image_variance: float
    variance: float
    degrees_of_freedom: float
    p_value: float
    method: Method
    num_fixed: int
    num_broken: int
    discordant_rms: float
    num_groups: int | None

    @property
    def num_seeds(self) -> tuple[int, int]:
        """Seeds of A and of B."""
        return self.accuracy_a.num_seeds, self.accuracy_b.num_seeds

    @property
    def num_images(self) -> int:
        """Test images n."""
        return self.accuracy_a.num_images

    @property
    def num_discordant(self) -> int:
        """Images with d_i ≠ 0."""
        return self.num_fixed + self.num_broken

    @property
    def training(self) -> float | None:
        """Standard error from the randomness of training, √Σ_r s²_acc,r/S_r; None for one seed each."""
        first, second = self.accuracy_a.training, self.accuracy_b.training
        return None if first is None or second is None else math.hypot(first, second)

    @property
    def test_sample(self) -> float:
        """Standard error from the choice of test images; its square and that of `training` make V."""
        return math.sqrt(_test_sample_variance(self.accuracy_a, self.accuracy_b, self.image_variance))

    @property
    def assumption(self) -> str:
        """What the errors assume about the test images, as a sentence."""
        return self.assumed_of("images")

    def assumed_of(self, items: str) -> str:
        """What the errors assume, as a sentence, where test items are called so: "images"."""
        if self.num_groups is None:
            return INDEPENDENT_ITEMS.format(items=items)
        return f"The errors allow for alike test {items} within the {self.num_groups} groups."

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval of the effect, inside [-1, 1], never of length zero.

        It excludes zero exactly when `p_value` is below 1 - level.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        limits = [] if self.method == "crossed t" else self._sign_limits(level)
        if self.method != "exact McNemar":
            half = student.quantile(level, self.degrees_of_freedom) * math.sqrt(self.variance)
            limits += [self.effect - half, self.effect + half]
        return Interval(max(-1.0, min(limits)), min(1.0, max(limits)), level)

    def frame(self) -> pandas.DataFrame:
        """One row: the effect, its two errors, its 95 % interval and its p-value; fractions, not percent."""
        import pandas

        interval = self.interval()
        row = {
            "effect": self.effect,
            "test_sample": self.test_sample,
            "training": self.training,
            "low": interval.low,
            "high": interval.high,
            "p_value": self.p_value,
            "degrees_of_freedom": self.degrees_of_freedom,
            "fixed": self.num_fixed,
            "broken": self.num_broken,
            "method": self.method,
        }
        return pandas.DataFrame([row])

    def _sign_limits(self, level: float) -> list[float]:
        # The effect is (discordant fraction) x (2 x fixed share - 1) x (size of a discordant d_i). The
        # share's exact limits decide about zero; the fraction's limits are taken on the wider side.
        fraction = clopper_pearson(self.num_discordant, self.num_images, level)
        if self.num_discordant == 0:
            return [-fraction.high, fraction.high]
        share = clopper_pearson(self.num_fixed, self.num_discordant, level)
        low, high = 2 * share.low - 1, 2 * share.high - 1
        return [
            self.discordant_rms * low * (fraction.high if low < 0 else fraction.low),
            self.discordant_rms * high * (fraction.high if high > 0 else fraction.low),
        ]

    def __str__(self) -> str:
        images = f"{signed(100 * self.effect)} ± {error_in_points(self.test_sample)} (test sample)"
        if self.training is None:
            return f"{images} percentage points, training not measured"
        return f"{images} ± {error_in_points(self.training)} (training) percentage points"


def difference(right_a: ArrayLike, right_b: ArrayLike, groups: ArrayLike | None = None) -> Difference:
    """The accuracy of recipe B minus that of recipe A on the same test images, independent seeds.

    With S > 1 seeds each, the claim covers the recipes: with the test-sample and the training part,
    V = max(0, s_d² - Σ_r MS_IS,r/S_r)/n + Σ_r s²_acc,r/S_r, and, after Satterthwaite (1946),
    df = max(min_r S_r - 1, V² / [(s_d²/n)²/(n-1) + Σ_r (s²_acc,r/S_r)²/(S_r-1)]).
    V is the unbiased variance of Gallas (2006), Academic Radiology 13, 353, for two sets of readers, but for
    a test-sample part estimated below zero, which counts as zero. The same sum can be grouped as
    s_d²/n + Σ_r σ²_S,r/S_r and every σ²_S,r be kept from below zero instead; where the seeds do not differ
    that makes V too large, by up to 39 % at S = 3 and 14 % at S = 20 (docs/validation.md).
    With groups, s_d²/n becomes Σ_c (Σ_{i∈c} (d_i - mean d))²/n² (Liang & Zeger 1986, Biometrika 73, 13)
    and the number of groups replaces n in df. With one seed each, the claim covers these two
    networks only (McNemar). With fewer than 25 images where d_i ≠ 0, the larger of the p-values
    of t and of the exact sign test counts.

    Args:
        right_a: booleans `[S_a, n]`, true where seed s of A is right on image i.
        right_b: booleans `[S_b, n]`, the same images in the same order.
        groups: ids `[n]` of images that belong together (MNIST: the writer), or None.

    Raises:
        StatisticsError: for anything but boolean matrices of the same n, one recipe with one seed and
            the other with more, ids that are not `[n]`, or fewer than two groups.

    >>> a = [[True, True, True, False], [True, False, True, False]]
    >>> b = [[True, True, True, True], [True, True, False, True]]
    >>> print(difference(a, b))
    +25.00 ± 27.00 (test sample) ± 17.68 (training) percentage points
    """
    matrix_a, matrix_b = right_matrix(right_a, "right_a"), right_matrix(right_b, "right_b")
    _check_pair(matrix_a.shape, matrix_b.shape)
    seeds_a, seeds_b = len(matrix_a), len(matrix_b)
    numbers = None if groups is None else group_numbers(groups, matrix_a.shape[1])
    # S_a S_b d_i as whole numbers: exact, and the same for any order of seeds and images.
    scaled = matrix_b.sum(axis=0) * seeds_a - matrix_a.sum(axis=0) * seeds_b
    return _compare(mean_accuracy(matrix_a), mean_accuracy(matrix_b), scaled, numbers)


def _compare(
    accuracy_a: MeanAccuracy,
    accuracy_b: MeanAccuracy,
    scaled: NDArray[np.int64],
    numbers: NDArray[np.intp] | None,
) -> Difference:
    num_images, scale = len(scaled), accuracy_a.num_seeds * accuracy_b.num_seeds
    effect = int(scaled.sum()) / (num_images * scale)
    num_fixed, num_broken = int((scaled > 0).sum()), int((scaled < 0).sum())
    num_discordant = num_fixed + num_broken
    image_variance = _image_variance(scaled, numbers) / scale**2
    num_groups = None if numbers is None else int(numbers.max()) + 1
    variance, freedom = _variance(accuracy_a, accuracy_b, image_variance, num_groups or num_images)
    method = _method(max(accuracy_a.num_seeds, accuracy_b.num_seeds), num_discordant, variance, num_groups)
    p_values = []
    if method != "exact McNemar":
        p_values.append(student.two_sided_p(effect, variance, freedom))
    if method != "crossed t":
        p_values.append(_sign_p(num_fixed if effect > 0 else num_broken, num_discordant))
    rms = math.sqrt(sum_of_squares(scaled) / num_discordant) / scale if num_discordant else 1.0
    return Difference(
        effect=effect,
        accuracy_a=accuracy_a,
        accuracy_b=accuracy_b,
        image_variance=image_variance,
        variance=variance,
        degrees_of_freedom=freedom,
        p_value=max(p_values),
        method=method,
        num_fixed=num_fixed,
        num_broken=num_broken,
        discordant_rms=rms,
        num_groups=num_groups,
    )


def _image_variance(scaled: NDArray[np.int64], numbers: NDArray[np.intp] | None) -> float:
    num_images, total = len(scaled), int(scaled.sum())
    if numbers is not None:
        sums = np.bincount(numbers, weights=scaled)
        deviations = (sums * num_images - np.bincount(numbers) * total) / num_images
        return float(np.square(deviations).sum()) / num_images
    if num_images == 1:
        return 0.0
    return (num_images * sum_of_squares(scaled) - total**2) / (num_images * (num_images - 1))


def _test_sample_variance(accuracy_a: MeanAccuracy, accuracy_b: MeanAccuracy, image_variance: float) -> float:
    """σ_D²/n: what the choice of images adds to V, s_d²/n less what the seeds alone put into it."""
    arms = (accuracy_a, accuracy_b)
    residual = sum((arm.mean_square_residual or 0.0) / arm.num_seeds for arm in arms)
    return max(0.0, image_variance - residual) / accuracy_a.num_images


def _variance(
    accuracy_a: MeanAccuracy, accuracy_b: MeanAccuracy, image_variance: float, num_units: int
) -> tuple[float, float]:
    """V and its degrees of freedom, from as many independent images or groups as there are units."""
    arms = (accuracy_a, accuracy_b)
    training = [((arm.training or 0.0) ** 2, arm.num_seeds - 1) for arm in arms if arm.num_seeds > 1]
    variance = _test_sample_variance(accuracy_a, accuracy_b, image_variance) + sum(part for part, _ in training)
    images = image_variance / accuracy_a.num_images
    return variance, student.satterthwaite(variance, [*training, (images, num_units - 1)])


def _method(num_seeds: int, num_discordant: int, variance: float, num_groups: int | None) -> Method:
    if num_seeds == 1:
        return "exact McNemar" if num_groups is None else "exact McNemar with clustered t"
    # Without variance (every image shifted alike) t would claim certainty.
    few = num_discordant < FEW_DISCORDANT or variance == 0
    return "crossed t with exact sign test" if few else "crossed t"


def _sign_p(num_along: int, num_discordant: int) -> float:
    """Exact two-sided sign test for an effect that `num_along` of the discordant images follow."""
    return min(1.0, 2 * float(special.bdtrc(num_along - 1, num_discordant, 0.5)))


def _check_pair(shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> None:
    if shape_a[1] != shape_b[1]:
        raise StatisticsError(
            f"`right_a` has {shape_a[1]} test images and `right_b` has {shape_b[1]}; "
            "score both recipes on the same images in the same order."
        )
    if (shape_a[0] == 1) != (shape_b[0] == 1):
        raise StatisticsError(
            f"one recipe has one seed and the other has more ({shape_a[0]} and {shape_b[0]}): the randomness of "
            "training cannot be estimated; use at least 2 seeds each, or one seed each to compare two networks."
        )
