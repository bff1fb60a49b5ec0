"""The program `netgain`, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest import mock

from netgain.cli import main
from netgain.runs.execute.pool import CorePool

Done = subprocess.CompletedProcess[str]


@cache
def kept_worker() -> CorePool:
    """A worker for all tests of this process: each would spend seconds on its imports and on compiling."""
    pool = CorePool(1)
    with contextlib.chdir(Path(__file__).parent):  # it starts here, not in a folder of the first test
        pool.submit(bool).result()
    return pool


@contextlib.contextmanager
def core_pool_of_the_kept_worker(num_workers: int) -> Iterator[CorePool]:
    """In place of `core_pool`, where a program that trains is tested and not its workers."""
    yield kept_worker()


def netgain(*arguments: str, cwd: Path, **environment: str) -> Done:
    """What the program says and its exit code.

    It runs in this process, where an error without a message would raise: a process of its own would spend its time on
    imports. What it leaves to the interpreter's end (frozen garbage, a handler of signals) is not left to other tests.
    The worker that trains is kept for the next test.
    """
    out, errors = io.StringIO(), io.StringIO()
    handler = signal.getsignal(signal.SIGTERM)
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, environment),
        mock.patch.object(sys, "argv", ["netgain", *arguments]),
        mock.patch("netgain.cli.app.gc"),
        mock.patch("netgain.cli.options.core_pool", core_pool_of_the_kept_worker),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")  # printed, as in a process of its own
        code: str | int | None = None
        try:
            main()
        except SystemExit as left:
            code = left.code
        finally:
            signal.signal(signal.SIGTERM, handler)
    return Done(arguments, int(code or 0), out.getvalue(), errors.getvalue())


def started(*arguments: str, cwd: Path, **environment: str) -> Done:
    """What the program says in a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-c", "from netgain.cli import main; main()", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def refused(*arguments: str, cwd: Path) -> str:
    """What the program says of a mistake: one message and the exit code 1, or 2 with how to use it.

    What it said before of what it is doing, such as "12:00:00 reading dropout", is left out.
    """
    done = netgain(*arguments, cwd=cwd)
    assert done.returncode == (2 if done.stderr.startswith("Usage: ") else 1), done.stdout
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    return re.sub(r"^\d\d:\d\d:\d\d .*\n", "", done.stderr, flags=re.M)
