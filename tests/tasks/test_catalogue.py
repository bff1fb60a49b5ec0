"""Tasks are found by listing their folder, and a recipe finds the task that trains it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import netgain.tasks
from netgain.errors import UnknownNameError
from netgain.experiment.recipe import AbstractRecipe
from netgain.networks.families.generator import ConvCritic, ConvGenerator
from netgain.networks.families.mlp import MLP
from netgain.networks.families.rnn import RNN
from netgain.tasks.catalogue import recipe_class, recipe_classes, task_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.task import Classification
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.svm import SVM, SupportVectors
from netgain.tasks.task import Task


def test_every_file_and_folder_of_a_task_is_found() -> None:
    here = Path(netgain.tasks.__file__).parent
    tasks = {path.stem for path in here.iterdir() if not path.name.startswith("_")} - {"catalogue", "recipes", "task"}
    assert set(recipe_classes()) == tasks
    assert recipe_classes() == {"classification": Recipe, "generation": Generator, "reading": Reader, "svm": SVM}


@pytest.mark.parametrize("name", recipe_classes())
def test_a_recipe_finds_its_task(name: str) -> None:
    found: Any = recipe_class(name)
    assert issubclass(found, AbstractRecipe)
    assert found.task == name
    fields: dict[str, dict[str, Any]] = {
        "classification": {"network": MLP()},
        "generation": {"generator": ConvGenerator(), "critic": ConvCritic()},
        "reading": {"network": RNN()},
    }
    task = task_of(found(**fields.get(name, {})))
    assert isinstance(task, Task)
    items = "test strings" if name == "reading" else "test images"
    assert (task.measure.name, task.measure.unit, task.measure.items) == ("accuracy", "%", items)


def test_tasks_say_what_hangs_on_seeds_and_kernels() -> None:
    network, machine = task_of(Recipe(network=MLP())), task_of(SVM())
    assert isinstance(network, Classification)
    assert isinstance(machine, SupportVectors)
    assert (network.is_random, network.uses_kernels) == (True, True)
    assert (machine.is_random, machine.uses_kernels) == (False, False)


def test_an_unknown_task_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="there is no task 'clasification'; did you mean 'classification'"):
        recipe_class("clasification")


def test_looking_for_tasks_takes_neither_jax_nor_keras() -> None:
    code = (
        "import sys; from netgain.tasks.catalogue import recipe_classes, task_of; found = recipe_classes(); "
        "task_of(found['svm']()); print([name for name in ('jax', 'keras', 'sklearn') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
