"""Calibration: of the answers that a network gives with 90 % confidence, are 90 % right?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.stats.arrays import label_array, probability_array
from netgain.stats.estimate import Estimate, mean_estimate
from netgain.stats.intervals import Interval, wilson
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

NUM_BINS = 15
"""Bins of equal mass."""

NUM_REDRAWS = 1000
"""Redraws of the labels for the null band."""

_CHUNK = 100


class ReliabilityBin(NamedTuple):
    """One bin of the reliability table, averaged over the seeds.

    Attributes:
        confidence: mean confidence of its answers.
        accuracy: fraction of them that are right.
        low, high: 95 % Wilson interval of the accuracy for the images of one network.
        images: how many are in the bin, mean over the seeds.
    """

    confidence: float
    accuracy: float
    low: float
    high: float
    images: float


@dataclass(frozen=True, repr=False)
class Calibration(Said):
    """How far confidences are from frequencies; all are fractions.

    Attributes:
        error: the expected calibration error (ECE). It is never negative, so chance alone makes it
            positive: compare it with `null_band`, not with zero.
        null_band: where 95 % of the ECEs lie that perfectly calibrated networks with these confidences
            would show on as many images.
        p_value: fraction of those ECEs that are at least as large.
        excess: mean confidence minus accuracy; positive where the networks are over-confident.
        bins: the reliability table, from the lowest confidence to the highest.
    """

    error: Estimate
    null_band: Interval
    p_value: float
    excess: Estimate
    bins: tuple[ReliabilityBin, ...]

    def frame(self) -> pandas.DataFrame:
        """The reliability table, a row for each bin."""
        import pandas

        return pandas.DataFrame(list(self.bins))

    def __str__(self) -> str:
        band = f"{100 * self.null_band.low:.2f} to {100 * self.null_band.high:.2f} %"
        meaning = "not more than chance alone gives"
        if self.p_value < 0.05:
            meaning = f"more than chance, {'over' if self.excess.value > 0 else 'under'}-confident"
        return (
            f"expected calibration error {self.error.percent()}; perfectly calibrated networks show {band} on "
            f"as many images: {meaning}"
        )


def calibration(scores: ArrayLike, labels: ArrayLike, *, generator: np.random.Generator) -> Calibration:
    """The expected calibration error with 15 bins of equal mass, and what chance alone would give.

    ECE = Σ_b n_b/n |accuracy_b - confidence_b| for each network, then the mean over the seeds; the
    confidence is the largest score. Bins of equal mass: Nguyen & O'Connor (2015), EMNLP, 1587; images of the
    same confidence share a bin. The errors hold the sign of every bin fixed, which makes the ECE a mean over
    images. The null band redraws right ~ Bernoulli(confidence) 1000 times (Bröcker & Smith 2007, Weather
    and Forecasting 22, 651). It uses one random number an image for all seeds, since networks of one recipe
    fail on the same images: the widest band there can be.

    Args:
        scores: probabilities `[S, n, K]`.
        labels: classes `[n]`.
        generator: of the random numbers for the null band.

    Raises:
        StatisticsError: for shapes that do not match, scores that are not probabilities, or labels that are
            no classes.

    >>> scores = [[[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]]]
    >>> result = calibration(scores, [0, 0, 1, 1], generator=np.random.default_rng(1))
    >>> round(result.error.value, 4)
    0.3
    """
    values = probability_array(scores)
    classes = label_array(labels, values.shape[1], values.shape[2])
    confidence = values.max(axis=2)
    right = values.argmax(axis=2) == classes
    numbers = np.stack([_bin_numbers(of_seed) for of_seed in confidence])
    offset = right - confidence
    signs = np.stack([np.sign(_bin_sums(*pair)) for pair in zip(numbers, offset, strict=True)])
    error = mean_estimate(np.take_along_axis(signs, numbers, axis=1) * offset)
    null = _null_errors(confidence, numbers, generator)
    low, high = np.quantile(null, [0.025, 0.975])
    return Calibration(
        error=error,
        null_band=Interval(float(low), float(high), 0.95),
        # The sample counts as one of the redraws, so that p is never 0 and its type I error is right.
        p_value=(1 + int((null >= error.value - 1e-9).sum())) / (1 + NUM_REDRAWS),
        excess=mean_estimate(-offset),
        bins=_reliability(confidence, right, numbers),
    )


def _bin_numbers(confidence: NDArray[np.float64]) -> NDArray[np.intp]:
    """The bin of each image `[n]`, by its rank; images of equal confidence have the rank of their first."""
    ranks = np.searchsorted(np.sort(confidence), confidence)
    return ranks * NUM_BINS // len(confidence)


def _bin_sums(numbers: NDArray[np.intp], values: NDArray[Any]) -> NDArray[np.float64]:
    return np.bincount(numbers, weights=values, minlength=NUM_BINS).astype(np.float64)


def _null_errors(
    confidence: NDArray[np.float64], numbers: NDArray[np.intp], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Mean ECE over the seeds `[NUM_REDRAWS]` of labels drawn as the confidences say."""
    seeds, images = confidence.shape
    expected = np.stack([_bin_sums(*pair) for pair in zip(numbers, confidence, strict=True)])
    # As a product of matrices the sums over bins cost no more than the random numbers.
    in_bin = (numbers[:, :, np.newaxis] == np.arange(NUM_BINS)).astype(np.float32)
    errors = np.zeros(NUM_REDRAWS)
    for start in range(0, NUM_REDRAWS, _CHUNK):
        uniform = generator.random((_CHUNK, images), dtype=np.float32)
        for seed in range(seeds):
            right = (uniform < confidence[seed].astype(np.float32)).astype(np.float32)
            gaps = right @ in_bin[seed] - expected[seed]
            errors[start : start + _CHUNK] += np.abs(gaps).sum(axis=1)
    return errors / (seeds * images)


def _reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], numbers: NDArray[np.intp]
) -> tuple[ReliabilityBin, ...]:
    seeds, flat = len(confidence), numbers.ravel()
    counts = np.bincount(flat)
    confidences, rights = _bin_sums(flat, confidence.ravel()), _bin_sums(flat, right.ravel())
    bins = []
    for number in np.flatnonzero(counts):
        # The seeds look at the same images: together they are worth no more images than one of them.
        interval = wilson(float(rights[number]) / seeds, float(counts[number]) / seeds)
        bins.append(
            ReliabilityBin(
                confidence=float(confidences[number] / counts[number]),
                accuracy=float(rights[number] / counts[number]),
                low=interval.low,
                high=interval.high,
                images=float(counts[number]) / seeds,
            )
        )
    return tuple(bins)
