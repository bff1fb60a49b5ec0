"""Recipes by name and from TOML files, of whatever task."""

import pickle
from pathlib import Path

import pytest

from netgain.errors import RecipeError, UnknownNameError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer, Schedule
from netgain.experiment.recipe_files import recipe_names
from netgain.networks.families.convnet import ConvNet
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe
from netgain.tasks.svm import SVM

DIGESTS = {
    "baseline": "f6ef0bf2026328c8",
    "convnet": "54f93739d6a7ab72",
    "convnet-deep": "cffe3b30790bf51c",
    "dense-layer": "558222950f80d458",
    "fast-99": "08d1aadf3a5fc5e9",
    "fast-994": "2bf818bafcd44f1b",
    "more-maps": "bcc9b387142e8f80",
    "reader": "59a966df3cb903d3",
    "row-lstm": "9c1ab21338591a56",
    "small-convnet": "e2a56ce44dadd21e",
    "small-sample": "50a0a2048a1444a4",
    "wide": "aa3ecad6e0cb03bb",
}
"""What runs in people's stores are looked up by: a new field must leave it alone."""


@pytest.mark.parametrize("name", DIGESTS)
def test_digests_stay_what_they_are_in_stores(name: str) -> None:
    assert load_recipe(name).digest.startswith(DIGESTS[name])


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_comes_along_survives_toml_and_pickle(name: str) -> None:
    recipe = load_recipe(name)
    assert type(recipe).from_toml(recipe.to_toml()) == recipe
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert type(recipe).from_toml(recipe.to_toml()).digest == recipe.digest


def test_full_recipe_survives_toml(tmp_path: Path) -> None:
    recipe = Recipe(
        dataset="fashion-mnist",
        train_size=100,
        validation_size=50,
        network=ConvNet(filters=(4, 8), kernel_size=(3, 4), pooling="l2", dense=(20,), dropout=0.1, l1=1e-3),
        loss="binary_crossentropy",
        optimizer=Optimizer("sgd", 0.1, momentum=0.9, nesterov=True, schedule=Schedule(kind="cosine", rate=0.1)),
        early_stopping=EarlyStopping(monitor="val_accuracy", patience=7),
        augmentation=Augmentation(rotation=(-5, 20), copies=((5, 25),)),
    )
    recipe.save(tmp_path / "full.toml")
    assert load_recipe(tmp_path / "full.toml") == recipe
    assert "task" not in (tmp_path / "full.toml").read_text()  # files of older versions name none either


def test_a_machine_survives_toml_and_pickle(tmp_path: Path) -> None:
    machine = SVM(dataset="digits", train_size=300, c=2.0, split="stratified", split_seed=4)
    machine.save(tmp_path / "machine.toml")
    assert 'task = "svm"' in (tmp_path / "machine.toml").read_text()
    assert load_recipe(tmp_path / "machine.toml") == machine
    assert load_recipe(str(tmp_path / "machine.toml")).digest == machine.digest
    assert pickle.loads(pickle.dumps(machine)) == machine


def test_the_task_of_a_file_decides_its_class(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("task = 'classification'\n[network]\nfamily = 'mlp'")
    assert isinstance(load_recipe(tmp_path / "a.toml"), Recipe)
    (tmp_path / "b.toml").write_text("task = 'svm'\n")
    assert load_recipe(tmp_path / "b.toml") == SVM()
    with pytest.raises(RecipeError, match="task: must be 'svm' for SVM; received 'classification'"):
        SVM.from_toml((tmp_path / "a.toml").read_text())


def test_what_is_no_recipe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean 'baseline'.*TOML file"):
        load_recipe("basline")
    path = tmp_path / "a.toml"
    for content, message in {
        b"task = 'writing'": r"there is no task 'writing'",
        b"task = 3": "there is no task '3'",
        b"x = ": "it is not valid TOML",
        b"task = 'svm'\ngama = 3": r"gama: there is no such field; did you mean 'gamma'",
        b"\xff": r"a\.toml' cannot be read",
    }.items():
        path.write_bytes(content)
        with pytest.raises((RecipeError, UnknownNameError), match=message):
            load_recipe(path)
    with pytest.raises(UnknownNameError):
        load_recipe(tmp_path)
