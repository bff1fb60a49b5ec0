"""Memorisation: do generated images lie nearer to the training images than new real images do?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.roc import recognised, threshold_error
from netgain.stats.said import Said
from netgain.stats.samples import Floats, point_arrays, squared_distances
from netgain.stats.two_sample import TwoSampleTest, two_sample_test
from netgain.stats.words import p_in_words

NEAR = 0.01
"""A near copy is nearer to a training image than this share of the test images is."""


@dataclass(frozen=True, repr=False)
class Copies(Said):
    """How near generated images are to the training images, compared with test images.

    Attributes:
        nearer: the probability that a generated image is nearer to its nearest training image than a test image is, as
            the area of a :class:`TwoSampleTest`. 0.5 where the generator makes new images of the same kind; above it
            copies, below it makes images that are unlike the training images.
        near_copies: the share of the generated images that are nearer to a training image than 1 % of the test images
            are; so 0.01 where they are as new as those. It sees a few copies among many poor images, which cancel in
            `nearer`.
        near_test_error: standard error of `near_copies` from the choice of the test images, which set that distance.
        near_generated_error: the same from the choice of the generated images.
    """

    nearer: TwoSampleTest
    near_copies: float
    near_test_error: float
    near_generated_error: float

    @property
    def near_error(self) -> float:
        """Both errors of `near_copies` in quadrature."""
        return math.hypot(self.near_test_error, self.near_generated_error)

    def __str__(self) -> str:
        return (
            f"nearer to a training image than a test image is: {100 * self.nearer.area:.1f} ± "
            f"{100 * self.nearer.standard_error:.1f} %, {p_in_words(self.nearer.p_value)}; near copies: "
            f"{100 * self.near_copies:.2f} ± {100 * self.near_error:.2f} %"
        )


def copies(generated: ArrayLike, test: ArrayLike) -> Copies:
    """The test of data copying of Meehan, Chaudhuri & Dasgupta (2020), "A non-parametric test to detect data-copying in
    generative models", section 3, over the whole space in place of cells: the area of `nearer` is their U over its
    largest value. A near copy is what a ROC curve recognises where 1 % of the test images are taken for copies.

    Args:
        generated: distances `[m]` of generated images to their nearest training images.
        test: the same of test images `[n]`.

    Raises:
        StatisticsError: for other shapes, less than two images each, or values that are not finite.

    >>> rng = np.random.default_rng(0)
    >>> print(copies(rng.normal(3.0, 0.5, 1000), rng.normal(3.0, 0.5, 1000)))
    nearer to a training image than a test image is: 51.3 ± 1.3 %, p = 0.16; near copies: 1.20 ± 0.51 %
    """
    ours, real = np.asarray(generated, np.float64), np.asarray(test, np.float64)
    for name, distances in (("generated", ours), ("test", real)):
        if distances.ndim != 1 or len(distances) < 2 or not np.isfinite(distances).all():
            raise StatisticsError(
                f"`{name}` has shape {distances.shape}, expected [n] with at least two images: finite distances."
            )
    nearer = two_sample_test(-real, -ours)
    allowed, near, far = int(NEAR * len(real)), -ours[np.newaxis], np.sort(-real)[np.newaxis]
    share = float(recognised(allowed, near, far).mean())
    return Copies(nearer, share, threshold_error(allowed, near, far), math.sqrt(share * (1 - share) / len(ours)))


def nearest(
    points: ArrayLike, others: ArrayLike, same: NDArray[np.intp] | None = None
) -> tuple[Floats, NDArray[np.intp]]:
    """The distance of each point `[m, d]` to the nearest of others `[n, d]`, and which one it is: `[m]` each.

    Args:
        points: a row of numbers for each image.
        others: the same of the images to look among.
        same: of each point which of the others it is itself `[m]`, and is not looked at; None where it is none of them.

    Raises:
        StatisticsError: for other shapes, or values that are not finite.

    >>> distances, which = nearest([[0.0, 0.0], [3.0, 4.0]], [[0.0, 1.0], [3.0, 0.0]])
    >>> distances.round(3).tolist(), which.tolist()
    ([1.0, 4.0], [0, 1])
    """
    x, y = point_arrays(1, points=points, others=others)
    distances, which = np.empty(len(x)), np.empty(len(x), np.intp)
    for rows, squares in squared_distances(x, y):
        if same is not None:
            squares[np.arange(len(squares)), same[rows]] = np.inf
        which[rows] = squares.argmin(axis=1)
        distances[rows] = np.sqrt(np.take_along_axis(squares, which[rows, np.newaxis], axis=1)[:, 0])
    return distances, which
