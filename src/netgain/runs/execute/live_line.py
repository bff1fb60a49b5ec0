"""What a command is doing, on standard error: one line that changes in a terminal, a line each in files and pipes."""

from __future__ import annotations

import os
import shutil
import sys
import time

_BACK_AND_CLEAR = "\r\x1b[K"


def doing(words: str) -> None:
    """Say what goes on from now; in a terminal in the place of what was said before."""
    if _is_live():
        width = shutil.get_terminal_size().columns - 1
        sys.stderr.write(f"{_BACK_AND_CLEAR}{words[:width]}")
    else:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {words}\n")
    sys.stderr.flush()


def announce(words: str) -> None:
    """Say in a terminal what goes on from now; nothing in files and pipes, for steps of a second or two."""
    if _is_live():
        doing(words)


def counting(verb: str, done: int, total: int, things: str) -> None:
    """Say how far it is: every step in a terminal, `drawing 12/40 charts`; only the first in files and pipes."""
    if _is_live():
        doing(f"{verb} {done}/{total} {things}")
    elif done == 0:
        doing(f"{verb} {total} {things}")


def clear() -> None:
    """Remove what was said last from a terminal, before anything else is written there."""
    if _is_live():
        sys.stderr.write(_BACK_AND_CLEAR)
        sys.stderr.flush()


def _is_live() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
