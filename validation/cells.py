"""The cells: every design and every truth that the pseudo-experiments try.

Dimension letters, here and in the other files: S seeds, n test images, G writers, m images a writer.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

ACCURACY = 0.98
"""True mean accuracy of recipe A, whatever the spread of its seeds."""

NUM_SEEDS = (3, 5, 10, 20)
NUM_IMAGES = (1_000, 10_000)
SEED_SPREADS = (0.0, 0.15, 0.4)
LIKENESSES = (1.0, 0.97)
EFFECTS = (0.0, 0.001)


@dataclass(frozen=True)
class Cell:
    """One design on one truth: logit π_si = μ + 4 z_i + u_s, u ~ N(0, τ²).

    Attributes:
        num_seeds: S, the seeds of each recipe that are started.
        num_images: n.
        seed_spreads: τ of recipe A and of recipe B, in logits.
        likeness: ρ; recipe B finds image i as hard as ρ z + √(1-ρ²) z′.
        effect: Δ, the true accuracy of B less that of A where no run fails.
        group_size: m, images by one writer; they share z and z′.
        groups_known: whether the group ids are given to `difference`.
        missing: fraction of runs whose row is not there.
        diverged: fraction of the runs of A and of B that have every image wrong.
        stress: name of the stress case, empty in the grid.
        limit_only: shows a limit of every method, so no criterion applies.
    """

    num_seeds: int
    num_images: int
    seed_spreads: tuple[float, float] = (0.15, 0.15)
    likeness: float = 0.97
    effect: float = 0.0
    group_size: int = 1
    groups_known: bool = False
    missing: float = 0.0
    diverged: tuple[float, float] = (0.0, 0.0)
    stress: str = ""
    limit_only: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        spreads = "/".join(f"{tau:g}" for tau in sorted(set(self.seed_spreads)))
        text = f"S={self.num_seeds} n={self.num_images} τ={spreads} ρ={self.likeness:g} Δ={100 * self.effect:g}%"
        return f"{text} {self.stress}".rstrip()


def grid() -> list[Cell]:
    """All 96 cells of the specification."""
    return [
        Cell(seeds, images, (tau, tau), rho, effect)
        for seeds, images, tau, rho, effect in itertools.product(
            NUM_SEEDS, NUM_IMAGES, SEED_SPREADS, LIKENESSES, EFFECTS
        )
    ]
