"""Trains one network, or another learner: recipe and seed in, record out. It drives the task and knows no more."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
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
from netgain.tasks.task import PARTS, Metrics, Task, Together

OnEpoch = Callable[[EpochReport], None]
OnEpochs = Callable[[list[EpochReport]], None]
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
    with native.using(used), standard_jax():
        started = time.perf_counter()
        state = task.init(recipe, data, seed, compiled or CompiledFunctions())
        initialised = time.perf_counter()
        trained = _train_epochs(task, recipe, state, _watched(watch_test), on_epoch, on_state)
        evaluations = {part: task.evaluate(trained.state, part) for part in reversed(PARTS)}
        answers = {part: _at_hand(found.scores) for part, found in evaluations.items() if found is not None}
        seconds = initialised - started, time.perf_counter() - initialised
        return _record(task, _Work(recipe, seed, data.digest, used), trained, answers, seconds, keep_model)


def train_together(
    recipe: AbstractRecipe,
    seeds: Sequence[int],
    *,
    kernels: str,
    compiled: CompiledFunctions | None = None,
    watch_test: bool = False,
    on_epochs: OnEpochs | None = None,
) -> list[RunResult]:
    """Train a recipe with many seeds at once, as a graphics card likes it; a run for each, as :func:`train` gives it.

    Numbers are those of the same seeds alone, but for rounding. The seconds of a run are its share. A task without such
    a way trains a seed after the other.

    Args:
        recipe: what to train.
        seeds: of the runs.
        kernels: one of :data:`netgain.engine.kernels.TOGETHER`.
        compiled: as of :func:`train`.
        watch_test: as of :func:`train`.
        on_epochs: called after every epoch with each seed's report.

    Raises:
        DataError, RecipeError, TrainingError, ComputerError: as :func:`train`.
    """
    task = task_of(recipe)
    data = task.load(recipe)
    used = kernels if task.uses_kernels else PLAIN_JAX
    with native.using(used), standard_jax():
        started = time.perf_counter()
        group = task.init_together(recipe, data, seeds, compiled or CompiledFunctions())
        initialised = time.perf_counter()
        if group is None:
            return [train(recipe, seed, compiled=compiled, watch_test=watch_test) for seed in seeds]
        trained = _train_epochs_together(recipe, group, len(seeds), _watched(watch_test), on_epochs)
        for number, one in enumerate(trained):
            group.restore(number, one.state)
        answers = _answers_together(group, len(seeds))
        finished = time.perf_counter()
        seconds = (initialised - started) / len(seeds), (finished - initialised) / len(seeds)
        work = [_Work(recipe, seed, data.digest, used) for seed in seeds]
        return [_record(task, *one, seconds, True) for one in zip(work, trained, answers, strict=True)]


class _Work(NamedTuple):
    """What was trained, and with which kernels."""

    recipe: AbstractRecipe
    seed: int
    dataset_digest: str
    kernels: str


def _watched(watch_test: bool) -> tuple[str, ...]:
    return ("validation", "test") if watch_test else ("validation",)


def _record(
    task: Task,
    work: _Work,
    trained: _Trained,
    answers: dict[str, Any],
    seconds: tuple[float, float],
    keep_model: bool,
) -> RunResult:
    outcome = task.judge(trained.state, answers)
    return RunResult(
        recipe_digest=work.recipe.digest,
        seed=work.seed,
        dataset_digest=work.dataset_digest,
        engine_version=engine_version(work.kernels if task.uses_kernels else None),
        **{name: getattr(trained, name) for name in ("status", "history", "best_epoch")},
        **outcome._asdict(),
        compile_seconds=seconds[0],
        run_seconds=seconds[1],
        versions=describe_versions(),
        machine=describe_machine(work.kernels),
        model=task.save(trained.state, outcome) if keep_model else b"",
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
    course = _Course(recipe.stops_early)
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
        course.add(number, now, lambda of_epoch=state: task.kept(of_epoch))
        if on_epoch:
            on_epoch(EpochReport(number, recipe.num_epochs, now))
        if course.is_over:
            break
    return course.trained(state)


def _train_epochs_together(
    recipe: AbstractRecipe, group: Together, size: int, watched: tuple[str, ...], on_epochs: OnEpochs | None
) -> list[_Trained]:
    """The same for each of a group: they go on together until the last is over, and each leaves when it is."""
    courses, left = [_Course(recipe.stops_early) for _ in range(size)], {}
    for number in range(1, recipe.num_epochs + 1):
        measured = {"train": group.epoch()}
        for part in watched:
            if evaluations := group.evaluate(part):
                measured[part] = [evaluation.metrics for evaluation in evaluations]
        reports = [{part: values[i] for part, values in measured.items()} for i in range(size)]
        for i in [i for i in range(size) if i not in left]:
            courses[i].add(number, reports[i], lambda member=i: group.member(member))
            if courses[i].is_over:
                left[i] = courses[i].trained(group.member(i))
        if on_epochs:
            on_epochs([EpochReport(number, recipe.num_epochs, report) for report in reports])
        if len(left) == size:
            break
    return [left[i] if i in left else courses[i].trained(group.member(i)) for i in range(size)]


def _answers_together(group: Together, size: int) -> list[dict[str, Any]]:
    """Each learner's scores on every part that there is."""
    answers: list[dict[str, Any]] = [{} for _ in range(size)]
    for part in reversed(PARTS):
        for own, evaluation in zip(answers, group.evaluate(part) or [None] * size, strict=True):
            if evaluation is not None:
                own[part] = evaluation.scores
    return answers


class _Course:
    """One learner's way through the epochs: what was measured, the best state, and whether it is over."""

    def __init__(self, rule: EarlyStopping | None) -> None:
        self._best, self._status, self._last = _BestState(rule), RunStatus.FINISHED, 0
        self._history: History = {}

    def add(self, number: int, now: dict[str, Metrics], keep: Callable[[], Any]) -> None:
        """Note an epoch's measurements; `keep` gives a copy of the state after it."""
        self._last = number
        _add(self._history, now)
        if not all(math.isfinite(value) for value in now["train"].values()):
            self._status = RunStatus.DIVERGED
        elif self._best.should_stop(number, now, keep):
            self._status = RunStatus.STOPPED_EARLY

    @property
    def is_over(self) -> bool:
        """Whether another epoch would be in vain."""
        return self._status is not RunStatus.FINISHED

    def trained(self, state: Any) -> _Trained:
        """What comes of it, where the state is this after the last epoch."""
        best = self._best
        if best.state is not None and self._status is not RunStatus.DIVERGED:
            state = best.state
        return _Trained(state, self._status, self._history, best.epoch or self._last)


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

    def __init__(self, rule: EarlyStopping | None) -> None:
        self._rule = rule
        self._best = math.inf
        self.epoch: int | None = None
        self.state: Any = None

    def should_stop(self, epoch: int, now: dict[str, Metrics], keep: Callable[[], Any]) -> bool:
        if self._rule is None:
            return False
        value = self._rule.watched(now["validation"])
        if value < self._best - self._rule.min_delta:
            self._best, self.epoch = value, epoch
            self.state = keep()
        return epoch - (self.epoch or 0) >= self._rule.patience
