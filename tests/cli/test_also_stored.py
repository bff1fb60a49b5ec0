"""What a report says of the runs that it does not show: the command that does, or why there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netgain.cli.also_stored import others_in
from netgain.data import Dataset, load_dataset
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.experiment.recipe import AnyRecipe
from netgain.experiment.study import Study
from netgain.networks.families.mlp import MLP
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.studies import load_study
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe


def kept(store: Store, recipe: AnyRecipe, seeds: int = 1) -> None:
    """Put runs into the store as if they had been trained."""
    images = load_dataset(recipe.judged_on)
    for seed in range(seeds):
        run = RunResult(
            recipe_digest=recipe.digest, seed=seed, dataset_digest=images.digest, engine_version=ENGINE_VERSIONS[0],
            status=RunStatus.FINISHED, right=np.ones(images.num_test, bool),
        )  # fmt: skip
        store.add(run, recipe)


@pytest.fixture
def study() -> Study:
    return load_study("dropout")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own() -> Dataset:
    """Images of a user, called after their file."""
    digits = load_dataset("digits")
    return Dataset(digits.x_train[:400], digits.y_train[:400], digits.x_test, digits.y_test, name="mine")


def test_runs_on_images_of_the_current_folder_get_their_command(here: Path, own: Dataset, study: Study) -> None:
    store = Store("sqlite://")
    for recipe in study.on(own).fitted_to(own.num_train).change_recipes("epochs", 2).recipes.values():
        kept(store, recipe, seeds=2)
    (unknown,) = others_in(store, (), [study])
    assert (unknown.command, unknown.why) == ("", "its images, 'mine', are not in the current folder")
    own.save(here / "mine.npz")
    (found,) = others_in(store, (), [study])
    assert found.command == "netgain report dropout --data mine.npz --set epochs=2"
    assert found.seeds == {"baseline": 2, "dropout 0.2": 2}


def test_other_images_under_the_same_name_are_not_taken_for_them(here: Path, own: Dataset, study: Study) -> None:
    store = Store("sqlite://")
    kept(store, study.baseline.change("dataset", own))
    Dataset(own.x_test, own.y_test, own.x_train, own.y_train).save(here / "mine.npz")
    (other,) = others_in(store, (), [study])
    assert other.command == ""
    assert "the images in 'mine.npz' are not those of these runs" in other.why


def test_the_same_recipe_on_two_datasets_is_listed_twice(own: Dataset, study: Study) -> None:
    store = Store("sqlite://")
    for images in ("digits", own):
        kept(store, study.baseline.change("train_size", 300).change("dataset", images))
    assert sorted(other.what.split(",")[0] for other in others_in(store, (), [study])) == [
        "dropout with dataset digits",
        "dropout with dataset mine",
    ]


def test_a_recipe_that_train_takes_gets_that_command(here: Path) -> None:
    store, recipe = Store("sqlite://"), Recipe(dataset="digits", network=MLP(), epochs=7, batch_size=9)
    kept(store, recipe, seeds=3)
    kept(store, load_recipe("baseline"))
    (own, baseline) = others_in(store, (), [])
    assert (own.command, baseline.command) == ("", "netgain train baseline --seeds 1")
    assert own.why.startswith("made in Python, with --set, or from a file that is not in the current folder")
    (here / "mine.toml").write_text(recipe.to_toml())
    (here / "other.toml").write_text("[tool]\nname = 1\n")
    (found, _) = others_in(store, (), [])
    assert found.command == "netgain train mine.toml --seeds 3"
