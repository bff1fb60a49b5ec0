"""Whether the seeds and the test images that netgain names have the power that it promises.

The variances come from the model, so what is tested is the answer and not the luck of a pilot study; what
pilot studies would have said instead is told beside it.
"""

from __future__ import annotations

import dataclasses
import math
import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np

from netgain.stats import Difference, MeanAccuracy, difference, images_needed, seeds_needed
from validation.cells import Cell
from validation.measure import ALPHA
from validation.model import draw
from validation.truth import ArmTruth, truth

POWER = 0.8
TOLERANCE = 0.03
REFERENCE_TOYS = 2000
NUM_PILOTS = 200

Question = Literal["seeds", "images"]

PLANS: tuple[tuple[Question, Cell], ...] = (
    ("seeds", Cell((10, 10), 10_000, (0.0, 0.0), 1.0, 0.001)),
    ("seeds", Cell((10, 10), 10_000, (0.15, 0.15), 1.0, 0.001)),
    ("seeds", Cell((10, 10), 10_000, (0.15, 0.15), 0.97, 0.0015)),
    ("seeds", Cell((10, 10), 10_000, (0.4, 0.4), 0.97, 0.005)),
    ("seeds", Cell((10, 10), 1_000, (0.0, 0.0), 0.97, 0.005)),
    ("images", Cell((10, 10), 10_000, (0.0, 0.0), 1.0, 0.001)),
    ("images", Cell((10, 10), 10_000, (0.0, 0.0), 0.97, 0.001)),
    ("images", Cell((20, 20), 10_000, (0.15, 0.15), 0.97, 0.003)),
    ("images", Cell((5, 5), 10_000, (0.15, 0.15), 0.97, 0.005)),
)
"""A question and the design of the pilots, where the number asked for then replaces the one there is."""


@dataclass(frozen=True)
class Planned:
    """A number named, and the power that it has.

    Attributes:
        question: what was asked for.
        cell: the design with the number named.
        named: the number.
        power: fraction of the toys with p < 0.05.
        num_toys: number of toys.
        pilots: 10 %, 50 % and 90 % quantile of what pilots name; infinite where they say that no number
            will do.
    """

    question: Question
    cell: Cell
    named: int
    power: float
    num_toys: int
    pilots: tuple[float, float, float]

    @property
    def missed(self) -> str:
        """Too little power, in words, or an empty string; more power than asked for is on the safe side."""
        growth = max(0.0, 1 / math.sqrt(self.num_toys) - 1 / math.sqrt(REFERENCE_TOYS))
        lowest = POWER - TOLERANCE - 3 * math.sqrt(POWER * (1 - POWER)) * growth
        return "" if self.power >= lowest else f"{self.question} named: power {self.power:.3f} below {lowest:.3f}"


def plan(question: Question, cell: Cell, num_toys: int) -> Planned:
    """Ask for a number, and find its power with toys."""
    named = _named(question, population_difference(cell), cell.effect)
    if named is None:
        raise ValueError(f"no number of {question} finds the effect in {cell}; choose another plan")
    change = {"num_seeds": (named, named)} if question == "seeds" else {"num_images": named}
    planned = dataclasses.replace(cell, **change)
    rng = np.random.Generator(np.random.SFC64([zlib.crc32(f"plan {question} {cell}".encode())]))
    found = sum(difference(*draw(planned, rng)).p_value < ALPHA for _ in range(num_toys))
    answers = sorted(_named(question, difference(*draw(cell, rng)), cell.effect) or math.inf for _ in range(NUM_PILOTS))
    low, middle, high = (answers[round(share * (NUM_PILOTS - 1))] for share in (0.1, 0.5, 0.9))
    return Planned(question, planned, named, found / num_toys, num_toys, (low, middle, high))


def population_difference(cell: Cell) -> Difference:
    """A `Difference` whose mean squares are what they are on average, as if measured without any luck."""
    true = truth(cell)
    arms = [
        _population_accuracy(arm, seeds, cell.num_images)
        for arm, seeds in zip((true.arm_a, true.arm_b), cell.num_seeds, strict=True)
    ]
    residual = sum(arm.interaction / seeds for arm, seeds in zip((true.arm_a, true.arm_b), cell.num_seeds, strict=True))
    return Difference(
        effect=true.effect,
        accuracy_a=arms[0],
        accuracy_b=arms[1],
        image_variance=true.unit_variance + residual,
        variance=true.variance(cell.num_seeds, cell.num_images),
        degrees_of_freedom=math.inf,
        p_value=1.0,
        method="crossed t",
        num_fixed=cell.num_images,
        num_broken=0,
        discordant_rms=1.0,
        num_groups=None,
    )


def _population_accuracy(arm: ArmTruth, num_seeds: int, num_images: int) -> MeanAccuracy:
    return MeanAccuracy(
        value=arm.accuracy,
        num_seeds=num_seeds,
        num_images=num_images,
        mean_square_images=arm.interaction + num_seeds * arm.same_unit,
        mean_square_seeds=arm.interaction + num_images * arm.same_seed,
        mean_square_residual=arm.interaction,
    )


def _named(question: Question, measured: Difference, effect: float) -> int | None:
    return (seeds_needed if question == "seeds" else images_needed)(measured, effect, ALPHA, POWER)
