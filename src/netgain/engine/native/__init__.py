"""The kernels written in C++, called from compiled JAX code by its foreign-function interface.

They are built when netgain is installed (`hatch_build.py`), one library for each instruction set; the best that the
processor runs is taken. Where none was built, the engine's callers use their plain JAX forms.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jax
import numpy as np

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

_chosen: list[str | None] = []


@cache
def available() -> tuple[str, ...]:
    """The instruction sets whose kernels were built and that this processor runs, the best first."""
    libraries = {name: _open(name) for name in INSTRUCTION_SETS}
    basic = libraries["basic"]
    if basic is None:
        return ()
    runs = {"avx512": basic.runs_avx512(), "avx2": basic.runs_avx2(), "basic": 1}
    usable = tuple(name for name in INSTRUCTION_SETS if libraries[name] is not None and runs[name])
    for name in usable:
        for handler in HANDLERS:
            function = jax.ffi.pycapsule(getattr(libraries[name], handler))
            jax.ffi.register_ffi_target(_target(handler, name), function, platform="cpu")
    return usable


def chosen() -> str | None:
    """The instruction set whose kernels are used, or None where plain JAX does the work."""
    return _chosen[-1] if _chosen else next(iter(available()), None)


@contextmanager
def using(instruction_set: str | None) -> Iterator[None]:
    """Inside, what is traced uses these kernels; None for plain JAX. For comparing them."""
    _chosen.append(instruction_set)
    try:
        yield
    finally:
        _chosen.pop()


def call(
    handler: str,
    results: Sequence[jax.ShapeDtypeStruct],
    *arguments: jax.Array,
    in_place: Mapping[int, int] | None = None,
    **attributes: Any,
) -> Any:
    """The results of a kernel; `in_place` maps arguments to the results that may take their memory."""
    name = chosen()
    assert name is not None
    function = jax.ffi.ffi_call(
        _target(handler, name), list(results), input_output_aliases=dict(in_place) if in_place else None
    )
    return function(*arguments, **{key: _attribute(value) for key, value in attributes.items()})


def _target(handler: str, instruction_set: str) -> str:
    return f"netgain_{handler}_{instruction_set}"


def _attribute(value: bool | float) -> Any:
    """C++ reads attributes of fixed width: bool, int64, float32."""
    if isinstance(value, bool):
        return value
    return np.int64(value) if isinstance(value, int) else np.float32(value)


def _open(name: str) -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(str(Path(__file__).with_name(f"kernels_{name}.so")))
    except OSError:  # not built, or built for another system
        return None
    return library if all(hasattr(library, handler) for handler in HANDLERS) else None
