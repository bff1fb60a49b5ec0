"""Where datasets are kept on this computer."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from netgain.errors import DataError


def cache_folder() -> Path:
    """`$NETGAIN_DATA`, or else netgain's folder among the user's caches."""
    import platformdirs

    chosen = os.environ.get("NETGAIN_DATA")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("netgain")) / "data"


@contextmanager
def cache_errors(path: Path) -> Iterator[None]:
    """Says in netgain's words why the cache cannot be used."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        reason = "the disk is full" if full else error.strerror or str(error)
        advice = "free some space" if full else "check the permissions"
        raise DataError(
            f"the data cache cannot be used at {str(path)!r}: {reason}; {advice}, or set the environment "
            "variable NETGAIN_DATA to another folder"
        ) from error
