"""A pool of worker processes, one per core, each limited to one thread; a worker that dies is replaced."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import IO, Any, NamedTuple

from netgain.engine.kernels import GPU, cards, kernels_to_use

Post = Callable[[Any], None]


class WorkerDiedError(BrokenExecutor):
    """The worker of this task died; the pool has replaced it and goes on."""


class PreemptedError(WorkerDiedError):
    """The worker of this task was ended from outside, or is out of reach: the task is not to blame."""


class _Task(NamedTuple):
    future: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    on_post: Post | None


def available_cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def num_workers(wanted: int | None) -> int:
    """How many processes train at once: as wanted, or one per core; on graphics cards at most one for each.

    Raises:
        ComputerError: as :func:`netgain.engine.kernels.kernels_to_use`.
    """
    if kernels_to_use() == GPU:
        return min(wanted or len(cards()), len(cards()))
    return wanted or available_cores()


class CorePool(Executor):
    """Runs functions in separate processes: `submit(function, *arguments)` as any executor.

    The function must be importable, and is called with one argument more, a function to post progress with.
    Unlike `ProcessPoolExecutor`, a dying worker breaks its own task only. Processes start as tasks come;
    `start_first` starts one before, which imports what it needs while the first task is prepared. Where graphics cards
    train, each process sees one of them.
    """

    def __init__(self, num_workers: int) -> None:
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._lock, self._is_shut = threading.Lock(), False
        self._workers = [_Worker(_environment(number)) for number in range(num_workers)]
        self._threads: list[threading.Thread] = []

    @property
    def num_workers(self) -> int:
        """How many tasks are worked on at once."""
        return len(self._workers)

    def start_first(self) -> None:
        """Start the process of the first worker, before any task has come."""
        self._workers[0].start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, on_post: Post | None = None) -> Future[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Queue a call; `on_post` receives, in a thread, what the function posts.

        Raises:
            RuntimeError: after `shutdown`, as any executor.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._is_shut:
                raise RuntimeError("the pool is shut down and does not accept more work")
            self._tasks.put(_Task(future, function, arguments, on_post))
            if len(self._threads) < len(self._workers):  # the first task is the first worker's, which may run already
                worker = self._workers[len(self._threads)]
                self._threads.append(threading.Thread(target=self._serve, args=(worker,), daemon=True))
                self._threads[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers: after their work, or at once with `cancel_futures`."""
        with self._lock:
            self._is_shut = True
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while task := self._tasks.get_nowait():
                    task.future.cancel()
        for _ in self._threads:
            self._tasks.put(None)
        for worker in self._workers[len(self._threads) :]:
            worker.close()
        if cancel_futures:
            for worker in self._workers:
                worker.kill()
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, worker: _Worker) -> None:
        while task := self._tasks.get():
            if not task.future.set_running_or_notify_cancel():
                continue
            try:
                task.future.set_result(worker.call(task))
            except Exception as error:  # the future carries it to whoever waits
                task.future.set_exception(error)
        worker.close()


@contextlib.contextmanager
def core_pool(num_workers: int) -> Iterator[CorePool]:
    """A pool that is gone afterwards however this ends: after its work, or at once after an error or Ctrl-C."""
    pool = CorePool(num_workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def _environment(number: int) -> dict[str, str]:
    """Environment variables of the worker of this number."""
    own = {"CUDA_VISIBLE_DEVICES": cards()[number % len(cards())]} if kernels_to_use() == GPU else {}
    return {**os.environ, **own}


class _Worker:
    """One process, started when its first task comes or it is told to, and again after it died."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None  # open as long as the worker
        self._closed = False

    def start(self) -> None:
        self._running_process()

    def call(self, task: _Task) -> Any:
        process = self._running_process()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pickle.dump((task.function, task.arguments), process.stdin)
            process.stdin.flush()
            while True:
                kind, value = pickle.load(process.stdout)  # noqa: S301 - from our own child
                if kind != "post":
                    break
                if task.on_post:
                    task.on_post(value)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise WorkerDiedError(self._last_words()) from error
        if kind == "error":
            raise value
        return value

    def kill(self) -> None:
        self._closed = True
        if self._process:
            self._process.kill()

    def close(self) -> None:
        self._closed = True
        self._end_process()
        if self._complaints:
            self._complaints.close()

    def _end_process(self) -> None:
        """End the process, which has nothing left to say: tidying up would take it a quarter of a second."""
        if self._process:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.kill()
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.wait()
            self._process.stdout.close()

    def _running_process(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise WorkerDiedError("the pool is shut down")
        if self._process is None or self._process.poll() is not None:
            self._end_process()
            self._complaints = self._complaints or tempfile.TemporaryFile()  # noqa: SIM115
            self._complaints.truncate(0)
            # A session of its own: Ctrl-C is the parent's to handle, it stops the workers in order.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "netgain.runs.execute.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                start_new_session=True,
                env=self._environment,
            )
        return self._process

    def _last_words(self) -> str:
        """Why the process ended: its exit code and the last line it wrote to standard error."""
        assert self._process is not None
        assert self._complaints is not None
        code = self._process.wait()
        if self._closed:
            return "stopped"
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        ended = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        return f"the worker process died ({ended}){': ' + lines[-1][:300] if lines else ''}"
