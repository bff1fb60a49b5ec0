"""Trains the candidates of a climb, with the store and the workers of every study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from netgain.data import Dataset
from netgain.data.four_parts import FourParts
from netgain.errors import DataError, RecipeError, TrainingError
from netgain.experiment.moves import Candidate
from netgain.experiment.sizes import with_images
from netgain.results.improve.laboratory import Part, Trial
from netgain.runs.execute.options import Means
from netgain.runs.execute.plan import run_key
from netgain.runs.execute.train_all import trained_runs
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.tasks.catalogue import task_of

LEAST_EPOCHS = 8
"""Fewer epochs than this are not shortened: what is learnt in one or two says little."""

UNKNOWN = 1.5
"""A recipe that was never trained may take this many times the start's seconds per update."""

CALL_SECONDS = 0.5
"""To hand networks to the workers and to take them back."""


class Workshop:
    """Trains the recipes of a climb on the images to fit, and the last ones on all training images.

    Args:
        dataset: the user's, with the test images, which only :meth:`final` uses.
        parts: its training images in three parts.
        means: a store, which must be there, and an executor.
        at_once: networks that the executor trains at the same time.
    """

    def __init__(self, dataset: Dataset, parts: FourParts, means: Means, at_once: int) -> None:
        assert means.store is not None
        self.dataset, self.at_once = dataset, at_once
        self._parts, self._means, self._store = parts, means, means.store
        self._refused: dict[str, str] = {}
        self._per_epoch: dict[str, float] = {}  # by the digest of the recipe on the images to fit, with one epoch
        self._start = 0.0, 1  # seconds per epoch of the start, and its images per update
        self._compiled: list[float] = []  # seconds to compile, the first with all that a worker imports

    @property
    def store(self) -> Store:
        """Where the networks are."""
        return self._store

    def probe(self, start: Any) -> RunKey:
        """Train the start for an epoch and for two, to know how long it takes; the key of the first run, which the
        store has then. The first also tells how long a worker imports, the second how long a recipe compiles.

        Raises:
            RecipeError, DataError, TrainingError: where it cannot be trained.
        """
        recipe, data = self.adapted(start, "select", 1.0), self._parts.select
        first = {}
        for epochs in (1, 2):
            short = recipe.change("epochs", epochs)
            first[epochs], _ = trained_runs({"the start": short}, data, [0], self._means)
            self._note(short, first[epochs]["the start"])
        self._start = self._per_epoch[recipe.change("epochs", 1).digest], recipe.batch_size
        return RunKey.of(first[1]["the start"][0])

    def groups(self, part: Part) -> np.ndarray | None:
        return self._data(part).test_groups

    def refuses(self, candidate: Candidate[Any]) -> str:
        recipe = self.adapted(candidate.recipe, "select", 1.0)
        if recipe.digest not in self._refused:
            try:
                task_of(recipe).check(recipe, self._parts.select)
                task_of(recipe).try_out(recipe, self._parts.select)
                self._refused[recipe.digest] = ""
            except (RecipeError, DataError) as error:
                self._refused[recipe.digest] = str(error)
        return self._refused[recipe.digest]

    def cost(self, part: Part, candidates: Sequence[Candidate[Any]], seeds: Sequence[int], share: float) -> float:
        recipes, data = [self.adapted(one.recipe, part, share) for one in candidates], self._data(part)
        keys = [run_key(recipe, 0, data, self._means.kernels) for recipe in recipes]
        versions = {key.engine_version for key in keys}
        there = self._store.seeds((key.recipe_digest for key in keys), versions, data.digest)
        each: list[float] = []
        for recipe, key in zip(recipes, keys, strict=True):
            kept = there.get(key.recipe_digest, {}).get(key.engine_version, [])
            each += self._each(self._seconds(recipe), len(set(seeds) - set(kept)))
        return self._wall(each)

    def trials(
        self, part: Part, candidates: Sequence[Candidate[Any]], seeds: Sequence[int], share: float = 1.0
    ) -> list[Trial]:
        data = self._data(part)
        recipes = {str(number): self.adapted(one.recipe, part, share) for number, one in enumerate(candidates)}
        return [self._trial(found, data) for found in self._trained(recipes, data, seeds).values()]

    def final_cost(self, candidate: Candidate[Any], num_seeds: int = 1) -> float:
        """Seconds to train so many networks of the start, and of a candidate that is another recipe, on all images."""
        recipe = self.adapted(candidate.recipe, "confirm", 1.0)
        more = self.dataset.num_train / self._parts.confirm.num_train
        start = self._start[0] * recipe.num_epochs
        runs = [self._seconds(recipe), *([start] if candidate.moves else [])]
        return self._wall([seconds for run in runs for seconds in self._each(more * run, num_seeds)])

    def final(self, recipes: dict[str, Any], seeds: Sequence[int]) -> dict[str, list[RunResult]]:
        """The networks trained on all training images. This opens the test part."""
        on_all = {name: recipe.change("dataset", self.dataset) for name, recipe in recipes.items()}
        return trained_runs(on_all, self.dataset, seeds, self._means)[0]

    def network_there(self, recipe: Any, seeds: Sequence[int]) -> RunResult | None:
        """A run of the recipe that the store has: one that confirmed, else one that selected."""
        parts: tuple[Part, ...] = ("confirm", "select")
        for part, seed in zip(parts, seeds, strict=True):
            data = self._data(part)
            key = run_key(self.adapted(recipe, part, 1.0), seed, data, self._means.kernels)
            found = self._store.find([key])
            if key in found and found[key].status is not RunStatus.FAILED:
                return found[key]
        return None

    def adapted(self, recipe: Any, part: Part, share: float) -> Any:
        """The recipe on the images to fit: its numbers of images in proportion, and a share of its epochs."""
        data = self._data(part)
        fraction = data.num_train / self.dataset.num_train
        fitted = with_images(recipe, (fraction, 1.0 if data.num_validation else fraction)).change("dataset", data)
        epochs = recipe.num_epochs
        return fitted.change("epochs", round(share * epochs)) if share < 1 and epochs >= LEAST_EPOCHS else fitted

    def _data(self, part: Part) -> Dataset:
        return self._parts.select if part == "select" else self._parts.confirm

    def _trained(self, recipes: dict[str, Any], data: Dataset, seeds: Sequence[int]) -> dict[str, Any]:
        """The runs of each recipe, or why it has none: one that fails must not take the others with it."""
        try:
            found: dict[str, Any] = dict(trained_runs(recipes, data, seeds, self._means)[0])
        except TrainingError as error:
            if len(recipes) == 1:
                return {name: str(error) for name in recipes}
            found = {}
            for name, recipe in recipes.items():
                found |= self._trained({name: recipe}, data, seeds)
        for name, recipe in recipes.items():
            if not isinstance(found[name], str):
                self._note(recipe, found[name])
        return found

    def _trial(self, found: list[RunResult] | str, data: Dataset) -> Trial:
        if isinstance(found, str):
            return Trial(np.zeros((0, data.num_test), bool), 0.0, found)
        judged = [run for run in found if run.status is not RunStatus.FAILED]
        seconds = [run.compile_seconds + run.run_seconds for run in judged]
        return Trial(np.stack([run.right for run in judged]), float(np.mean(seconds)))

    def _note(self, recipe: Any, runs: Sequence[RunResult]) -> None:
        seconds = [run.run_seconds for run in runs if run.status is not RunStatus.FAILED]
        self._per_epoch[recipe.change("epochs", 1).digest] = float(np.mean(seconds)) / recipe.num_epochs
        self._compiled.append(max(run.compile_seconds for run in runs))

    def _seconds(self, recipe: Any) -> float:
        """Seconds to train a recipe on the images to fit: as it took before, or at most so long by its updates."""
        per_epoch, batch = self._start
        unknown = per_epoch * UNKNOWN * max(1.0, batch / recipe.batch_size)
        return recipe.num_epochs * self._per_epoch.get(recipe.change("epochs", 1).digest, unknown)

    def _each(self, seconds: float, num_runs: int) -> list[float]:
        """Seconds of so many networks of one recipe, which every worker compiles once."""
        compiling = float(np.mean(self._compiled[1:] or self._compiled[:1] or [0.0]))
        return [seconds + (compiling if number < self.at_once else 0.0) for number in range(num_runs)]

    def _wall(self, seconds: Sequence[float]) -> float:
        """Seconds until networks that take so long are trained, as many at once as there are workers."""
        return max(sum(seconds) / self.at_once, *seconds) + CALL_SECONDS if seconds else 0.0
