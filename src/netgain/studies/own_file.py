"""A study in a user's own Python file: the same as a file of the catalogue, anywhere on the computer."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from netgain.errors import NetgainError, RecipeError


def is_file_name(name: str) -> bool:
    """Whether what names a study names a file instead.

    >>> is_file_name("hidden_size.py"), is_file_name("dropout")
    (True, False)
    """
    return name.endswith(".py")


def load_own_file(path: Path) -> ModuleType:
    """The module of a file that defines a `STUDY`; the file is run.

    Raises:
        RecipeError: where the file is missing, raises an error, or defines no study; and what netgain itself raises
            for what the file declares.
    """
    from netgain.experiment.demonstration import Demonstration
    from netgain.experiment.study import Study

    if not path.is_file():
        raise RecipeError("study", [("", f"there is no file {str(path)!r}; netgain new study NAME writes one")])
    name = f"netgain_own_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # what the file defines can then be found by its name, as pickle does
    try:
        spec.loader.exec_module(module)
    except NetgainError:
        raise
    except Exception as error:
        raise RecipeError("study", [("", f"the file {str(path)!r} fails: {type(error).__name__}: {error}")]) from error
    if not isinstance(getattr(module, "STUDY", None), Study | Demonstration):
        message = f"the file {str(path)!r} must define STUDY, an ng.Study or an ng.Demonstration"
        raise RecipeError("study", [("", message)])
    return module
