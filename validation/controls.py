"""Negative controls: methods known to be wrong, which the pseudo-experiments must show to be wrong."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from netgain.stats import difference
from validation.cells import Cell, Design
from validation.measure import ALPHA
from validation.model import Bools, draw

MOST_PEEKING_TOYS = 1000
"""A toy that peeks after every seed costs a hundred comparisons."""


@dataclass(frozen=True)
class Control:
    """What a method does in a cell, and what it must do: fail, if it is a negative control.

    Attributes:
        method: in words.
        cell: where.
        quantity: what is measured, such as the "coverage" of 95 % intervals.
        value: measured.
        num_toys: by that many toys.
        low: all is as it must be at this value or above.
        high: and at this value or below; where neither binds, the row is for comparison only.
    """

    method: str
    cell: Design
    quantity: str
    value: float
    num_toys: int
    low: float = 0.0
    high: float = 1.0

    @property
    def required(self) -> str:
        """What must come out, in words."""
        if self.high < 1:
            return f"below {self.high:g}"
        return f"above {self.low:g}" if self.low > 0 else "for comparison"

    @property
    def missed(self) -> str:
        """Why the control is no control, or an empty string."""
        if self.low <= self.value <= self.high:
            return ""
        return f"{self.method}: {self.quantity} {self.value:.3f} must be {self.required}"


WELCH = "Welch's t on the accuracies of the seeds"
MCNEMAR = "McNemar's test on one pair of networks"
WITHHELD = "crossed t without the ids of the writers"
PEEKING = "crossed t after every seed, stop at p < 0.05"


def controls(num_toys: int) -> list[Control]:
    """All negative controls, each beside a case where the wrong method happens to be right or nearly so."""
    return [
        welch(Cell((20, 20), 10_000, (0.0, 0.0)), num_toys, high=0.87),
        welch(Cell((20, 20), 10_000, (0.0, 0.0), likeness=1.0), num_toys),
        mcnemar(Cell((1, 1), 10_000), num_toys, high=0.85),
        mcnemar(Cell((1, 1), 1_000), num_toys),
        withheld(Cell((5, 5), 10_000, group_size=20), num_toys, high=0.87),
        withheld(Cell((20, 20), 10_000, group_size=20), num_toys, high=0.87),
        peeking(Cell((20, 20), 1_000, likeness=1.0), min(num_toys, MOST_PEEKING_TOYS), low=0.15),
        peeking(Cell((100, 100), 1_000, likeness=1.0), min(num_toys, MOST_PEEKING_TOYS), low=0.25),
    ]


def welch(cell: Cell, num_toys: int, high: float = 1.0) -> Control:
    """Welch's t takes the test images for the whole world."""
    return Control(WELCH, cell, "coverage", 1 - _rate(_welch, cell, num_toys), num_toys, high=high)


def mcnemar(cell: Cell, num_toys: int, high: float = 1.0) -> Control:
    """McNemar's test takes two networks for two recipes."""
    return Control(MCNEMAR, cell, "coverage", 1 - _rate(_significant, cell, num_toys), num_toys, high=high)


def withheld(cell: Cell, num_toys: int, high: float = 1.0) -> Control:
    """Without ids, images that resemble each other pass for independent ones."""
    return Control(WITHHELD, cell, "coverage", 1 - _rate(_significant, cell, num_toys), num_toys, high=high)


def peeking(cell: Cell, num_toys: int, low: float = 0.0) -> Control:
    """Whoever checks often enough finds what is not there."""
    return Control(PEEKING, cell, "type I error", _rate(_peeking, cell, num_toys), num_toys, low=low)


def _rate(claims: Callable[[Bools, Bools], bool], cell: Cell, num_toys: int) -> float:
    """How often a method claims a difference in a cell that has none."""
    rng = np.random.Generator(np.random.SFC64([zlib.crc32(f"{claims.__name__} {cell}".encode())]))
    return sum(claims(*draw(cell, rng)) for _ in range(num_toys)) / num_toys


def _welch(right_a: Bools, right_b: Bools) -> bool:
    result: Any = stats.ttest_ind(right_a.mean(axis=1), right_b.mean(axis=1), equal_var=False)
    return bool(result.pvalue < ALPHA)


def _significant(right_a: Bools, right_b: Bools) -> bool:
    return difference(right_a, right_b).p_value < ALPHA


def _peeking(right_a: Bools, right_b: Bools) -> bool:
    return any(_significant(right_a[:seeds], right_b[:seeds]) for seeds in range(2, len(right_a) + 1))
