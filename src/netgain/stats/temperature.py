"""Temperature: one number, fitted on validation images, that corrects over- or under-confident scores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats.arrays import SMALLEST_PROBABILITY, probability_array, two_samples
from netgain.stats.estimate import Estimate, columns, combine, mean_estimate
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

LOWEST, HIGHEST = 0.05, 20.0
"""Temperatures are sought between these: without a wrong validation image the best would be 0."""


@dataclass(frozen=True, repr=False)
class Temperature(Said):
    """The temperature of each network and what it does to the loss on the test images.

    Attributes:
        temperatures: `[S]`; above 1 the network was over-confident. 0.05 and 20 are the ends of the search.
        mean: of the temperatures; its `test_sample` error is the error of the *validation* sample.
        loss_before: mean negative log-likelihood (NLL) of the test labels, in nats.
        loss_after: the same after scaling by the temperature.
        change: after minus before, paired image by image; negative is better.
    """

    temperatures: tuple[float, ...]
    mean: Estimate
    loss_before: Estimate
    loss_after: Estimate
    change: Estimate

    def frame(self) -> pandas.DataFrame:
        """Three rows, the loss before and after and its change, with errors and 95 % intervals."""
        import pandas

        losses = (("before", self.loss_before), ("after", self.loss_after), ("change", self.change))
        return pandas.DataFrame([{"quantity": name, **columns("loss", loss)} for name, loss in losses])

    def scaled(self, scores: ArrayLike) -> NDArray[np.float64]:
        """Other scores `[S, n, K]` of the same networks, scaled by their temperatures, as probabilities.

        Raises:
            StatisticsError: for scores that are not probabilities, or another number of seeds.
        """
        values = probability_array(scores)
        if len(values) != len(self.temperatures):
            raise StatisticsError(
                f"`scores` has {len(values)} seeds, expected the {len(self.temperatures)} networks that the "
                "temperatures were fitted for."
            )
        return special.softmax(_logits(values) / np.array(self.temperatures)[:, np.newaxis, np.newaxis], axis=2)

    def __str__(self) -> str:
        mean = self.mean
        training = f" ± {mean.training:.3f} (training)" if mean.training is not None else ""
        return (
            f"temperature {mean.value:.3f} ± {mean.test_sample:.3f} (validation sample){training}; it changes the "
            f"test loss by {self.change}"
        )


def temperature(
    validation_scores: ArrayLike, validation_labels: ArrayLike, test_scores: ArrayLike, test_labels: ArrayLike
) -> Temperature:
    """Fit one temperature for each network on validation images, and measure it on the test images.

    p_k(T) ∝ p_k^(1/T), that is, softmax(log p / T), with the T that has the smallest NLL on the validation
    images: Guo et al. (2017), "On calibration of modern neural networks", ICML, section 4.2. The NLL is
    convex in 1/T, so T is where its derivative changes sign. No answer changes, only its confidence.

    Args:
        validation_scores: probabilities `[S, m, K]`; scores that do not sum to 1 are normalised.
        validation_labels: classes `[m]`.
        test_scores: probabilities `[S, n, K]` of the same networks.
        test_labels: classes `[n]`.

    Raises:
        StatisticsError: for shapes that do not match, scores that are not probabilities, or labels that are
            no classes.

    >>> scores = [[[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]]  # 90 % confident, 75 % right
    >>> fitted = temperature(scores, [0, 0, 1, 1], scores, [0, 0, 1, 1])
    >>> round(fitted.temperatures[0], 4), round(fitted.change.value, 4)
    (2.0, -0.0923)
    """
    (validation, of_validation), (test, of_test) = two_samples(
        (validation_scores, validation_labels), (test_scores, test_labels), ("validation", "test")
    )
    validation_logits = _logits(validation)
    temperatures = np.array([_fit(logits, of_validation) for logits in validation_logits])
    pairs = zip(validation_logits, temperatures.tolist(), strict=True)
    influence = np.stack([_influence(logits, of_validation, value) for logits, value in pairs])
    logits = _logits(test)
    before = _losses(logits, of_test)
    after = _losses(logits / temperatures[:, np.newaxis, np.newaxis], of_test)
    return Temperature(
        temperatures=tuple(temperatures.tolist()),
        mean=combine(temperatures, [influence]),
        loss_before=mean_estimate(before),
        loss_after=mean_estimate(after),
        change=mean_estimate(after - before),
    )


def _logits(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.maximum(scores, SMALLEST_PROBABILITY))


def _losses(logits: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """Negative log-likelihood of each label `[S, n]`."""
    right = np.take_along_axis(logits, labels[np.newaxis, :, np.newaxis], axis=2)[..., 0]
    return np.asarray(special.logsumexp(logits, axis=2)) - right


def _fit(logits: NDArray[np.float64], labels: NDArray[np.intp]) -> float:
    """The temperature of one network from its logits `[m, K]`."""
    from scipy import optimize  # takes a quarter of a second to import, which every command would wait for

    def slope(log_temperature: float) -> float:
        return float(_slopes(logits, labels, math.exp(log_temperature))[0].mean())

    low, high = math.log(LOWEST), math.log(HIGHEST)
    # The slope rises with 1/T: where it does not change sign, the best lies at or beyond one of the ends.
    if slope(low) <= 0:
        return LOWEST
    if slope(high) >= 0:
        return HIGHEST
    return math.exp(float(optimize.brentq(slope, low, high, xtol=1e-10)))  # pyright: ignore[reportArgumentType]


def _slopes(
    logits: NDArray[np.float64], labels: NDArray[np.intp], value: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and second derivative of each image's NLL by 1/T, `[m]` each."""
    weights = special.softmax(logits / value, axis=1)
    mean = (weights * logits).sum(axis=1)
    curvature = (weights * np.square(logits - mean[:, np.newaxis])).sum(axis=1)
    return mean - logits[np.arange(len(labels)), labels], curvature


def _influence(logits: NDArray[np.float64], labels: NDArray[np.intp], value: float) -> NDArray[np.float64]:
    """The influence of each validation image on a fitted temperature `[m]`: slope · T² / mean curvature."""
    if not LOWEST < value < HIGHEST:
        return np.zeros(len(labels))  # an end of the search does not move
    slope, curvature = _slopes(logits, labels, value)
    return slope * value**2 / curvature.mean()
