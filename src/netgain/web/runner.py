"""Runs studies for the page: one at a time in this process, however many browsers look on or have gone."""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, final

from netgain.errors import NetgainError, RecipeError
from netgain.experiment.question import Question
from netgain.results.run import run
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.plan import PlannedRun
from netgain.runs.execute.pool import CorePool, num_workers
from netgain.runs.record import EpochReport, History, RunResult
from netgain.runs.store import Store

MOST_WAITING = 20
READ_ONLY = "this page is read-only: it shows results and starts nothing; install netgain to run studies of your own"


class ReadOnlyError(NetgainError):
    """A read-only page that was asked to run something."""


class JobState(StrEnum):
    """The state of a study."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(eq=False)
class Job:
    """A study or demonstration that was asked for, and what is known of it so far.

    Attributes:
        number: its place in the order of asking, from 1.
        asked, seeds: what is run.
        state: whether it waits, runs or has ended.
        has_begun: whether it ever left the queue to run.
        curves: (arm, seed) -> the epochs that were told so far, in order.
        num_planned, num_done: networks to train, and those of them that are done.
        message: why it failed, or an empty string.
        result: what came out, once it is finished: of a study or of a demonstration, as it was asked.
    """

    number: int
    asked: Question
    seeds: int
    state: JobState = JobState.WAITING
    has_begun: bool = False
    curves: dict[tuple[str, int], list[EpochReport]] = field(default_factory=dict)
    num_planned: int = 0
    num_done: int = 0
    message: str = ""
    result: Any = None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in {JobState.FINISHED, JobState.STOPPED, JobState.FAILED}


class Runner:
    """A queue of studies and the thread that works through it. Every method may be called from any thread.

    Args:
        store: the file or database URL in which finished runs are kept.
        read_only: whether every study that is asked for is refused.
    """

    def __init__(self, store: str, *, read_only: bool = False) -> None:
        self.read_only = read_only
        self._where = store
        self._lock = threading.Lock()
        self._jobs: list[Job] = []
        self._numbers = itertools.count(1)
        self._waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._pool = CorePool(num_workers(None))  # starts processes only when there is something to train
        self._version = 0
        if not read_only:
            threading.Thread(target=self._work, name="netgain-runner", daemon=True).start()

    @property
    def version(self) -> int:
        """Grows whenever there is something new to show."""
        return self._version

    def jobs(self) -> list[Job]:
        """All studies asked for since the server started, the oldest first."""
        with self._lock:
            return list(self._jobs)

    def shown(self) -> Job | None:
        """The study to show: the one that runs, or else the last that did; None if no study has run."""
        begun = [job for job in self.jobs() if job.has_begun]
        return next((job for job in begun if not job.is_over), begun[-1] if begun else None)

    def check_may_start(self) -> None:
        """Refuse to start anything where the page is read-only: before an asked study is looked at at all.

        Raises:
            ReadOnlyError: there.
        """
        if self.read_only:
            raise ReadOnlyError(READ_ONLY)

    def start(self, asked: Question, seeds: int) -> Job:
        """Put a study at the end of the queue.

        Raises:
            ReadOnlyError: where the page is read-only.
            RecipeError: where more are waiting than anybody will wait for.
        """
        self.check_may_start()
        with self._lock:
            if sum(not job.is_over for job in self._jobs) >= MOST_WAITING:
                message = f"{MOST_WAITING} studies are already waiting; stop one, or wait until one is finished"
                raise RecipeError("study", [("", message)])
            job = Job(next(self._numbers), asked, seeds)
            self._jobs.append(job)
        self._waiting.put(job)
        self._changed()
        return job

    def stop(self, number: int) -> None:
        """Stop a study, or take it out of the queue; networks that are done stay in the store."""
        with self._lock:
            job = next((job for job in self._jobs if job.number == number), None)
            if job is None or job.is_over or job.state is JobState.STOPPING:
                return
            if job.state is JobState.WAITING:
                job.state = JobState.STOPPED
            else:
                job.state = JobState.STOPPING
                stopped, self._pool = self._pool, CorePool(num_workers(None))
                stopped.shutdown(wait=False, cancel_futures=True)
        self._changed()

    def close(self) -> None:
        """End the processes that train."""
        for job in self.jobs():
            self.stop(job.number)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _changed(self) -> None:
        self._version += 1

    def _work(self) -> None:
        while True:
            job = self._waiting.get()
            with self._lock:
                if job.is_over:
                    continue
                job.state, job.has_begun, pool = JobState.RUNNING, True, self._pool
            self._changed()
            self._run(job, pool)
            self._changed()

    def _run(self, job: Job, pool: CorePool) -> None:
        try:
            progress = _Watching(job, self._changed)
            options = RunOptions(store=Store(self._where), executor=pool, progress=progress)
            job.result = run(job.asked, job.seeds, options)
            job.state = JobState.FINISHED
        except (_Stopped, CancelledError):
            job.state = JobState.STOPPED
        except Exception as error:  # the thread must live on, whatever a study does
            stopped = job.state is JobState.STOPPING
            job.message = str(error) if isinstance(error, NetgainError) else f"{type(error).__name__}: {error}"
            job.state = JobState.STOPPED if stopped else JobState.FAILED


class _Stopped(Exception):  # noqa: N818 - no error: somebody pressed the button
    """The study was stopped while it trained."""


@final
class _Watching:
    """Writes into a job what a running study tells."""

    def __init__(self, job: Job, changed: Callable[[], None]) -> None:
        self._job = job
        self._changed = changed

    @contextlib.contextmanager
    def study(self, missing: Sequence[PlannedRun]) -> Iterator[None]:
        self._stop_if_asked()
        self._job.num_planned, self._job.num_done = len(missing), 0
        self._changed()
        yield

    def epoch(self, planned: PlannedRun, report: EpochReport) -> None:
        if report.epoch:  # what is being compiled has no curve yet
            self._job.curves.setdefault((planned.arm, planned.seed), []).append(report)
            self._changed()

    def repeated(self, planned: PlannedRun, why: str) -> None:
        self._stop_if_asked()
        self._job.curves.pop((planned.arm, planned.seed), None)
        self._changed()

    def finished(self, planned: PlannedRun, result: RunResult) -> None:
        self._stop_if_asked()
        self._job.num_done += 1
        self._job.curves[planned.arm, planned.seed] = [
            EpochReport(epoch, planned.recipe.num_epochs, _measured_at(epoch, result.history))
            for epoch in range(1, result.num_epochs + 1)
        ]
        self._changed()

    def trained_anew(self, elsewhere: Mapping[str, int], kernels: str) -> None: ...

    def elsewhere(self, num_networks: int) -> None:
        self._stop_if_asked()

    def measuring(self, num_networks: int) -> None:
        self._stop_if_asked()

    def _stop_if_asked(self) -> None:
        """A stopped pool ends its trainings: these are not failed runs and must not be recorded as failed."""
        if self._job.state is JobState.STOPPING:
            raise _Stopped


def _measured_at(epoch: int, history: History) -> dict[str, dict[str, float]]:
    """What was measured after an epoch, counted from 1, by part and name."""
    return {part: {name: values[epoch - 1] for name, values in columns.items()} for part, columns in history.items()}
