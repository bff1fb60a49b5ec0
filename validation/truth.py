"""What is true in a cell, by numerical integration: no toy takes part.

The integrands are analytic and fall off as a normal density, where the trapezoid rule converges faster than
any power of the step: halving the steps here changes no variance by more than a part in 10¹⁰.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from validation.cells import ACCURACY, Cell

HARDNESS_SPREAD = 4.0
"""Standard deviation of the logit from image to image."""

LEAST_ROWS = 2
"""With fewer rows left, a comparison is not made: the toys start such a study anew."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ArmTruth:
    """The covariances of the right answers of one recipe; a unit is a writer, or an image by itself.

    Attributes:
        accuracy: mean.
        unit: variance of the mean over one unit for one seed.
        same_unit: covariance of two seeds on the same unit, σ_I².
        same_seed: covariance of two units for the same seed, σ_S².
    """

    accuracy: float
    unit: float
    same_unit: float
    same_seed: float

    @property
    def interaction(self) -> float:
        """σ²_IS: what is neither the unit's nor the seed's."""
        return self.unit - self.same_unit - self.same_seed

    def variance(self, num_seeds: int, num_units: int) -> float:
        """Variance of the mean over all seeds and units."""
        pairs = self.unit + (num_seeds - 1) * self.same_unit + (num_units - 1) * self.same_seed
        return pairs / (num_units * num_seeds)


@dataclass(frozen=True)
class Truth:
    """The truth about a pair of recipes: both arms, and the covariance of the two on the same unit."""

    arm_a: ArmTruth
    arm_b: ArmTruth
    covariance: float

    @property
    def effect(self) -> float:
        """True accuracy of B less that of A."""
        return self.arm_b.accuracy - self.arm_a.accuracy

    @property
    def unit_variance(self) -> float:
        """σ_D²: variance over units of the difference of infinitely many seeds."""
        return max(0.0, self.arm_a.same_unit + self.arm_b.same_unit - 2 * self.covariance)

    def variance(self, num_seeds: tuple[int, int], num_units: int) -> float:
        """Var(Δ̂) for that many rows and units."""
        first, second = (
            arm.variance(seeds, num_units) for arm, seeds in zip((self.arm_a, self.arm_b), num_seeds, strict=True)
        )
        return first + second - 2 * self.covariance / num_units


@functools.cache
def truth(cell: Cell) -> Truth:
    """The truth of a cell."""
    tau_a, tau_b = cell.seed_spreads
    alive_a, alive_b = (1 - rate for rate in cell.diverged)
    logit_a, logit_b = logit_of(ACCURACY, tau_a), logit_of(ACCURACY + cell.effect, tau_b)
    arm_a = arm_truth(logit_a, tau_a, alive_a, cell.group_size)
    arm_b = arm_truth(logit_b, tau_b, alive_b, cell.group_size)
    both_right = both_right_on_a_unit((logit_a, logit_b), cell.seed_spreads, cell.likeness)
    return Truth(arm_a, arm_b, alive_a * alive_b * both_right - arm_a.accuracy * arm_b.accuracy)


def both_right_on_a_unit(logits: tuple[float, float], taus: tuple[float, float], likeness: float) -> float:
    """Mean over units of the product of both recipes' probabilities, each a mean over seeds."""
    nodes, weights = normal_grid()
    mean_a = _over_seeds(logits[0] + HARDNESS_SPREAD * nodes, taus[0])
    # What recipe B's hardness does not share with A's and its seed are two normals: their sum is one.
    spread = math.hypot(HARDNESS_SPREAD * math.sqrt(1 - likeness**2), taus[1])
    mean_b = special.expit(logits[1] + HARDNESS_SPREAD * likeness * nodes[:, np.newaxis] + spread * nodes) @ weights
    return float((weights * mean_a) @ mean_b)


def variance_of_effect(cell: Cell) -> float:
    """Var(Δ̂) over everything that is drawn anew in a toy, missing rows included."""
    true = truth(cell)
    # The mean of Δ̂ does not depend on the rows left, so the variance is the mean of the variances.
    return sum(
        chance_a * chance_b * true.variance((rows_a, rows_b), cell.num_units)
        for (rows_a, chance_a), (rows_b, chance_b) in itertools.product(
            *(_rows_left(seeds, cell.missing) for seeds in cell.num_seeds)
        )
    )


def _rows_left(num_seeds: int, missing: float) -> list[tuple[int, float]]:
    """How many of the rows are there, and how probable that is."""
    rows = np.arange(LEAST_ROWS, num_seeds + 1)
    chances = stats.binom.pmf(rows, num_seeds, 1 - missing)
    return list(zip(rows.tolist(), (chances / chances.sum()).tolist(), strict=True))


@functools.cache
def logit_of(accuracy: float, tau: float) -> float:
    """The μ at which the mean accuracy is `accuracy`.

    >>> round(logit_of(0.98, 0.0), 3)
    9.033
    """
    nodes, weights = normal_grid()
    spread = math.hypot(HARDNESS_SPREAD, tau)

    def excess(logit: float) -> float:
        return float(weights @ special.expit(logit + spread * nodes)) - accuracy

    root: Any = optimize.brentq(excess, 0.0, 50.0, xtol=1e-12)
    return float(root)


def arm_truth(logit: float, tau: float, alive: float = 1.0, group_size: int = 1) -> ArmTruth:
    """The covariances of a recipe at that μ and τ; a fraction `alive` of its runs did not diverge."""
    nodes, weights = normal_grid()
    right = special.expit(logit + HARDNESS_SPREAD * nodes[:, np.newaxis] + tau * nodes)
    accuracy = alive * float(weights @ right @ weights)
    noise = float(weights @ (right * (1 - right)) @ weights) / group_size
    return ArmTruth(
        accuracy=accuracy,
        unit=alive * (noise + float(weights @ right**2 @ weights)) - accuracy**2,
        same_unit=alive**2 * float(weights @ (right @ weights) ** 2) - accuracy**2,
        same_seed=alive * float(weights @ (weights @ right) ** 2) - accuracy**2,
    )


def _over_seeds(logits: Floats, tau: float) -> Floats:
    if tau == 0:
        return special.expit(logits)
    nodes, weights = normal_grid()
    near = weights > 1e-14
    return sum(
        (weight * special.expit(logits + tau * node) for node, weight in zip(nodes[near], weights[near], strict=True)),
        np.zeros_like(logits),
    )


@functools.cache
def normal_grid() -> tuple[Floats, Floats]:
    """Nodes and weights of the standard normal distribution."""
    nodes = np.linspace(-9, 9, 241)
    weights = np.exp(-(nodes**2) / 2)
    return nodes, weights / weights.sum()
