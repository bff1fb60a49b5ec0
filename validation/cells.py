"""The cells: every design and every truth that the pseudo-experiments try.

Dimension letters, here and in the other files: N toys, S seeds, n test images.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Protocol

ACCURACY = 0.98
"""True mean accuracy of recipe A, whatever the spread of its seeds."""

NUM_SEEDS = (3, 5, 10, 20)
NUM_IMAGES = (1_000, 10_000)
SEED_SPREADS = (0.0, 0.15, 0.4)
LIKENESSES = (1.0, 0.97)
EFFECTS = (0.0, 0.001)


class Design(Protocol):
    """What every cell has, whatever is compared in it: `Cell` of accuracies, `GapCell` of gaps."""

    @property
    def num_seeds(self) -> tuple[int, int]:
        """S of A and of B."""
        ...

    @property
    def stress(self) -> str:
        """Name of the stress case, empty in a grid."""
        ...


@dataclass(frozen=True)
class Cell:
    """One design on one truth: logit π_si = μ + 4 z_i + u_s, u ~ N(0, τ²).

    Attributes:
        num_seeds: S of A and of B, the runs that are started.
        num_images: n.
        seed_spreads: τ of recipe A and of recipe B, in logits.
        likeness: ρ; recipe B finds image i as hard as ρ z + √(1-ρ²) z′.
        effect: Δ, the true accuracy of B less that of A where no run fails.
        group_size: m, images by one writer; they share z and z′.
        missing: fraction of runs whose row is not there.
        diverged: fraction of the runs of A and of B that have every image wrong.
        stress: name of the stress case, empty in the grid.
    """

    num_seeds: tuple[int, int]
    num_images: int
    seed_spreads: tuple[float, float] = (0.15, 0.15)
    likeness: float = 0.97
    effect: float = 0.0
    group_size: int = 1
    missing: float = 0.0
    diverged: tuple[float, float] = (0.0, 0.0)
    stress: str = ""

    @property
    def num_units(self) -> int:
        """Independent units of images: writers, or single images."""
        return self.num_images // self.group_size

    def __str__(self) -> str:
        design = f"S={both(self.num_seeds)} n={self.num_images} τ={both(self.seed_spreads)} ρ={self.likeness:g}"
        return f"{design} Δ={100 * self.effect:g}% {self.stress}".rstrip()


def both(values: tuple[float, float]) -> str:
    """A number of each arm, one where they are equal.

    >>> both((20, 5)), both((0.15, 0.15))
    ('20/5', '0.15')
    """
    first, second = values
    return f"{first:g}" if first == second else f"{first:g}/{second:g}"


def grid(num_images: tuple[int, ...] = NUM_IMAGES) -> list[Cell]:
    """The grid of the specification, 96 cells."""
    return [
        Cell((seeds, seeds), images, (tau, tau), rho, effect)
        for seeds, images, tau, rho, effect in itertools.product(
            NUM_SEEDS, num_images, SEED_SPREADS, LIKENESSES, EFFECTS
        )
    ]


UNEQUAL_SPREADS = "unequal τ"
UNEQUAL_SEEDS = "unequal S"
MISSING = "2 % of the runs missing"
DIVERGED = "2 % of the runs diverged"
DIVERGED_IN_B = "2 % diverged, in B only"
WRITERS = "images in groups by writer"


def stress_cases(num_images: tuple[int, ...] = NUM_IMAGES) -> list[Cell]:
    """What a study meets besides: recipes unlike each other, runs that fail, images that are alike."""
    cells = []
    for images in num_images:
        cells += [
            *(Cell((seeds, seeds), images, (0.0, 0.4), stress=UNEQUAL_SPREADS) for seeds in (5, 10)),
            Cell((5, 5), images, (0.0, 0.4), likeness=1.0, stress=UNEQUAL_SPREADS),
            *(Cell(seeds, images, stress=UNEQUAL_SEEDS) for seeds in ((20, 5), (40, 10))),
            *(Cell((seeds, seeds), images, missing=0.02, stress=MISSING) for seeds in (5, 20)),
            *(Cell((seeds, seeds), images, diverged=(0.02, 0.02), stress=DIVERGED) for seeds in (5, 20)),
            *(Cell((seeds, seeds), images, diverged=(0.0, 0.02), stress=DIVERGED_IN_B) for seeds in (5, 20)),
        ]
        # MNIST's 10,000 test digits come from about 500 writers.
        size = 20 if images >= 10_000 else 5
        cells += [Cell((seeds, seeds), images, group_size=size, stress=WRITERS) for seeds in (5, 20)]
    return cells
