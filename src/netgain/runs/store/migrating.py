"""Brings a database to the schema of this netgain, whoever else does so at the same time."""

from __future__ import annotations

import threading

from sqlalchemy import Connection, Engine, inspect, text

from netgain.errors import StoreError
from netgain.runs.store.connections import writing
from netgain.runs.store.messages import another, shown

SCHEMA_VERSION = "0003"
"""The newest migration in `migrations/versions`; a test holds the two equal."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps the migration that is going on in variables of its module: a process can do one at a time."""

_LOCK_OF_MIGRATIONS = 0x6E657467  # "netg"
"""PostgreSQL's advisory lock that the one holds who migrates. SQLite has one writer at a time anyway."""


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or change those of an older netgain.

    Raises:
        StoreError: for a database of something else, or of a newer netgain.
    """
    with engine.connect() as connection:
        version = _schema_version(connection)
    if version != SCHEMA_VERSION:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_OF_MIGRATIONS})
            _migrate(connection, _schema_version(connection))  # another program may have been quicker: look again


def _migrate(connection: Connection, version: str | None) -> None:
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
            f"the store {shown(connection.engine)!r} was written by a newer netgain (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); update netgain, or {another(connection.engine)}"
        )
    with _ONE_AT_A_TIME:
        command.upgrade(config, SCHEMA_VERSION)


def _schema_version(connection: Connection) -> str | None:
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
            f"{shown(connection.engine)!r} is a database but not a netgain store (it holds {listed}); "
            f"{another(connection.engine)}"
        )
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
