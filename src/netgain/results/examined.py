"""What runs come with when they are examined: their trained networks, and what was measured of them."""

from __future__ import annotations

import contextlib
import dataclasses

from netgain.data.items import Items
from netgain.engine.setup import not_imported, prepare_jax
from netgain.errors import StoreError
from netgain.experiment.question import Question
from netgain.runs.execute.options import Means
from netgain.runs.execute.train_all import Runs
from netgain.runs.record import RunStatus
from netgain.runs.store import RunKey
from netgain.runs.trained import model_of


def to_be_examined(asked: Question, runs: Runs, data: Items | None, means: Means) -> Runs:
    """The runs with their trained networks and what `asked.measurement` gives, measured now where the store lacks it.

    Where there is nothing to examine, the runs stay as they are. Failed and diverged runs are not measured.

    Raises:
        StoreError: where the store cannot be read.
    """
    if asked.examine is None:
        return runs
    with not_imported("sklearn"):  # Keras would: a second, for nothing that an examination uses
        prepare_jax()
    store = means.store
    if store:
        runs = {name: [model_of(run, store) for run in of_arm] for name, of_arm in runs.items()}
    if asked.measurement is None:
        return runs
    assert data is not None, "what trains no recipe has nothing to measure"
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
        means.show.measuring(len(missing))
    arrays = asked.measurement.of_runs(list(missing.values()), data) if missing else ()
    for key, array in zip(missing, arrays, strict=True):
        found[key] = array
        if store:
            with contextlib.suppress(StoreError):  # a store that cannot be written to is there to be read
                store.keep_measured(key, name, array)
    return {
        arm: [dataclasses.replace(run, measured=found.get(RunKey.of(run), run.measured)) for run in of_arm]
        for arm, of_arm in runs.items()
    }
