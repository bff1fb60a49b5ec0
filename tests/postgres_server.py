"""A PostgreSQL server of its own in a temporary folder, for tests and measurements: no other program is asked."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

AS_ROOT = ["runuser", "-u", "postgres", "--"]
"""PostgreSQL refuses to run as root; Debian's package makes this user."""


def control_program() -> Path | None:
    """The `pg_ctl` of this computer; None where PostgreSQL is not installed."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), *map(Path, filter(None, [shutil.which("pg_ctl")]))]
    return found[0].resolve() if found else None  # its neighbours are beside the program, not beside a link


GUARDED = "guarded"
"""A user who has to give a password, once a test has made it."""


class Server:
    """Listens on a socket in its folder only, and trusts whoever may open that, but for `GUARDED`."""

    def __init__(self, program: Path, *, safe: bool = False) -> None:
        self._user = AS_ROOT if os.geteuid() == 0 else []
        self.folder = Path(tempfile.mkdtemp(prefix="netgain-postgres-"))  # a socket's path may not be long
        if self._user:
            shutil.chown(self.folder, "postgres")
        self._program = program
        sync = "" if safe else " -c fsync=off"
        self._options = f"-c listen_addresses= -c unix_socket_directories={self.folder}{sync}"
        try:
            self._control("initdb", "-o", "--auth=trust --username=netgain --no-sync")
            rules = self.folder / "data" / "pg_hba.conf"
            rules.write_text(f"local all {GUARDED} scram-sha-256\n{rules.read_text()}")
            self.start()
        except BaseException:
            self.remove()
            raise

    @property
    def url(self) -> str:
        """Of its database, which is empty at first."""
        return self.database("postgres")

    def database(self, name: str) -> str:
        """The URL of a database of it."""
        return f"postgresql://netgain:a-secret@/{name}?host={self.folder}"

    def new_database(self, name: str) -> str:
        """Make another empty database; its URL."""
        create = [*self._user, str(self._program.with_name("createdb")), "-h", str(self.folder), "-U", "netgain", name]
        subprocess.run(create, check=True, cwd=self.folder)
        return self.database(name)

    def start(self) -> None:
        self._control("start", "-l", str(self.folder / "log"), "-o", self._options)

    def stop(self) -> None:
        """End it at once, with every connection."""
        self._control("stop", "-m", "immediate")

    def remove(self) -> None:
        """Stop it and delete its folder."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it may be stopped already
            self.stop()
        shutil.rmtree(self.folder)

    def _control(self, *arguments: str) -> None:
        command = [*self._user, str(self._program), "--silent", "-D", str(self.folder / "data"), *arguments]
        subprocess.run(command, check=True, cwd=self.folder)
