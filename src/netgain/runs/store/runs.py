"""Finished runs: written once each in one transaction, found again by what decides their numbers."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError

from netgain.experiment.recipe import AbstractRecipe
from netgain.markup import box, one_line, paragraph, table
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store.claims import Claims
from netgain.runs.store.connections import read, write
from netgain.runs.store.keys import RunKey
from netgain.runs.store.messages import in_plain_words
from netgain.runs.store.opening import open_engine
from netgain.runs.store.rows import KEY_NAMES, RIGHT, array_from, insert_run, row_of, run_from
from netgain.runs.store.schema import arrays, models, runs

_KEY_COLUMNS = tuple(runs.c[name] for name in KEY_NAMES)
_AT_ONCE = 100
"""Runs that one query asks for: databases limit the parameters of a statement."""


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


State = tuple[Any, ...]
"""The number of runs, and the number and time of the last one."""


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
        return read(self._engine, lambda connection: dict(_found(connection, list(keys))))

    def seeds(
        self, recipe_digests: Iterable[str], engine_versions: Collection[str], dataset_digest: str | None = None
    ) -> dict[str, dict[str, list[int]]]:
        """Of the recipes asked for that have runs here, the seeds by engine version, in ascending order.

        Without a dataset's digest, runs on any dataset count.
        """
        columns = select(runs.c.recipe_digest, runs.c.engine_version, runs.c.seed)
        columns = columns.where(runs.c.engine_version.in_(engine_versions))
        if dataset_digest is not None:
            columns = columns.where(runs.c.dataset_digest == dataset_digest)
        wanted = list(recipe_digests)
        parts = [columns.where(runs.c.recipe_digest.in_(some)) for some in _in_parts(wanted)]
        rows = read(self._engine, lambda connection: [row for part in parts for row in connection.execute(part)])
        found: dict[str, dict[str, set[int]]] = {}
        for digest, version, seed in rows:
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
        return read(self._engine, lambda connection: connection.execute(count).scalar_one())

    def state(self) -> State:
        """What changes whenever a run is added, by whatever program; quick, to be asked again and again."""
        count = select(func.count()).select_from(runs)
        last = select(runs.c.id, runs.c.created_at).order_by(runs.c.id.desc()).limit(1)

        def asked(connection: Connection) -> State:
            return (connection.execute(count).scalar_one(), *(connection.execute(last).first() or ()))

        return read(self._engine, asked)

    def listing(self) -> list[StoredRun]:
        """Every run that is here, the oldest first, without arrays and networks: quick for 100,000 runs.

        Runs of one recipe on the same images share their `recipe`.
        """
        return read(self._engine, _listing)

    def right(self, keys: Iterable[RunKey]) -> dict[RunKey, np.ndarray]:
        """Of those of the runs that have scores which test items they have right, bool `[n]`; nothing else is read."""
        query = select(*_KEY_COLUMNS, arrays).join(runs, runs.c.id == arrays.c.run_id).where(arrays.c.name == RIGHT)
        wanted = [query.where(tuple_(*_KEY_COLUMNS).in_(some)) for some in _in_parts(list(keys))]

        def asked(connection: Connection) -> list[RowMapping]:
            return [row for part in wanted for row in connection.execute(part).mappings()]

        found = {RunKey(*(row[name] for name in KEY_NAMES)): array_from(row) for row in read(self._engine, asked)}
        return {key: array for key, array in found.items() if array.size}

    def add(self, run: RunResult, recipe: AbstractRecipe) -> None:
        """Write a run in one transaction. A run that failed before gives way; any other stays as it was first.

        Raises:
            StoreError: where the store cannot be written to.
        """
        failed_before = delete(runs).where(*_same(RunKey.of(run)), runs.c.status == RunStatus.FAILED)

        def insert_it(connection: Connection) -> None:
            connection.execute(failed_before)
            insert_run(connection, run, recipe)

        try:
            write(self._engine, insert_it)
        except IntegrityError as error:
            if not self.find([RunKey.of(run)]):
                raise in_plain_words(error, self._engine) from error
            # Another program finished the same run: same key, same numbers.

    def claims(self) -> Claims:
        """What tells other programs at this database which runs are trained here now."""
        return Claims(self._engine)

    def model_file(self, key: RunKey) -> bytes:
        """The `.keras` file of a run's trained network; empty where none was kept."""
        query = select(models.c.keras_file).join(runs, runs.c.id == models.c.run_id).where(*_same(key))
        return read(self._engine, lambda connection: connection.execute(query).scalar()) or b""

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
        row = read(self._engine, lambda connection: connection.execute(query).mappings().first())
        return None if row is None else array_from(row)

    def keep_measured(self, key: RunKey, name: str, array: np.ndarray) -> None:
        """Keep an array of any shape that was measured of a run that is here; what is there already stays.

        Raises:
            StoreError: where the store cannot be written to.
        """
        run_id = select(runs.c.id).where(*_same(key))

        def insert_it(connection: Connection) -> None:
            values = {"run_id": connection.execute(run_id).scalar(), "measured": True, **row_of(name, array)}
            connection.execute(insert(arrays).values(values))

        with contextlib.suppress(IntegrityError):
            write(self._engine, insert_it)

    def check_writable(self) -> None:
        """Find out before training that the results can be kept.

        Raises:
            StoreError: where nothing can be written.
        """
        write(self._engine, lambda connection: connection.execute(delete(runs).where(runs.c.id == -1)))


