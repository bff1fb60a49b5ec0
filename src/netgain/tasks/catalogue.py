"""The tasks by name: every file or folder of this one that defines a final recipe."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from inspect import isabstract
from pathlib import Path

from netgain.errors import UnknownNameError
from netgain.experiment.recipe import AbstractRecipe
from netgain.tasks.task import Task

_NO_TASKS = {"catalogue", "recipes", "task"}


@cache
def recipe_classes() -> Mapping[str, type[AbstractRecipe]]:
    """Task name -> the class of its recipes, for every task of this folder.

    >>> sorted(recipe_classes())
    ['classification', 'generation', 'reading', 'svm']
    """
    found: dict[str, type[AbstractRecipe]] = {}
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module_info.name in _NO_TASKS:
            continue
        inner = ".recipe" if module_info.ispkg else ""
        module = importlib.import_module(f"netgain.tasks.{module_info.name}{inner}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, AbstractRecipe) and not isabstract(value):
                found[value.task] = value
    return found


def recipe_class(task: str) -> type[AbstractRecipe]:
    """The class of a task's recipes.

    Raises:
        UnknownNameError: for a task that is not known.
    """
    if task not in recipe_classes():
        raise UnknownNameError("task", task, recipe_classes())
    return recipe_classes()[task]


def task_of(recipe: AbstractRecipe) -> Task:
    """The task that trains a recipe.

    >>> from netgain.tasks.svm import SVM
    >>> task_of(SVM()).measure.name
    'accuracy'
    """
    module, _, name = recipe.trained_by.partition(":")
    task = getattr(importlib.import_module(module), name)()
    assert isinstance(task, Task), f"{recipe.trained_by} is not a Task"
    return task
