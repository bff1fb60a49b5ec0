"""Where candidates are tried: what a climb needs of it, and what it gives back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np

from netgain.experiment.moves import Candidate

Part = Literal["select", "confirm"]


class Trial(NamedTuple):
    """One candidate's networks on one part.

    Attributes:
        right: which images of the part they have right, bool `[S, n]`; no rows where all failed.
        seconds: of training, the mean over the networks.
        failure: why all of them failed; empty where they did not.
    """

    right: np.ndarray
    seconds: float
    failure: str = ""


class Laboratory(Protocol):
    """Trains candidates on the images to fit, and judges them on one of the other parts."""

    def groups(self, part: Part) -> np.ndarray | None:
        """The groups of the images of a part `[n]`; None where they are independent."""
        ...

    def refuses(self, candidate: Candidate[Any]) -> str:
        """Why a candidate cannot be trained on these images; empty where it can."""
        ...

    def cost(self, part: Part, candidates: Sequence[Candidate[Any]], seeds: Sequence[int], share: float) -> float:
        """Seconds that :meth:`trials` is expected to take; nothing for networks that are there already."""
        ...

    def trials(
        self, part: Part, candidates: Sequence[Candidate[Any]], seeds: Sequence[int], share: float = 1.0
    ) -> list[Trial]:
        """The candidates' networks of these seeds, trained for a share of their epochs."""
        ...

    def final_cost(self, candidate: Candidate[Any]) -> float:
        """Seconds to reserve for training the start and this candidate on all training images at the end."""
        ...

    @property
    def at_once(self) -> int:
        """Networks that are trained at the same time."""
        ...
