"""What runs come with when they are looked at: their trained networks, and what was measured of them."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

from netgain.data import Dataset
from netgain.demonstration import Demonstration
from netgain.errors import StoreError
from netgain.execute.progress import Progress
from netgain.result import RunResult, RunStatus
from netgain.store import RunKey, Store
from netgain.study import Study

Runs = dict[str, list[RunResult]]


def model_of(run: RunResult, store: Store | str | Path) -> RunResult:
    """The run with its trained network, which a run looked up in the store comes without."""
    if run.model:
        return run
    keep = store if isinstance(store, Store) else Store(store)
    return dataclasses.replace(run, model=keep.model_file(RunKey.of(run)))


def to_be_examined(
    asked: Study | Demonstration, runs: Runs, dataset: Dataset | None, store: Store | None, show: Progress
) -> Runs:
    """The runs with their trained networks and what `asked.measurement` gives, measured now where the store lacks it.

    The engine must be ready (:func:`netgain.engine.setup.prepare_jax`). Failed and diverged runs are not measured.

    Raises:
        StoreError: where the store cannot be read.
    """
    if store:
        runs = {name: [model_of(run, store) for run in of_arm] for name, of_arm in runs.items()}
    if asked.measurement is None:
        return runs
    assert dataset is not None, "what trains no recipe has nothing to measure"
    name, found, missing = asked.measurement.name, {}, {}
    for arm, of_arm in runs.items():
        for run in of_arm:
            key = RunKey.of(run)
            if run.status in {RunStatus.FAILED, RunStatus.DIVERGED} or key in found or key in missing:
                continue
            kept = store.measured(key, name) if store else None
            if kept is None:
                missing[key] = (run, asked.recipes[arm])
            else:
                found[key] = kept
    if missing:
        show.measuring(len(missing))
    arrays = asked.measurement.of_runs(list(missing.values()), dataset) if missing else ()
    for key, array in zip(missing, arrays, strict=True):
        found[key] = array
        if store:
            with contextlib.suppress(StoreError):  # a store that cannot be written to is there to be read
                store.keep_measured(key, name, array)
    return {
        arm: [dataclasses.replace(run, measured=found.get(RunKey.of(run), run.measured)) for run in of_arm]
        for arm, of_arm in runs.items()
    }
