"""Other formulas for V, judged by the same toys and the same criteria: why `difference` has the one it has.

Every formula adds up the same parts, all of them unbiased: s_d²/n, the training variance s²_acc,r/S_r and the
residual MS_IS,r/(n S_r) that both contain. They differ in which sum is kept from falling below zero.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from netgain.stats import Difference, student
from validation.cells import Cell
from validation.measure import Toys

Pair = tuple[float, float]
Formula = Callable[[float, Pair, Pair], float]
"""V from s_d²/n and, of both recipes, the training variances and the residuals."""


def _seeds_clipped_each(images: float, training: Pair, residual: Pair) -> float:
    return images + sum(max(0.0, seeds - noise) for seeds, noise in zip(training, residual, strict=True))


def _seeds_clipped_together(images: float, training: Pair, residual: Pair) -> float:
    return images + max(0.0, sum(training) - sum(residual))


def _nothing_clipped(images: float, training: Pair, residual: Pair) -> float:
    return max(0.0, images + sum(training) - sum(residual))


ADOPTED = "the test-sample part (netgain)"
"""The formula of `difference`."""

FORMULAS: dict[str, Formula] = {
    "the seed variance of each recipe": _seeds_clipped_each,
    "the sum of both seed variances": _seeds_clipped_together,
    "nothing": _nothing_clipped,
}


def with_formula(toys: Toys[Cell, Difference], name: str) -> Toys[Cell, Difference]:
    """The same toys, their errors by another formula and their p-values by t alone."""
    changed = tuple(_changed(measured, FORMULAS[name]) for measured in toys.differences)
    return dataclasses.replace(toys, differences=changed, sequential=None)


def _changed(measured: Difference, formula: Formula) -> Difference:
    arms = (measured.accuracy_a, measured.accuracy_b)
    first, second = ((arm.training or 0.0) ** 2 for arm in arms)
    residual_a, residual_b = ((arm.mean_square_residual or 0.0) / (arm.num_images * arm.num_seeds) for arm in arms)
    images = measured.image_variance / measured.num_images
    variance = formula(images, (first, second), (residual_a, residual_b))
    parts = [(images, measured.num_images - 1), (first, arms[0].num_seeds - 1), (second, arms[1].num_seeds - 1)]
    freedom = student.satterthwaite(variance, parts)
    return dataclasses.replace(
        measured,
        variance=variance,
        degrees_of_freedom=freedom,
        p_value=student.two_sided_p(measured.effect, variance, freedom),
        method="crossed t",
    )
