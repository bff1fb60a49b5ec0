"""Every study at a small size: few enlarged digits, narrow networks, two epochs, two seeds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from netgain.api import StudyResult, run
from netgain.data import Dataset, StringDataset, load_dataset, named, source_by_name, turned
from netgain.data.source import Arrays, OnProgress
from netgain.data.strings.digit_strings import make_digit_strings
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import Study
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.fixed_slots import FixedSlots
from netgain.networks.families.mlp import MLP
from netgain.networks.families.rnn import RNN
from netgain.networks.strings import Stem
from netgain.runs.store import Store
from netgain.studies import load_study
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.generation.recipe import Generator
from netgain.tasks.reading.recipe import Reader

Running = Callable[[Study], StudyResult]
NUM_IMAGES = 300
"""To train, and as many to test: one evaluation of them to compile."""

NUM_STRINGS, DIGITS_IN_STRINGS = 30, 120
"""To train, and as many to test: so many digits."""

SMALL_STEM = Stem(filters=(2,), pools=((8, 8),))


@cache
def enlarged_digits() -> Dataset:
    """Digits of scikit-learn's at MNIST's size, 28×28: the kernels and poolings of the lecture fit."""
    digits = load_dataset("digits")

    def enlarged(images: np.ndarray) -> np.ndarray:
        return np.pad(images.repeat(3, axis=1).repeat(3, axis=2), ((0, 0), (2, 2), (2, 2), (0, 0)))

    train = enlarged(digits.x_train[:NUM_IMAGES]), digits.y_train[:NUM_IMAGES]
    return Dataset(*train, enlarged(digits.x_test[:NUM_IMAGES]), digits.y_test[:NUM_IMAGES], name="enlarged-digits")


@cache
def small_strings() -> StringDataset:
    """Strings of these digits, from 1 to 8."""
    digits = enlarged_digits()
    test = slice(DIGITS_IN_STRINGS)
    return make_digit_strings(
        digits.x_train[..., 0], digits.y_train, digits.x_test[test, ..., 0], digits.y_test[test], NUM_STRINGS
    )


def small_generator(recipe: AbstractRecipe) -> AbstractRecipe:
    """The recipe of a generator of 8 x 8 pixels, or of its judge, with one epoch and few maps and neurons."""
    judge = MLP(hidden=(16,))
    if not isinstance(recipe, Generator):
        return recipe.change("network", judge).change("epochs", 1)
    small = recipe.change("generator.filters", [8, 4]).change("critic.filters", [4, 8]).change("epochs", 1)
    return small.change("judge", recipe.judge.change("network", judge).change("epochs", 1))


def narrow(recipe: AbstractRecipe) -> AbstractRecipe:
    """The recipe with a 32nd of the neurons and an eighth of the maps, which a reader pools to a step per 8 columns."""
    if not isinstance(recipe, Recipe | Reader):
        return recipe
    network, changes = recipe.network, {}
    if isinstance(network, MLP):
        changes = {"hidden": [-(-units // 32) for units in network.hidden]}
    if isinstance(network, RNN):
        changes = {"units": network.units // 16, "stem": network.stem and SMALL_STEM}
    if isinstance(network, FixedSlots):
        changes = {"dense": network.dense // 32, "stem": SMALL_STEM}
    if isinstance(network, ConvNet):
        changes = {
            "filters": [maps // 8 for maps in network.filters],
            "dense": [units // 32 for units in network.dense],
        }
    for field, value in changes.items():
        network = network.change(field, value)
    return recipe.change("network", network)


def made_small(study: Study) -> Study:
    """The study on few images, narrow; an arm that is nothing but longer training stays a little longer."""
    most = max(recipe.num_epochs for recipe in study.recipes.values())

    def shorter(recipe: AbstractRecipe) -> AbstractRecipe:
        few = 2 if recipe.num_epochs == most else 1
        return recipe.change("epochs", few) if isinstance(recipe, Recipe | Reader) else recipe

    if isinstance(study.baseline, Generator):  # of which each takes long to compile: one arm and its counterpart
        last = list(study.arms)[-1]
        kept = {name: arm for name, arm in study.arms.items() if name in {last, study.other(last)}}
        return study.with_arms(kept).on("digits").each_recipe(small_generator)
    if isinstance(study.baseline, Reader):
        return study.on(small_strings()).fitted_to(NUM_STRINGS).each_recipe(narrow).each_recipe(shorter)
    return study.on(enlarged_digits()).fitted_to(NUM_IMAGES).each_recipe(narrow).each_recipe(shorter)


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """What one study has trained need not be trained for the next."""
    return Store(tmp_path_factory.mktemp("studies") / "runs.db")


@pytest.fixture(scope="session")
def run_small(small_store: Store) -> Running:
    """A function that runs a study with two seeds in this process."""

    def run_small(study: Study) -> StudyResult:
        with ThreadPoolExecutor(1) as here:
            return run(made_small(study), seeds=2, store=small_store, executor=here)

    return run_small


@pytest.fixture
def small_result(request: pytest.FixtureRequest, run_small: Running) -> StudyResult:
    """The result of the study that the test is parametrised with, by name."""
    return run_small(load_study(request.param))


@dataclass(frozen=True)
class FirstDigits:
    """The first few digits of MNIST."""

    num_train: int = 400
    num_test: int = 300

    def fetch(self, on_progress: OnProgress | None) -> Path | None:
        return None

    def is_cached(self) -> bool:
        return True

    def load(self) -> Arrays:
        mnist = load_dataset("mnist")
        train, test = slice(self.num_train), slice(self.num_test)
        return mnist.x_train[train, ..., 0], mnist.y_train[train], mnist.x_test[test, ..., 0], mnist.y_test[test]


@pytest.fixture
def few_turned_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turned digits that are made of few, in this test only: they are not kept for others."""
    monkeypatch.setattr(turned, "MNIST", replace(turned.MNIST, supply=FirstDigits()))
    kept = named._load_named

    def load(name: str) -> Dataset:
        return source_by_name(name).load() if name.startswith("turned-") else kept(name)

    monkeypatch.setattr(named, "_load_named", load)
