"""The kernel distance between two samples of images (KID), with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from netgain.stats.arrays import check_fraction
from netgain.stats.intervals import Interval
from netgain.stats.said import Said
from netgain.stats.samples import ROWS, Floats, point_arrays
from netgain.stats.words import p_in_words

DEGREE = 3
FEWEST = 10
MOST_FOR_SKEWNESS = 2000
"""Images of both samples together from which the skewness is taken: it needs the cube of a matrix of their pairs."""


@dataclass(frozen=True, repr=False)
class Kid(Said):
    """A kernel distance with its errors.

    Attributes:
        value: the squared maximum mean discrepancy, unbiased: around 0 for samples of the same distribution, so it may
            be negative.
        first_error: standard error from the choice of the first sample's images.
        second_error: the same of the second sample's.
        p_value: how often samples of the same distribution are as far apart.
        num_first, num_second: images.
    """

    value: float
    first_error: float
    second_error: float
    p_value: float
    num_first: int
    num_second: int

    @property
    def standard_error(self) -> float:
        """Both errors in quadrature."""
        return math.hypot(self.first_error, self.second_error)

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval from the normal distribution.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        half = float(special.ndtri((1 + level) / 2)) * self.standard_error
        return Interval(self.value - half, self.value + half, level)

    def __str__(self) -> str:
        return f"KID {self.value:.5f} ± {self.standard_error:.5f}; {p_in_words(self.p_value)}"


def kid(first: ArrayLike, second: ArrayLike) -> Kid:
    """The squared maximum mean discrepancy of features with the kernel (x·y/d + 1)³.

    Bińkowski, Sutherland, Arbel & Gretton (2018), "Demystifying MMD GANs", section 4, with all pairs of images in place
    of random blocks; the unbiased estimator is equation 3 of Gretton et al. (2012), JMLR 13, 723. Unlike a Fréchet
    distance it has no bias that depends on the number of images. Its size depends on the network behind the features:
    it cannot be compared with values of another network.

    The variance is that of Hoeffding's decomposition: a linear part for each sample, and a part of pairs, which is all
    that there is for samples of the same distribution. The first is estimated without the second's share in it, and not
    below zero. The p-value is that of a gamma distribution with the mean, variance and skewness that the statistic has
    for samples of one distribution (Hall 1983; Buckley & Eagleson 1988, Biometrika 75, 743).

    Args:
        first: features `[n, d]` of the first sample's images.
        second: features `[m, d]` of the second sample's, from the same network.

    Raises:
        StatisticsError: for other shapes, less than 10 images each, or values that are not finite.

    >>> rng = np.random.default_rng(0)
    >>> print(kid(rng.normal(size=(400, 5)), rng.normal(0.3, 1.0, size=(400, 5))))
    KID 0.42926 ± 0.08615; p < 0.0001
    """
    x, y = point_arrays(FEWEST, first=first, second=second)
    return _estimate(x, y, _within(x), _within(y), _between(x, y))


class _Within(NamedTuple):
    """Of the kernel between different images of one sample `[n, n]`."""

    rows: Floats  # mean of each image's with all others [n]
    mean: float
    of_pairs: float  # E k̃², the variance that belongs to pairs alone


class _Between(NamedTuple):
    """Of the kernel between images of two samples `[n, m]`."""

    rows: Floats  # mean of each of the first [n]
    columns: Floats  # mean of each of the second [m]
    mean: float
    of_pairs: float


def _estimate(x: Floats, y: Floats, of_x: _Within, of_y: _Within, between: _Between) -> Kid:
    n, m = len(x), len(y)
    value = of_x.mean + of_y.mean - 2 * between.mean
    # Each image's influence: twice its mean kernel with its own sample, less that with the other one.
    linear_x = float(4 * (of_x.rows - between.rows).var(ddof=1)) / n
    linear_y = float(4 * (of_y.rows - between.columns).var(ddof=1)) / m
    own_x, own_y = 2 * of_x.of_pairs / (n * (n - 1)), 2 * of_y.of_pairs / (m * (m - 1))
    shared = 4 * between.of_pairs / (n * m)
    # The means of the rows scatter by the pairs, too: by twice what the pairs of a sample, and by as much as those
    # between the samples, add to the variance of the statistic.
    first = max(0.0, linear_x - 2 * own_x - shared) + own_x + shared / 2
    second = max(0.0, linear_y - 2 * own_y - shared) + own_y + shared / 2
    p_value = _tail(value, own_x + own_y + shared, _skewness(x, y))
    return Kid(value, math.sqrt(max(0.0, first)), math.sqrt(max(0.0, second)), p_value, n, m)


def _kernel(x: Floats, y: Floats) -> Floats:
    found = x @ y.T
    found /= x.shape[1]
    found += 1
    return found**DEGREE


def _within(x: Floats) -> _Within:
    """The variance of pairs is that of the U-centred matrix: Székely & Rizzo (2014), Annals of Statistics 42, 2382,
    definition 2 and proposition 1.
    """
    n, squares, sums = len(x), 0.0, np.empty(len(x))
    for start in range(0, n, ROWS):
        kernel = _kernel(x[start : start + ROWS], x)
        own = np.arange(len(kernel))
        kernel[own, start + own] = 0.0
        sums[start : start + ROWS] = kernel.sum(axis=1)
        squares += float(np.vdot(kernel, kernel))
    total = float(sums.sum())
    centred = squares - 2 * float(sums @ sums) / (n - 2) + total**2 / ((n - 1) * (n - 2))
    return _Within(sums / (n - 1), total / (n * (n - 1)), max(0.0, centred) / (n * (n - 3)))


def _between(x: Floats, y: Floats) -> _Between:
    n, m = len(x), len(y)
    squares, rows, columns = 0.0, np.empty(n), np.zeros(m)
    for start in range(0, n, ROWS):
        kernel = _kernel(x[start : start + ROWS], y)
        rows[start : start + ROWS] = kernel.mean(axis=1)
        columns += kernel.sum(axis=0)
        squares += float(np.vdot(kernel, kernel))
    columns /= n
    mean = float(rows.mean())
    centred = squares - m * float(rows @ rows) - n * float(columns @ columns) + n * m * mean**2
    return _Between(rows, columns, mean, max(0.0, centred) / ((n - 1) * (m - 1)))


def _skewness(x: Floats, y: Floats) -> float:
    """Σλ³ / (Σλ²)^1.5 times √8 of the kernel's eigenvalues λ about the mean of both samples together."""
    some = [sample[:: max(1, -(-2 * len(sample) // MOST_FOR_SKEWNESS))] for sample in (x, y)]
    both = np.concatenate(some)
    kernel = _kernel(both, both)
    kernel -= kernel.mean(axis=0)
    kernel -= kernel.mean(axis=1, keepdims=True)
    # Without the diagonal, which is no pair: Σ over three different images of k̃(a, b) k̃(b, c) k̃(c, a).
    np.fill_diagonal(kernel, 0.0)
    count = len(both)
    squares = float(np.vdot(kernel, kernel)) / (count * (count - 1))
    cubes = float(np.vdot(kernel @ kernel, kernel)) / (count * (count - 1) * (count - 2))
    return math.sqrt(8) * max(0.0, cubes) / squares**1.5 if squares > 0 else 0.0


def _tail(value: float, variance: float, skewness: float) -> float:
    """How often a gamma distribution with mean 0, this variance and this skewness exceeds the value."""
    if variance == 0:
        return 0.0 if value > 0 else 1.0
    scaled = value / math.sqrt(variance)
    if skewness < 1e-3:  # the normal distribution, at which the shape would be infinite
        return float(special.ndtr(-scaled))
    shape = 4 / skewness**2
    return float(special.gammaincc(shape, max(0.0, shape + math.sqrt(shape) * scaled)))
