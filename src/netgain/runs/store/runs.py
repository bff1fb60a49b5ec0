"""Finished runs: written once each in one transaction, found again by what decides their numbers."""

from __future__ import annotations

import contextlib
import math
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from netgain.errors import StoreError
from netgain.experiment.recipe import AbstractRecipe
from netgain.markup import box, one_line, paragraph, table
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store.opening import open_engine, plain_errors, writing
from netgain.runs.store.schema import arrays, models, runs

_KEY_COLUMNS = (runs.c.recipe_digest, runs.c.seed, runs.c.dataset_digest, runs.c.engine_version)
_PLAIN_COLUMNS = ("failure", "best_epoch", "num_parameters", "compile_seconds", "run_seconds")
_RIGHT = "right"
"""The array that every run has; what else its task keeps, and what was measured of it later, have other names."""


class RunKey(NamedTuple):
    """What a run is looked up by."""

    recipe_digest: str
    seed: int
    dataset_digest: str
    engine_version: str

    @classmethod
    def of(cls, run: RunResult) -> RunKey:
        """The key under which a run is stored."""
        return cls(run.recipe_digest, run.seed, run.dataset_digest, run.engine_version)


class StoredRun(NamedTuple):
    """What a store says of a run without its arrays.

    Attributes:
        key: what it is looked up by.
        status: how it ended.
        recipe: its recipe as plain values.
        has_network: whether its trained network was kept.
        failure: why it failed.
        created_at: when it was stored, UTC.
    """

    key: RunKey
    status: RunStatus
    recipe: dict[str, Any]
    has_network: bool
    failure: str
    created_at: datetime


