"""The time that a climb has, and what it may still begin."""

from __future__ import annotations

from collections.abc import Callable

MARGIN = 1.25
"""What is begun may take this much longer than it is expected to, and still end in time."""


class Budget:
    """Seconds from now on. Some are reserved for the end before anything else is spent.

    Args:
        seconds: all of them.
        clock: gives the time in seconds.

    Attributes:
        seconds: as given.
        reserve: seconds kept for training the last recipe on all training images.

    >>> budget = Budget(60.0, clock=lambda: 0.0)
    >>> budget.reserve = 20.0
    >>> budget.free, budget.allows(30.0), budget.allows(35.0)
    (40.0, True, False)
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self.reserve = 0.0
        self._clock, self._started = clock, clock()

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._started

    @property
    def left(self) -> float:
        """Seconds to the end; below zero after it."""
        return self.seconds - self.elapsed

    @property
    def free(self) -> float:
        """Seconds that are left and not reserved."""
        return self.left - self.reserve

    def allows(self, seconds: float, kept: float = 0.0) -> bool:
        """Whether what is expected to take so long may begin, where so many further seconds are to be kept."""
        return MARGIN * seconds <= self.free - kept
