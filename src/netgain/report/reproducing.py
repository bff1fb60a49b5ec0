"""How to get the same numbers again: the command, the recipes, the versions and computers of the runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from netgain.data import Dataset, StringDataset
from netgain.errors import RecipeError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import RunResult


def reproducing(
    recipes: Mapping[str, AbstractRecipe], runs: Mapping[str, Sequence[RunResult]], command: str
) -> dict[str, Any]:
    """The values of the section "How to reproduce".

    Args:
        recipes: the recipes by name.
        runs: their runs by name.
        command: the command that runs them again; empty where no command does.
    """
    return {
        "command": command,
        "recipes": {name: _as_toml(recipe) for name, recipe in recipes.items()},
        "seeds": {name: ", ".join(str(run.seed) for run in of_arm) for name, of_arm in runs.items()},
        "made_with": _made_with([run for of_arm in runs.values() for run in of_arm]),
    }


def value_in_words(value: Any) -> str:
    """A field of a recipe as a reader of TOML expects it; "–" for one that is not set.

    >>> value_in_words(None), value_in_words([30]), value_in_words("relu"), value_in_words(0.2)
    ('–', '[30]', 'relu', '0.2')
    """
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _as_toml(recipe: AbstractRecipe) -> str:
    note = ""
    if isinstance(recipe.judged_on, Dataset | StringDataset):
        recipe = recipe.change("dataset", recipe.judged_on.name)
        note = "# The dataset was read into memory: replace its name with its file or folder.\n"
    try:
        return note + recipe.to_toml()
    except RecipeError as error:
        return f"# {error}"


def _made_with(runs: Sequence[RunResult]) -> list[dict[str, Any]]:
    """Versions and computers with the number of runs of each; failed runs are not counted."""
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        if run.versions:
            versions = ", ".join([*(f"{name} {number}" for name, number in run.versions.items()), run.engine_in_words])
            system = f", {run.machine['system']}" if "system" in run.machine else ""
            cores = run.machine.get("cores", "?")
            card = f"{run.machine['card']} in " if "card" in run.machine else ""
            machine = f"{card}{run.machine.get('processor', 'unknown processor')} ({cores} cores{system})"
            entry = found.setdefault(f"{versions} {machine}", {"versions": versions, "machine": machine, "runs": 0})
            entry["runs"] += 1
    return list(found.values())
