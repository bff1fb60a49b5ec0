"""Trained networks of runs: from the store, and as Keras models."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from netgain.errors import TrainingError
from netgain.runs.record import RunResult
from netgain.runs.store import RunKey, Store
from netgain.tasks.classification.recipe import Recipe

if TYPE_CHECKING:
    import keras

    from netgain.experiment.recipe import AbstractRecipe


def model_of(run: RunResult, store: Store | str | Path) -> RunResult:
    """The run with its trained network, which a run looked up in the store comes without."""
    if run.model:
        return run
    keep = store if isinstance(store, Store) else Store(store)
    return dataclasses.replace(run, model=keep.model_file(RunKey.of(run)))


def open_network(run: RunResult, recipe: AbstractRecipe | None = None) -> keras.Model:
    """The trained network of a run as a Keras model.

    Args:
        run: whose network is opened.
        recipe: the run's recipe, which holds the layers and functions of a user's own model; not needed for others.

    Raises:
        TrainingError: where the run kept none; :func:`model_of` gets it from the store.
        DataError: where layers of the user's own are missing.
    """
    from netgain.engine.saving import by_saved_name, model_from
    from netgain.networks.families.own import KerasNetwork

    if not run.model:
        raise TrainingError(f"the run with seed {run.seed} {run.status.value} and has no trained network")
    network = recipe.network if isinstance(recipe, Recipe) else None
    own = network.parts if isinstance(network, KerasNetwork) else {}
    return model_from(run.model, by_saved_name(own), trusted=bool(own))[0]
