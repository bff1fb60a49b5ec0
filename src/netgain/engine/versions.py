"""The version of the engine that a run is looked up by."""

from __future__ import annotations

from netgain.engine import ENGINE_VERSION
from netgain.engine.kernels import KERNEL_SETS

ENGINE_VERSIONS = (ENGINE_VERSION, *(f"{ENGINE_VERSION}+{kernels}" for kernels in KERNEL_SETS))
"""All of this engine: of what is trained without kernels, and of each set of kernels."""


def engine_version(kernels: str | None) -> str:
    """This engine's version with the kernels that decide a learner's numbers; None for one that uses none.

    >>> engine_version("avx2").partition("+")[2], engine_version(None) == ENGINE_VERSION
    ('avx2', True)
    """
    return ENGINE_VERSION if kernels is None else f"{ENGINE_VERSION}+{kernels}"
