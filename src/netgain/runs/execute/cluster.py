"""Training on the workers of a Dask cluster. Where a worker died, the run is told apart from what ended the worker."""

from __future__ import annotations

import asyncio
import pickle
import re
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netgain.data.items import Items
from netgain.errors import ClusterError, ComputerError, TrainingError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.images import Images, Named, named
from netgain.runs.execute.on_worker import ImagesMissingError, Order, train_on_worker, versions_here
from netgain.runs.execute.pool import Post, PreemptedError, WorkerDiedError
from netgain.runs.execute.worker import as_training_error
from netgain.runs.record import RunResult

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Sent

    from netgain.data import Dataset, StringDataset

INSTALL = "install the same netgain where the workers run, then start them again"

MOST_LOST = 20
"""An order whose workers died before it began is sent again this often: it is not the cause, unless it is too large."""

THREADS = 8
"""Results that are fetched at once: one whose worker has just died keeps its thread waiting for half a minute."""

SECONDS_FOR_LOGS = 10.0
SECONDS_UNTIL_LOGGED = 0.5
"""A nanny writes down how its worker died a moment after the scheduler has noticed."""

FROM_OUTSIDE = ("9", "15")
"""Signals of a person, of a batch system, or of Linux where memory runs out."""


@dataclass
class _Job:
    """An order, and what is known of it: `worker` is the address and process where it began."""

    order: Order
    images: Dataset | StringDataset | None
    on_post: Post | None
    future: Future[list[RunResult]] = field(default_factory=Future)
    sent: Sent | None = None
    worker: tuple[str, int] | None = None
    lost: int = 0


