"""Finds the studies: every module of this folder that defines a `STUDY`, and files of a user that do.

A module is called as its study is, and its `PLACE` says where the lecture comes to it; studies without one are listed
last.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from netgain.errors import UnknownNameError
from netgain.studies.own_file import is_file_name, load_own_file

if TYPE_CHECKING:
    from types import ModuleType

    from netgain.experiment.demonstration import Demonstration
    from netgain.experiment.question import Question
    from netgain.experiment.study import Study

_NO_STUDIES = {"catalogue", "own_file", "new"}
LISTED_BY = "netgain list shows all names."


class CatalogueEntry(NamedTuple):
    """A study or demonstration of the catalogue and its claim, the docstring of its file."""

    study: Question
    claim: str

    @property
    def headline(self) -> str:
        """The claim's first line."""
        return self.claim.partition("\n")[0]


@cache
def study_entries() -> Mapping[str, CatalogueEntry]:
    """Name -> entry, for every study and demonstration of the catalogue, in the order of the lecture.

    >>> study_entries()["dropout"].study.name
    'dropout'
    """
    in_order = sorted(map(_module, study_names()), key=lambda module: getattr(module, "PLACE", math.inf))
    entries = map(_entry, in_order)
    return {entry.study.name: entry for entry in entries}


def study_names() -> list[str]:
    """The names of all studies and demonstrations of the catalogue, in alphabetical order; nothing is imported.

    >>> "dropout" in study_names()
    True
    """
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(
        module.name.replace("_", "-") for module in modules if not module.ispkg and module.name not in _NO_STUDIES
    )


def check_name(name: str) -> None:
    """Refuse what is neither the name of a study or demonstration nor a Python file; quick, as nothing is imported.

    Raises:
        UnknownNameError: for such a name.
    """
    if name not in study_names() and not is_file_name(name):
        raise UnknownNameError("study", name, study_names(), LISTED_BY)


def load_entry(name: str) -> CatalogueEntry:
    """The entry of the catalogue of that name, or of a user's file such as `hidden_size.py`, be it a study or a
    demonstration.

    Raises:
        UnknownNameError: for a name that is not there.
        RecipeError: for a file that is not there or defines no study.
    """
    check_name(name)
    return _entry(load_own_file(Path(name)) if is_file_name(name) else _module(name))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"netgain.studies.{name.replace('-', '_')}")


def _entry(module: ModuleType) -> CatalogueEntry:
    return CatalogueEntry(module.STUDY, (module.__doc__ or "").strip())


def load_study(name: str) -> Study:
    """A study of the catalogue by name.

    Raises:
        UnknownNameError: for a name that is not there, or is one of a demonstration.
    """
    return _loaded(name, "study", "It is a demonstration: load_demonstration({!r}).")


def load_demonstration(name: str) -> Demonstration:
    """A demonstration of the catalogue by name.

    Raises:
        UnknownNameError: for a name that is not there, or is one of a study.
    """
    return _loaded(name, "demonstration", "It is a study: load_study({!r}).")


def _loaded(name: str, called: str, advice: str) -> Any:
    study = load_entry(name).study
    if study.called != called:
        raise UnknownNameError(called, name, (), advice.format(name))
    return study
