"""Runs a study: plans it, trains what is missing, writes each run to the store, gives the result."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from operator import index
from pathlib import Path
from typing import Any, Literal, NamedTuple, overload

from netgain.data import Dataset, list_sources, load_dataset
from netgain.demonstration import Demonstration, DemonstrationInput, DemonstrationResult
from netgain.engine.kernels import kernels_to_use
from netgain.engine.setup import prepare_jax
from netgain.errors import ComputerError, RecipeError, TrainingError
from netgain.execute.kernel_sets import kernels_elsewhere
from netgain.execute.plan import PlannedRun, make_plan, runs_of
from netgain.execute.pool import CorePool, available_cores
from netgain.execute.progress import NoProgress, Progress
from netgain.execute.task import train_task
from netgain.execute.trained import to_be_examined
from netgain.execute.until_known import run_until_known
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus, StudyResult
from netgain.store import RunKey, Store
from netgain.study import BASELINE, Study

ATTEMPTS = 3
"""A run whose worker dies is repeated twice, then given up; it is not kept as failed, as another try may succeed."""

DEFAULT_STORE = "netgain.db"

UNTIL_KNOWN = "until-known"

MOST_SEEDS = 10_000

_BOLD = re.compile(r"\x1b\[\d*m")


@overload
def run(
    study: Study,
    seeds: int | Sequence[int] | Literal["until-known"] = 5,
    *,
    store: Store | str | Path | None = DEFAULT_STORE,
    workers: int | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> StudyResult: ...


@overload
def run(
    study: Demonstration,
    seeds: int | Sequence[int] = 5,
    *,
    store: Store | str | Path | None = DEFAULT_STORE,
    workers: int | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> DemonstrationResult: ...


def run(
    study: Study | Demonstration,
    seeds: int | Sequence[int] | Literal["until-known"] = 5,
    *,
    store: Store | str | Path | None = DEFAULT_STORE,
    workers: int | None = None,
    executor: Executor | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> StudyResult | DemonstrationResult:
    """Train every arm of a study with every seed, as far as the store lacks the run, and judge.

    Args:
        study: what to run; a demonstration's networks are trained alike, then examined.
        seeds: how many (0, 1, 2, …) or which; a verdict needs 5. "until-known" gives the arms 5, 8, 12 and
            at last 20 seeds, each until it is decided, with p-values that stay honest.
        store: where finished runs are kept and looked up: a file, a database URL, or None to keep nothing.
        workers: processes that train at once, one thread each; by default one a core.
        executor: train on these workers instead (Dask's, say); then `workers` says nothing.
        retry_failed: train runs again that the store holds as failed.
        progress: what to show meanwhile; nothing by default.

    Raises:
        DataError, RecipeError: where the study cannot be trained on its images; found before anything runs.
        StoreError: where a finished run cannot be kept. Runs written before are safe.
        TrainingError: where every run of an arm failed, or NETGAIN_KERNELS names kernels that this computer lacks.
    """
    keep = Store(store) if isinstance(store, str | Path) else store
    how = How(keep, kernels_to_use(), progress or NoProgress(), workers, executor, retry_failed)
    until_known = isinstance(seeds, str) and seeds == UNTIL_KNOWN
    if isinstance(study, Demonstration):
        if until_known:
            message = "'until-known' needs arms to compare; a demonstration has none: give a number"
            raise RecipeError("call of run", [("seeds", message)])
        return run_demonstration(study, _checked_seeds(seeds), how)
    if until_known:
        return run_until_known(study, lambda part, num_seeds: _run_fixed(part, list(range(num_seeds)), how))
    return _run_fixed(study, _checked_seeds(seeds), how)


class How(NamedTuple):
    """Where finished runs are kept, with which kernels and by whom the others are trained."""

    store: Store | None
    kernels: str
    show: Progress
    workers: int | None = None
    executor: Executor | None = None
    retry_failed: bool = False


def _run_fixed(study: Study, seeds: list[int], how: How) -> StudyResult:
    """Train what the store lacks of these seeds."""
    started = time.perf_counter()
    dataset = load_dataset(study.baseline.dataset)
    runs, num_trained = _trained(study.recipes, dataset, seeds, how)
    if study.examine:
        prepare_jax()
        runs = to_be_examined(study, runs, dataset, how.store, how.show)
    return StudyResult(
        study=study,
        dataset=dataset,
        runs=runs,
        num_trained=num_trained,
        seconds=time.perf_counter() - started,
    )


def run_demonstration(demonstration: Demonstration, seeds: list[int], how: How) -> DemonstrationResult:
    """Train what the store lacks of a demonstration's recipes, and examine the networks in this process."""
    started = time.perf_counter()
    dataset, runs, num_trained = None, {}, 0
    for recipe in list(demonstration.recipes.values())[:1]:
        dataset = load_dataset(recipe.dataset)
        runs, num_trained = _trained(demonstration.recipes, dataset, seeds, how)
    prepare_jax()
    runs = to_be_examined(demonstration, runs, dataset, how.store, how.show)
    given = DemonstrationInput(demonstration=demonstration, seeds=tuple(seeds), dataset=dataset, runs=runs)
    return DemonstrationResult(
        demonstration=demonstration,
        seeds=given.seeds,
        dataset=dataset,
        runs=given.runs,
        findings=demonstration.examine(given),
        num_trained=num_trained,
        seconds=time.perf_counter() - started,
    )


def _trained(
    recipes: Mapping[str, Recipe], dataset: Dataset, seeds: list[int], how: How
) -> tuple[dict[str, list[RunResult]], int]:
    """Every recipe's runs by name, and how many of them were trained now."""
    plan = make_plan(recipes, seeds, dataset, how.store, how.retry_failed, how.kernels)
    finished = dict(plan.done)
    if plan.missing:
        if how.store:
            how.store.check_writable()
            _say_what_is_trained_anew(plan.missing, how.store, how)
        with _executor(how.executor, how.workers, len(plan.missing)) as pool, _for_workers(dataset) as dataset_name:
            for planned, result, is_lasting in _train_all(pool, plan.missing, dataset_name, how):
                if how.store and is_lasting:
                    how.store.add(result, planned.recipe)
                finished[planned.key] = result
    keys = {name: [planned.key for planned in plan.planned if planned.arm == name] for name in recipes}
    runs = {name: runs_of(recipe, keys[name], finished) for name, recipe in recipes.items()}
    _check_something_finished(runs)
    return runs, len(plan.missing)


def _say_what_is_trained_anew(missing: Sequence[PlannedRun], store: Store, how: How) -> None:
    elsewhere = kernels_elsewhere([planned.key for planned in missing], store)
    if elsewhere:
        how.show.trained_anew(elsewhere, how.kernels)


def train(recipe: Recipe, seed: int = 0, *, store: Store | str | Path | None = None) -> RunResult:
    """Train one network in a process of its own, or find it in the store.

    >>> import netgain as ng
    >>> result = ng.train(ng.Recipe(dataset="digits", network=ng.MLP(), optimizer="adam", epochs=1))
    >>> len(result.history["loss"])
    1
    """
    result = run(Study("train", baseline=recipe), [seed], store=store, workers=1)
    return result.runs[BASELINE][0]


def _checked_seeds(seeds: Any) -> list[int]:
    message = f"must be a number from 1 to {MOST_SEEDS:,}, or different whole numbers from 0; received {seeds!r}"
    try:
        chosen = list(range(min(seeds, MOST_SEEDS + 1))) if isinstance(seeds, int) else [index(seed) for seed in seeds]
    except TypeError:
        chosen = []
    right = all(0 <= seed < 2**31 for seed in chosen) and len(set(chosen)) == len(chosen) <= MOST_SEEDS
    if isinstance(seeds, bool) or not chosen or not right:
        raise RecipeError("call of run", [("seeds", message)])
    return chosen


@contextlib.contextmanager
def _executor(given: Executor | None, workers: int | None, num_runs: int) -> Iterator[Executor]:
    """The user's executor, left as it is, or a pool of our own, which is gone afterwards however this ends."""
    if given:
        yield given
        return
    if workers is not None and workers < 1:
        raise RecipeError("call of run", [("workers", f"must be 1 or more; received {workers}")])
    pool = CorePool(min(workers or available_cores(), num_runs))
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


@contextlib.contextmanager
def _for_workers(dataset: Dataset) -> Iterator[str]:
    """How workers find the images: by name, or in a temporary file that all of them read."""
    named = dataset.name in {source.name for source in list_sources()}
    if named and load_dataset(dataset.name).digest == dataset.digest:
        yield dataset.name
        return
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "images.npz"
        dataset.save(path)
        yield str(path)


def _train_all(
    pool: Executor, missing: list[PlannedRun], dataset_name: str, how: How
) -> Iterator[tuple[PlannedRun, RunResult, bool]]:
    """The runs as they finish, and whether they are to be kept: a failure that the computer is to blame for is not.

    A run whose worker died is repeated.
    """
    attempts: Counter[RunKey] = Counter()
    show = how.show

    def submit(planned: PlannedRun) -> Future[Any]:
        attempts[planned.key] += 1
        task = (train_task, planned.recipe.change("dataset", dataset_name), planned.seed, how.kernels)
        if isinstance(pool, CorePool):
            return pool.submit(*task, on_post=lambda report: show.epoch(planned, report))
        return pool.submit(*task)

    with show.study(missing):
        running = {submit(planned): planned for planned in missing}
        while running:
            ready, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                planned = running.pop(future)
                error = future.exception()
                if isinstance(error, BrokenExecutor) and attempts[planned.key] < ATTEMPTS:
                    show.repeated(planned, str(error))
                    running[submit(planned)] = planned
                    continue
                result = future.result() if error is None else _failed(planned, error, attempts[planned.key])
                show.finished(planned, result)
                yield planned, result, not isinstance(error, BrokenExecutor | ComputerError)


def _failed(planned: PlannedRun, error: BaseException, attempts: int) -> RunResult:
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
                f"every run of {name!r} ({len(results)}) failed, so there is nothing to judge; the first said: "
                f"{results[0].failure}. Mend the cause and start again, with retry_failed=True (--retry-failed) for "
                "failures of the network itself, which the store keeps"
            )
