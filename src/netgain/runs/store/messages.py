"""What a database says, in one sentence with advice that fits it; and where a store is, without a password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from netgain.errors import StoreError


def shown(engine: Engine) -> str:
    """The store's file or URL for messages, without a password."""
    return engine.url.database or "" if engine.dialect.name == "sqlite" else str(engine.url)


def without_password(where: str | Path) -> str:
    """A file as it is; a database URL with its password hidden.

    >>> without_password("postgresql://ann:secret@server/team")
    'postgresql://ann:***@server/team'
    """
    try:
        return make_url(str(where)).render_as_string(hide_password=True) if "://" in str(where) else str(where)
    except ArgumentError:
        return str(where).partition("://")[0] + "://…"


def another(engine: Engine) -> str:
    """The advice to use another store, as it is given for this kind of database."""
    return f"choose another {'file' if engine.dialect.name == 'sqlite' else 'database'} with --store"


@contextlib.contextmanager
def plain_errors(engine: Engine) -> Iterator[None]:
    """Turns what a database driver raises into one sentence that says what to do.

    Raises:
        StoreError: in place of every error of the driver, but for:
        IntegrityError: a row that is there already, of which the caller knows what it means.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise in_plain_words(error, engine) from error


def in_plain_words(error: DBAPIError, engine: Engine) -> StoreError:
    """What a database's driver raised, in one sentence that says what to do."""
    cause = " ".join(str(error.orig).split())  # PostgreSQL's messages have several lines
    advices = _OF_A_FILE if engine.dialect.name == "sqlite" else _OF_A_SERVER
    advice = next((text for sign, text in advices.items() if sign in cause), "")
    return StoreError(f"the store {shown(engine)!r}: {cause}{advice}")


_OF_A_FILE = {
    "file is not a database": "; it is not a netgain store: choose another file with --store",
    "readonly database": "; make the file and its folder writable, or choose another with --store",
    "disk is full": "; finished runs are kept: free some space and start again, only missing runs are trained",
    "disk I/O error": "; finished runs are kept: free some space and start again",
    "malformed": "; the file is damaged: restore a copy, or choose another with --store",
    "database is locked": "; another program is using it: wait until it is done and start again",
    "unable to open": "; choose another file with --store",
}

_START_IT = "; start the server, or correct host and port in the URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE"
_WRONG_NAME = "; correct the host's name in the URL: postgresql://USER:PASSWORD@HOST:5432/DATABASE"
_GO_ON = "; finished runs are kept: start again when the server answers, only missing runs are trained"
_WHO_ASKS = (
    "; correct user and password in the URL (postgresql://USER:PASSWORD@HOST/DATABASE), or leave the password out of "
    "it and put it into the file ~/.pgpass"
)

_OF_A_SERVER = {
    "password authentication failed": _WHO_ASKS,
    "no password supplied": _WHO_ASKS,
    "pg_hba.conf": "; the server does not let this user in from this computer: ask its administrator",
    "Connection refused": _START_IT,
    "No such file or directory": _START_IT,
    "timeout expired": _START_IT,
    "not known": _WRONG_NAME,
    "failed to resolve": _WRONG_NAME,
    "could not translate host name": _WRONG_NAME,
    "does not exist": "; create the database first (createdb NAME), or correct its name in the URL",
    "permission denied": "; ask the database's administrator for the right to create and to change tables there",
    "No space left on device": _GO_ON.replace("when the server answers", "when its disk has space"),
    "read-only transaction": "; this store was opened for reading only",
    "too many clients": "; the server takes no more connections: wait, or let it take more (max_connections)",
    "starting up": _GO_ON,
    "shutting down": _GO_ON,
    "terminating connection": _GO_ON,
    "server closed the connection": _GO_ON,
}
