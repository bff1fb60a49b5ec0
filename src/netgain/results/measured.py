"""What is measured of trained networks once and kept in the store beside them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from netgain.data.items import Items
from netgain.errors import StoreError
from netgain.experiment.measurement import Measurement
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.options import Means
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey
from netgain.runs.trained import model_of

NO_NETWORK: frozenset[RunStatus] = frozenset({RunStatus.FAILED})
"""Runs that have nothing to measure."""


def measured(
    measurement: Measurement,
    runs: Mapping[str, Sequence[RunResult]],
    recipes: Mapping[str, AbstractRecipe],
    data: Items,
    means: Means,
    left_out: AbstractSet[RunStatus] = NO_NETWORK,
) -> dict[RunKey, np.ndarray]:
    """What a measurement gives for each run, by the run's key: from the store, or measured now and kept there.

    Args:
        measurement: how to measure, and under which name it is kept.
        runs: by the name of their recipe; those that have to be measured are opened.
        recipes: the recipes by name.
        data: what the runs were judged on.
        means: the store, and what to show meanwhile.
        left_out: runs that ended so are not measured.

    Raises:
        StoreError: where the store cannot be read.
    """
    name, store = measurement.name, means.store
    found: dict[RunKey, np.ndarray] = {}
    missing: dict[RunKey, tuple[RunResult, AbstractRecipe]] = {}
    for arm, of_arm in runs.items():
        for run in of_arm:
            key = RunKey.of(run)
            if run.status in left_out or key in found or key in missing:
                continue
            kept = store.measured(key, name) if store else None
            if kept is None:
                missing[key] = (model_of(run, store) if store else run, recipes[arm])
            else:
                found[key] = kept
    if missing:
        means.show.measuring(len(missing))
    arrays = measurement.of_runs(list(missing.values()), data) if missing else ()
    for key, array in zip(missing, arrays, strict=True):
        found[key] = array
        if store:
            with contextlib.suppress(StoreError):  # a store that cannot be written to is there to be read
                store.keep_measured(key, name, array)
    return found
