"""Any number measured with S networks on n images, with its two errors."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
    """

    value: float
    test_sample: float
    training: float | None
    degrees_of_freedom: float

    @property
    def standard_error(self) -> float:
        """Both errors in quadrature; for one seed the images part alone."""
        return math.hypot(self.test_sample, self.training or 0.0)

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
        if self.training is None:
            return f"{images} %, one seed: training not measured"
        return f"{images} ± {error_in_points(self.training)} (training) %"

    def __str__(self) -> str:
        images = f"{self.value:.4f} ± {error_in_words(self.test_sample, 4)} (test sample)"
        if self.training is None:
            return f"{images}, one seed: training not measured"
        return f"{images} ± {error_in_words(self.training, 4)} (training)"


def mean_estimate(values: NDArray[np.float64]) -> Estimate:
    """The mean of a value `[S, n]` that every network has for every image, with its two errors.

    The crossed design of `mean_accuracy`, for numbers that are not only 0 and 1.

    >>> print(mean_estimate(np.array([[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])))
    0.6250 ± 0.2041 (test sample) ± 0.1250 (training)
    """
    return combine(values.mean(axis=1), [values])


def combine(of_seeds: NDArray[np.float64], samples: list[NDArray[np.float64]]) -> Estimate:
    """The mean over the seeds of a statistic that is, to first order, a sum of means over samples of images.

    Var = Σ_samples (MS_I - MS_IS)/(nS) + s²/S, with s² the variance of the statistic over the seeds: the
    crossed design for one sample, DeLong's components for the two samples of an area under a curve.

    Args:
        of_seeds: the statistic for each seed `[S]`.
        samples: for each sample of images the influence of each image on the statistic `[S, n_sample]`.
    """
    seeds = len(of_seeds)
    parts = [_image_variances(values) for values in samples]
    images = sum(excess for _, excess in parts)
    freedoms = [(image, values.shape[1] - 1) for (image, _), values in zip(parts, samples, strict=True)]
    training = None
    if seeds > 1:
        training = float(of_seeds.std(ddof=1)) / math.sqrt(seeds)
        freedoms.append((training**2, seeds - 1))
    freedom = student.satterthwaite(images + (training or 0.0) ** 2, freedoms)
    return Estimate(float(of_seeds.mean()), math.sqrt(images), training, freedom)


def _image_variances(values: NDArray[np.float64]) -> tuple[float, float]:
    """MS_I/(nS) and max(0, MS_I - MS_IS)/(nS) of values `[S, n]`; 0 for a single image, which has no spread."""
    seeds, images = values.shape
    if images == 1:
        return 0.0, 0.0
    of_image = values.mean(axis=0)
    image = float(of_image.var(ddof=1)) / images
    if seeds == 1:
        return image, image
    residuals = values - of_image - values.mean(axis=1, keepdims=True) + values.mean()
    residual = float(np.square(residuals).sum()) / ((images - 1) * (seeds - 1))
    return image, max(0.0, image - residual / (images * seeds))


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
