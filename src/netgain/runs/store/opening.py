"""Opens a store: makes a new one, updates an older one, refuses a file that is not a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from netgain.errors import StoreError
from netgain.runs.store.connections import begin_in_sqlite
from netgain.runs.store.messages import plain_errors, without_password
from netgain.runs.store.migrating import bring_up_to_date

_CONNECT_SECONDS = {"sqlite": {"timeout": 60}, "postgresql": {"connect_timeout": 10}}
"""How long SQLite waits for another writer, and PostgreSQL's driver for a server that does not answer."""

_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
"""The driver that comes with netgain[postgres], where the URL names none."""

_READ_ONLY = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}


def open_engine(where: str | Path, *, read_only: bool = False) -> Engine:
    """The engine of a store at a file or a database URL, migrated to this version's schema.

    A read-only engine refuses every write, so a store of an older schema does not open with it.

    Raises:
        StoreError: if it cannot be opened, is not a netgain store, or was written by a newer netgain.
    """
    if "://" not in str(where):
        _check_file(Path(where))
    try:
        url = _url(where)
        engine = create_engine(url, connect_args=_CONNECT_SECONDS.get(url.get_backend_name(), {}))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        advice = "install the database's Python driver (netgain[postgres] for PostgreSQL)"
        problem = f"{without_password(where)!r} is neither a file nor a database URL that can be opened: {error}"
        raise StoreError(f"{problem}; {advice}, or choose a file with --store") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hand_over_transactions)
        event.listen(engine, "begin", begin_in_sqlite)
    if read_only:
        event.listen(engine, "connect", _refuse_writes(engine.dialect.name))
    try:
        with plain_errors(engine):
            bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _url(where: str | Path) -> URL:
    """The URL of a store, with its driver."""
    url = make_url(str(where) if "://" in str(where) else f"sqlite:///{where}")
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def _hand_over_transactions(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # Python's driver would commit before every change of the schema
    connection.execute("PRAGMA foreign_keys=ON")


def _refuse_writes(dialect: str) -> Callable[[Any, Any], None]:
    """What makes a new connection refuse every write.

    Raises:
        StoreError: for a database of which that is not known.
    """
    if dialect not in _READ_ONLY:
        known = " and ".join(_READ_ONLY)
        raise StoreError(f"a store in {dialect} cannot be opened read-only; {known} can")

    def refuse(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(_READ_ONLY[dialect])
        cursor.close()
        if dialect != "sqlite":
            connection.commit()

    return refuse


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"the store {str(path)!r} is a folder; give a file, for example {str(path / 'netgain.db')!r}")
    if not path.absolute().parent.is_dir():
        raise StoreError(f"the store {str(path)!r} cannot be created: there is no folder {str(path.parent)!r}")
