"""Which of the engine's kernels this computer has, and which of them are used. Nothing here imports JAX.

The kernels are written in C++ and built when netgain is installed (`hatch_build.py`), one library for each
instruction set. Sums are rounded in another order with each, so the set is a part of what a run is looked up by.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache
from pathlib import Path

from netgain.errors import ComputerError

HANDLERS = (
    "adadelta",
    "adam",
    "convolution_forward",
    "convolution_input_gradient",
    "convolution_weight_gradient",
    "dense_forward",
    "dense_input_gradient",
    "dense_weight_gradient",
    "descend",
    "dropout",
    "take_images",
)
INSTRUCTION_SETS = ("avx512", "avx2", "basic")
"""Best first."""

PLAIN_JAX = "none"
"""The name of the set without kernels: JAX does the work."""

KERNEL_SETS = (*INSTRUCTION_SETS, PLAIN_JAX)

VARIABLE = "NETGAIN_KERNELS"
"""The environment variable that names the set to use instead of the best."""


@cache
def available() -> tuple[str, ...]:
    """The instruction sets whose kernels were built and that this processor runs, the best first."""
    basic = library("basic")
    if basic is None:
        return ()
    runs = {"avx512": basic.runs_avx512(), "avx2": basic.runs_avx2(), "basic": 1}
    return tuple(name for name in INSTRUCTION_SETS if library(name) is not None and runs[name])


@cache
def library(instruction_set: str) -> ctypes.CDLL | None:
    """The kernels of an instruction set; None where they were not built, or were built for another system."""
    path = Path(__file__).parent / "native" / f"kernels_{instruction_set}.so"
    try:
        found = ctypes.CDLL(str(path))
    except OSError:
        return None
    return found if all(hasattr(found, handler) for handler in HANDLERS) else None


def kernels_to_use() -> str:
    """The set that `NETGAIN_KERNELS` names, or the best that this computer has: one of `KERNEL_SETS`.

    Raises:
        ComputerError: where the variable names no set, or one that this computer lacks.

    >>> kernels_to_use() in KERNEL_SETS
    True
    """
    wanted = os.environ.get(VARIABLE, "")
    if not wanted:
        return next(iter(available()), PLAIN_JAX)
    if wanted not in KERNEL_SETS:
        raise ComputerError(
            f"{VARIABLE} is {wanted!r}, which is not a set of kernels; set it to one of {', '.join(KERNEL_SETS)}, or "
            "unset it for the best set that this computer has"
        )
    check_available(wanted)
    return wanted


def check_available(kernels: str) -> None:
    """Refuse a set of kernels that this computer lacks.

    Raises:
        ComputerError: with the sets that it has.
    """
    here = (*available(), PLAIN_JAX)
    if kernels not in here:
        raise ComputerError(
            f"the kernels {kernels!r} are needed, but this computer has {', '.join(here)}; its processor cannot "
            f"run the others, or they were not built. Set {VARIABLE} to a set that all your computers have, "
            f"{PLAIN_JAX!r} for example, and start again"
        )
