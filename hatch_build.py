"""Builds the engine's kernels while netgain is installed: one library for each instruction set.

Where there is no C++ compiler, or it refuses, netgain is installed without them and trains on plain JAX, slower.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path("src/netgain/engine/native")
FLAGS = (
    "-std=c++17 -O3 -fPIC -shared -fvisibility=hidden -w "
    # A product and a sum may become one instruction; nothing else of the arithmetic may change.
    "-ffp-contract=fast -fno-math-errno -fno-trapping-math"
)
INSTRUCTION_SETS = {
    "avx512": "-mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma -mprefer-vector-width=512",
    "avx2": "-mavx2 -mfma",
    "basic": "",
}


class KernelBuildHook(BuildHookInterface[Any]):
    """Compiles `handlers.cc` into `kernels_*.so` beside it, and puts the libraries into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del version  # an editable install gets its kernels in the source tree, as the wheel gets them inside
        if self.target_name != "wheel":
            return
        with ThreadPoolExecutor() as compilers:
            libraries = [path for path in compilers.map(self._compile, self._instruction_sets()) if path]
        if libraries:
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
            inside = {str(path): str(path.relative_to(Path(self.root, "src"))) for path in libraries}
            build_data["force_include"].update(inside)

    def _instruction_sets(self) -> list[str]:
        on_x86 = platform.machine().lower() in {"x86_64", "amd64"}
        return list(INSTRUCTION_SETS) if on_x86 else ["basic"]

    def _compile(self, name: str) -> Path | None:
        """The library of an instruction set, or None where it could not be made; that is said and no error."""
        folder = Path(self.root, SOURCES)
        library = folder / f"kernels_{name}.so"
        library.unlink(missing_ok=True)
        compiler = shlex.split(os.environ.get("CXX", "")) or [shutil.which("g++") or shutil.which("clang++") or "c++"]
        try:
            import jaxlib

            headers = Path(jaxlib.__file__).with_name("include")
            with tempfile.TemporaryDirectory() as scratch:
                target = Path(scratch, library.name)
                flags = shlex.split(f"{FLAGS} {INSTRUCTION_SETS[name]}")
                command = [*compiler, *flags, "-isystem", str(headers), str(folder / "handlers.cc"), "-o", str(target)]
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)  # noqa: S603
                shutil.move(target, library)
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            reason = getattr(error, "stderr", None) or str(error)
            sys.stderr.write(f"netgain: no {name} kernels, training will be slower: {str(reason).strip()[-500:]}\n")
            return None
        return library
