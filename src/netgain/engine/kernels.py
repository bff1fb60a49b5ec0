"""Which of the engine's kernels this computer has, and which of them are used. Nothing here imports JAX.

The kernels are written in C++ and built when netgain is installed (`hatch_build.py`), one library for each
instruction set. Sums are rounded in another order with each, so the set is a part of what a run is looked up by.
A graphics card counts as a set of its own: there JAX does the work, for many seeds of a recipe at once.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
from functools import cache
from pathlib import Path

from netgain.errors import ComputerError

HANDLERS = (
    "adadelta",
    "adam",
    "batch_norm_backward",
    "batch_norm_forward",
    "convolution_at",
    "convolution_forward",
    "convolution_input_gradient",
    "convolution_weight_gradient",
    "dense_forward",
    "dense_input_gradient",
    "dense_weight_gradient",
    "descend",
    "dropout",
    "gru_backward",
    "gru_forward",
    "lstm_backward",
    "lstm_forward",
    "scale_rows",
    "simple_backward",
    "simple_forward",
    "take_images",
)
INSTRUCTION_SETS = ("avx512", "avx2", "basic")
"""Best first."""

PLAIN_JAX = "none"
"""The name of the set without kernels: JAX does the work."""

GPU = "gpu"
"""The name of what a graphics card does: JAX, without kernels, on the seeds of a recipe together."""

CPU_TOGETHER = "cpu-together"
"""The same on the processor, which gains nothing by it: how the card's way is tested where there is none."""

TOGETHER = (GPU, CPU_TOGETHER)

KERNEL_SETS = (*INSTRUCTION_SETS, PLAIN_JAX, *TOGETHER)

VARIABLE = "NETGAIN_KERNELS"
"""The environment variable that names the set to use on the processor instead of the best."""

DEVICE = "NETGAIN_DEVICE"
"""The environment variable that names the device to train on: "cpu", "gpu" or "cpu-together"."""


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


def cards() -> tuple[str, ...]:
    """The graphics cards that JAX can use, as `CUDA_VISIBLE_DEVICES` names them; none without `jax[cuda12]`.

    Found without JAX, which would take their memory.
    """
    plugins = importlib.util.find_spec("jax_plugins")
    folders = [] if plugins is None else list(plugins.submodule_search_locations or [])
    if not any(Path(folder).glob("xla_cuda*") for folder in folders):
        return ()
    here = len(list(Path("/dev").glob("nvidia[0-9]*")))
    shown = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = [str(number) for number in range(here)] if shown is None else shown.split(",")
    return tuple(name.strip() for name in names if name.strip() not in {"", "-1"})[:here]


def kernels_to_use() -> str:
    """What trains here, one of `KERNEL_SETS`: as `NETGAIN_DEVICE` and `NETGAIN_KERNELS` say.

    Without them a graphics card that JAX can use; else the best set that the processor has.

    Raises:
        ComputerError: where a variable names what there is not, or what this computer lacks.

    >>> kernels_to_use() in KERNEL_SETS
    True
    """
    device, kernels = os.environ.get(DEVICE, ""), os.environ.get(VARIABLE, "")
    if device not in {"", "cpu", *TOGETHER}:
        raise ComputerError(f"{DEVICE} is {device!r}, which is no device; set it to cpu or gpu, or unset it")
    if device in TOGETHER and kernels:
        raise ComputerError(
            f"{DEVICE} is {device!r} and {VARIABLE} is {kernels!r}, but kernels are for the processor: unset one of "
            "them"
        )
    on_processor = (*INSTRUCTION_SETS, PLAIN_JAX)
    if kernels and kernels not in on_processor:
        raise ComputerError(
            f"{VARIABLE} is {kernels!r}, which is not a set of kernels; set it to one of {', '.join(on_processor)}, or "
            "unset it for the best set that this computer has"
        )
    chosen = kernels or (device if device in TOGETHER else "") or (GPU if cards() and not device else "")
    if not chosen:
        return next(iter(available()), PLAIN_JAX)
    check_available(chosen)
    return chosen


def check_available(kernels: str) -> None:
    """Refuse a set of kernels that this computer lacks.

    Raises:
        ComputerError: with the sets that it has.
    """
    if kernels == GPU and not cards():
        raise ComputerError(
            "a graphics card is needed, but JAX finds none here: install JAX for it (pip install 'jax[cuda12]') and "
            f"see that the card is visible (nvidia-smi, CUDA_VISIBLE_DEVICES), or set {DEVICE}=cpu"
        )
    here = (*available(), PLAIN_JAX)
    if kernels not in (*here, *TOGETHER):
        raise ComputerError(
            f"the kernels {kernels!r} are needed, but this computer has {', '.join(here)}; its processor cannot "
            f"run the others, or they were not built. Set {VARIABLE} to a set that all your computers have, "
            f"{PLAIN_JAX!r} for example, and start again"
        )
