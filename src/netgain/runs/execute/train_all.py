"""Trains what a store lacks of some recipes' runs, keeps each run as it finishes, and gives them all."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from netgain.data import Dataset, StringDataset, is_named, load_dataset, load_strings
from netgain.data.items import Items
from netgain.engine.kernels import TOGETHER
from netgain.errors import ComputerError, TrainingError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.job import train_task
from netgain.runs.execute.kernel_sets import kernels_elsewhere
from netgain.runs.execute.options import Means
from netgain.runs.execute.plan import PlannedRun, make_plan, runs_of
from netgain.runs.execute.pool import CorePool, core_pool, num_workers
from netgain.runs.execute.progress import Progress
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.store import RunKey, Store

ATTEMPTS = 3
"""A run whose worker dies is repeated twice, then given up; it is not kept as failed, as another try may succeed."""

MOST_TOGETHER = 64
"""Seeds of a recipe that a graphics card trains at once: it is full with them, and its memory may be with more."""

Group = tuple[PlannedRun, ...]
"""Runs of one recipe that a worker trains at once."""

Runs = dict[str, list[RunResult]]
"""Name of a recipe -> its runs, one per seed."""

_BOLD = re.compile(r"\x1b\[\d*m")


def trained_runs(
    recipes: Mapping[str, AbstractRecipe], data: Items, seeds: Sequence[int], means: Means
) -> tuple[Runs, int]:
    """Every recipe's runs by name, and how many of them were trained now.

    Raises:
        DataError, RecipeError: where a recipe cannot be trained on the data; found before anything runs.
        StoreError: where a finished run cannot be kept. Runs written before are safe.
        TrainingError: where every run of a recipe failed.
    """
    plan = make_plan(recipes, seeds, data, means.store, means.options.retry_failed, means.kernels)
    finished = dict(plan.done)
    if plan.missing:
        if means.store:
            means.store.check_writable()
            _say_what_is_trained_anew(plan.missing, means.store, means)
        with with_workers(means, len(plan.missing)) as staffed, _for_workers(data) as dataset_name:
            for planned, result, is_lasting in _train_all(plan.missing, dataset_name, staffed):
                if means.store and is_lasting:
                    means.store.add(result, planned.recipe)
                finished[planned.key] = result
    keys = {name: [planned.key for planned in plan.planned if planned.arm == name] for name in recipes}
    runs = {name: runs_of(recipe, keys[name], finished) for name, recipe in recipes.items()}
    _check_something_finished(runs)
    return runs, len(plan.missing)


def _say_what_is_trained_anew(missing: Sequence[PlannedRun], store: Store, means: Means) -> None:
    elsewhere = kernels_elsewhere([planned.key for planned in missing], store)
    if elsewhere:
        means.show.trained_anew(elsewhere, means.kernels)


@contextlib.contextmanager
def with_workers(means: Means, num_runs: int) -> Iterator[Means]:
    """The means with an executor for this many runs.

    The user's executor is left as it is. A pool of our own is gone afterwards, however this ends; its workers start
    with their first tasks.
    """
    if means.options.executor:
        yield means
        return
    with core_pool(min(num_workers(means.options.workers), num_runs)) as pool:
        yield means._replace(options=replace(means.options, executor=pool))


@contextlib.contextmanager
def _for_workers(dataset: Items) -> Iterator[str]:
    """How workers find images: by name, or in a temporary file that all of them read; empty where there are none."""
    if not isinstance(dataset, Dataset | StringDataset):
        yield ""
        return
    load = load_dataset if isinstance(dataset, Dataset) else load_strings
    if is_named(dataset.name) and load(dataset.name).digest == dataset.digest:
        yield dataset.name
        return
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "images.npz"
        dataset.save(path)
        yield str(path)


def _train_all(
    missing: list[PlannedRun], dataset_name: str, means: Means
) -> Iterator[tuple[PlannedRun, RunResult, bool]]:
    """The runs as they finish, and whether they are to be kept: a failure that the computer is to blame for is not.

    What a worker had that died is repeated.
    """
    attempts: Counter[RunKey] = Counter()
    show, pool = means.show, means.options.executor
    assert pool is not None

    def submit(group: Group) -> Future[Any]:
        attempts.update(planned.key for planned in group)
        recipe = group[0].recipe
        if dataset_name:
            recipe = recipe.change("dataset", dataset_name)
        task = (train_task, recipe, [planned.seed for planned in group], means.kernels)
        if isinstance(pool, CorePool):
            return pool.submit(*task, on_post=lambda reports: _show_epochs(show, group, reports))
        return pool.submit(*task)

    with show.study(missing):
        running = {submit(group): group for group in groups(missing, means.kernels)}
        while running:
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                group = running.pop(future)
                error = future.exception()
                if isinstance(error, BrokenExecutor) and attempts[group[0].key] < ATTEMPTS:
                    for planned in group:
                        show.repeated(planned, str(error))
                    running[submit(group)] = group
                    continue
                results = future.result() if error is None else None
                for number, planned in enumerate(group):
                    result = results[number] if results else _failed(planned, error, attempts[planned.key])
                    show.finished(planned, result)
                    yield planned, result, not isinstance(error, BrokenExecutor | ComputerError)


def groups(missing: Sequence[PlannedRun], kernels: str) -> list[Group]:
    """What a worker trains at once: one network, or where seeds are trained together, those of one recipe."""
    if kernels not in TOGETHER:
        return [(planned,) for planned in missing]
    by_recipe: dict[str, list[PlannedRun]] = {}
    for planned in missing:
        by_recipe.setdefault(planned.recipe.digest, []).append(planned)
    return [
        tuple(of_recipe[start : start + MOST_TOGETHER])
        for of_recipe in by_recipe.values()
        for start in range(0, len(of_recipe), MOST_TOGETHER)
    ]


def _show_epochs(show: Progress, group: Group, reports: Sequence[EpochReport]) -> None:
    for planned, report in zip(group, reports, strict=True):
        show.epoch(planned, report)


def _failed(planned: PlannedRun, error: BaseException | None, attempts: int) -> RunResult:
    tried = f", tried {attempts} times" if attempts > 1 else ""
    said = " ".join(_BOLD.sub("", str(error)).split()).removesuffix(":")  # Keras writes several lines, some in bold
    return RunResult(
        **planned.key._asdict(),
        status=RunStatus.FAILED,
        failure=f"{said or type(error).__name__}{tried}",
    )


def _check_something_finished(runs: dict[str, list[RunResult]]) -> None:
    for name, results in runs.items():
        if all(result.status is RunStatus.FAILED for result in results):
            raise TrainingError(
                f"every run of {name!r} ({len(results)}) failed, so nothing can be judged; the first failed with: "
                f"{results[0].failure}. Correct the cause and start again, with retry_failed=True (--retry-failed) for "
                "failures of the network itself, which the store keeps"
            )
