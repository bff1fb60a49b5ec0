"""Intervals of a number that cannot leave [0, 1], from a measurement that can.

The likelihood-ratio ordering of Feldman & Cousins (1998), Physical Review D 57, 3873, for a normal measurement, with
the p-value in closed form: Cowan, Cranmer, Gross & Vitells (2011), European Physical Journal C 71, 1554, eq. 43.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Sigma = Callable[[Floats], Floats]
"""The standard error that the measurement would have, were this the true value."""

HALVINGS = 60


def border_p_values(measured: Floats, true: Floats, sigma: Floats) -> Floats:
    """How probable a measurement at least as unlike `true` is, with the ordering of Feldman & Cousins.

    >>> border_p_values(np.array([0.3, -0.1]), np.array([0.3, 0.0]), np.array([0.1, 0.1])).tolist()
    [1.0, 1.0]
    """
    far = measured > 0.5  # then the border at 1 is the nearer one
    value, truth = np.where(far, 1 - measured, measured), np.where(far, 1 - true, true)
    with np.errstate(divide="ignore", invalid="ignore"):
        z, border = (value - truth) / sigma, truth / sigma
        statistic = np.where(value >= 0, z**2, border**2 - 2 * value * border / sigma)
        root = np.sqrt(np.maximum(statistic, 0.0))
        low = np.where(root <= border, -root, -(statistic + border**2) / (2 * border))
        p = 1 - special.ndtr(root) + special.ndtr(low)
    p = np.where(border == 0, np.where(value > 0, 1 - special.ndtr(root), 1.0), p)
    return np.where(sigma > 0, p, np.where(np.isclose(value, truth), 1.0, 0.0))


def border_intervals(measured: Floats, sigma: Sigma, level: float) -> tuple[Floats, Floats]:
    """Both ends of the interval of each of K numbers: the true values whose p-value is at least 1 - level.

    >>> low, high = border_intervals(np.array([0.5, 0.0]), lambda true: np.full(2, 0.1), 0.95)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.304, 0.0], [0.696, 0.196])
    """
    best = np.clip(measured, 0.0, 1.0)
    return _end(measured, best, np.zeros_like(best), sigma, level), _end(
        measured, best, np.ones_like(best), sigma, level
    )


def _end(measured: Floats, inside: Floats, outside: Floats, sigma: Sigma, level: float) -> Floats:
    """Where the p-value crosses 1 - level between a value inside of the interval and the border."""
    reaches = border_p_values(measured, outside, sigma(outside)) >= 1 - level
    near, far = inside, outside
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        is_inside = border_p_values(measured, middle, sigma(middle)) >= 1 - level
        near, far = np.where(is_inside, middle, near), np.where(is_inside, far, middle)
    return np.where(reaches, outside, near)
