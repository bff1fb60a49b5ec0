"""The program `netgain`, in a process of its own, or where it only refuses, in this one."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import warnings
from pathlib import Path
from unittest import mock

import pytest

from netgain.cli import main


def netgain(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
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

    It runs in this process, where an error without a message would raise: a process of its own would spend its time on
    imports.
    """
    out, errors = io.StringIO(), io.StringIO()
    threshold, handler = gc.get_threshold(), signal.getsignal(signal.SIGTERM)
    with (
        contextlib.chdir(cwd),
        mock.patch.object(sys, "argv", ["netgain", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        warnings.catch_warnings(),
        pytest.raises(SystemExit) as left,
    ):
        warnings.simplefilter("default")  # printed, as in a process of its own
        try:
            main()
        finally:
            gc.set_threshold(*threshold)
            gc.unfreeze()
            signal.signal(signal.SIGTERM, handler)
    assert left.value.code == (2 if errors.getvalue().startswith("Usage: ") else 1), out.getvalue()
    assert "Traceback" not in errors.getvalue()
    assert errors.getvalue().strip()
    return errors.getvalue()
