"""Files that a command will write."""

from __future__ import annotations

import os
from pathlib import Path

from netgain.errors import OutputError


def check_target(path: Path, suffix: str) -> None:
    """Refuse a file that could not be written, before anything is trained for it.

    Raises:
        OutputError: for another suffix, a folder, or a folder that is not there.
    """
    if path.suffix != suffix:
        raise OutputError(f"the file {str(path)!r} must end in {suffix}")
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{str(path)!r} cannot be written: it is a folder, or its folder is missing or read-only")