def _in_parts(wanted: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


def _found(connection: Connection, wanted: Sequence[RunKey]) -> Iterator[tuple[RunKey, RunResult]]:
    """The runs that are here with their keys: two queries for many of them, one for the runs, one for their arrays."""
    for some in _in_parts(wanted):
        rows = connection.execute(select(runs).where(tuple_(*_KEY_COLUMNS).in_(some))).mappings().all()
        if not rows:
            continue
        kept = arrays.c.run_id.in_([row["id"] for row in rows]) & arrays.c.measured.is_(False)
        of_runs: dict[int, dict[str, np.ndarray]] = {row["id"]: {} for row in rows}
        for row in connection.execute(select(arrays).where(kept)).mappings():
            of_runs[row["run_id"]][row["name"]] = array_from(row)
        for row in rows:
            run = run_from(row, of_runs[row["id"]])
            yield RunKey.of(run), run


def _listing(connection: Connection) -> list[StoredRun]:
    """All runs: one pass over narrow columns, then the recipe of the first run of each, and why failed runs failed."""
    columns = (runs.c.id, *_KEY_COLUMNS, runs.c.status, runs.c.created_at)
    rows: list[Any] = sorted(connection.execute(select(*columns)), key=lambda row: row[0])
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        first.setdefault((row[1], row[3]), row[0])
    recipes = _of_runs(connection, runs.c.recipe, list(first.values()))
    failures = _of_runs(connection, runs.c.failure, [row[0] for row in rows if row[5] == RunStatus.FAILED])
    with_network = set(connection.execute(select(models.c.run_id)).scalars())
    status = {one.value: one for one in RunStatus}
    return [
        StoredRun(
            RunKey(*row[1:5]), status[row[5]], recipes.get(first[row[1], row[3]], {}), row[0] in with_network,
            failures.get(row[0], ""), row[6],
        )
        for row in rows
    ]  # fmt: skip


def _of_runs(connection: Connection, column: ColumnElement[Any], numbers: Sequence[int]) -> dict[int, Any]:
    """A wide column of some runs, by the run's number."""
    wanted = [select(runs.c.id, column).where(runs.c.id.in_(some)) for some in _in_parts(numbers)]
    return {row[0]: row[1] for part in wanted for row in connection.execute(part)}


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
