"""Transactions that read and that write, repeated where the connection to the database's server was lost."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from netgain.runs.store.messages import plain_errors

Answer = TypeVar("Answer")

PATIENCE = 120.0
"""Seconds for which a server may be away, for example while it is restarted, before that is an error."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two tries; each pause is twice the one before it."""

_WRITES = "netgain_writes"

_LASTING = ("authentication failed", "no password supplied", "pg_hba.conf", "does not exist", "permission denied")
"""What a server says that will say the same a moment later."""


def read(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """What `work` finds over a connection.

    Raises:
        StoreError: where the database cannot be read.
    """

    def once() -> Answer:
        with engine.connect() as connection:
            return work(connection)

    return patiently(engine, once)


def write(engine: Engine, work: Callable[[Connection], Answer]) -> Answer:
    """What `work` gives after its transaction was committed.

    It may be done twice where the connection is lost while the server commits: `work` must bear that.

    Raises:
        StoreError: where the database cannot be written to.
        IntegrityError: as the database raises it.
    """

    def once() -> Answer:
        with writing(engine) as connection:
            return work(connection)

    return patiently(engine, once)


@contextlib.contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection inside one transaction that writes, committed at the end or rolled back as a whole."""
    with engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def begin_in_sqlite(connection: Connection) -> None:
    """Begin a transaction: a writer takes its place in the queue at once.

    One that starts as a reader cannot wait for another writer.
    """
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def patiently(engine: Engine, act: Callable[[], Answer]) -> Answer:
    """What `act` gives, tried again for `PATIENCE` seconds while the database's server is not there.

    Raises:
        StoreError: for every other error of the database, and where the server stays away.
    """
    last_try, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
    with plain_errors(engine):
        while True:
            try:
                return act()
            except DBAPIError as error:
                if engine.dialect.name == "sqlite" or not is_lost(error) or time.monotonic() > last_try:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def is_lost(error: DBAPIError) -> bool:
    """Whether the same may succeed over another connection, a moment later.

    Such errors have a code of a lost connection (class 08), of a server that stops or starts (57P), of two
    transactions that were in each other's way (40), of too many clients (53300), or none: then nobody answered.
    See appendix A of PostgreSQL's manual.
    """
    cause: Any = error.orig
    code, said = getattr(cause, "sqlstate", None) or "", str(cause)
    of_the_connection = isinstance(error, OperationalError | InterfaceError) and not code
    passing = code.startswith(("08", "57P", "40", "53300"))
    return (error.connection_invalidated or of_the_connection or passing) and not any(sign in said for sign in _LASTING)
