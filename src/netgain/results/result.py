"""What the results of studies and of demonstrations have in common."""

from __future__ import annotations

from typing import Protocol

from netgain.data.items import Items
from netgain.experiment.question import Question
from netgain.runs.record import RunResult


class Result(Protocol):
    """What was asked and what was run."""

    @property
    def asked(self) -> Question:
        """The study or demonstration."""
        ...

    @property
    def data(self) -> Items | None:
        """What it was asked on; None where nothing was trained."""
        ...

    @property
    def runs(self) -> dict[str, list[RunResult]]:
        """The runs of each recipe by its name, one per seed."""
        ...

    @property
    def num_trained(self) -> int:
        """How many of the runs were trained now; the others came from the store."""
        ...

    @property
    def seconds(self) -> float:
        """How long it took, start to end."""
        ...


def all_runs(result: Result) -> list[RunResult]:
    """Every run of a result."""
    return [run for of_recipe in result.runs.values() for run in of_recipe]
