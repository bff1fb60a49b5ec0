"""Improves a recipe in the time that is given, and hands back what is proven."""

from __future__ import annotations

import contextlib
import functools
import math
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from netgain.data import Dataset, load_dataset
from netgain.data.four_parts import FourParts, four_parts
from netgain.errors import RecipeError
from netgain.experiment.moves import Candidate, moves_from
from netgain.results.improve import climb as climbing
from netgain.results.improve.budget import Budget
from netgain.results.improve.climb import Climb
from netgain.results.improve.journal import StoredJournal
from netgain.results.improve.outcome import FINAL, START, Improvement
from netgain.results.improve.proof import FIRST_SEED
from netgain.results.improve.race import Tell
from netgain.results.improve.start import start_from
from netgain.results.improve.training import Workshop
from netgain.runs.execute.options import Means, RunOptions
from netgain.runs.execute.pool import num_workers
from netgain.runs.execute.progress import NoProgress
from netgain.runs.execute.train_all import with_workers
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.trained import model_of
from netgain.stats import MeanAccuracy, Verdict, judge, mean_accuracy

FINAL_SEEDS = 5
"""Networks of the start and of the final recipe that are trained on all training images, where the time allows."""

MOST_RESERVED = 0.4
"""Of all the time; what more final networks would take goes into the climb."""

STOPPED = "it was stopped"


def improve(
    dataset: str | Path | Dataset,
    start: Any = None,
    minutes: float = 30,
    *,
    without: Collection[str] = (),
    groups: ArrayLike | None = None,
    options: RunOptions | None = None,
    tell: Tell = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Improvement:
    """Climb from a start by proven steps, in the time that is given; :func:`netgain.improve` says more.

    Raises:
        DataError: for too few images.
        RecipeError: for a start that is no recipe, does not fit the images, or needs more minutes for one training.
        TrainingError: where the start cannot be trained.
        UnknownNameError: for a technique in `without` that there is not.
        StoreError: where finished networks cannot be kept.
    """
    budget = Budget(60 * _checked(minutes), clock)
    data = load_dataset(dataset)
    recipe, why = start_from(start, data)
    parts = four_parts(data, groups)
    moves_from(Candidate(recipe), without)  # finds a wrong name before anything is trained
    with _means(options or RunOptions()) as means:
        workshop = Workshop(data, parts, means, num_workers(means.options.workers))
        task = _Task(workshop, Candidate(recipe), budget, tell)
        so_far = Climb(task.start)
        try:
            task.climb(so_far, without)
            ended = task.end(so_far)
        except KeyboardInterrupt:
            so_far.ended = STOPPED
            ended = _Ended({}, None, task.any_network(so_far), False)
        network = ended.network and model_of(ended.network, workshop.store)
    return _outcome(dataset, so_far, task, why, parts, replace(ended, network=network))


def _checked(minutes: float) -> float:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not 0 < minutes < math.inf:
        message = f"must be a number of minutes above 0; received {minutes!r}"
        raise RecipeError("call of improve", [("minutes", message)])
    return float(minutes)


@contextlib.contextmanager
def _means(options: RunOptions) -> Iterator[Means]:
    """The store, the kernels and the workers. Without a store one is made that is gone afterwards: a climb asks for the
    same network more than once.
    """
    with contextlib.ExitStack() as stack:
        if options.store is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="netgain-"))
            options = replace(options, store=Path(folder, "improve.db"))
        options = replace(options, progress=options.progress or NoProgress())
        yield stack.enter_context(with_workers(Means.of(options), num_workers(options.workers)))


@dataclass(frozen=True)
class _Ended:
    """What the end of a climb gives: accuracies and the verdict on the test images, and the network to keep."""

    accuracies: dict[str, MeanAccuracy]
    verdict: Verdict | None
    network: RunResult | None
    on_all_images: bool


