"""Numbers of the statistics as readers see them."""

from __future__ import annotations

from netgain.stats.intervals import Interval
from netgain.stats.power import POWER
from netgain.stats.rounding import signed


def seeds_in_words(seeds: int | None, effect: float | None) -> str:
    """How many seeds would decide, and how surely.

    >>> seeds_in_words(15, 0.003)
    'about 15 seeds each would decide, with 80 % power if the true effect is 0.30 points'
    """
    return f"about {seeds or 0:,} seeds each would decide, {power_in_words(effect)}"


def power_in_words(effect: float | None) -> str:
    """What a number of seeds that is needed is good for: the size of the effect that it finds, and how surely."""
    return f"with {100 * POWER:g} % power if the true effect is {100 * (effect or 0.0):.2f} points"


def why_undecidable(images_needed: int | None, items: str = "images") -> str:
    """What it would take, where no number of seeds decides.

    >>> why_undecidable(20_000)
    'too few test images to decide, however many seeds; about 20,000 test images of this kind are needed'
    """
    needed = f"more {items} and more seeds are needed"
    if images_needed is not None:
        needed = f"about {images_needed:,} test {items} of this kind are needed"
    return f"too few test {items} to decide, however many seeds; {needed}"


def in_points(interval: Interval) -> str:
    """An interval of a fraction in percentage points.

    >>> in_points(Interval(-0.0123, 0.0004, 0.95))
    '−1.23 to +0.04'
    """
    return f"{signed(100 * interval.low)} to {signed(100 * interval.high)}"


def p_in_words(p: float) -> str:
    """A p-value with the digits that matter.

    >>> p_in_words(0.01234), p_in_words(1e-9)
    ('p = 0.012', 'p < 0.0001')
    """
    return f"p = {p:.2g}" if p >= 1e-4 else "p < 0.0001"


def seeds_of_both(num_seeds: tuple[int, int]) -> str:
    """The seeds of a baseline and of an arm.

    >>> seeds_of_both((5, 5)), seeds_of_both((5, 4))
    ('5 seeds each', '4 seeds against 5')
    """
    baseline, arm = num_seeds
    if baseline != arm:
        return f"{arm} seeds against {baseline}"
    return "one seed each" if arm == 1 else f"{arm} seeds each"
