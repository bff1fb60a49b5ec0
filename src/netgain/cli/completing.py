"""What the Tab key completes besides commands, options and files: names, found without importing anything heavy."""

from __future__ import annotations

import pkgutil
from pathlib import Path

STRINGS = "digit-strings"  # what the data room calls them, which would have to be imported


def studies(incomplete: str) -> list[str]:
    """The studies and demonstrations that begin so.

    >>> studies("drop")
    ['dropout']
    """
    from netgain.studies import study_names

    return _beginning(study_names(), incomplete)


def recipes(incomplete: str) -> list[str]:
    """The recipes that begin so."""
    from netgain.experiment.recipe_files import recipe_names

    return _beginning(recipe_names(), incomplete)


def datasets(incomplete: str) -> list[str]:
    """The named datasets that begin so.

    >>> datasets("fashion")
    ['fashion-mnist']
    """
    # Each is a file of its name; importing them would take longer than anybody waits for a Tab.
    modules = pkgutil.iter_modules([str(Path(__file__).parents[1] / "data" / "sources")])
    return _beginning(sorted([STRINGS, *(module.name.replace("_", "-") for module in modules)]), incomplete)


def images(incomplete: str) -> list[str]:
    """What `--data` takes: named datasets, and the folders and `.npz` files that begin so."""
    folder, _, start = incomplete.rpartition("/")
    before = f"{folder}/" if folder or incomplete.startswith("/") else ""
    there = Path(before or ".")
    found = sorted(there.iterdir()) if there.is_dir() else []
    shown = [one for one in found if one.name.startswith(start) and (start or not one.name.startswith("."))]
    paths = [
        f"{before}{one.name}{'/' if one.is_dir() else ''}" for one in shown if one.is_dir() or one.suffix == ".npz"
    ]
    return [*datasets(incomplete), *paths]


def _beginning(names: list[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]
