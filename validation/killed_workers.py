"""A study on a cluster whose workers are killed at random, beside the same study at home.

`python -m validation.killed_workers` trains 200 networks on four worker processes of Dask and kills one of them with
signal 9 again and again, at least 50 times. Every run is compared with that of netgain's own pool, to the last bit: a
lost run, a run that is there twice, or another verdict ends it with exit code 1.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

import netgain as ng


class Killer:
    """In the place of a display: for each network that finishes, kills a worker with some probability, a moment later.

    Which worker is random: one that trains, one that has just finished or one that still starts. A kill waits for a
    network that finished, so that however slow the computer is, a worker may start before the next.
    """

    def __init__(self, cluster: Any, probability: float) -> None:
        self._cluster, self._probability, self._random = cluster, probability, random.Random(1)
        self.num_killed = self.num_repeated = 0

    def finished(self, planned: Any, result: ng.RunResult) -> None:
        if self._random.random() < self._probability:
            threading.Timer(self._random.uniform(0, 0.5), self._kill).start()

    def _kill(self) -> None:
        nannies = [nanny for nanny in self._cluster.workers.values() if nanny.process and nanny.process.pid]
        if nannies:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._random.choice(nannies).process.pid, signal.SIGKILL)
                self.num_killed += 1

    def repeated(self, planned: Any, why: str) -> None:
        self.num_repeated += 1

    def study(self, missing: Any) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def epoch(self, planned: Any, report: Any) -> None: ...

    def trained_anew(self, elsewhere: Any, kernels: str) -> None: ...

    def elsewhere(self, num_networks: int) -> None: ...

    def measuring(self, num_networks: int) -> None: ...


def a_study(epochs: int) -> ng.Study:
    """Two arms on the digits that come with scikit-learn; 1,000 updates per 10 epochs."""
    baseline = ng.Recipe(
        dataset="digits",
        train_size=1000,
        network=ng.MLP(hidden=(30,), activation="relu"),
        optimizer=ng.Optimizer("adam", 0.003),
        batch_size=10,
        epochs=epochs,
    )
    arms = {"dropout": baseline.change("network.dropout", 0.2)}
    return ng.Study("killed-workers", question="Does dropout help?", baseline=baseline, arms=arms)


def different(home: ng.StudyResult, away: ng.StudyResult) -> list[str]:
    """What is not the same in two results of a study, to the last bit; nothing where all is."""
    found = [] if repr(home.verdicts) == repr(away.verdicts) else ["the verdicts"]
    for arm, runs in home.runs.items():
        others = away.runs[arm]
        if [run.seed for run in runs] != [run.seed for run in others]:
            found.append(f"the seeds of {arm}")
        for run, other in zip(runs, others, strict=False):
            same = run.status == other.status and run.history == other.history and set(run.arrays) == set(other.arrays)
            if not (same and all(np.array_equal(run.arrays[name], other.arrays[name]) for name in run.arrays)):
                found.append(f"{arm}, seed {run.seed}")
    return found


def on_dying_workers(study: ng.Study, seeds: int, store: Path, probability: float) -> tuple[ng.StudyResult, Killer]:
    """The result of a study on four workers that are killed meanwhile, and who killed them."""
    import dask.config
    from distributed import LocalCluster

    silent: dict[str, Any] = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=4, threads_per_worker=1, **silent) as cluster,
    ):
        killer = Killer(cluster, probability)
        return ng.run(study, seeds=seeds, store=store, cluster=cluster, progress=killer), killer


def main(arguments: list[str]) -> int:
    """Run both studies and say what differs; 1 where anything does, or where there were too few kills."""
    parser = argparse.ArgumentParser(prog="python -m validation.killed_workers", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="networks, half of each arm")
    parser.add_argument("--kills", type=int, default=50, help="how many there must be at least")
    parser.add_argument("--epochs", type=int, default=20, help="of each network")
    options = parser.parse_args(arguments)
    study, seeds = a_study(options.epochs), options.runs // 2
    with tempfile.TemporaryDirectory() as folder:
        stores = [Path(folder) / name for name in ("home.db", "away.db")]
        home = ng.run(study, seeds=seeds, store=stores[0])
        started = time.perf_counter()
        away, killer = on_dying_workers(study, seeds, stores[1], 1.3 * options.kills / options.runs)
        seconds = time.perf_counter() - started
        wrong = different(home, away)
        kept = ng.Store(stores[1]).num_runs()
    if kept != options.runs:
        wrong.append(f"the store has {kept} runs")
    if killer.num_killed < options.kills:
        wrong.append("too few kills")
    done = f"{options.runs} runs, {killer.num_killed} kills, {killer.num_repeated} repeated, {seconds:.0f} s."
    print(done, *(wrong or ["The same to the last bit."]))
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
