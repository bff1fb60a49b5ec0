"""A PostgreSQL server of its own, for the tests that need one: it listens on a socket in a temporary folder only."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

AS_ROOT = ["runuser", "-u", "postgres", "--"]
"""PostgreSQL refuses to run as root; Debian's package makes this user."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty database."""
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed: pip install 'netgain[postgres]'")
    programs = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), *map(Path, filter(None, [shutil.which("pg_ctl")]))]
    if not programs:
        pytest.skip("there is no PostgreSQL on this computer: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="netgain-postgres-"))  # a socket's path may not be long
    user = AS_ROOT if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def control(*arguments: str) -> None:
        subprocess.run([*user, str(programs[0]), "--silent", "-D", str(data), *arguments], check=True, cwd=folder)

    try:
        control("initdb", "-o", "--auth=trust --username=netgain --no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        control("start", "-l", str(folder / "log"), "-o", options)
        yield f"postgresql+psycopg://netgain:a-secret@/postgres?host={folder}"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # of a server that did not start, that is the news
            control("stop", "-m", "immediate")
        shutil.rmtree(folder)
