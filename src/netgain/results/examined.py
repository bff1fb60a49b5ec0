"""What runs come with when they are examined: their trained networks, and what was measured of them."""

from __future__ import annotations

import dataclasses

from netgain.data.items import Items
from netgain.engine.setup import not_imported, prepare_jax
from netgain.experiment.question import Question
from netgain.results.measured import measured
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
    ended = {RunStatus.FAILED, RunStatus.DIVERGED}
    found = measured(asked.measurement, runs, asked.recipes, data, means, ended)
    return {
        arm: [dataclasses.replace(run, measured=found.get(RunKey.of(run), run.measured)) for run in of_arm]
        for arm, of_arm in runs.items()
    }
