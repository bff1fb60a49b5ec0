"""From what a user names to a cluster that trains: an address, Dask's own objects, a batch system, this computer."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import shutil
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from netgain.engine.kernels import GPU, VARIABLE, kernels_to_use
from netgain.errors import ClusterError, RecipeError
from netgain.runs.execute import live_line
from netgain.runs.execute.cluster import INSTALL, ClusterPool
from netgain.runs.execute.on_worker import check_versions, versions_here
from netgain.runs.execute.pool import available_cores

if TYPE_CHECKING:
    from distributed import Client

SECONDS_TO_CONNECT = 10
SECONDS_FOR_WORKERS = 30
JOBS = 10
"""Workers that a batch system is asked for where no number is given."""

ONE_THREAD = {"NPROC": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Of every worker that is started here, before Python is: one network uses one thread, or its numbers differ."""

WAYS = (
    "give the address of a scheduler (tcp://host:8786), local:4 for four workers on this computer, slurm:20 or "
    "htcondor:20 for twenty jobs; in Python also a Client or a cluster of Dask"
)


NO_DASHBOARD: dict[str, Any] = {"dashboard_address": None}


class _Batch(NamedTuple):
    """A batch system: the class of dask-jobqueue, the command that it needs, and what every job gets by default."""

    name: str
    command: str
    defaults: dict[str, Any]


BATCH = {
    "slurm": _Batch("SLURMCluster", "sbatch", {"memory": "2GB", "walltime": "02:00:00"}),
    "htcondor": _Batch("HTCondorCluster", "condor_submit", {"memory": "2GB", "disk": "1GB"}),
}


@contextmanager
def cluster_pool(cluster: Any, options: Path | None = None) -> Iterator[ClusterPool]:
    """A pool on a cluster; what was started for it is ended afterwards, however this ends.

    Args:
        cluster: an address ("tcp://host:8786"), "local:4", "slurm:20", "htcondor:20", or a `Client` or cluster of Dask.
        options: a TOML file with arguments of dask-jobqueue's class, for "slurm" and "htcondor".

    Raises:
        RecipeError: for another text or object, or options that do not go with it.
        ClusterError: where it cannot be reached or started, or where its workers cannot train as this computer does.
    """
    if importlib.util.find_spec("distributed") is None:
        raise ClusterError("a cluster needs the package distributed: python -m pip install 'netgain[cluster]'")
    from distributed.utils import silence_logging_cmgr

    with ExitStack() as stack:
        stack.enter_context(silence_logging_cmgr("CRITICAL"))  # what Dask would say, the display says
        client, called = _client(cluster, options, stack)
        check_workers(client)
        pool = ClusterPool(client, called)
        stack.callback(pool.shutdown)
        yield pool


def _client(cluster: Any, options: Path | None, stack: ExitStack) -> tuple[Client, str]:
    """A client that has at least one worker, and what to call its cluster."""
    from distributed import Client
    from distributed.deploy.cluster import Cluster

    if isinstance(cluster, str):
        kind, _, number = cluster.partition(":")
        if options is not None and kind not in BATCH:
            raise _refused("cluster-options", f"goes with slurm or htcondor; received it with {cluster!r}")
        if "://" in cluster:
            return _connected(cluster, cluster, stack, SECONDS_FOR_WORKERS), cluster
        if kind in {"local", *BATCH} and (number == "" or (number.isdecimal() and int(number))):
            with _as_netgain_needs_them():
                if kind == "local":
                    started = _local(int(number or available_cores()))
                else:
                    _check_batch_system(kind)
                    started = batch_cluster(kind, read_options(options))
                    started.scale(jobs=int(number or JOBS))
            stack.callback(started.close)
            return _connected(started, cluster, stack, None), cluster
    elif isinstance(cluster, Cluster):
        return _connected(cluster, "the cluster", stack, SECONDS_FOR_WORKERS), "the cluster"
    elif isinstance(cluster, Client):
        if cluster.asynchronous:
            raise _refused("cluster", "takes a client that waits; received one with asynchronous=True")
        _wait_for_workers(cluster, "the client", SECONDS_FOR_WORKERS)
        return cluster, "the client"
    raise _refused("cluster", f"{WAYS}; received {cluster!r}")


def _connected(where: Any, called: str, stack: ExitStack, seconds: int | None) -> Client:
    from distributed import Client

    try:
        client = Client(where, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"there is no scheduler at {called} ({' '.join(str(error).split())[:200]}): start one with "
            "`dask scheduler`, and see that its port can be reached from this computer"
        ) from None
    stack.callback(client.close)
    _wait_for_workers(client, called, seconds)
    return client


def _wait_for_workers(client: Client, called: str, seconds: int | None) -> None:
    """Until there is one; without end where a batch system decides when that is."""
    if client.scheduler_info()["workers"]:
        return
    live_line.doing(f"waiting for the first worker of {called}")
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        address = client.scheduler_info()["address"]
        raise ClusterError(
            f"the scheduler of {called} has no workers after {seconds} s: start some, one thread each, with "
            f"`NPROC=1 dask worker {address} --nthreads 1 --nworkers auto`"
        ) from None


