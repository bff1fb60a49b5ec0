"""Training on a Dask cluster: the numbers of home, workers that die, images that travel, and what is refused."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from validation.killed_workers import different

import netgain as ng
from netgain.errors import ClusterError, RecipeError
from netgain.experiment.study import Study
from netgain.results.run import run
from netgain.runs.execute import cluster as cluster_module
from netgain.runs.execute import images, open_cluster
from netgain.runs.execute.cluster import ClusterPool
from netgain.runs.execute.on_worker import check_versions, versions_here
from netgain.runs.execute.open_cluster import batch_cluster, check_workers, cluster_pool, read_options
from netgain.runs.execute.options import RunOptions
from netgain.runs.execute.progress import NoProgress
from netgain.runs.execute.train_all import PREEMPTIONS
from netgain.runs.record import RunStatus
from netgain.tasks.classification.recipe import Recipe

pytest.importorskip("distributed")

# Dask's own threads and sockets are closed some time after it has said so.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def pool() -> Iterator[ClusterPool]:
    """Two workers for all tests of this file: one takes seconds to start."""
    with cluster_pool("local:2") as pool:
        yield pool


@pytest.fixture(scope="module")
def home(small_study: Study, here: Any) -> Any:
    return run(small_study, 3, RunOptions(store=None, executor=here))


class Watching:
    """In the place of a display: notes what it is told."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.repeated_because: list[str] = []
        self.epochs: list[int] = []
        self.study, self.finished = NoProgress().study, NoProgress().finished
        self.trained_anew, self.measuring = NoProgress().trained_anew, NoProgress().measuring

    def epoch(self, planned: Any, report: Any) -> None:
        self.epochs.append(report.epoch)
        self.started.set()

    def repeated(self, planned: Any, why: str) -> None:
        self.repeated_because.append(why)


def pids(pool: ClusterPool) -> list[int]:
    answers: Any = pool._client.run(os.getpid)
    return list(answers.values())


def test_the_numbers_are_those_of_home(pool: ClusterPool, small_study: Study, home: Any) -> None:
    watching = Watching()
    away = run(small_study, 3, RunOptions(store=None, executor=pool, progress=watching))  # pyright: ignore
    assert different(home, away) == []
    assert 0 in watching.epochs
    first = away.runs["wider"][0]
    changed = replace(first, history={"train": {"loss": [0.0]}})
    away.runs["wider"][0] = changed
    assert different(home, away) == ["wider, seed 0"]


def test_own_images_travel_once_to_each_worker(pool: ClusterPool, small_recipe: Recipe, here: Any) -> None:
    digits = ng.load_dataset("digits")
    turned = ng.Dataset(digits.x_train[:, ::-1], digits.y_train, digits.x_test[:, ::-1], digits.y_test, name="turned")
    study = Study("own", baseline=small_recipe.change("dataset", turned))
    away, home = (run(study, 3, RunOptions(store=None, executor=where)) for where in (pool, here))
    assert different(home, away) == []
    assert [key for key in pool._images if key == turned.digest]


def test_images_that_a_worker_cannot_get_by_name_are_sent(
    pool: ClusterPool, small_study: Study, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has other images under the name: as one that has none, it asks for them."""
    unknown = images.Named("digits", "another digest", False)
    monkeypatch.setattr(cluster_module, "named", lambda _: unknown)
    monkeypatch.setattr(images.Named, "is_here", lambda _: True)
    assert different(home, run(small_study, 3, RunOptions(store=None, executor=pool))) == []
    assert home.data.digest in pool._images


def test_a_run_whose_worker_is_killed_is_repeated(pool: ClusterPool, small_study: Study, here: Any) -> None:
    longer = small_study.change_recipes("epochs", 400)
    watching = Watching()

    def kill() -> None:
        watching.started.wait(60)
        for pid in pids(pool):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    away = run(longer, 1, RunOptions(store=None, executor=pool, progress=watching))  # pyright: ignore
    killing.join()
    assert different(run(longer, 1, RunOptions(store=None, executor=here)), away) == []
    assert watching.repeated_because
    assert all("signal 9" in why or "out of reach" in why for why in watching.repeated_because)
    assert PREEMPTIONS > 3


def test_versions_that_differ_are_named_on_both_sides() -> None:
    here = versions_here()
    check_versions(here, here, "tcp://worker:1")
    with pytest.raises(ClusterError, match=r"has jax 0\.1, but this computer has jax "):
        check_versions(here, {**here, "jax": "0.1"}, "tcp://worker:1")


class Answering:
    """A client whose worker answers so."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def run(self, function: Any, on_error: str) -> dict[str, Any]:
        return {"tcp://worker:1": self._answer}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"missing": "No module named 'netgain'", "python": "3.12.1"}, "Python 3.12.1.*has no netgain"),
        ({"versions": {**versions_here(), "numpy": "1.0"}, "kernels": ()}, "numpy 1.0, but this computer has numpy"),
        ({"versions": versions_here(), "kernels": ("other",)}, "has other: set NETGAIN_KERNELS"),
        (ValueError("what?"), "cannot be asked"),
    ],
)
def test_workers_that_cannot_train_as_this_computer_are_refused(answer: Any, message: str) -> None:
    with pytest.raises(ClusterError, match=message):
        check_workers(Answering(answer))  # pyright: ignore


