"""Checks of what the statistics are given, so that every formula may trust its input."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError

ROUNDING = 1e-4
"""By how much a probability of single or half precision may leave [0, 1]."""


SMALLEST_PROBABILITY = float(np.finfo(np.float32).tiny)
"""Below the smallest of single precision a probability counts as this: its logarithm must be finite."""


def right_matrix(right: ArrayLike, name: str = "right") -> NDArray[np.bool_]:
    """The matrix of right answers `[S, n]` as booleans, or a StatisticsError.

    Only booleans are accepted: zeros and ones could as well be labels, and NaN has no meaning here.
    """
    try:
        matrix = np.asarray(right)
    except ValueError as error:
        raise StatisticsError(
            f"`{name}` cannot be made an array ({error}); give every seed the same test images."
        ) from error
    if matrix.ndim != 2:
        raise StatisticsError(
            f"`{name}` has shape {matrix.shape}, expected [S, n] (seeds, test images); "
            "for one network use right[np.newaxis, :]."
        )
    if 0 in matrix.shape:
        raise StatisticsError(f"`{name}` has shape {matrix.shape}, expected at least one seed and one test image.")
    if matrix.dtype != np.bool_:
        raise StatisticsError(f"`{name}` holds {matrix.dtype}, expected booleans; make it with `predicted == labels`.")
    return matrix


def group_numbers(groups: ArrayLike, num_images: int) -> NDArray[np.intp]:
    """Group ids `[n]` as numbers 0 … G-1, G ≥ 2, or a StatisticsError."""
    ids: NDArray[Any] = np.asarray(groups)
    if ids.shape != (num_images,):
        raise StatisticsError(
            f"`groups` has shape {ids.shape}, expected ({num_images},): one group id for each test image, "
            "or None when there are no groups."
        )
    if ids.dtype.kind not in "iuU":
        raise StatisticsError(f"`groups` holds {ids.dtype}, expected whole numbers or strings as group ids.")
    names, numbers = np.unique(ids, return_inverse=True)
    if len(names) < 2:
        raise StatisticsError(
            f"`groups` puts all {num_images} test images in one group, expected at least two groups; "
            "pass None when the groups are not known."
        )
    return numbers


def check_fraction(value: float, name: str, below: float = 1.0) -> None:
    """Refuse a level, α, power or δ outside the open range (0, below)."""
    if not 0 < value < below:
        raise StatisticsError(f"`{name}` is {value!r}, expected a number between 0 and {below:g}.")


def score_array(scores: ArrayLike, name: str = "scores") -> NDArray[np.float64]:
    """Scores `[S, n, K]` as numbers of double precision, or a StatisticsError. The answer is the largest."""
    try:
        array = np.asarray(scores, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise StatisticsError(
            f"`{name}` cannot be made an array of numbers ({error}); give every seed the same images and classes."
        ) from error
    if array.ndim != 3:
        raise StatisticsError(
            f"`{name}` has shape {array.shape}, expected [S, n, K] (seeds, images, classes); "
            "for one network use scores[np.newaxis]."
        )
    if 0 in array.shape or array.shape[2] < 2:
        raise StatisticsError(
            f"`{name}` has shape {array.shape}, expected at least one seed, one image and two classes."
        )
    if not np.isfinite(array).all():
        bad = np.flatnonzero(~np.isfinite(array).all(axis=(1, 2)))
        raise StatisticsError(
            f"`{name}` holds values that are not finite, in rows {bad.tolist()} of the seeds: "
            "such a network has diverged; remove it, and say so."
        )
    return array


def probability_array(scores: ArrayLike, name: str = "scores") -> NDArray[np.float64]:
    """Scores `[S, n, K]` that can be read as probabilities: within [0, 1], but for rounding."""
    array = score_array(scores, name)
    if array.min() < -ROUNDING or array.max() > 1 + ROUNDING:
        raise StatisticsError(
            f"`{name}` reaches from {array.min():g} to {array.max():g}, expected probabilities between 0 and 1; "
            "end the network with a softmax."
        )
    return np.clip(array, 0.0, 1.0)


def label_array(labels: ArrayLike, num_images: int, num_classes: int, name: str = "labels") -> NDArray[np.intp]:
    """The right class of each image, `[n]`, whole numbers from 0 to K-1, or a StatisticsError."""
    array: NDArray[Any] = np.asarray(labels)
    if array.shape != (num_images,):
        raise StatisticsError(f"`{name}` has shape {array.shape}, expected ({num_images},): one label for each image.")
    if array.dtype.kind not in "iu":
        raise StatisticsError(f"`{name}` holds {array.dtype}, expected whole numbers, a class for each image.")
    _check_classes(array, num_classes, name)
    return array.astype(np.intp)


def answer_matrix(answers: ArrayLike, num_classes: int, name: str = "answers") -> NDArray[np.intp]:
    """The class that each network gives each image, `[S, n]`, from 0 to K-1, or a StatisticsError."""
    array: NDArray[Any] = np.asarray(answers)
    if array.ndim != 2 or 0 in array.shape or array.dtype.kind not in "iu":
        raise StatisticsError(
            f"`{name}` has shape {array.shape} and holds {array.dtype}, expected whole numbers [S, n] "
            "(seeds, images); make it with `scores.argmax(axis=-1)`."
        )
    _check_classes(array, num_classes, name)
    return array.astype(np.intp)


Sample = tuple[NDArray[np.float64], NDArray[np.intp]]
"""Probabilities `[S, n, K]` and labels `[n]` of one sample of images."""


def two_samples(
    first: tuple[ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike], names: tuple[str, str]
) -> tuple[Sample, Sample]:
    """Probabilities and labels of two samples of images scored by the same networks, or a StatisticsError.

    The samples are called `{name}_scores` and `{name}_labels` in what the error says.
    """
    scores = [probability_array(of[0], f"{name}_scores") for of, name in zip((first, second), names, strict=True)]
    shapes = [array.shape for array in scores]
    if (shapes[0][0], shapes[0][2]) != (shapes[1][0], shapes[1][2]):
        raise StatisticsError(
            f"`{names[0]}_scores` has shape {shapes[0]} and `{names[1]}_scores` {shapes[1]}, expected the same seeds "
            "and classes; score the same networks on both."
        )
    labels = [
        label_array(of[1], images, num_classes, f"{name}_labels")
        for of, name, (_, images, num_classes) in zip((first, second), names, shapes, strict=True)
    ]
    return (scores[0], labels[0]), (scores[1], labels[1])


def _check_classes(array: NDArray[Any], num_classes: int, name: str) -> None:
    if array.min() < 0 or array.max() >= num_classes:
        raise StatisticsError(
            f"`{name}` reaches from {array.min()} to {array.max()}, expected classes from 0 to {num_classes - 1}."
        )
