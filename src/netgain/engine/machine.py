"""What a run was made with: versions and computer, for the record."""

from __future__ import annotations

import os
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from netgain.engine.kernels import GPU


def describe_versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide the numbers."""
    packages = {name: version(name) for name in ("netgain", "jax", "jaxlib", "keras", "numpy")}
    return {"python": platform.python_version(), **packages}


def describe_machine(kernels: str) -> dict[str, str | int]:
    """Processor, its number of cores, the kernels used (:mod:`netgain.engine.kernels`), the operating system.

    With the kernels "gpu" the graphics card too.
    """
    return {
        **_card(kernels),
        "processor": _processor_name(),
        "cores": os.cpu_count() or 1,
        "kernels": kernels,
        "system": platform.platform(terse=True),
    }


def _card(kernels: str) -> dict[str, str]:
    if kernels != GPU:
        return {}
    import jax

    return {"card": jax.devices("gpu")[0].device_kind}


@cache
def _processor_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
