"""Recipes by name, and from TOML files."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from netgain.errors import RecipeError, UnknownNameError
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.recipe_files import FOLDER, recipe_names
from netgain.tasks.catalogue import recipe_class


def load_recipe(name: str | Path) -> Any:
    """A recipe by name ("baseline", one of :func:`recipe_names`) or from a TOML file.

    A file that gives no `task` declares a :class:`netgain.Recipe`, a classifier of images.

    Raises:
        UnknownNameError: for a name that is neither known nor a file, or a task that is not known.
        RecipeError: for a file that does not declare a recipe.

    >>> load_recipe("baseline").batch_size
    30
    """
    if str(name) in recipe_names():
        return _from_toml((resources.files(FOLDER) / f"{name}.toml").read_text(encoding="utf-8"))
    path = Path(name)
    if not path.is_file():
        raise UnknownNameError(
            "recipe", str(name), recipe_names(), "netgain list shows all names; you can also give a TOML file."
        )
    try:
        return _from_toml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError("recipe", [("", f"the file {str(path)!r} cannot be read: {error}")]) from error


def _from_toml(text: str) -> AbstractRecipe:
    try:
        task = tomllib.loads(text).get("task", "classification")
    except tomllib.TOMLDecodeError as error:
        raise RecipeError("recipe", [("", f"it is not valid TOML: {error}")]) from error
    return recipe_class(str(task)).from_toml(text)
