"""A PostgreSQL server for the tests that need one, and an empty database of it for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from tests.postgres_server import Server, control_program

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A running server."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed: pip install 'netgain[postgres]'")
    program = control_program()
    if program is None:
        pytest.skip("there is no PostgreSQL on this computer: apt-get install postgresql")
    server = Server(program)
    yield server
    server.remove()


@pytest.fixture
def postgres(server: Server) -> str:
    """The URL of an empty database."""
    return server.new_database(f"team{next(NUMBERS)}")
