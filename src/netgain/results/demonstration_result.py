"""What came out of a demonstration, and what its examination is given. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from netgain.data import Dataset
from netgain.data.items import Items
from netgain.experiment.demonstration import Demonstration
from netgain.results.findings import Findings
from netgain.runs.record import RunResult, RunStatus
from netgain.tasks.classification.recipe import Recipe


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DemonstrationInput:
    """What an examination is given.

    Attributes:
        demonstration: what was asked.
        seeds: the seeds; also for what the examination draws itself.
        data: the images, or a task's other items; None where the demonstration trains no recipe.
        runs: each recipe's runs by name, one per seed, with their trained networks (`RunResult.model`), which
            :func:`netgain.runs.trained.open_network` opens.
    """

    demonstration: Demonstration
    seeds: tuple[int, ...]
    data: Items | None
    runs: dict[str, list[RunResult]]

    @property
    def images(self) -> Dataset:
        """The images of a demonstration that trains recipes."""
        assert isinstance(self.data, Dataset), "a demonstration without recipes has no images"
        return self.data

    def classifier(self, name: str) -> Recipe:
        """A recipe that trains a classifier."""
        recipe = self.demonstration.recipes[name]
        assert isinstance(recipe, Recipe), f"{name!r} does not train a classifier"
        return recipe

    def finished(self, name: str) -> list[RunResult]:
        """The runs of a recipe whose scores are numbers: neither failed nor diverged."""
        return [run for run in self.runs[name] if run.status not in {RunStatus.FAILED, RunStatus.DIVERGED}]

    def scores(self, name: str) -> np.ndarray:
        """Test scores of a recipe's networks, float32 `[S, n, K]`."""
        return np.stack([run.test_scores for run in self.finished(name)])


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class DemonstrationResult:
    """A demonstration that was run: its networks, and what they show.

    Attributes:
        demonstration: what was asked.
        seeds: the seeds.
        data: the images, or a task's other items; None where no recipe was trained.
        runs: each recipe's runs by name, one per seed.
        findings: statements and figures.
        num_trained: how many of the runs were trained now; the others came from the store.
        seconds: how long everything took, start to end.
    """

    demonstration: Demonstration
    seeds: tuple[int, ...]
    data: Items | None
    runs: dict[str, list[RunResult]]
    findings: Findings
    num_trained: int
    seconds: float

    def __repr__(self) -> str:
        return f"<DemonstrationResult {self.demonstration.name!r}: {self.findings.in_words}>"

    @property
    def asked(self) -> Demonstration:
        """The demonstration."""
        return self.demonstration
