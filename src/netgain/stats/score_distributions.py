"""Overtraining seen in the scores: their distributions on the training and on the test images."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from netgain.errors import StatisticsError
from netgain.stats.arrays import SMALLEST_PROBABILITY, label_array
from netgain.stats.said import Said
from netgain.stats.words import p_in_words

if TYPE_CHECKING:
    import pandas

NUM_BINS = 40
"""Bins of the histograms of log-odds."""

FLAG = 0.01
"""A p-value below this raises the flag."""


@dataclass(frozen=True, repr=False)
class ClassDistributions(Said):
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

    def __str__(self) -> str:
        error = "" if self.training is None else f" ± {self.training:.3f} (training)"
        images = f"{self.num_train:,} training and {self.num_test:,} test images"
        return f"class {self.label}, {images}: KS distance {self.statistic:.3f}{error}, {p_in_words(self.p_value)}"


@dataclass(frozen=True, repr=False)
class ScoreDistributions(Said):
    """The distributions of all classes that have both training and test images."""

    classes: tuple[ClassDistributions, ...]

    def frame(self) -> pandas.DataFrame:
        """A row for each class: images, KS distance with its error, p-value."""
        import pandas

        names = ("label", "num_train", "num_test", "statistic", "training", "p_value")
        return pandas.DataFrame([{name: getattr(one, name) for name in names} for one in self.classes])

    def histograms(self) -> pandas.DataFrame:
        """The table of the overlaid distributions: a row for each class, part of the images and bin.

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
            return f"scores on training and test images: no class differs significantly (every p above {limit:.2g})"
        listed = ", ".join(f"{one.label} (KS {one.statistic:.3f})" for one in flagged)
        return f"scores on training and test images differ for {len(flagged)} of {len(self.classes)} classes: {listed}"


def score_distributions(
    train_log_odds: ArrayLike, train_labels: ArrayLike, test_log_odds: ArrayLike, test_labels: ArrayLike
) -> ScoreDistributions:
    """Compare the log-odds of the right class on training and test images, class by class, without bins.

    p is Kolmogorov's limit law of √(N n / (N + n)) times the distance (Smirnov 1939). With few images a small p is
    a little larger than the exact one, so that it flags too seldom rather than too often; and it is a flag only,
    for with many images any network's distributions differ, and the gap says by how much that matters.

    Args:
        train_log_odds: what :func:`right_class_log_odds` makes of the scores `[S, N]`, in evaluation mode.
        train_labels: classes `[N]`.
        test_log_odds: the same `[S, n]`, of the same networks.
        test_labels: classes `[n]`.

    Raises:
        StatisticsError: for shapes that do not match, values that are not finite numbers, labels that are not
            whole numbers from 0, or no class with both training and test images.

    >>> first = score_distributions([[2.2, 1.4, 0.8]], [0, 0, 0], [[0.4, 1.1]], [0, 0]).classes[0]
    >>> round(first.statistic, 4), round(first.p_value, 4)
    (0.6667, 0.6604)
    """
    train, of_train = _sample(train_log_odds, train_labels, "train")
    test, of_test = _sample(test_log_odds, test_labels, "test")
    if len(train) != len(test):
        raise StatisticsError(
            f"`train_log_odds` has {len(train)} seeds and `test_log_odds` {len(test)}, expected the same seeds; "
            "score the same networks on both."
        )
    shared = np.intersect1d(of_train, of_test)
    if not len(shared):
        raise StatisticsError(
            "no class has both training and test images, expected at least one; "
            "`train_labels` and `test_labels` must use the same class names."
        )
    classes = [
        _class_distributions(int(label), train[:, of_train == label], test[:, of_test == label]) for label in shared
    ]
    return ScoreDistributions(tuple(classes))


def right_class_log_odds(scores: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """The log-odds log p_y - log Σ_{k≠y} p_k of the right class y of each image.

    Where softmax scores have rounded to 1.0, these still differ.

    Args:
        scores: `[..., n, K]`.
        labels: classes `[n]`.

    >>> right_class_log_odds([[0.8, 0.2]], [0]).round(4).tolist()
    [1.3863]
    """
    values, of_images = np.asarray(scores), np.asarray(labels)
    of_right = np.broadcast_to(of_images[:, np.newaxis], (*values.shape[:-1], 1))
    right = np.take_along_axis(values, of_right, axis=-1)[..., 0].astype(np.float64)
    is_other = np.arange(values.shape[-1]) != of_images[:, np.newaxis]
    # Summed without the right class: 1 - p would lose what is left of a p that rounds to 1.
    others = values.sum(axis=-1, where=is_other, dtype=np.float64)
    return np.log(np.maximum(right, SMALLEST_PROBABILITY)) - np.log(np.maximum(others, SMALLEST_PROBABILITY))


def _sample(log_odds: ArrayLike, labels: ArrayLike, name: str) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    values = np.asarray(log_odds, dtype=np.float64)
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise StatisticsError(
            f"`{name}_log_odds` has shape {values.shape}, expected a non-empty array of finite numbers [seeds, images]."
        )
    num_classes = int(np.max(labels, initial=0)) + 1
    return values, label_array(labels, values.shape[1], num_classes, f"{name}_labels")


def _class_distributions(label: int, train: NDArray[np.float64], test: NDArray[np.float64]) -> ClassDistributions:
    seeds, num_train, num_test = len(train), train.shape[1], test.shape[1]
    distances = np.array([_distance(first, second) for first, second in zip(train, test, strict=True)])
    p_values = special.kolmogorov(math.sqrt(num_train * num_test / (num_train + num_test)) * distances)
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


def _distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The largest distance between two distribution functions, which is found just below one of the values."""
    values = np.concatenate([first, second])
    below = [np.searchsorted(np.sort(part), values) / len(part) for part in (first, second)]
    return float(np.abs(below[0] - below[1]).max())
