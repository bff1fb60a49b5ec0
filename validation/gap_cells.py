"""The cells of the gap between training and test accuracy: every design and every truth tried.

Letters: S seeds, N training images, n test images.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from validation.cells import UNEQUAL_SEEDS, UNEQUAL_SPREADS, WRITERS, both

TRAIN_ACCURACY, TEST_ACCURACY = 0.995, 0.95
"""True mean accuracies of recipe A."""

NUM_SEEDS = (5, 8, 20)
NUM_IMAGES = (1_000, 10_000)
LIKENESSES = (1.0, 0.97)
SEEDS = ((0.0, 0.0), (0.15, 0.9), (0.4, -0.9))
"""τ, and κ, the correlation of a network's shift on training images with that on test images."""


@dataclass(frozen=True)
class GapCell:
    """One design on one truth: logit π_si = μ + 4 z_i + u_s on test images, μ′ + 4 z_i + v_s on training images.

    (u_s, v_s) are normal with spread τ and correlation κ.

    Attributes:
        num_seeds: S of A and of B.
        num_train: N of A and of B.
        num_images: n.
        seed_spreads: τ of A and of B, in logits.
        correlation: κ.
        likeness: ρ; recipe B finds image i of either sample as hard as ρ z + √(1-ρ²) z′.
        effect: Δ, the true gap of B less that of A; B's test accuracy is lower by it.
        loss: by how much B's accuracy is lower than A's on both samples, which leaves the gap.
        num_shared: training images of both recipes; None for as many as there can be.
        group_size: m, test images by one writer; they share z and z′.
        fixed_training: whether every toy has the same training images, of which then is the truth.
        stress: name of the stress case, empty in the grid.
    """

    num_seeds: tuple[int, int]
    num_train: tuple[int, int]
    num_images: int
    seed_spreads: tuple[float, float] = (0.15, 0.15)
    correlation: float = 0.9
    likeness: float = 0.97
    effect: float = 0.0
    loss: float = 0.0
    num_shared: int | None = None
    group_size: int = 1
    fixed_training: bool = False
    stress: str = ""

    @property
    def shared(self) -> int:
        """How many training images both recipes have."""
        return min(self.num_train) if self.num_shared is None else self.num_shared

    @property
    def accuracies(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """True accuracies of A and of B, each on training and on test images."""
        of_b = (TRAIN_ACCURACY - self.loss, TEST_ACCURACY - self.loss - self.effect)
        return (TRAIN_ACCURACY, TEST_ACCURACY), of_b

    def __str__(self) -> str:
        design = f"S={both(self.num_seeds)} N={both(self.num_train)} n={self.num_images} τ={both(self.seed_spreads)}"
        truth = f"κ={self.correlation:g} ρ={self.likeness:g} Δ={100 * self.effect:g}%"
        return f"{design} {truth} {self.stress}".rstrip()


def gap_grid(num_images: tuple[int, ...] = NUM_IMAGES) -> list[GapCell]:
    """The grid, 72 cells without a difference of the gaps."""
    return [
        GapCell((seeds, seeds), (train, train), test, (tau, tau), kappa, rho)
        for seeds, train, test, (tau, kappa), rho in itertools.product(
            NUM_SEEDS, num_images, num_images, SEEDS, LIKENESSES
        )
    ]


MORE_IMAGES = "B trains on six times the images"
APART = "no training image is shared"
WORSE_ON_BOTH = "B loses 2 % on both samples"
SMALLER_GAP = "the gap of B is smaller"
FIXED_TRAINING = "these training images"
FIXED_AND_WORSE = "these training images, B loses 2 % on both samples"


def gap_stress_cases(num_images: tuple[int, ...] = NUM_IMAGES) -> list[GapCell]:
    """What a study meets besides: training samples of other sizes, recipes unlike each other, alike images."""
    cells = []
    for size in num_images:
        pair = (size, size)
        writers = 20 if size >= 10_000 else 5
        cells += [
            *(GapCell((seeds, seeds), (size, 6 * size), size, stress=MORE_IMAGES) for seeds in (5, 20)),
            GapCell((5, 5), pair, size, num_shared=0, stress=APART),
            *(GapCell((seeds, seeds), pair, size, loss=0.02, stress=WORSE_ON_BOTH) for seeds in (5, 20)),
            GapCell((5, 5), pair, size, effect=-0.005, stress=SMALLER_GAP),
            GapCell((5, 5), pair, size, (0.0, 0.4), stress=UNEQUAL_SPREADS),
            GapCell((20, 5), pair, size, stress=UNEQUAL_SEEDS),
            *(GapCell((seeds, seeds), pair, size, group_size=writers, stress=WRITERS) for seeds in (5, 20)),
        ]
    # The truth about given training images costs an integral for each of them.
    return cells + [
        GapCell((5, 5), (1_000, 1_000), 10_000, loss=loss, fixed_training=True, stress=stress)
        for loss, stress in ((0.0, FIXED_TRAINING), (0.02, FIXED_AND_WORSE))
    ]
