"""Single images over the seeds: how often each is wrong, and which ones a technique fixes or breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction, right_matrix
from netgain.stats.intervals import clopper_pearson
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class ImageErrors(Said):
    """How often each test image is wrong over the seeds of one recipe.

    An image is not a sample, so its rate has only a seed error.

    Attributes:
        num_seeds: S.
        wrong: networks that are wrong on each image `[n]`.
        low, high: 95 % Clopper-Pearson interval of the rate at which networks of this recipe are wrong on
            the image, `[n]`.
    """

    num_seeds: int
    wrong: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @property
    def rate(self) -> NDArray[np.float64]:
        """Fraction of the networks that are wrong on each image `[n]`."""
        return self.wrong / self.num_seeds

    def frame(self) -> pandas.DataFrame:
        """A row for each image, those most often wrong first, then by their place in the test sample."""
        import pandas

        order = np.lexsort((np.arange(len(self.wrong)), -self.wrong))
        values = {"wrong": self.wrong, "rate": self.rate, "low": self.low, "high": self.high}
        return pandas.DataFrame({"image": order, **{name: column[order] for name, column in values.items()}})

    def __str__(self) -> str:
        always, ever = int((self.wrong == self.num_seeds).sum()), int((self.wrong > 0).sum())
        at_least = clopper_pearson(self.num_seeds, self.num_seeds).low
        return (
            f"of {len(self.wrong):,} images {ever:,} are wrong in at least one of {self.num_seeds} networks, "
            f"{always:,} in all; such an image is wrong in at least {100 * at_least:.0f} % of all networks "
            "(95 % interval, training)"
        )


def image_errors(right: ArrayLike) -> ImageErrors:
    """The rate at which each image is wrong, over the seeds, with its interval.

    Args:
        right: booleans `[S, n]`.

    Raises:
        StatisticsError: unless `right` is a non-empty boolean matrix.

    >>> errors = image_errors([[True, False, True], [True, False, False]])
    >>> errors.rate.tolist(), errors.high.round(4).tolist()
    ([0.0, 1.0, 0.5], [0.8419, 1.0, 0.9874])
    """
    matrix = right_matrix(right)
    seeds = len(matrix)
    wrong = (~matrix).sum(axis=0)
    intervals = [clopper_pearson(count, seeds) for count in range(seeds + 1)]
    low, high = np.array([one.low for one in intervals]), np.array([one.high for one in intervals])
    return ImageErrors(seeds, wrong, low[wrong], high[wrong])


@dataclass(frozen=True, eq=False, repr=False)
class ChangedImages(Said):
    """The images whose rate of wrong answers a technique changed, beyond what the seeds explain.

    Attributes:
        num_seeds: networks of A and of B.
        wrong_a, wrong_b: networks of A and of B that are wrong on each image `[n]`.
        p_values: of Fisher's exact test for each image `[n]`.
        fixed: images on which B is wrong less often, largest change first.
        broken: images on which B is wrong more often, largest change first.
        false_rate: the expected fraction of false ones among them is at most this.
        expected_by_chance: how many images chance alone would put on these lists if A and B were one recipe.
    """

    num_seeds: tuple[int, int]
    wrong_a: NDArray[np.int64]
    wrong_b: NDArray[np.int64]
    p_values: NDArray[np.float64]
    fixed: NDArray[np.intp]
    broken: NDArray[np.intp]
    false_rate: float
    expected_by_chance: float

    def frame(self) -> pandas.DataFrame:
        """A row for each image fixed or broken: how many networks are wrong on it, and its p."""
        import pandas

        images = np.concatenate([self.fixed, self.broken])
        changes = ["fixed"] * len(self.fixed) + ["broken"] * len(self.broken)
        return pandas.DataFrame(
            {
                "image": images,
                "change": changes,
                "wrong_a": self.wrong_a[images],
                "seeds_a": self.num_seeds[0],
                "wrong_b": self.wrong_b[images],
                "seeds_b": self.num_seeds[1],
                "p_value": self.p_values[images],
            }
        )

    def __str__(self) -> str:
        return (
            f"{len(self.fixed)} images stably fixed and {len(self.broken)} stably broken, of which at most "
            f"{100 * self.false_rate:g} % are expected to be false (chance alone would list "
            f"{self.expected_by_chance:.1f})"
        )


def changed_images(right_a: ArrayLike, right_b: ArrayLike, false_rate: float = 0.05) -> ChangedImages:
    """The images that a technique stably fixes or breaks, at a bounded rate of false ones.

    Fisher's exact test (two-sided) of the wrong counts of A and B on each image. With few seeds most images
    cannot have a small p at all, so that Benjamini and Hochberg's bound would find nothing; this is the
    step-up procedure that uses each image's own null distribution given its number of wrong answers,
    [HSU] of Döhler, Durand & Roquain (2018), Electronic Journal of Statistics 12, 1867, theorem 1: the
    largest t with Σ_i F_i(t)/(1 - F_i(τ)) ≤ false_rate · #{p_i ≤ t}. Like theirs, the bound takes the images as
    independent; seeds that are bad on all images make it a little wrong.

    Args:
        right_a: booleans `[S_a, n]` of the recipe without the technique.
        right_b: booleans `[S_b, n]` of the recipe with it, on the same images.
        false_rate: bound on the expected fraction of false images among those listed.

    Raises:
        StatisticsError: for anything but boolean matrices on the same images, or a rate outside (0, 1).

    >>> wrong = [[False] * 3 + [True] * 57] * 5
    >>> print(changed_images(wrong, [[True] * 60] * 5))  # doctest: +NORMALIZE_WHITESPACE
    3 images stably fixed and 0 stably broken, of which at most 5 % are expected to be false (chance alone
    would list 0.0)
    """
    matrix_a, matrix_b = right_matrix(right_a, "right_a"), right_matrix(right_b, "right_b")
    check_fraction(false_rate, "false_rate")
    if matrix_a.shape[1] != matrix_b.shape[1]:
        raise StatisticsError(
            f"`right_a` has {matrix_a.shape[1]} test images and `right_b` has {matrix_b.shape[1]}; "
            "score both recipes on the same images in the same order."
        )
    seeds_a, seeds_b = len(matrix_a), len(matrix_b)
    wrong_a, wrong_b = (~matrix_a).sum(axis=0), (~matrix_b).sum(axis=0)
    tables = [_fisher(total, seeds_a, seeds_b) for total in range(seeds_a + seeds_b + 1)]
    p_values = np.array([table.p_values for table in tables])[wrong_a + wrong_b, wrong_a]
    limit, expected = _threshold(tables, wrong_a + wrong_b, p_values, false_rate)
    change = wrong_b * seeds_a - wrong_a * seeds_b
    # Largest change first, then by place in the test sample.
    order = np.lexsort((np.arange(len(change)), -np.abs(change)))
    listed = order[p_values[order] <= limit]
    return ChangedImages(
        num_seeds=(seeds_a, seeds_b),
        wrong_a=wrong_a,
        wrong_b=wrong_b,
        p_values=p_values,
        fixed=listed[change[listed] < 0],
        broken=listed[change[listed] > 0],
        false_rate=false_rate,
        expected_by_chance=expected,
    )


class _Fisher(NamedTuple):
    """For 0 … S_a of a given number of wrong networks being A's: the two-sided p and the null probability."""

    p_values: NDArray[np.float64]
    probability: NDArray[np.float64]

    def at_most(self, limits: NDArray[np.float64]) -> NDArray[np.float64]:
        """The null probability of a p-value no larger than each limit."""
        order = np.argsort(self.p_values)
        steps = np.concatenate([[0.0], np.cumsum(self.probability[order])])
        return steps[np.searchsorted(self.p_values[order], limits, side="right")]


