"""Which runs a program trains now, so that colleagues at the same database train others."""

from __future__ import annotations

import hashlib
from types import TracebackType

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from netgain.runs.store.connections import patiently
from netgain.runs.store.keys import RunKey

_OF_NETGAIN = 0x6E657467  # "netg": the first of the two numbers of PostgreSQL's advisory locks
_TAKE = text("SELECT pg_try_advisory_lock(:owner, :number)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:owner, :number)")


class Claims:
    """The runs that this program claims, until it gives them back, closes the claims or ends, however it ends.

    In PostgreSQL a claim is an advisory lock of a separate connection: when that is lost, so are the claims, and
    the next one takes those back that nobody else has taken meanwhile. A database without such locks grants every
    claim: programs that share a SQLite file may train a run twice, and keep it once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._grants_all = engine.dialect.name != "postgresql"
        self._held: set[RunKey] = set()
        self._connection: Connection | None = None

    def __enter__(self) -> Claims:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        for key in tuple(self._held):  # a server notices the end of a connection later only
            self.give_back(key)
        self._disconnect()

    @property
    def are_shared(self) -> bool:
        """Whether other programs learn of these claims."""
        return not self._grants_all

    def take(self, key: RunKey) -> bool:
        """Claim a run; whether it is now this program's to train.

        Raises:
            StoreError: where the database cannot be asked.
        """
        if self._grants_all or patiently(self._engine, lambda: self._taken(key)):
            self._held.add(key)
            return True
        return False

    def give_back(self, key: RunKey) -> None:
        """Claim a run no longer."""
        self._held.discard(key)
        if self._connection is None:
            return
        try:
            self._connection.execute(_GIVE_BACK, _lock_of(key))
        except DBAPIError:  # the connection is lost, and the claim with it
            self._disconnect()

    def _taken(self, key: RunKey) -> bool:
        try:
            if self._connection is None:
                self._connect()
            assert self._connection is not None
            return self._connection.execute(_TAKE, _lock_of(key)).scalar_one()
        except DBAPIError:
            self._disconnect()
            raise

    def _connect(self) -> None:
        self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.detach()  # its locks must end with it: it never goes back to the pool
        for key in self._held:
            self._connection.execute(_TAKE, _lock_of(key))

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _lock_of(key: RunKey) -> dict[str, int]:
    """The advisory lock of a run: two that share one are not trained at the same time, which does no harm."""
    digest = hashlib.sha256("|".join(map(str, key)).encode()).digest()
    return {"owner": _OF_NETGAIN, "number": int.from_bytes(digest[:4], signed=True)}