def test_a_worker_that_is_gone_is_not_asked() -> None:
    check_workers(Answering(OSError("closed")))  # pyright: ignore


@pytest.mark.parametrize("where", ["somewhere", "local:none", "slurm:0", "", 5])
def test_what_names_no_cluster(where: Any) -> None:
    with pytest.raises(RecipeError, match="give the address of a scheduler"), cluster_pool(where):
        pass


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_cluster, "SECONDS_TO_CONNECT", 1)
    with (
        pytest.raises(ClusterError, match="there is no scheduler at tcp://127.0.0.1:9"),
        cluster_pool("tcp://127.0.0.1:9"),
    ):
        pass


@pytest.mark.parametrize("beside", [{"workers": 2}, {"executor": ClusterPool}])
def test_a_cluster_beside_other_workers_is_refused(beside: dict[str, Any]) -> None:
    with pytest.raises(RecipeError, match="cluster: has its own workers"):
        RunOptions(cluster="local:2", **beside)


def test_options_of_a_batch_system(tmp_path: Path) -> None:
    path = tmp_path / "slurm.toml"
    path.write_text('memory = "4GB"\nqueue = "short"\n')
    assert read_options(path) == {"memory": "4GB", "queue": "short"}
    path.write_text("memory = 4GB")
    with pytest.raises(RecipeError, match="cluster-options: the file .* is not valid TOML"):
        read_options(path)
    with pytest.raises(RecipeError, match="cannot be read: No such file"):
        read_options(tmp_path / "none.toml")
    with pytest.raises(RecipeError, match="goes with slurm or htcondor"), cluster_pool("local:1", path):
        pass


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("slurm", ["#SBATCH -p short", "#SBATCH --cpus-per-task=1", "#SBATCH --mem=4G", "-t 02:00:00"]),
        ("htcondor", ["MY.DaskWorkerCores = 1", "MY.DaskWorkerMemory = 4000000000", "MY.DaskWorkerDisk = 1000000000"]),
    ],
)
def test_jobs_ask_for_one_thread(kind: str, words: list[str]) -> None:
    pytest.importorskip("dask_jobqueue", reason="netgain[cluster] is not installed")
    options = {"memory": "4GB", **({"queue": "short"} if kind == "slurm" else {})}
    with batch_cluster(kind, options) as started:
        script = started.job_script()
    assert all(word.lower() in script.lower() for word in [*words, "--nthreads 1", "export NPROC=1"]), script


def test_invalid_options_of_a_batch_system() -> None:
    pytest.importorskip("dask_jobqueue", reason="netgain[cluster] is not installed")
    with pytest.raises(RecipeError, match="cores and processes must be equal"):
        batch_cluster("slurm", {"cores": 4, "processes": 1})
    with pytest.raises(RecipeError, match="refuses them: .*memmory"):
        batch_cluster("slurm", {"memmory": "2GB"})
    with pytest.raises(ClusterError, match="no command 'sbatch'"), cluster_pool("slurm:2"):
        pass


@contextmanager
def dask(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_scheduler_that_is_killed_is_told_and_a_restart_goes_on(
    small_study: Study, tmp_path: Path, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_cluster, "SECONDS_TO_CONNECT", 60)  # it starts at the same time
    monkeypatch.setattr(open_cluster, "SECONDS_FOR_WORKERS", 60)
    from distributed.utils import open_port

    address = f"tcp://127.0.0.1:{open_port()}"
    store = tmp_path / "runs.db"
    longer = small_study.change_recipes("epochs", 200)
    with (
        dask("distributed.cli.dask_scheduler", "--port", address.rpartition(":")[2], "--no-dashboard") as scheduler,
        dask("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
    ):
        watching = Watching()

        def kill() -> None:
            watching.started.wait(60)
            scheduler.kill()

        killing = threading.Thread(target=kill)
        killing.start()
        with pytest.raises(ClusterError, match="connection to the scheduler of .* is lost.*start again"):
            run(longer, 4, RunOptions(store=store, cluster=address, progress=watching))  # pyright: ignore
        killing.join()
    again = run(longer, 4, RunOptions(store=store, executor=here))
    assert all(one.status is RunStatus.FINISHED for runs in again.runs.values() for one in runs)
    assert len({one.seed for one in again.runs["wider"]}) == 4
    assert np.isfinite(again.accuracies["wider"].value)
