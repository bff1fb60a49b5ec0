"""Calls the kernels (:mod:`netgain.engine.kernels`) from compiled JAX code by its foreign-function interface.

Where none was built, the engine's callers use their plain JAX forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import jax
import numpy as np

from netgain.engine.kernels import GPU, HANDLERS, INSTRUCTION_SETS, check_available, kernels_to_use, library

_USED: ContextVar[str | None] = ContextVar("kernels", default=None)


def used() -> str:
    """The set of kernels that what is traced here uses: that of the innermost `using`, else this computer's own."""
    return _USED.get() or kernels_to_use()


def has_kernels() -> bool:
    """Whether there are kernels to call; where not, plain JAX does the work."""
    return used() in INSTRUCTION_SETS


def on_card() -> bool:
    """Whether what is traced here is for a graphics card: inside `using("gpu")` only, as training is."""
    return _USED.get() == GPU


@contextmanager
def using(kernels: str) -> Iterator[None]:
    """Inside, what is traced in this thread uses these kernels.

    Raises:
        ComputerError: where this computer lacks them.
    """
    check_available(kernels)
    token = _USED.set(kernels)
    try:
        yield
    finally:
        _USED.reset(token)


def call(
    handler: str,
    results: Sequence[jax.ShapeDtypeStruct],
    *arguments: jax.Array,
    in_place: Mapping[int, int] | None = None,
    **attributes: Any,
) -> Any:
    """The results of a kernel; `in_place` maps arguments to the results that may take their memory."""
    name = used()
    _register(name)
    function = jax.ffi.ffi_call(
        _target(handler, name), list(results), input_output_aliases=dict(in_place) if in_place else None
    )
    return function(*arguments, **{key: _attribute(value) for key, value in attributes.items()})


@cache
def _register(instruction_set: str) -> None:
    """Make an instruction set's kernels known to JAX."""
    kernels = library(instruction_set)
    assert kernels is not None
    for handler in HANDLERS:
        function = jax.ffi.pycapsule(getattr(kernels, handler))
        jax.ffi.register_ffi_target(_target(handler, instruction_set), function, platform="cpu")


def _target(handler: str, instruction_set: str) -> str:
    return f"netgain_{handler}_{instruction_set}"


def _attribute(value: bool | float | tuple[int, ...]) -> Any:
    """C++ reads attributes of fixed width: bool, int64 and arrays of it, float32."""
    if isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        return np.array(value, np.int64)
    return np.int64(value) if isinstance(value, int) else np.float32(value)
