"""How many seeds, or how many test images, a comparison needs.

Both answers take the variances of a measured `Difference` for true and ask Student's t at the degrees of
freedom that the new design would have, so they hold at small S too, where a formula with normal quantiles
promises too much. An estimate from a few seeds is itself uncertain: take the answers as a guide.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import special

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.arrays import check_fraction
from netgain.stats.difference import Difference

POWER = 0.8
"""With what probability a true effect is to be found, unless another one is asked for."""

MOST_SEEDS = 2**30
"""More seeds than this count as never."""

MOST_IMAGES = 2**40
"""More test images than this count as never."""


def seeds_needed(difference: Difference, effect: float, alpha: float = 0.05, power: float = POWER) -> int | None:
    """Seeds per recipe with which a true `effect` is found significant with the given power.

    The smallest S at which V(S) = [σ_D² + (σ²_IS,A + σ²_IS,B)/S]/n + (σ²_S,A + σ²_S,B)/S is small enough.
    With normal quantiles that would be
    S = (σ²_IS,A + σ²_IS,B + n(σ²_S,A + σ²_S,B)) / (n effect²/(z_{1-α/2} + z_power)² - σ_D²).
    Same test images, same S for both recipes.

    Args:
        difference: a measured difference with at least 2 seeds each.
        effect: the true difference to find, a fraction (0.002 is 0.2 percentage points), either sign.
        alpha: two-sided significance level.
        power: probability of p < alpha.

    Returns:
        The number of seeds, or None when no number of seeds suffices on these images.

    Raises:
        StatisticsError: for one seed each, an effect of zero, or alpha or power outside (0, 1).

    >>> from netgain.stats.difference import difference as compare
    >>> a = [[True] * 80 + [False] * 20, [True] * 76 + [False] * 24]
    >>> b = [[False] + [True] * 86 + [False] * 13, [False] + [True] * 82 + [False] * 17]
    >>> measured = compare(a, b)
    >>> print(seeds_needed(measured, effect=0.08), seeds_needed(measured, effect=0.05))
    5 None
    """
    design = _design(difference, effect, alpha, power)
    found = _Target(abs(effect), alpha, power).found
    return _smallest(lambda seeds: found(*design.variance((seeds, seeds), difference.num_images)), MOST_SEEDS)


def images_needed(difference: Difference, effect: float, alpha: float = 0.05, power: float = POWER) -> int | None:
    """Test images with which a true `effect` is found significant with the given power.

    The smallest n with V(n) = s_d²/n + Σ_r σ²_S,r/S_r small enough, on the assumption that the seeds stay as
    many as they are and that new images are of the same kind: same variance per image, groups as large.

    Args:
        difference: a measured difference with at least 2 seeds each.
        effect: the true difference to find, a fraction, either sign.
        alpha: two-sided significance level.
        power: probability of p < alpha.

    Returns:
        The number of test images, or None when with these seeds no number of images suffices.

    Raises:
        StatisticsError: for one seed each, an effect of zero, or alpha or power outside (0, 1).

    >>> from netgain.stats.difference import difference as compare
    >>> a = [[True] * 80 + [False] * 20, [True] * 76 + [False] * 24]
    >>> b = [[False] + [True] * 86 + [False] * 13, [False] + [True] * 82 + [False] * 17]
    >>> measured = compare(a, b)
    >>> print(images_needed(measured, effect=0.15), images_needed(measured, effect=0.05))
    40 None
    """
    design = _design(difference, effect, alpha, power)
    found = _Target(abs(effect), alpha, power).found
    return _smallest(lambda images: found(*design.variance(difference.num_seeds, images)), MOST_IMAGES)


@dataclass(frozen=True)
class _Target:
    effect: float
    alpha: float
    power: float

    def found(self, variance: float, degrees_of_freedom: float) -> bool:
        if variance == 0:
            return True
        limit = student.quantile(1 - self.alpha, degrees_of_freedom)
        missed = special.nctdtr(degrees_of_freedom, self.effect / math.sqrt(variance), limit)
        return bool(1 - missed >= self.power)


@dataclass(frozen=True)
class _Design:
    """The variance components of a difference, each for one seed and one image."""

    image: float
    interaction: tuple[float, float]
    seed: tuple[float, float]
    units_per_image: float

    def variance(self, num_seeds: tuple[int, int], num_images: int) -> tuple[float, float]:
        """V and its degrees of freedom for another number of seeds and images."""
        images = self.image / num_images
        parts = []
        training = 0.0
        for interaction, seed, count in zip(self.interaction, self.seed, num_seeds, strict=True):
            images += interaction / (num_images * count)
            training += seed / count
            parts.append(((seed + interaction / num_images) / count, count - 1))
        variance = images + training
        parts.append((images, self.units_per_image * num_images - 1))
        return variance, student.satterthwaite(variance, parts)


def _design(difference: Difference, effect: float, alpha: float, power: float) -> _Design:
    check_fraction(alpha, "alpha")
    check_fraction(power, "power")
    if not 0 < abs(effect) <= 1:
        raise StatisticsError(f"`effect` is {effect!r}, expected a difference of accuracies, not zero, within ±1.")
    arms = (difference.accuracy_a, difference.accuracy_b)
    residuals = [arm.mean_square_residual for arm in arms if arm.mean_square_residual is not None]
    sigmas = [arm.seed_sigma for arm in arms if arm.seed_sigma is not None]
    if len(residuals) < 2:  # Then the sigmas are missing too.
        raise StatisticsError(
            "the difference was measured with one seed each, so the randomness of training is unknown; "
            "measure it with at least 2 seeds each."
        )
    noise = sum(residual / arm.num_seeds for residual, arm in zip(residuals, arms, strict=True))
    units = difference.num_groups or difference.num_images
    return _Design(
        image=max(0.0, difference.image_variance - noise),
        interaction=(residuals[0], residuals[1]),
        seed=(sigmas[0] ** 2, sigmas[1] ** 2),
        units_per_image=units / difference.num_images,
    )


def _smallest(enough: Callable[[int], bool], most: int) -> int | None:
    """The smallest number from 2 to `most` that is enough, given that more is never worse."""
    high = 2
    while not enough(high):
        high *= 2
        if high > most:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
