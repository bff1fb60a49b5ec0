"""Which code is installed, Python's and that of packages, and which is the user's own."""

from __future__ import annotations

import sys
import sysconfig
import types
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

VERSIONS_RECORDED = {"jax", "jaxlib", "keras", "ml_dtypes", "netgain", "numpy"}
"""Packages whose versions every run records anyway; those of other packages are in the digest."""

# Not "data", which is all of sys.prefix: a project may lie in the folder of its environment.
_LIBRARY_FOLDERS = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")}
_LIBRARY_NAMES = {"site-packages", "dist-packages"}
"""Also those of another environment, of the user or of the system, count."""


def is_installed(module: str | None) -> bool:
    """Whether a module belongs to Python or an installed package, and is not the user's own code.

    >>> is_installed("keras.layers"), is_installed("__main__")
    (True, False)
    """
    top = (module or "__main__").partition(".")[0]
    if top in {"__main__", "__mp_main__"}:
        return False
    if top in sys.stdlib_module_names or top in VERSIONS_RECORDED:
        return True
    found = sys.modules.get(top)
    if found is None:
        return False
    file = getattr(found, "__file__", None)
    places = [file] if file else list(getattr(found, "__path__", ()))
    if not places:  # made while Python runs: the user's, but for the types of functions that Cython compiled
        return top.startswith("_cython_")
    folders = [folder for place in places for folder in Path(str(place)).resolve().parents]
    return any(folder in _LIBRARY_FOLDERS or folder.name in _LIBRARY_NAMES for folder in folders)


def name_of_installed(value: Any) -> str:
    """The name of an installed object, with its package's version if no run records that."""
    module = value.__name__ if isinstance(value, types.ModuleType) else value.__module__ or ""
    top = module.partition(".")[0]
    name = f"{module}.{getattr(value, '__qualname__', '')}"
    if not top or top in VERSIONS_RECORDED or top in sys.stdlib_module_names:  # object.__new__ has no module
        return name
    try:
        return f"{name} {version(top)}"
    except PackageNotFoundError:
        return f"{name} {getattr(sys.modules.get(top), '__version__', '')}"


def is_found_by_name(function: types.FunctionType) -> bool:
    """Whether a function's names lead to it, which those of one that another function made do not.

    >>> is_found_by_name(is_installed)
    True
    """
    found: Any = sys.modules.get(function.__module__)
    for name in function.__qualname__.split("."):
        found = getattr(found, name, None)
    return found is function
