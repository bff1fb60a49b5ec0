"""Density and coverage of generated images: how near they are to real ones, and how many real ones they reach."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from netgain.errors import StatisticsError
from netgain.stats.said import Said
from netgain.stats.samples import Floats, point_arrays, squared_distances

NEIGHBOURS = 5
"""K of Naeem et al.: the smallest with which two samples of one distribution have a coverage above 0.95."""

PARTITIONS = 4
"""How often the samples are halved for the errors: the more often, the less the errors themselves scatter."""


@dataclass(frozen=True)
class NearShare:
    """Density or coverage, with its errors.

    Attributes:
        value: the number.
        real_error: standard error from the choice of the real images.
        generated_error: the same of the generated ones.
    """

    value: float
    real_error: float
    generated_error: float

    @property
    def standard_error(self) -> float:
        """Both errors in quadrature."""
        return math.hypot(self.real_error, self.generated_error)


@dataclass(frozen=True, repr=False)
class DensityCoverage(Said):
    """Density and coverage.

    Attributes:
        density: how many balls of real images a generated image lies in, on average, over those that it lies in where
            both are of the same distribution; so 1 there. It may be larger: where only the commonest kind is generated.
        coverage: the share of the real images with a generated image in their ball.
        num_real, num_generated: images.
        neighbours: k. The ball of a real image reaches to the k-th nearest of the others.
    """

    density: NearShare
    coverage: NearShare
    num_real: int
    num_generated: int
    neighbours: int

    @property
    def expected_coverage(self) -> float:
        """The coverage of samples of the same distribution: Naeem et al. (2020), lemma 2."""
        k, real, generated = self.neighbours, self.num_real, self.num_generated
        missed = [(real - step) / (generated + real - step) for step in range(1, k + 1)]
        return 1 - math.prod(missed)

    def __str__(self) -> str:
        told = [f"{name} {found.value:.4f} ± {found.standard_error:.4f}" for name, found in self._both()]
        return f"{', '.join(told)} ({self.num_real:,} real and {self.num_generated:,} generated images)"

    def _both(self) -> list[tuple[str, NearShare]]:
        return [("density", self.density), ("coverage", self.coverage)]


def density_coverage(real: ArrayLike, generated: ArrayLike, neighbours: int = NEIGHBOURS) -> DensityCoverage:
    """Density and coverage of generated images, by their features.

    Naeem, Oh, Uh, Choi & Yoo (2020), "Reliable fidelity and diversity metrics for generative models", equations 3 and
    4.

    The errors come from halves: both samples are halved at random, and each half of the real images is compared with
    each of the generated ones. How the four results differ has the variance of half as many images. (Leaving out one
    image at a time does not do for nearest neighbours: such errors are up to twice too large, docs/validation.md.)

    Args:
        real: features `[n, d]` of real images.
        generated: features `[m, d]` of generated ones, from the same network.
        neighbours: k.

    Raises:
        StatisticsError: for other shapes, less than 2 (k + 2) images each, or values that are not finite.

    >>> rng = np.random.default_rng(0)
    >>> print(density_coverage(rng.normal(size=(500, 3)), rng.normal(size=(500, 3))))
    density 0.9764 ± 0.0282, coverage 0.9540 ± 0.0112 (500 real and 500 generated images)
    """
    if neighbours < 1:
        raise StatisticsError(f"`neighbours` is {neighbours!r}, expected a whole number of 1 or more.")
    x, y = point_arrays(2 * (neighbours + 2), real=real, generated=generated)
    density, coverage = _shares(x, y, neighbours)
    variances = np.mean([_of_halves(x, y, neighbours, partition) for partition in range(PARTITIONS)], axis=0)
    errors = np.sqrt(np.maximum(variances, 0.0))
    return DensityCoverage(
        NearShare(density, *errors[0].tolist()), NearShare(coverage, *errors[1].tolist()), len(x), len(y), neighbours
    )


def _shares(x: Floats, y: Floats, neighbours: int) -> tuple[float, float]:
    """Density and coverage of images y by balls around x."""
    in_balls = np.empty(len(x))
    radius = _radius(x, neighbours)
    for rows, squares in squared_distances(x, y):
        in_balls[rows] = (squares < radius[rows, np.newaxis]).sum(axis=1)
    return float(in_balls.sum()) / (neighbours * len(y)), float((in_balls > 0).mean())


def _radius(x: Floats, neighbours: int) -> Floats:
    """The squared distance of each image to the k-th nearest of the others `[n]`."""
    radius = np.empty(len(x))
    for rows, squares in squared_distances(x, x):
        own = np.arange(len(squares))
        squares[own, own + rows.start] = np.inf
        radius[rows] = np.partition(squares, neighbours - 1, axis=1)[:, neighbours - 1]
    return radius


def _of_halves(x: Floats, y: Floats, neighbours: int, partition: int) -> list[tuple[float, float]]:
    """The variances of density and of coverage, each from the real and from the generated images; from one partition,
    a part may be below zero.
    """
    generator = np.random.default_rng(partition)
    of_x, of_y = (np.array_split(generator.permutation(each), 2) for each in (x, y))
    found = np.array([[_shares(real, generated, neighbours) for real in of_x] for generated in of_y])
    return [_crossed(found[..., which]) for which in range(2)]


def _crossed(values: Floats) -> tuple[float, float]:
    """The variances from the real and from the generated images, of the values of the four pairs of halves `[2, 2]`.

    Two-way analysis of variance: σ²_real = (MS_real - MS_both)/2, the same for the generated ones, σ²_both = MS_both.
    All three fall as 1/n, so those of all images are half as large: also σ²_both, because each ball depends on a few
    images of both samples. What belongs to both is counted to the generated images: other ones draw it anew.
    """
    of_real, of_generated = values.mean(axis=0), values.mean(axis=1)
    both = float(np.square(values - of_real - of_generated[:, np.newaxis] + values.mean()).sum())
    real, generated = (float(of.var(ddof=1)) - both / 2 for of in (of_real, of_generated))
    return real / 2, (generated + both) / 2
