"""Finds the studies: every module of this folder that defines a `STUDY`.

A module's `PLACE` says where the lecture comes to it; studies without one are listed last.
"""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from netgain.errors import UnknownNameError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.question import Question
from netgain.experiment.study import Study


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
    modules = [
        importlib.import_module(f"netgain.studies.{module.name}")
        for module in pkgutil.iter_modules([str(Path(__file__).parent)])
        if module.name != "catalogue" and not module.ispkg
    ]
    in_order = sorted(modules, key=lambda module: getattr(module, "PLACE", math.inf))
    entries = (CatalogueEntry(module.STUDY, (module.__doc__ or "").strip()) for module in in_order)
    return {entry.study.name: entry for entry in entries}


def load_entry(name: str) -> CatalogueEntry:
    """The entry of the catalogue of that name, be it a study or a demonstration.

    Raises:
        UnknownNameError: for a name that is not there.
    """
    if name not in study_entries():
        raise UnknownNameError("study", name, study_entries())
    return study_entries()[name]


def declared(names: Iterable[str]) -> dict[str, Question]:
    """What the catalogue has under these names, of those that it knows: a report tells what was changed."""
    return {name: study_entries()[name].study for name in names if name in study_entries()}


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
        known = [other for other, entry in study_entries().items() if entry.study.called == called]
        raise UnknownNameError(called, name, known, advice.format(name))
    return study
