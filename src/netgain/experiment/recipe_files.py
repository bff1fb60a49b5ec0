"""The recipes that netgain brings along: one TOML file each in the folder `recipes`."""

from __future__ import annotations

from importlib import resources

FOLDER = "netgain.experiment.recipes"


def recipe_names() -> list[str]:
    """The names of the recipes that netgain brings along; nothing is imported for them.

    >>> "baseline" in recipe_names()
    True
    """
    files = resources.files(FOLDER).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
