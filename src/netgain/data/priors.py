"""How the amount of a shift is distributed before anything is measured: a normal, a uniform, or one amount.

Each prior has its mean and standard deviation, draws amounts, and gives the nodes and weights of a quadrature.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple, final

import numpy as np
from scipy import special

NUM_NODES = 7
"""Of a quadrature: exact for polynomials up to the 13th degree."""

SIGMAS_INSIDE = 4
"""So many standard deviations around its mean, a normal must make sense: its last node is at 3.75, and beyond 4 lie 6
amounts in 100,000."""


class Nodes(NamedTuple):
    """Where a function is to be known for its integral over a prior: Σ weight · f(amount)."""

    amounts: np.ndarray
    weights: np.ndarray


@final
@dataclass(frozen=True)
class Normal:
    """A normally distributed amount.

    >>> Normal(0, 10).nodes().amounts.round(1).tolist()
    [-37.5, -23.7, -11.5, 0.0, 11.5, 23.7, 37.5]
    """

    mean: float
    sigma: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """That many amounts, float64 `[n]`."""
        return generator.normal(self.mean, self.sigma, n)

    def at(self, normal: np.ndarray) -> np.ndarray:
        """The amounts in place of standard normal numbers, in the same order: those of correlated shifts."""
        return self.mean + self.sigma * normal

    def nodes(self) -> Nodes:
        """The nodes of Gauss and Hermite."""
        at, weights = np.polynomial.hermite.hermgauss(NUM_NODES)
        return Nodes(self.mean + math.sqrt(2) * self.sigma * at, weights / math.sqrt(math.pi))

    @property
    def steps(self) -> tuple[float, ...]:
        """One standard deviation below the mean, and one above it."""
        return self.mean - self.sigma, self.mean + self.sigma

    @property
    def reach(self) -> tuple[float, float]:
        """What must make sense: :data:`SIGMAS_INSIDE` standard deviations to both sides."""
        return self.mean - SIGMAS_INSIDE * self.sigma, self.mean + SIGMAS_INSIDE * self.sigma

    def __str__(self) -> str:
        return f"N({shortest(self.mean)},{shortest(self.sigma)})"


@final
@dataclass(frozen=True)
class Uniform:
    """An amount between two ends, each as probable as the others."""

    low: float
    high: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """That many amounts, float64 `[n]`."""
        return generator.uniform(self.low, self.high, n)

    def at(self, normal: np.ndarray) -> np.ndarray:
        """The amounts in place of standard normal numbers, in the same order: those of correlated shifts."""
        return self.low + (self.high - self.low) * special.ndtr(normal)

    def nodes(self) -> Nodes:
        """The nodes of Gauss and Legendre."""
        at, weights = np.polynomial.legendre.leggauss(NUM_NODES)
        return Nodes(self.mean + (self.high - self.low) / 2 * at, weights / 2)

    @property
    def mean(self) -> float:
        """Half-way between the ends."""
        return (self.low + self.high) / 2

    @property
    def sigma(self) -> float:
        """The standard deviation, the width divided by √12."""
        return (self.high - self.low) / math.sqrt(12)

    @property
    def steps(self) -> tuple[float, ...]:
        """One standard deviation below the mean, and one above it."""
        return self.mean - self.sigma, self.mean + self.sigma

    @property
    def reach(self) -> tuple[float, float]:
        """What must make sense: all of it."""
        return self.low, self.high

    def __str__(self) -> str:
        return f"U({shortest(self.low)},{shortest(self.high)})"


@final
@dataclass(frozen=True)
class Fixed:
    """One amount."""

    value: float

    def draw(self, n: int, generator: np.random.Generator) -> np.ndarray:
        """The amount that many times, float64 `[n]`."""
        del generator
        return np.full(n, self.value)

    def at(self, normal: np.ndarray) -> np.ndarray:
        """The amount in place of every standard normal number."""
        return np.full(np.shape(normal), self.value)

    def nodes(self) -> Nodes:
        """The amount, with all the weight."""
        return Nodes(np.array([self.value]), np.ones(1))

    @property
    def mean(self) -> float:
        """The amount."""
        return self.value

    @property
    def sigma(self) -> float:
        """None: it is known."""
        return 0.0

    @property
    def steps(self) -> tuple[float, ...]:
        """The amount."""
        return (self.value,)

    @property
    def reach(self) -> tuple[float, float]:
        """The amount."""
        return self.value, self.value

    def __str__(self) -> str:
        return shortest(self.value)


Prior = Normal | Uniform | Fixed


def shortest(number: float) -> str:
    """A number with as many digits as it takes to read the same number back: what is stored is found by this text.

    >>> shortest(10.0), shortest(0.1), shortest(1234567.125)
    ('10', '0.1', '1234567.125')
    """
    short = f"{number:g}"
    return short if float(short) == number else repr(float(number))