@contextmanager
def _as_netgain_needs_them() -> Iterator[None]:
    """Inside, a cluster starts as netgain needs it: one thread, and each death of a worker is told at once.

    Dask would send a run to three more workers before it told. Here netgain decides whether a run is to blame.
    """
    import dask.config

    before = dask.config.get("distributed.nanny.pre-spawn-environ", {})
    ours = {
        "distributed.scheduler.allowed-failures": 0,
        "distributed.nanny.pre-spawn-environ": {**before, **ONE_THREAD},
    }
    with dask.config.set(ours):
        yield


def _local(number: int) -> Any:
    from distributed import LocalCluster

    try:
        return LocalCluster(n_workers=number, threads_per_worker=1, silence_logs=logging.CRITICAL, **NO_DASHBOARD)
    except RuntimeError as error:
        raise ClusterError(
            f"the workers of local:{number} did not start ({error}). In a script, call netgain under "
            '`if __name__ == "__main__":`, as Dask imports the script again in every worker; workers=4 instead of '
            "cluster='local:4' needs no such line"
        ) from error


def read_options(path: Path | None) -> dict[str, Any]:
    """The arguments of a batch system's cluster in a TOML file; none without a file.

    Raises:
        RecipeError: where the file cannot be read or is not valid TOML.
    """
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise _refused("cluster-options", f"the file {str(path)!r} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused("cluster-options", f"the file {str(path)!r} is not valid TOML: {error}") from None


def batch_cluster(kind: str, options: dict[str, Any]) -> Any:
    """A cluster of dask-jobqueue without workers: every job is one worker of one thread.

    Raises:
        ClusterError: where the package or the batch system's commands are missing, or an option is invalid.
    """
    if importlib.util.find_spec("dask_jobqueue") is None:
        raise ClusterError(f"{kind} needs the package dask-jobqueue: python -m pip install 'netgain[cluster]'")
    batch = BATCH[kind]
    if options.get("cores", 1) != options.get("processes", options.get("cores", 1)):
        message = f"cores and processes must be equal: one thread per network; received {options}"
        raise _refused("cluster-options", message)
    exports = [f"export {name}={value}" for name, value in ONE_THREAD.items()]
    given = {"cores": 1, "processes": options.get("cores", 1), **batch.defaults, **options}
    given["job_script_prologue"] = [*exports, *options.get("job_script_prologue", [])]
    given["scheduler_options"] = {"dashboard_address": ":0", **options.get("scheduler_options", {})}  # a port for each
    start: Callable[..., Any] = getattr(importlib.import_module("dask_jobqueue"), batch.name)
    try:
        return start(**given, silence_logs="CRITICAL")
    except (TypeError, ValueError) as error:
        raise _refused("cluster-options", f"dask-jobqueue's {batch.name} refuses them: {error}") from None


def _check_batch_system(kind: str) -> None:
    command = BATCH[kind].command
    if shutil.which(command) is None:
        raise ClusterError(
            f"{kind} has no command {command!r} on this computer: start netgain where jobs are submitted, such as the "
            "login node of the cluster"
        )


def check_workers(client: Client) -> None:
    """Refuse a cluster whose workers could not train as this computer does.

    Raises:
        ClusterError: for a worker without netgain, with other versions, or without the kernels in use.
    """
    versions, kernels = versions_here(), kernels_to_use()
    answers: Any = client.run(_by_value(), on_error="return")
    for worker, found in answers.items():
        if isinstance(found, OSError):  # it died meanwhile; whoever comes in its place is asked with its first network
            continue
        if isinstance(found, Exception):
            raise ClusterError(f"the worker {worker} cannot be asked what it has: {type(found).__name__}: {found}")
        if "missing" in found:
            raise ClusterError(
                f"the worker {worker} (Python {found['python']}) has no netgain, or an older one: {found['missing']}; "
                f"{INSTALL}"
            )
        check_versions(versions, found["versions"], worker)
        if kernels != GPU and kernels not in found["kernels"]:
            raise ClusterError(
                f"this computer uses the kernels {kernels!r}, but the worker {worker} has "
                f"{', '.join(found['kernels'])}: set {VARIABLE} to a set that both have, such as "
                f"{VARIABLE}={found['kernels'][0]}"
            )


def _by_value() -> Callable[[], dict[str, Any]]:
    """What asks a worker. As a function inside of a function it is sent as code: a worker need not have this file."""

    def asked() -> dict[str, Any]:
        import sys

        try:
            from netgain.runs.execute.on_worker import kernels_here, versions_here
        except ImportError as error:
            return {"missing": str(error), "python": ".".join(map(str, sys.version_info[:3]))}
        return {"versions": versions_here(), "kernels": kernels_here()}

    return asked


def _refused(option: str, message: str) -> RecipeError:
    return RecipeError("cluster", [(option, message)])
