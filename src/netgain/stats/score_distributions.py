"""Overtraining seen in the scores: their distributions on the training and on the test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import SMALLEST_PROBABILITY, two_samples

if TYPE_CHECKING:
    import pandas

FEW_IMAGES = 100
"""With no more images than this on either side, the p-value of KS is exact."""

NUM_BINS = 40
"""Bins of the histograms of log-odds."""

FLAG = 0.01
"""A p-value below this raises the flag."""


@dataclass(frozen=True)
class ClassDistributions:
    """The log-odds of the right class for the images of one class, on training and on test images.

    Attributes:
        label: the class.
        num_train, num_test: images of this class.
        statistic: two-sample Kolmogorov-Smirnov distance, mean over the seeds.
        training: its standard error from the randomness of training; None for one seed.
        p_value: a flag only. For S > 1 twice the mean over the seeds, at most 1, which is a p-value however
            alike the networks are (Vovk & Wang 2020, Biometrika 107, 791).
        edges: bin edges of the histograms `[B + 1]`, in log-odds.
        train_counts, test_counts: images in each bin `[B]`, mean over the seeds.
    """

    label: int
    num_train: int
    num_test: int
    statistic: float
    training: float | None
    p_value: float
    edges: tuple[float, ...]
    train_counts: tuple[float, ...]
    test_counts: tuple[float, ...]


@dataclass(frozen=True)
class ScoreDistributions:
    """The distributions of all classes that have both training and test images."""

    classes: tuple[ClassDistributions, ...]

    def frame(self) -> pandas.DataFrame:
        """A row for each class: images, KS distance with its error, p-value."""
        import pandas

        names = ("label", "num_train", "num_test", "statistic", "training", "p_value")
        return pandas.DataFrame([{name: getattr(one, name) for name in names} for one in self.classes])

    def histograms(self) -> pandas.DataFrame:
        """The table behind the overlaid distributions: a row for each class, part of the images and bin.

        `density` integrates to 1 over the log-odds; `error` is that of one network's count, √count.
        """
        import pandas

        rows = []
        for one in self.classes:
            parts = (("train", one.num_train, one.train_counts), ("test", one.num_test, one.test_counts))
            for part, total, counts in parts:
                for low, high, count in zip(one.edges[:-1], one.edges[1:], counts, strict=True):
                    scale = total * (high - low)
                    rows.append(
                        {
                            "label": one.label,
                            "part": part,
                            "low": low,
                            "high": high,
                            "density": count / scale,
                            "error": math.sqrt(count) / scale,
                        }
                    )
        return pandas.DataFrame(rows)

    def __str__(self) -> str:
        limit = FLAG / len(self.classes)
        flagged = [one for one in self.classes if one.p_value < limit]
        if not flagged:
            return f"scores on training and test images: no class stands out (every p above {limit:.2g})"
        listed = ", ".join(f"{one.label} (KS {one.statistic:.3f})" for one in flagged)
        return f"scores on training and test images differ for {len(flagged)} of {len(self.classes)} classes: {listed}"


def score_distributions(
    train_scores: ArrayLike, train_labels: ArrayLike, test_scores: ArrayLike, test_labels: ArrayLike
) -> ScoreDistributions:
    """Compare the log-odds of the right class on training and test images, class by class, without bins.

    The log-odds are log p_y - log Σ_{k≠y} p_k: where softmax scores have rounded to 1.0 they still differ.
    p is that of `scipy.stats.ks_2samp`, exact for no more than 100 images on either side; it is a flag
    only, for with many images any network's distributions differ, and the gap says by how much that matters.

    Args:
        train_scores: probabilities `[S, N, K]`, in evaluation mode.
        train_labels: classes `[N]`.
        test_scores: probabilities `[S, n, K]` of the same networks.
        test_labels: classes `[n]`.

    Raises:
        StatisticsError: for shapes that do not match, scores that are no probabilities, labels that are no
            classes, or no class with both training and test images.

    >>> train = [[[0.9, 0.1], [0.8, 0.2], [0.7, 0.3]]]
    >>> test = [[[0.6, 0.4], [0.75, 0.25]]]
    >>> first = score_distributions(train, [0, 0, 0], test, [0, 0]).classes[0]
    >>> round(first.statistic, 4), round(first.p_value, 4)
    (0.6667, 0.6)
    """
    (train, of_train), (test, of_test) = two_samples(
        (train_scores, train_labels), (test_scores, test_labels), ("train", "test")
    )
    shared = np.intersect1d(of_train, of_test)
    if not len(shared):
        raise StatisticsError(
            "no class has both training and test images, expected at least one; "
            "`train_labels` and `test_labels` must name the classes alike."
        )
    train_odds, test_odds = _log_odds(train, of_train), _log_odds(test, of_test)
    classes = [
        _class_distributions(int(label), train_odds[:, of_train == label], test_odds[:, of_test == label])
        for label in shared
    ]
    return ScoreDistributions(tuple(classes))


def _log_odds(scores: NDArray[np.float64], labels: NDArray[np.intp]) -> NDArray[np.float64]:
    """The log-odds of the right class `[S, n]`."""
    right = np.take_along_axis(scores, labels[np.newaxis, :, np.newaxis], axis=2)[..., 0]
    is_other = np.arange(scores.shape[2]) != labels[:, np.newaxis]
    # Summed without the right class: 1 - p would lose what is left of a p that rounds to 1.
    others = np.where(is_other, scores, 0.0).sum(axis=2)
    return np.log(np.maximum(right, SMALLEST_PROBABILITY)) - np.log(np.maximum(others, SMALLEST_PROBABILITY))


def _class_distributions(label: int, train: NDArray[np.float64], test: NDArray[np.float64]) -> ClassDistributions:
    from scipy import stats  # takes half a second to import, which every command would wait for

    seeds, num_train, num_test = len(train), train.shape[1], test.shape[1]
    method = "exact" if max(num_train, num_test) <= FEW_IMAGES else "asymp"
    distances, p_values = np.transpose(
        [stats.ks_2samp(a, b, method=method)[:2] for a, b in zip(train, test, strict=True)]
    )
    low, high = min(train.min(), test.min()), max(train.max(), test.max())
    edges = np.linspace(low, high, NUM_BINS + 1) if low < high else np.linspace(low - 0.5, low + 0.5, 2)
    return ClassDistributions(
        label=label,
        num_train=num_train,
        num_test=num_test,
        statistic=float(distances.mean()),
        training=float(distances.std(ddof=1)) / math.sqrt(seeds) if seeds > 1 else None,
        p_value=float(p_values[0]) if seeds == 1 else min(1.0, 2 * float(p_values.mean())),
        edges=tuple(edges.tolist()),
        train_counts=tuple((np.histogram(train, edges)[0] / seeds).tolist()),
        test_counts=tuple((np.histogram(test, edges)[0] / seeds).tolist()),
    )
