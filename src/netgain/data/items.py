"""What any task is judged on: items, of which a learner has each right or wrong."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Items(Protocol):
    """Data with a part to judge on. :class:`netgain.Dataset` is one; a task without images has its own."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 of all that decides results; runs are looked up by it."""
        ...

    @property
    def num_test(self) -> int:
        """How many test items there are."""
        ...

    @property
    def test_groups(self) -> np.ndarray | None:
        """The group of each test item, int `[n]`, where items are not independent (one writer's digits); else None."""
        ...
