"""Trained networks as `.keras` files that plain Keras opens."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path

import keras

from netgain.data import Dataset, ImageForm
from netgain.errors import TrainingError
from netgain.recipe import Recipe
from netgain.result import RunResult

NOTE_NAME = "netgain.json"
"""A member of the `.keras` archive that Keras passes over: classes, how the images were made, origin."""


def model_bytes(model: keras.Model, recipe: Recipe, seed: int, dataset: Dataset) -> bytes:
    """The bytes of a `.keras` file: the model as plain Keras saves it, and our note beside it."""
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        note = {
            "class_names": list(dataset.class_names),
            **asdict(ImageForm.of(dataset)),
            "recipe_digest": recipe.digest,
            "seed": seed,
        }
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(NOTE_NAME, json.dumps(note))
        return path.read_bytes()


def open_network(run: RunResult) -> keras.Model:
    """The trained network of a run as a Keras model.

    Raises:
        TrainingError: where the run kept none; :func:`netgain.execute.model_of` gets it from the store.
    """
    if not run.model:
        raise TrainingError(f"the run with seed {run.seed} {run.status.value} and came without its trained network")
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(run.model)
        return keras.saving.load_model(path, compile=False)  # pyright: ignore[reportReturnType]