class ClusterPool:
    """Trains on the workers of a Dask cluster, which need netgain and the versions of this computer.

    Images go by name and digest to a worker that can get them, else through Dask: once to each worker, which keeps
    them in memory while this pool is open. A worker that dies breaks only the runs that had begun on it.

    Args:
        client: of Dask, connected; it is left open.
        called: what an error calls the cluster.
    """

    def __init__(self, client: Client, called: str) -> None:
        self._client, self._called, self._is_shut = client, called, False
        self._topic, self._versions = f"netgain-{uuid.uuid4().hex}", versions_here()
        self._lock, self._threads = threading.Lock(), ThreadPoolExecutor(THREADS)
        self._jobs: dict[int, _Job] = {}
        self._num_orders = 0
        self._images: dict[str, Sent] = {}
        self._not_by_name: set[str] = set()
        client.subscribe_topic(self._topic, self._hear)

    def train(
        self, recipe: AbstractRecipe, seeds: Sequence[int], kernels: str, data: Items, on_post: Post | None = None
    ) -> Future[list[RunResult]]:
        """Have the networks of these seeds trained; `on_post` receives, in a thread, reports of all of them.

        The future raises, beside the errors of a run itself, WorkerDiedError where the run is to blame for the death of
        its worker (memory, a crash), PreemptedError where it is not, ClusterError where the cluster is of no more use.
        """
        images = data if isinstance(data, Images) else None
        if images is not None:
            recipe = recipe.change("dataset", images.name or "images")
            if not named(images).is_here():
                self._not_by_name.add(images.digest)
        with self._lock:
            self._num_orders += 1
            order = Order(self._num_orders, self._topic, self._versions, recipe, tuple(seeds), kernels)
            job = self._jobs[order.number] = _Job(order, images, on_post)
        try:
            self._send(job)
        except Exception as error:  # of a client that has lost its scheduler, of which there are several
            job.future.set_exception(self._lost(error))
        return job.future

    def shutdown(self) -> None:
        """Give up what is not done. Dask stops no network that has begun: its worker ends it in vain."""
        self._is_shut = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        with suppress(Exception):  # a scheduler that is gone has nothing to cancel
            self._client.cancel([job.sent for job in self._jobs.values() if job.sent is not None])
            self._client.unsubscribe_topic(self._topic)
        self._jobs.clear()
        self._images.clear()

    def _send(self, job: _Job) -> None:
        job.worker = None
        job.sent = self._client.submit(train_on_worker, job.order, self._to_go_with(job), pure=False)
        job.sent.add_done_callback(lambda sent: self._threads.submit(self._done, job, sent))

    def _to_go_with(self, job: _Job) -> Sent | Named | None:
        """A job's images: where they must be sent, the task of Dask that has them.

        Dask makes a task again whose worker died; data without a task (`scatter`) would be lost with it.
        """
        if job.images is None or job.images.digest not in self._not_by_name:
            return None if job.images is None else named(job.images)
        import dask.config

        with self._lock:
            there = self._images.get(job.images.digest)
            if there is None or there.status not in {"pending", "finished"}:
                key = f"netgain-images-{job.images.digest}-{uuid.uuid4().hex}"
                with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
                    there = self._client.submit(_as_sent, job.images, key=key)
                self._images[job.images.digest] = there
        return there

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        told = event[1]
        job = self._jobs.get(told["order"])
        if job is not None:
            job.worker = told["worker"], told["pid"]
            if job.on_post:
                job.on_post(pickle.loads(told["reports"]))  # noqa: S301 - from our own worker

    def _done(self, job: _Job, sent: Sent) -> None:
        if self._is_shut:
            return
        with suppress(InvalidStateError):  # given up meanwhile
            try:
                results = self._results(job, sent)
            except Exception as error:
                job.future.set_exception(error)
            else:
                if results is None:
                    return
                job.future.set_result(results)
        self._jobs.pop(job.order.number, None)

    def _results(self, job: _Job, sent: Sent) -> list[RunResult] | None:
        """What came of it; None where it was sent once more."""
        from distributed import KilledWorker

        try:
            return sent.result()
        except ImagesMissingError:
            assert job.images is not None
            self._not_by_name.add(job.images.digest)
        except KilledWorker as killed:
            began_there = job.worker is not None and job.worker[0] == killed.last_worker.address
            job.lost += 1
            if began_there or job.lost > MOST_LOST:
                raise self._cause(job, killed.last_worker.address) from None
        except TrainingError:
            raise
        except ImportError as error:
            raise _missing_module(error) from None
        except (CancelledError, asyncio.CancelledError, OSError) as error:
            raise self._lost(error) from None
        except Exception as error:
            raise as_training_error(error) from None
        self._send(job)
        return None

    def _lost(self, error: BaseException) -> ClusterError:
        return ClusterError(
            f"the connection to the scheduler of {self._called} is lost ({type(error).__name__}). Finished networks "
            "are kept in the store, if there is one: see that the scheduler runs, and start again to go on"
        )

    def _cause(self, job: _Job, worker: str) -> WorkerDiedError:
        """Why a worker died, as its nanny tells."""
        pid = job.worker[1] if job.worker else 0
        for attempt in range(2):
            time.sleep(attempt * SECONDS_UNTIL_LOGGED)
            for line in self._logs_of_nannies():
                if f"pid={pid})" in line and "memory budget" in line:
                    return WorkerDiedError(
                        f"the worker {worker} was ended by Dask because it needed more memory than its limit: give "
                        "workers more (--memory-limit of dask worker), or train on fewer images"
                    )
                if ended := re.search(rf"process {pid} (?:was killed by signal (\d+)|exited with status \d+)", line):
                    if ended[1] in FROM_OUTSIDE:
                        return PreemptedError(f"the worker {worker} was ended from outside (signal {ended[1]})")
                    return WorkerDiedError(f"the worker {worker} died ({ended[0]})")
        return PreemptedError(f"the worker {worker} is gone, ended from outside or out of reach")

    def _logs_of_nannies(self) -> list[str]:
        client: Any = self._client
        try:
            logs = client.sync(client.scheduler.worker_logs, nanny=True, callback_timeout=SECONDS_FOR_LOGS)
        except Exception:  # there may be no nannies, or they are gone with their worker: nothing is known then
            return []
        return [message for of_one in logs.values() if not isinstance(of_one, str) for _, message in of_one]


def _as_sent(images: Images) -> Images:
    return images


def _missing_module(error: ImportError) -> TrainingError:
    package = (error.name or "").partition(".")[0]
    if package == "netgain":
        return ClusterError(f"a worker of the cluster has no netgain, or another one ({error}); {INSTALL}")
    return ComputerError(f"a worker of the cluster lacks a module ({error}): install it where the workers run")
