"""Trains one network, or another learner: recipe and seed in, record out. It drives the task and knows no more."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from netgain.engine import native
from netgain.engine.ambient import standard_jax
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import PLAIN_JAX
from netgain.engine.machine import describe_machine, describe_versions
from netgain.engine.versions import engine_version
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import EpochReport, History, RunResult, RunStatus
from netgain.tasks.catalogue import task_of
from netgain.tasks.task import PARTS, Metrics, Task

OnEpoch = Callable[[EpochReport], None]
OnState = Callable[[Any], None]


def train(
    recipe: AbstractRecipe,
    seed: int,
    *,
    kernels: str | None = None,
    compiled: CompiledFunctions | None = None,
    watch_test: bool = False,
    keep_model: bool = True,
    on_epoch: OnEpoch | None = None,
    on_state: OnState | None = None,
) -> RunResult:
    """Train a recipe once, in this process, from any of its threads.

    Args:
        recipe: what to train.
        seed: decides everything random; the same recipe, seed, versions, kernels and kind of computer give the same
            numbers to the last bit.
        kernels: one of :data:`netgain.engine.kernels.KERNEL_SETS`; by default what is in use.
        compiled: the functions that were compiled for other seeds, to use and add to; none by default.
        watch_test: record loss and accuracy on the test items each epoch, for display only: nothing is
            decided by them.
        keep_model: keep the trained network in the result as the bytes of a `.keras` file.
        on_epoch: called after every epoch.
        on_state: called before the first epoch and after every one, with the task's state, whose memory the next
            epoch takes over.

    Raises:
        DataError: where the data cannot be had or is too small for the recipe.
        RecipeError: where the recipe cannot be trained on it.
        TrainingError: where the saved network of a user's own model gives different answers than the trained one.
        ComputerError: where this computer lacks the kernels.
    """
    task = task_of(recipe)
    data = task.load(recipe)
    used = (kernels or native.used()) if task.uses_kernels else PLAIN_JAX
    watched = tuple(part for part in ("validation", "test") if part == "validation" or watch_test)
    with native.using(used), standard_jax():
        started = time.perf_counter()
        state = task.init(recipe, data, seed, compiled or CompiledFunctions())
        initialised = time.perf_counter()
        trained = _train_epochs(task, recipe, state, watched, on_epoch, on_state)
        evaluations = {part: task.evaluate(trained.state, part) for part in reversed(PARTS)}
        answers = {part: _at_hand(found.scores) for part, found in evaluations.items() if found is not None}
        finished = time.perf_counter()
        outcome = task.judge(trained.state, answers)
        model = task.save(trained.state, outcome) if keep_model else b""
    return RunResult(
        recipe_digest=recipe.digest,
        seed=seed,
        dataset_digest=data.digest,
        engine_version=engine_version(used if task.uses_kernels else None),
        **{name: getattr(trained, name) for name in ("status", "history", "best_epoch")},
        **outcome._asdict(),
        compile_seconds=initialised - started,
        run_seconds=finished - initialised,
        versions=describe_versions(),
        machine=describe_machine(used),
        model=model,
    )


class _Trained(NamedTuple):
    state: Any
    status: RunStatus
    history: History
    best_epoch: int


def _train_epochs(
    task: Task,
    recipe: AbstractRecipe,
    state: Any,
    watched: tuple[str, ...],
    on_epoch: OnEpoch | None,
    on_state: OnState | None,
) -> _Trained:
    """The epochs until the last, the divergence or the early stop."""
    history: History = {}
    watcher, status, number = _BestState(task, recipe.stops_early), RunStatus.FINISHED, 0
    if on_state:
        on_state(state)
    for number in range(1, recipe.num_epochs + 1):
        state, metrics = task.epoch(state)
        now = {"train": metrics}
        if on_state:
            on_state(state)
        for part in watched:
            if evaluation := task.evaluate(state, part):
                now[part] = evaluation.metrics
        _add(history, now)
        if on_epoch:
            on_epoch(EpochReport(number, recipe.num_epochs, now))
        if not all(math.isfinite(value) for value in metrics.values()):
            status = RunStatus.DIVERGED
            break
        if watcher.should_stop(number, state, now):
            status = RunStatus.STOPPED_EARLY
            break
    if watcher.state is not None and status is not RunStatus.DIVERGED:
        state = watcher.state
    return _Trained(state, status, history, watcher.epoch or number)


def _add(history: History, now: dict[str, Metrics]) -> None:
    for part, metrics in now.items():
        columns = history.setdefault(part, {})
        for name, value in metrics.items():
            columns.setdefault(name, []).append(value)


def _at_hand(scores: Any) -> Any:
    """The scores once they are there: what computes on a device may still be on its way."""
    return scores.block_until_ready() if hasattr(scores, "block_until_ready") else scores


class _BestState:
    """Early stopping: remembers the best epoch's state and says when patience has run out."""

    def __init__(self, task: Task, rule: EarlyStopping | None) -> None:
        self._task, self._rule = task, rule
        self._best = math.inf
        self.epoch: int | None = None
        self.state: Any = None

    def should_stop(self, epoch: int, state: Any, now: dict[str, Metrics]) -> bool:
        if self._rule is None:
            return False
        value = self._rule.watched(now["validation"])
        if value < self._best - self._rule.min_delta:
            self._best, self.epoch = value, epoch
            self.state = self._task.kept(state)
        return epoch - (self.epoch or 0) >= self._rule.patience