@dataclass(frozen=True)
class _Task:
    """One climb with all that it works with."""

    workshop: Workshop
    start: Candidate[Any]
    budget: Budget
    tell: Tell

    def climb(self, so_far: Climb, without: Collection[str]) -> None:
        """Reserve the time for the end, then climb.

        Raises:
            RecipeError: where the minutes are too few for one training.
        """
        self.tell("training the start for one epoch, to know how long it takes")
        probe = self.workshop.probe(self.start.recipe)
        self._reserve()
        journal = StoredJournal(self.workshop.store, probe, self.start.recipe.digest)
        moves = functools.partial(moves_from, without=without)
        climbing.climb(so_far, climbing.Means(self.workshop, moves, self.budget, journal, self.tell))

    def _reserve(self) -> None:
        least = 2 * self.workshop.final_cost(self.start)  # that of the start, and of a recipe as slow
        needed = (self.budget.elapsed + least) / 60
        if needed > self.budget.seconds / 60:
            message = (
                f"must be at least {_rounded_up(needed):g} to train the start and an improved recipe once on all "
                f"training images, better ten times that; received {self.budget.seconds / 60:g}"
            )
            raise RecipeError("call of improve", [("minutes", message)])
        self.budget.reserve = max(least, min(FINAL_SEEDS * least, MOST_RESERVED * self.budget.seconds))

    def end(self, so_far: Climb) -> _Ended:
        """Train the start and the final recipe on all training images, and open the test images."""
        final = so_far.present
        recipes = {START: self.start.recipe, **({FINAL: final.recipe} if final.moves else {})}
        seeds = range(self._final_seeds(final))
        self.tell(f"training {' and '.join(recipes)} on all training images, {len(seeds)} seeds each")
        runs = self.workshop.final(recipes, seeds)
        judged = {name: [run for run in of if run.status is not RunStatus.FAILED] for name, of in runs.items()}
        right = {name: np.stack([run.right for run in of]) for name, of in judged.items()}
        groups = self.workshop.dataset.test_groups
        accuracies = {name: mean_accuracy(of, groups) for name, of in right.items()}
        verdict = None
        if final.moves and (len(right[START]) == 1) == (len(right[FINAL]) == 1):
            verdict = judge(right[START], {FINAL: right[FINAL]}, groups=groups)[FINAL]
        return _Ended(accuracies, verdict, judged[FINAL if final.moves else START][0], True)

    def _final_seeds(self, final: Candidate[Any]) -> int:
        """As many as there is time for, one at least."""
        costs = {seeds: self.workshop.final_cost(final, seeds) for seeds in range(1, FINAL_SEEDS + 1)}
        return max((seeds for seeds, cost in costs.items() if cost <= self.budget.left), default=1)

    def any_network(self, so_far: Climb) -> RunResult | None:
        """A network of the best recipe so far, trained on the images to fit; None where there is none yet."""
        return self.workshop.network_there(so_far.present.recipe, (FIRST_SEED, 0))


def _rounded_up(minutes: float) -> float:
    """Minutes to two digits that are enough."""
    digits = 1 - math.floor(math.log10(minutes))
    return math.ceil(minutes * 10**digits) / 10**digits


def _outcome(
    dataset: str | Path | Dataset, so_far: Climb, task: _Task, why: str, parts: FourParts, ended: _Ended
) -> Improvement:
    named = dataset if isinstance(dataset, Dataset) else str(dataset)
    return Improvement(
        recipe=so_far.present.recipe.change("dataset", named),
        start=task.start.recipe.change("dataset", named),
        chosen_start=why,
        climb=so_far,
        data=task.workshop.dataset,
        sizes={name: len(places) for name, places in parts.places.items()},
        accuracies=ended.accuracies,
        verdict=ended.verdict,
        network=ended.network,
        on_all_images=ended.on_all_images,
        minutes=task.budget.seconds / 60,
        seconds=task.budget.elapsed,
        alpha=climbing.ALPHA,
    )
