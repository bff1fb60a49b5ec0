"""The ensemble: the seeds of a recipe answering together, as one network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.stats import student
from netgain.stats.arrays import label_array, score_array
from netgain.stats.crossed import MeanAccuracy, mean_accuracy, sum_of_squares
from netgain.stats.difference import FEW_DISCORDANT, Difference
from netgain.stats.mcnemar import mcnemar_exact
from netgain.stats.rounding import error_in_points, signed
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, repr=False)
class Ensemble(Said):
    """One ensemble of S networks. It is a single replicate: only its image error is known.

    Attributes:
        accuracy: of the ensemble, without a training part.
        single: mean accuracy of its networks, with both parts.
        gain: the ensemble minus the mean of *these* networks, paired image by image; without a training part.
    """

    accuracy: MeanAccuracy
    single: MeanAccuracy
    gain: Difference

    def frame(self) -> pandas.DataFrame:
        """Three rows, ensemble, mean single network and gain: fractions with errors and 95 % intervals."""
        import pandas

        rows = []
        for name, quantity, value in (
            ("ensemble", self.accuracy, self.accuracy.value),
            ("single network", self.single, self.single.value),
            ("gain", self.gain, self.gain.effect),
        ):
            interval = quantity.interval()
            rows.append(
                {
                    "quantity": name,
                    "value": value,
                    "test_sample": quantity.test_sample,
                    "training": quantity.training,
                    "low": interval.low,
                    "high": interval.high,
                }
            )
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        interval = self.accuracy.interval()
        return (
            f"ensemble of {self.single.num_seeds}: {100 * self.accuracy.value:.2f} ± "
            f"{error_in_points(self.accuracy.test_sample)} (test sample) %, 95 % interval {100 * interval.low:.2f} to "
            f"{100 * interval.high:.2f} %, one ensemble: training not measured; against its mean single network "
            f"{signed(100 * self.gain.effect)} ± {error_in_points(self.gain.test_sample)} (test sample) "
            "percentage points"
        )


def ensemble(scores: ArrayLike, labels: ArrayLike) -> Ensemble:
    """The mean of the seeds' scores as one network, and what it gains over one of them.

    The gain is the mean of d_i = (ensemble right on i) - (fraction of the networks right on i), with the
    error s_d/√n: a statement about these networks. With fewer than 25 images where d_i ≠ 0, the exact sign
    test has its say, as in `difference`.

    Args:
        scores: `[S, n, K]`, on one scale for all seeds, such as probabilities.
        labels: classes `[n]`.

    Raises:
        StatisticsError: for shapes that do not match, scores that are not finite, or labels that are no
            classes.

    >>> scores = [[[0.9, 0.1], [0.4, 0.6]], [[0.8, 0.2], [0.7, 0.3]], [[0.4, 0.6], [0.6, 0.4]]]
    >>> result = ensemble(scores, [0, 0])
    >>> result.accuracy.value, round(result.single.value, 4), round(result.gain.effect, 4)
    (1.0, 0.6667, 0.3333)
    """
    values = score_array(scores)
    classes = label_array(labels, values.shape[1], values.shape[2])
    together = values.mean(axis=0).argmax(axis=1) == classes
    singly = values.argmax(axis=2) == classes
    accuracy, single = mean_accuracy(together[np.newaxis]), mean_accuracy(singly)
    scaled = together * len(values) - singly.sum(axis=0)
    return Ensemble(accuracy, single, _gain(accuracy, single, scaled))


def _gain(accuracy: MeanAccuracy, single: MeanAccuracy, scaled: NDArray[np.int64]) -> Difference:
    """The difference from S d_i as whole numbers `[n]`."""
    images, seeds = len(scaled), single.num_seeds
    effect = float(scaled.sum()) / (images * seeds)
    image_variance = float(scaled.var(ddof=1)) / seeds**2 if images > 1 else 0.0
    num_fixed, num_broken = int((scaled > 0).sum()), int((scaled < 0).sum())
    discordant = num_fixed + num_broken
    few = discordant < FEW_DISCORDANT or image_variance == 0
    freedom = max(1.0, images - 1.0)
    p_value = student.two_sided_p(effect, image_variance / images, freedom)
    # These very networks are compared: their spread over the images counts, no randomness of training.
    given = replace(single, mean_square_seeds=None, mean_square_residual=None)
    return Difference(
        effect=effect,
        accuracy_a=given,
        accuracy_b=accuracy,
        image_variance=image_variance,
        variance=image_variance / images,
        degrees_of_freedom=freedom,
        p_value=max(p_value, mcnemar_exact(num_fixed, num_broken)) if few else p_value,
        method="crossed t with exact sign test" if few else "crossed t",
        num_fixed=num_fixed,
        num_broken=num_broken,
        discordant_rms=(sum_of_squares(scaled) / discordant) ** 0.5 / seeds if discordant else 1.0,
        num_groups=None,
    )