class Store:
    """A database of finished runs: a file (SQLite) or a database URL.

    >>> store = Store("sqlite://")  # in memory
    >>> store.find([RunKey("0" * 64, 0, "0" * 64, "1")])
    {}

    Args:
        where: the file or database URL.
        read_only: whether the database itself refuses every write through this store.

    Raises:
        StoreError: if it cannot be opened, is not a netgain store, or was written by a newer netgain.
    """

    def __init__(self, where: str | Path, *, read_only: bool = False) -> None:
        self._engine = open_engine(where, read_only=read_only)
        weakref.finalize(self, self._engine.dispose)  # its connections close with it

    def __repr__(self) -> str:
        return one_line(f"Store({self._engine.url.render_as_string(hide_password=True)!r})")

    def _repr_html_(self) -> str:
        listing = self.listing()
        number = f"{len(listing):,} run{'' if len(listing) == 1 else 's'}"
        more = paragraph("netgain show lists every recipe with its seeds and accuracy.", "soft")
        shown = table(["dataset", "engine", "recipes", "networks", "failed", "last, UTC"], _rows_of(listing))
        return box(paragraph(f"{self!r}: {number}", "title"), *([shown, more] if listing else []))

    def find(self, keys: Iterable[RunKey]) -> dict[RunKey, RunResult]:
        """Those of the runs asked for that are here, without their trained networks."""
        wanted = list(keys)
        found: dict[RunKey, RunResult] = {}
        with plain_errors(self._engine), self._engine.connect() as connection:
            for start in range(0, len(wanted), 100):  # databases limit the parameters of one statement
                some = tuple_(*_KEY_COLUMNS).in_(wanted[start : start + 100])
                for row in connection.execute(select(runs).where(some)).mappings().all():
                    run = _run_from(row, _arrays_of(connection, row["id"]))
                    found[RunKey.of(run)] = run
        return found

    def seeds(
        self, recipe_digests: Iterable[str], engine_versions: Collection[str], dataset_digest: str | None = None
    ) -> dict[str, dict[str, list[int]]]:
        """Of the recipes asked for that have runs here, the seeds by engine version, in ascending order.

        Without a dataset's digest, runs on any dataset count.
        """
        wanted, found = list(recipe_digests), dict[str, dict[str, set[int]]]()
        columns = select(runs.c.recipe_digest, runs.c.engine_version, runs.c.seed)
        columns = columns.where(runs.c.engine_version.in_(engine_versions))
        if dataset_digest is not None:
            columns = columns.where(runs.c.dataset_digest == dataset_digest)
        with plain_errors(self._engine), self._engine.connect() as connection:
            for start in range(0, len(wanted), 100):
                some = runs.c.recipe_digest.in_(wanted[start : start + 100])
                for digest, version, seed in connection.execute(columns.where(some)):
                    found.setdefault(digest, {}).setdefault(version, set()).add(seed)
        return {
            digest: {version: sorted(seeds) for version, seeds in versions.items()}
            for digest, versions in found.items()
        }

    def num_runs(self, engine_versions: Collection[str] | None = None) -> int:
        """The number of runs, of any recipe and dataset; of some engine versions, or of all."""
        count = select(func.count()).select_from(runs)
        if engine_versions is not None:
            count = count.where(runs.c.engine_version.in_(engine_versions))
        with plain_errors(self._engine), self._engine.connect() as connection:
            return connection.execute(count).scalar_one()

    def listing(self) -> list[StoredRun]:
        """Every run that is here, the oldest first, without arrays and networks: quick for thousands of runs."""
        columns = (
            *_KEY_COLUMNS, runs.c.status, runs.c.recipe, models.c.run_id, runs.c.failure, runs.c.created_at,
        )  # fmt: skip
        query = select(*columns).outerjoin(models, models.c.run_id == runs.c.id).order_by(runs.c.id)
        with plain_errors(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [StoredRun(RunKey(*row[:4]), RunStatus(row[4]), row[5], row[6] is not None, *row[7:]) for row in rows]

    def right(self) -> dict[RunKey, np.ndarray]:
        """Of every run that has scores which test items it has right, bool `[n]`; nothing else is read."""
        query = select(*_KEY_COLUMNS, arrays).join(runs, runs.c.id == arrays.c.run_id).where(arrays.c.name == _RIGHT)
        with plain_errors(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        keys = [RunKey(*(row[column.name] for column in _KEY_COLUMNS)) for row in rows]
        return {key: found for key, row in zip(keys, rows, strict=True) if (found := _array_from(row)).size}

    def add(self, run: RunResult, recipe: AbstractRecipe) -> None:
        """Write a run in one transaction. A run that failed before gives way; any other stays as it was first."""
        with plain_errors(self._engine):
            try:
                with writing(self._engine) as connection:
                    connection.execute(delete(runs).where(*_same(RunKey.of(run)), runs.c.status == RunStatus.FAILED))
                    _insert(connection, run, recipe)
            except IntegrityError:
                if not self.find([RunKey.of(run)]):
                    raise
                # Another program finished the same run: same key, same numbers.

    def model_file(self, key: RunKey) -> bytes:
        """The `.keras` file of a run's trained network; empty where none was kept."""
        query = select(models.c.keras_file).join(runs, runs.c.id == models.c.run_id).where(*_same(key))
        with plain_errors(self._engine), self._engine.connect() as connection:
            return connection.execute(query).scalar() or b""

    def measured(self, key: RunKey, name: str) -> np.ndarray | None:
        """What was measured of a run under this name, an array as it was kept; None where nothing was.

        Raises:
            StoreError: where the store cannot be read.
        """
        query = (
            select(arrays)
            .join(runs, runs.c.id == arrays.c.run_id)
            .where(*_same(key), arrays.c.name == name, arrays.c.measured)
        )
        with plain_errors(self._engine), self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else _array_from(row)

    def keep_measured(self, key: RunKey, name: str, array: np.ndarray) -> None:
        """Keep an array of any shape that was measured of a run that is here; what is there already stays.

        Raises:
            StoreError: where the store cannot be written to.
        """
        with plain_errors(self._engine), contextlib.suppress(IntegrityError), writing(self._engine) as connection:
            run_id = connection.execute(select(runs.c.id).where(*_same(key))).scalar()
            connection.execute(insert(arrays).values(run_id=run_id, measured=True, **_row_of(name, array)))

    def check_writable(self) -> None:
        """Find out before training that the results can be kept.

        Raises:
            StoreError: where nothing can be written.
        """
        with (
            plain_errors(self._engine),
            self._engine.connect() as connection,
            connection.begin() as transaction,
        ):
            connection.execute(delete(runs).where(runs.c.id == -1))
            transaction.rollback()


def _rows_of(listing: Iterable[StoredRun]) -> list[list[str]]:
    """A row of cells for each dataset and engine."""
    groups: dict[tuple[str, str], list[StoredRun]] = {}
    for run in listing:
        groups.setdefault((str(run.recipe.get("dataset", "–")), run.key.engine_version), []).append(run)
    return [
        [
            escape(dataset),
            escape(engine),
            f"{len({run.key.recipe_digest for run in group}):,}",
            *(f"{sum((run.status is RunStatus.FAILED) is bad for run in group):,}" for bad in (False, True)),
            f"{max(run.created_at for run in group):%Y-%m-%d %H:%M}",
        ]
        for (dataset, engine), group in groups.items()
    ]


def _same(key: RunKey) -> list[ColumnElement[bool]]:
    return [column == value for column, value in zip(_KEY_COLUMNS, key, strict=True)]


def _insert(connection: Connection, run: RunResult, recipe: AbstractRecipe) -> None:
    row: dict[str, Any] = {
        **RunKey.of(run)._asdict(),
        **{name: getattr(run, name) for name in _PLAIN_COLUMNS},
        "recipe": recipe.record(),
        "status": run.status.value,
        "history": {part: _each(_or_null, columns) for part, columns in run.history.items()},
        "versions": run.versions,
        "machine": run.machine,
        "created_at": datetime.now(UTC),
    }
    key = connection.execute(insert(runs).values(row)).inserted_primary_key
    assert key is not None
    for name, array in {_RIGHT: run.right, **run.arrays}.items():
        connection.execute(insert(arrays).values(run_id=key[0], **_row_of(name, array)))
    if run.model:
        connection.execute(insert(models).values(run_id=key[0], keras_file=run.model))


def _arrays_of(connection: Connection, run_id: int) -> dict[str, np.ndarray]:
    query = select(arrays).where(arrays.c.run_id == run_id, arrays.c.measured.is_(False))
    return {row["name"]: _array_from(row) for row in connection.execute(query).mappings()}


def _row_of(name: str, array: np.ndarray) -> dict[str, Any]:
    if array.dtype.kind not in "biuf":
        raise StoreError(
            f"the array {name!r} has the type {array.dtype}, which a store cannot keep; convert it to float32"
        )
    data = np.packbits(array).tobytes() if array.dtype == bool else array.tobytes()
    return {"name": name, "dtype": array.dtype.str, "shape": list(array.shape), "data": data}


def _array_from(row: RowMapping) -> np.ndarray:
    dtype, shape = np.dtype(row["dtype"]), tuple(row["shape"])
    if dtype.kind == "b":
        bits = np.unpackbits(np.frombuffer(row["data"], np.uint8), count=int(np.prod(shape)))
        return bits.astype(bool).reshape(shape)
    return np.frombuffer(row["data"], dtype).reshape(shape)


def _run_from(row: RowMapping, stored_arrays: dict[str, np.ndarray]) -> RunResult:
    names = ("recipe_digest", "seed", "dataset_digest", "engine_version", "versions", "machine", *_PLAIN_COLUMNS)
    history = {part: _each(_or_nan, columns) for part, columns in row["history"].items()}
    kept = dict(stored_arrays)
    values: dict[str, Any] = {**{name: row[name] for name in names}, _RIGHT: kept.pop(_RIGHT, np.zeros(0, bool))}
    values["arrays"] = kept
    return RunResult(status=RunStatus(row["status"]), history=history, **values)


def _or_null(value: float) -> float | None:
    """JSON knows no infinities and no NaN, which the history of a diverged run holds."""
    return value if math.isfinite(value) else None


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _each(change: Callable[[Any], Any], columns: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    return {name: [change(value) for value in values] for name, values in columns.items()}
