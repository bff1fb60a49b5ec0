"""What must be set before JAX and Keras are first imported in a process that trains."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from netgain.engine.kernels import GPU, kernels_to_use
from netgain.errors import TrainingError


def use_one_thread() -> bool:
    """Limit this process to one thread of arithmetic, and say whether that holds: it must come before JAX starts.

    One network per core is faster than one network on all cores: the lecture's layers are too small to divide.
    One thread also keeps the order of every sum, and so the numbers, the same on any number of cores.

    JAX makes its threads when it is first used and keeps them. So this holds where JAX was not used yet, and where it
    was used after this had been called. A process that was forked from another which had used JAX has a JAX without
    threads, for which it does not hold.
    """
    process = str(os.getpid())
    if not _jax_has_started():
        os.environ.update(NPROC="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
        os.environ[_ONE_THREAD] = process
    return os.environ.get(_ONE_THREAD) == process


_ONE_THREAD = "NETGAIN_ONE_THREAD"
"""The environment variable that names the process which had one thread before it used JAX."""


def _jax_has_started() -> bool:
    bridge = sys.modules.get("jax._src.xla_bridge")
    return bridge is not None and bridge.backends_are_initialized()


def prepare_jax() -> None:
    """Choose JAX as Keras' backend, on the device that trains, and keep what it compiles on disk for the next process.

    Raises:
        TrainingError: where Keras was already imported with another backend.
        ComputerError: as :func:`netgain.engine.kernels.kernels_to_use`.
    """
    os.environ["KERAS_BACKEND"] = "jax"
    os.environ.setdefault("JAX_PLATFORMS", "cuda,cpu" if kernels_to_use() == GPU else "cpu")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # other processes may need a card's memory, too
    import keras

    if keras.backend.backend() != "jax":
        raise TrainingError(
            f"Keras was imported with the backend {keras.backend.backend()!r}, but netgain needs the backend 'jax'; "
            "import netgain before keras, or set KERAS_BACKEND=jax"
        )
    jax = sys.modules["jax"]
    jax.config.update("jax_compilation_cache_dir", str(compiled_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


@contextmanager
def not_imported(*names: str) -> Iterator[None]:
    """Inside, an import of these packages fails unless they are there already.

    Keras imports scikit-learn, pandas and IPython where it finds them, which takes longer than all of JAX; a worker
    uses none of them. Afterwards they can be imported as ever.
    """
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # pyright: ignore[reportArgumentType, reportCallIssue]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def compiled_folder() -> Path:
    """The folder in which compiled epochs are kept: `NETGAIN_COMPILED`, or under the user's cache folder."""
    return Path(os.environ.get("NETGAIN_COMPILED") or platformdirs.user_cache_path("netgain") / "compiled")
