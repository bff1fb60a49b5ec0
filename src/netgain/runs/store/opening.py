"""Opens a store: makes a new one, updates an older one, refuses a file that is not a store."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from netgain.errors import StoreError

SCHEMA_VERSION = "0003"
"""The newest migration in `migrations/versions`; a test holds the two equal."""


def open_engine(where: str | Path, *, read_only: bool = False) -> Engine:
    """The engine of a store at a file or a database URL, migrated to this version's schema.

    A read-only engine refuses every write, so a store of an older schema does not open with it.

    Raises:
        StoreError: if it cannot be opened, is not a netgain store, or was written by a newer netgain.
    """
    url = str(where) if "://" in str(where) else f"sqlite:///{where}"
    if "://" not in str(where):
        _check_file(Path(where))
    try:
        engine = create_engine(url, connect_args={"timeout": 60} if url.startswith("sqlite") else {})
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        advice = "install the database's Python driver (netgain[postgres] for PostgreSQL)"
        problem = f"{without_password(where)!r} is neither a file nor a database URL that can be opened: {error}"
        raise StoreError(f"{problem}; {advice}, or choose a file with --store") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hand_over_transactions)
        event.listen(engine, "begin", _begin)
    if read_only:
        event.listen(engine, "connect", _refuse_writes(engine.dialect.name))
    try:
        with plain_errors(engine):
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        version = _schema_version(connection, shown(engine))
    if version != SCHEMA_VERSION:
        with writing(engine) as connection:  # another program may have been quicker: look again
            _migrate(connection, _schema_version(connection, shown(engine)), shown(engine))


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection inside one transaction that writes, committed at the end or rolled back as a whole."""
    with engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


_WRITES = "netgain_writes"


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


_READ_ONLY = {
    "sqlite": "PRAGMA query_only=ON",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}


def _begin(connection: Connection) -> None:
    # A writer takes its place in the queue at once: one that starts as a reader cannot wait for another writer.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def shown(engine: Engine) -> str:
    """The store's file or URL for messages, without a password."""
    return engine.url.database or "" if engine.dialect.name == "sqlite" else str(engine.url)


def without_password(where: str | Path) -> str:
    """A file as it is; a database URL with its password hidden."""
    try:
        return make_url(str(where)).render_as_string(hide_password=True) if "://" in str(where) else str(where)
    except ArgumentError:
        return str(where).partition("://")[0] + "://…"


@contextlib.contextmanager
def plain_errors(engine: Engine) -> Iterator[None]:
    """Turns what a database driver raises into one sentence that says what to do."""
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig)
        advice = next((text for sign, text in _ADVICE.items() if sign in cause), "")
        raise StoreError(f"the store {shown(engine)!r}: {cause}{advice}") from error


_ADVICE = {
    "file is not a database": "; it is not a netgain store: choose another file with --store",
    "readonly database": "; make the file and its folder writable, or choose another with --store",
    "disk is full": "; finished runs are kept: free some space and start again, only missing runs are trained",
    "disk I/O error": "; finished runs are kept: free some space and start again",
    "malformed": "; the file is damaged: restore a copy, or choose another with --store",
    "database is locked": "; another program is using it: wait until it is done and start again",
    "unable to open": "; choose another file with --store",
}


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise StoreError(f"the store {str(path)!r} is a folder; give a file, for example {str(path / 'netgain.db')!r}")
    if not path.absolute().parent.is_dir():
        raise StoreError(f"the store {str(path)!r} cannot be created: there is no folder {str(path.parent)!r}")


def _migrate(connection: Connection, version: str | None, name: str) -> None:
    """Bring the schema from `version` to `SCHEMA_VERSION`, inside the connection's transaction."""
    if version == SCHEMA_VERSION:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "netgain.runs.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreError(
            f"the store {name!r} was written by a newer netgain (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); update netgain, or choose another file with --store"
        )
    command.upgrade(config, SCHEMA_VERSION)


def _schema_version(connection: Connection, name: str) -> str | None:
    """The store's schema version; None for an empty database.

    Raises:
        StoreError: for a database with tables of something else.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if not {"alembic_version", "runs"} <= set(tables):
        listed = ", ".join(sorted(tables)[:3])
        raise StoreError(
            f"{name!r} is a database but not a netgain store (it holds {listed}); choose another file with --store"
        )
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
