"""The catalogue: one study per file, found by listing this folder.

Each module defines one `STUDY`, a `Study` or a `Demonstration`; its docstring is its claim and begins with the line
that `netgain list` shows.
"""

from netgain.studies.catalogue import (
    CatalogueEntry,
    check_name,
    load_demonstration,
    load_entry,
    load_study,
    study_entries,
    study_names,
)

__all__ = [
    "CatalogueEntry",
    "check_name",
    "load_demonstration",
    "load_entry",
    "load_study",
    "study_entries",
    "study_names",
]
