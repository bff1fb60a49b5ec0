"""Runs as rows of the tables, and rows as runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, RowMapping, insert

from netgain.errors import StoreError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store.schema import arrays, models, runs

RIGHT = "right"
"""The array that every run has; what else its task keeps, and what was measured of it later, have other names."""

KEY_NAMES = ("recipe_digest", "seed", "dataset_digest", "engine_version")
PLAIN_NAMES = ("failure", "best_epoch", "num_parameters", "compile_seconds", "run_seconds")


def insert_run(connection: Connection, run: RunResult, recipe: AbstractRecipe) -> None:
    """Insert a run with its arrays and its network, inside the connection's transaction.

    Raises:
        StoreError: for an array of a type that no store keeps.
    """
    row: dict[str, Any] = {
        **{name: getattr(run, name) for name in (*KEY_NAMES, *PLAIN_NAMES)},
        "recipe": recipe.record(),
        "status": run.status.value,
        "history": {part: _each(_or_null, columns) for part, columns in run.history.items()},
        "versions": run.versions,
        "machine": run.machine,
        "created_at": datetime.now(UTC),
    }
    key = connection.execute(insert(runs).values(row)).inserted_primary_key
    assert key is not None
    kept = [{"run_id": key[0], **row_of(name, array)} for name, array in {RIGHT: run.right, **run.arrays}.items()]
    connection.execute(insert(arrays), kept)
    if run.model:
        connection.execute(insert(models).values(run_id=key[0], keras_file=run.model))


def row_of(name: str, array: np.ndarray) -> dict[str, Any]:
    """An array of any shape as the columns of its row; of truth values a bit each.

    Raises:
        StoreError: for an array of text or objects.
    """
    if array.dtype.kind not in "biuf":
        raise StoreError(
            f"the array {name!r} has the type {array.dtype}, which a store cannot keep; convert it to float32"
        )
    data = np.packbits(array).tobytes() if array.dtype == bool else array.tobytes()
    return {"name": name, "dtype": array.dtype.str, "shape": list(array.shape), "data": data}


def array_from(row: RowMapping) -> np.ndarray:
    """The array of a row."""
    dtype, shape = np.dtype(row["dtype"]), tuple(row["shape"])
    if dtype.kind == "b":
        bits = np.unpackbits(np.frombuffer(row["data"], np.uint8), count=int(np.prod(shape)))
        return bits.astype(bool).reshape(shape)
    return np.frombuffer(row["data"], dtype).reshape(shape)


def run_from(row: RowMapping, stored_arrays: Mapping[str, np.ndarray]) -> RunResult:
    """The run of a row and of its arrays by name, without its network."""
    names = (*KEY_NAMES, "versions", "machine", *PLAIN_NAMES)
    history = {part: _each(_or_nan, columns) for part, columns in row["history"].items()}
    kept = dict(stored_arrays)
    values: dict[str, Any] = {**{name: row[name] for name in names}, RIGHT: kept.pop(RIGHT, np.zeros(0, bool))}
    values["arrays"] = kept
    return RunResult(status=RunStatus(row["status"]), history=history, **values)


def _or_null(value: float) -> float | None:
    """JSON knows no infinities and no NaN, which the history of a diverged run holds."""
    return value if math.isfinite(value) else None


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _each(change: Callable[[Any], Any], columns: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    return {name: [change(value) for value in values] for name, values in columns.items()}