def _fisher(total: int, seeds_a: int, seeds_b: int) -> _Fisher:
    count = np.arange(seeds_a + 1)
    # Impossible counts have no ways. Whole numbers are added before the one division, so that a count and
    # its mirror image have the same p to the last digit.
    ways = np.asarray(special.comb(seeds_a, count)) * special.comb(seeds_b, total - count)
    as_extreme = ways[np.newaxis, :] <= ways[:, np.newaxis] * (1 + 1e-7)
    return _Fisher((as_extreme * ways).sum(axis=1) / ways.sum(), ways / ways.sum())


def _threshold(
    tables: list[_Fisher], totals: NDArray[np.int64], p_values: NDArray[np.float64], false_rate: float
) -> tuple[float, float]:
    """The largest p that is listed, -1 for none, and the number of images that chance would list."""
    images_with = np.bincount(totals)
    occurring = [tables[total] for total in np.flatnonzero(images_with)]
    # The values that any p of these images can take; at 1 every image is listed, which no bound allows.
    limits = np.unique(np.concatenate([table.p_values[table.probability > 0] for table in occurring]))
    limits = limits[limits < 1 - 1e-9]
    null = np.array([table.at_most(limits) for table in occurring])
    images = images_with[images_with > 0][:, np.newaxis]
    odds = np.sum(images * null / (1 - null), axis=0)
    num_allowed = int(np.count_nonzero(odds <= false_rate * len(p_values)))
    limits, null = limits[:num_allowed], null[:, :num_allowed]
    bound = np.sum(images * null / (1 - null[:, -1:]), axis=0)
    found = np.searchsorted(np.sort(p_values), limits, side="right")
    enough = np.flatnonzero(bound <= false_rate * found)
    if not len(enough):
        return -1.0, 0.0
    chosen = enough[-1]
    return float(limits[chosen]), float(np.sum(images[:, 0] * null[:, chosen]))
