"""What all recipes share, whatever is learnt: digest, text and comparison."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.experiment.recipes import Juggling, Looking

from netgain.data import Dataset, load_dataset, split
from netgain.errors import DataError, OutputError, RecipeError
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.recipe import AbstractRecipe, DatasetRecipe


def test_a_recipe_must_say_how_long_it_trains() -> None:
    for kind in (AbstractRecipe, DatasetRecipe):
        with pytest.raises(TypeError, match="abstract"):
            kind()  # pyright: ignore[reportAbstractUsage]


def test_what_no_recipe_has_to_say_is_nothing() -> None:
    recipe = Juggling()
    assert (recipe.stops_early, recipe.judged_on) == (None, None)
    assert recipe.quick(100) == recipe
    with pytest.raises(RecipeError, match="same_updates: a recipe of the task 'juggling' does not count updates"):
        recipe.same_updates_as(Juggling(balls=4))


def test_the_identity_is_the_task_and_what_is_not_at_its_default() -> None:
    assert Juggling().identity() == {"task": "juggling"}
    recipe = Juggling(balls=5, stopping={"patience": 4})  # pyright: ignore[reportArgumentType]
    assert recipe.identity() == {"task": "juggling", "balls": 5, "stopping": {"patience": 4}}
    text = '{"balls": 5, "stopping": {"patience": 4}, "task": "juggling"}'
    assert recipe.digest == hashlib.sha256(text.encode()).hexdigest()
    assert Juggling(balls=3, stopping=EarlyStopping(patience=3)).digest == Juggling().digest
    assert Juggling().digest != Looking().digest


def test_what_is_written_down_has_every_field() -> None:
    stopping = {"monitor": "val_loss", "patience": 3, "min_delta": 0.0}
    assert Juggling().fields() == {"balls": 3, "height": None, "stopping": stopping}
    assert Juggling().record() == {"task": "juggling", "balls": 3, "height": None, "stopping": stopping}


def test_differences_go_field_by_field_and_between_tasks() -> None:
    one, other = Juggling(), Juggling(height=2.5, stopping=EarlyStopping(patience=9))
    assert one.differences(other) == {"height": (None, 2.5), "stopping.patience": (3, 9)}
    assert other.differences(one) == {"height": (2.5, None), "stopping.patience": (9, 3)}
    assert one.differences(one) == {}
    between = one.differences(Looking())
    assert (between["balls"], between["hours"], between["dataset"]) == ((3, None), (None, 2), (None, "mnist"))
    assert one.changes(other) == one.differences(other)
    assert one.changes(Looking()) == {"task": ("juggling", "looking")}


def test_it_survives_toml_with_its_task(tmp_path: Path) -> None:
    recipe = Juggling(balls=4, stopping=EarlyStopping(patience=9))
    text = recipe.to_toml()
    assert 'task = "juggling"' in text
    assert "height" not in text  # TOML knows no None
    assert Juggling.from_toml(text) == recipe
    recipe.save(tmp_path / "a.toml")
    assert (tmp_path / "a.toml").read_text() == text
    with pytest.raises(OutputError, match="the recipe cannot be written to .*No such file"):
        recipe.save(tmp_path / "nowhere" / "a.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("balls = ", "it is not valid TOML"),
        ("balls = 3", "task: must be 'juggling' for Juggling; received 'classification'"),
        ("task = 'looking'", "task: must be 'juggling' for Juggling; received 'looking'"),
        ("task = 'juggling'\nbals = 3", "bals: there is no such field; did you mean 'balls'"),
    ],
)
def test_text_that_declares_no_such_recipe_is_refused(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Juggling.from_toml(text)


@pytest.fixture
def tiny() -> Dataset:
    images, labels = np.full((4, 2, 2), 255), np.array([0, 1, 0, 1])
    return Dataset(images, labels, images, labels, name="tiny")


def test_the_dataset_decides_where_it_is_judged_and_not_its_digest(tiny: Dataset) -> None:
    digests = {Looking(dataset=dataset).digest for dataset in ("mnist", "digits", Path("a.npz"), tiny)}
    assert len(digests) == 1
    assert Looking(dataset=tiny).judged_on is tiny
    assert Looking(dataset="digits").judged_on == "digits"
    assert Looking(dataset="digits", train_size=3).identity() == {"task": "looking", "train_size": 3}
    assert Looking(dataset=tiny).record()["dataset"] == "tiny"
    assert Looking(dataset=Path("a.npz")).fields()["dataset"] == "a.npz"


def test_sizes_and_split_are_part_of_it() -> None:
    changes = {"train_size": 9, "validation_size": 9, "split": "stratified", "hours": 3}
    digests = {Looking().change(field, value).digest for field, value in changes.items()}
    assert len(digests | {Looking().digest}) == 1 + len(changes)
    seeded = Looking(split="stratified", split_seed=1)
    assert seeded.digest not in {*digests, Looking().digest}
    assert Looking.from_toml(seeded.to_toml()) == seeded


def test_a_dataset_in_memory_cannot_be_written_as_text(tiny: Dataset) -> None:
    with pytest.raises(RecipeError, match=r"dataset: a dataset in memory .*Dataset\.save\('my\.npz'\)"):
        Looking(dataset=tiny).to_toml()


def test_its_parts_are_those_of_the_split() -> None:
    digits = load_dataset("digits")
    recipe = Looking(dataset="digits", train_size=100, validation_size=50, split="stratified", split_seed=7)
    for ours, expected in zip(recipe.parts_of(digits), split(digits, 100, 50, "stratified", 7), strict=True):
        np.testing.assert_array_equal(ours, expected)
    with pytest.raises(DataError, match="train_size"):
        recipe.change("train_size", 10_000).parts_of(digits)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"dataset": ""}, "dataset: must be a name, a path or a Dataset; received ''"),
        ({"dataset": 3}, "dataset: must be a name, a path or a Dataset; received 3"),
        ({"train_size": 0}, "train_size: must be greater than 0; received 0"),
        ({"validation_size": -1}, "validation_size: must be greater than or equal to 0; received -1"),
        ({"split": "random"}, "split: must be 'ordered' or 'stratified'; received 'random'"),
        ({"split_seed": 1}, "split_seed: an ordered split is not random; set split='stratified' or remove split_seed"),
        ({"split": "stratified", "split_seed": -1}, "split_seed: must be greater than or equal to 0"),
    ],
)
def test_refused_when_made(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        Looking(**fields)
