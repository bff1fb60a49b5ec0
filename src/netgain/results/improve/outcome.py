"""What came out of a climb: the recipe, what was proven and what was not, and the verdict on the test images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from netgain.data import Dataset
from netgain.errors import OutputError
from netgain.experiment.moves import Candidate
from netgain.results.improve.climb import PROVEN, Climb
from netgain.results.improve.proof import Attempt
from netgain.results.improve.race import Entry
from netgain.runs.record import RunResult
from netgain.stats import MeanAccuracy, Verdict

START, FINAL = "start", "final"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Improvement:
    """A climb that is over.

    Attributes:
        recipe: the best that is proven: better than the start, or the start itself.
        start: the recipe that it began with.
        chosen_start: why this start, where netgain chose it or changed its numbers of images; else empty.
        climb: every race and every attempt.
        data: the images.
        sizes: how many images fit, select and confirm.
        accuracies: of "start" and "final" on the test images, trained on all training images; empty where it was
            stopped before. Of a climb that proved nothing only the start's.
        verdict: final against start on the test images, which were opened for it; None where nothing was proven, or
            it was stopped before.
        network: the network to save.
        on_all_images: whether that network was trained on all training images.
        minutes: that were given.
        seconds: that it took.
        alpha: one-sided level of all proofs together.
    """

    recipe: Any
    start: Any
    chosen_start: str
    climb: Climb
    data: Dataset
    sizes: dict[str, int]
    accuracies: dict[str, MeanAccuracy]
    verdict: Verdict | None
    network: RunResult | None
    on_all_images: bool
    minutes: float
    seconds: float
    alpha: float

    @property
    def final(self) -> Candidate[Any]:
        """The recipe with the moves that led to it."""
        return self.climb.present

    @property
    def steps(self) -> list[Attempt]:
        """The steps that were proven, in their order."""
        return self.climb.steps

    @property
    def rejected(self) -> list[Entry]:
        """The moves that were tried and are no step: of each its last comparison, the largest gain first."""
        entries = [entry for race in self.climb.races for entry in race.entries if entry.difference is not None]
        latest = {entry.candidate.last: entry for entry in entries}
        tried = [entry for entry in latest.values() if entry.fate != PROVEN]
        return sorted(tried, key=lambda entry: -entry.difference.effect if entry.difference else 0.0)

    @property
    def untried(self) -> dict[str, str]:
        """The moves without any comparison, with the reason."""
        tried = {entry.candidate.last for race in self.climb.races for entry in race.entries if entry.difference}
        entries = [entry for race in self.climb.races for entry in race.entries]
        reached = {entry.candidate.last: entry.fate for entry in entries if entry.candidate.last not in tried}
        steps = {attempt.move for attempt in self.steps}
        refused = {str(move): reason for move, reason in self.climb.refused.items()}
        return reached | {move: reason for move, reason in refused.items() if move not in tried | steps}

    def saved_network(self) -> RunResult:
        """The run whose network is the best that is proven.

        Raises:
            OutputError: where it was stopped before any network was trained.
        """
        if self.network is None:
            raise OutputError("it was stopped before any network was trained; start it again, it goes on from there")
        return self.network
