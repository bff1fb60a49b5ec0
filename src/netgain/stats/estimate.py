"""Any number measured with S networks on n images, with its two errors."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from netgain.stats import student
from netgain.stats.arrays import check_fraction
from netgain.stats.crossed import MeanAccuracy
from netgain.stats.intervals import Interval
from netgain.stats.rounding import error_in_points, error_in_words


@dataclass(frozen=True)
class Estimate:
    """A number with its two independent errors, such as an area, a mean set size or a mean loss.

    Accuracies and other fractions right or wrong are `MeanAccuracy`, whose interval is better near 100 %.

    Attributes:
        value: mean over the seeds.
        test_sample: standard error from the choice of test images.
        training: standard error from the randomness of training; None for one seed.
        degrees_of_freedom: those of the variance.
        draws: standard error from a mean over amounts that were drawn at random; 0 where there are none.
    """

    value: float
    test_sample: float
    training: float | None
    degrees_of_freedom: float
    draws: float = 0.0

    @property
    def standard_error(self) -> float:
        """All errors in quadrature; for one seed without that of training."""
        return math.hypot(self.test_sample, self.training or 0.0, self.draws)

    def interval(self, level: float = 0.95) -> Interval:
        """Confidence interval from Student's t; of length zero where nothing varied.

        Raises:
            StatisticsError: unless 0 < level < 1.
        """
        check_fraction(level, "level")
        half = student.quantile(level, self.degrees_of_freedom) * self.standard_error
        return Interval(self.value - half, self.value + half, level)

    def percent(self) -> str:
        """The number and its errors in percent, for a fraction."""
        images = f"{100 * self.value:.2f} ± {error_in_points(self.test_sample)} (test sample)"
        draws = f" ± {error_in_points(self.draws)} (draws)" if self.draws else ""
        if self.training is None:
            return f"{images}{draws} %, one seed: training not measured"
        return f"{images} ± {error_in_points(self.training)} (training){draws} %"

    def __str__(self) -> str:
        images = f"{self.value:.4f} ± {error_in_words(self.test_sample, 4)} (test sample)"
        if self.training is None:
            return f"{images}, one seed: training not measured"
        return f"{images} ± {error_in_words(self.training, 4)} (training)"


def mean_estimate(values: NDArray[np.float64], groups: NDArray[np.intp] | None = None) -> Estimate:
    """The mean of a value `[S, n]` that every network has for every image, with its two errors.

    The crossed design of `mean_accuracy`, for numbers that are not only 0 and 1. `groups` `[n]` are the numbers, from
    0, of the groups that the images belong to, as `group_numbers` gives them.

    >>> print(mean_estimate(np.array([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])))
    0.6250 ± 0.2041 (test sample) ± 0.1250 (training)
    """
    return combine(values.mean(axis=1), [values], groups)


def over_draws(estimate: Estimate, variance: float, num_draws: int) -> Estimate:
    """The estimate as one of the mean over all amounts, of which so many were drawn at random.

    Args:
        estimate: the mean over the amounts that were drawn.
        variance: of the mean from amount to amount.
        num_draws: the amounts.
    """
    drawn, measured = max(0.0, variance) / num_draws, estimate.standard_error**2
    parts = [(measured, estimate.degrees_of_freedom), (drawn, num_draws - 1)]
    freedom = student.satterthwaite(measured + drawn, parts)
    return dataclasses.replace(estimate, degrees_of_freedom=freedom, draws=math.sqrt(drawn))


def mean_variance(values: NDArray[np.float64], groups: NDArray[np.intp] | None = None) -> float:
    """The variance of the mean of `mean_estimate`, with neither part kept from falling below zero: it is unbiased, as
    a correction must be that is taken from another number.

    (MS_I + MS_S - MS_IS)/(nS); for one seed MS_I/n.
    """
    parts = _image_variances(values, groups)
    training = float(values.mean(axis=1).var(ddof=1)) / len(values) if len(values) > 1 else 0.0
    return parts.image - parts.residual + training


def combine(
    of_seeds: NDArray[np.float64], samples: list[NDArray[np.float64]], groups: NDArray[np.intp] | None = None
) -> Estimate:
    """The mean over the seeds of a statistic that is, to first order, a sum of means over samples of images.

    Var = Σ_samples (MS_I - MS_IS)/(nS) + s²/S, with s² the variance of the statistic over the seeds: the
    crossed design for one sample, DeLong's components for the two samples of an area under a curve.

    Args:
        of_seeds: the statistic for each seed `[S]`.
        samples: for each sample of images the influence of each image on the statistic `[S, n_sample]`.
        groups: the numbers of the groups that the images of every sample belong to, or None.
    """
    seeds = len(of_seeds)
    parts = [_image_variances(values, groups) for values in samples]
    images = sum(max(0.0, part.image - part.residual) for part in parts)
    freedoms = [(part.image, part.units - 1) for part in parts]
    training = None
    if seeds > 1:
        training = float(of_seeds.std(ddof=1)) / math.sqrt(seeds)
        freedoms.append((training**2, seeds - 1))
    freedom = student.satterthwaite(images + (training or 0.0) ** 2, freedoms)
    return Estimate(float(of_seeds.mean()), math.sqrt(images), training, freedom)


class _ImageVariances(NamedTuple):
    """MS_I/(nS) and MS_IS/(nS), and the number of independent images or groups."""

    image: float
    residual: float
    units: int


def _image_variances(values: NDArray[np.float64], groups: NDArray[np.intp] | None) -> _ImageVariances:
    """Of values `[S, n]`; 0 for a single image, which has no spread."""
    seeds, images = values.shape
    units = images if groups is None else int(groups.max()) + 1
    if images == 1:
        return _ImageVariances(0.0, 0.0, units)
    of_image = values.mean(axis=0)
    if groups is None:
        image = float(of_image.var(ddof=1)) / images
    else:
        image = float(np.square(np.bincount(groups, weights=of_image - of_image.mean())).sum()) / images**2
    if seeds == 1:
        return _ImageVariances(image, 0.0, units)
    residuals = values - of_image - values.mean(axis=1, keepdims=True) + values.mean()
    residual = float(np.square(residuals).sum()) / ((images - 1) * (seeds - 1))
    return _ImageVariances(image, residual / (images * seeds), units)


def columns(name: str, quantity: Estimate | MeanAccuracy) -> dict[str, float | None]:
    """A number as columns of a table: the number, its two errors, and the ends of its 95 % interval."""
    interval = quantity.interval()
    return {
        name: quantity.value,
        f"{name}_test_sample": quantity.test_sample,
        f"{name}_training": quantity.training,
        f"{name}_low": interval.low,
        f"{name}_high": interval.high,
    }
