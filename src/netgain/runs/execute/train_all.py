"""Trains what a store lacks of some recipes' runs, keeps each run as it finishes, and gives them all."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import replace
from typing import Any, NamedTuple

from netgain.data.items import Items
from netgain.engine.kernels import TOGETHER
from netgain.errors import ClusterError, ComputerError, TrainingError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.cluster import ClusterPool
from netgain.runs.execute.images import for_processes
from netgain.runs.execute.job import train_task
from netgain.runs.execute.kernel_sets import kernels_elsewhere
from netgain.runs.execute.open_cluster import cluster_pool
from netgain.runs.execute.options import Means
from netgain.runs.execute.plan import PlannedRun, make_plan, runs_of
from netgain.runs.execute.pool import CorePool, PreemptedError, core_pool, num_workers
from netgain.runs.execute.progress import Progress
from netgain.runs.execute.sharing import SECONDS_BETWEEN_LOOKS, Group, Waiting, most_on_the_way, waiting
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.store import RunKey, Store

ATTEMPTS = 3
"""A run whose worker dies is repeated twice, then given up; it is not kept as failed, as another try may succeed."""

PREEMPTIONS = 20
"""The same for a worker that was ended from outside: nothing says that the run would end the next one, too."""

MOST_TOGETHER = 64
"""Seeds of a recipe that a graphics card trains at once: it is full with them, and its memory may be with more."""

Order = Callable[[Group], Future[Any]]
"""Gives a group to a worker."""

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
        ClusterError: where the cluster cannot be used, or is lost. Runs written before are safe.
    """
    plan = make_plan(recipes, seeds, data, means.store, means.options.retry_failed, means.kernels)
    finished, num_trained = dict(plan.done), 0
    if plan.missing:
        if means.store:
            means.store.check_writable()
            _say_what_is_trained_anew(plan.missing, means.store, means)
        with with_workers(means, len(plan.missing)) as staffed, _orders(data, staffed) as order:
            for done in _train_all(plan.missing, order, staffed):
                if means.store and done.is_lasting:
                    means.store.add(done.result, done.planned.recipe)
                finished[done.planned.key] = done.result
                num_trained += done.is_trained
    keys = {name: [planned.key for planned in plan.planned if planned.arm == name] for name in recipes}
    runs = {name: runs_of(recipe, keys[name], finished) for name, recipe in recipes.items()}
    _check_something_finished(runs)
    return runs, num_trained


def _say_what_is_trained_anew(missing: Sequence[PlannedRun], store: Store, means: Means) -> None:
    elsewhere = kernels_elsewhere([planned.key for planned in missing], store)
    if elsewhere:
        means.show.trained_anew(elsewhere, means.kernels)


@contextlib.contextmanager
def with_workers(means: Means, num_runs: int) -> Iterator[Means]:
    """The means with an executor for this many runs.

    The user's executor is left as it is. A pool of our own is gone afterwards, however this ends; its workers start
    with their first tasks.

    Raises:
        RecipeError, ClusterError: as :func:`netgain.runs.execute.open_cluster.cluster_pool`.
    """
    options = means.options
    if options.executor:
        yield means
        return
    with (
        core_pool(min(num_workers(options.workers), num_runs))
        if options.cluster is None
        else cluster_pool(options.cluster) as pool
    ):
        yield means._replace(options=replace(options, executor=pool, cluster=None))


@contextlib.contextmanager
def _orders(data: Items, means: Means) -> Iterator[Order]:
    """How a group of runs is given to a worker. The images go by name, in a file, or through Dask."""
    show, kernels, pool = means.show, means.kernels, means.options.executor
    assert pool is not None

    def on_post(group: Group) -> Callable[[Sequence[EpochReport]], None]:
        return lambda reports: _show_epochs(show, group, reports)

    if isinstance(pool, ClusterPool):
        yield lambda group: pool.train(group[0].recipe, seeds_of(group), kernels, data, on_post(group))
        return
    with for_processes(data) as dataset_name:

        def order(group: Group) -> Future[Any]:
            recipe = group[0].recipe
            if dataset_name:
                recipe = recipe.change("dataset", dataset_name)
            task = (train_task, recipe, seeds_of(group), kernels)
            if isinstance(pool, CorePool):
                return pool.submit(*task, on_post=on_post(group))
            return pool.submit(*task)

        yield order


class _Done(NamedTuple):
    """A run that is done: whether it was trained here, and is to be kept.

    A failure that the computer is to blame for is not kept.
    """

    planned: PlannedRun
    result: RunResult
    is_trained: bool = True
    is_lasting: bool = True


def _train_all(missing: list[PlannedRun], order: Order, means: Means) -> Iterator[_Done]:
    """The runs as they finish, here or where another program trains them. What a worker had that died is repeated.

    Raises:
        ClusterError: where no worker can train any more.
    """
    attempts: Counter[tuple[RunKey, bool]] = Counter()
    show, in_groups = means.show, groups(missing, means.kernels)
    most, running = most_on_the_way(means.options.executor), dict[Future[Any], Group]()
    with show.study(missing), waiting(in_groups, means.store, means.options.retry_failed) as queue:
        while queue or running:
            while len(running) < most and (group := queue.take()):
                running[order(group)] = group
            yield from _trained_elsewhere(queue, show)
            for future in _ready(running, queue, most, show):
                group = running.pop(future)
                error = future.exception()
                if isinstance(error, ClusterError):
                    raise error
                is_innocent = isinstance(error, PreemptedError)
                attempts.update((planned.key, is_innocent) for planned in group)
                tried = attempts[group[0].key, is_innocent]
                if isinstance(error, BrokenExecutor) and tried < (PREEMPTIONS if is_innocent else ATTEMPTS):
                    for planned in group:
                        show.repeated(planned, str(error))
                    running[order(group)] = group
                    continue
                results = future.result() if error is None else None
                for number, planned in enumerate(group):
                    result = results[number] if results else _failed(planned, error, tried)
                    show.finished(planned, result)
                    yield _Done(planned, result, is_lasting=not isinstance(error, BrokenExecutor | ComputerError))
                queue.give_back(group)  # now they are in the store


def _trained_elsewhere(queue: Waiting, show: Progress) -> Iterator[_Done]:
    for planned, result in queue.found():
        show.finished(planned, result)
        yield _Done(planned, result, is_trained=False, is_lasting=False)


def _ready(running: Mapping[Future[Any], Group], queue: Waiting, most: int, show: Progress) -> set[Future[Any]]:
    """Those of the running that are done; after a second none, where others train what waits here."""
    if not running and queue:
        show.elsewhere(len(queue))
        time.sleep(SECONDS_BETWEEN_LOOKS)
    others_train = queue and len(running) < most
    return wait(running, SECONDS_BETWEEN_LOOKS if others_train else None, FIRST_COMPLETED).done


def seeds_of(group: Group) -> list[int]:
    """The seeds of a group's runs."""
    return [planned.seed for planned in group]


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
