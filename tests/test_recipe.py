import pickle
from collections.abc import Callable
from typing import Any

import keras
import pytest

from netgain.data import Dataset
from netgain.errors import NetgainError, RecipeError, UnknownNameError
from netgain.networks.convnet import ConvNet
from netgain.networks.mlp import MLP
from netgain.networks.own import KerasNetwork
from netgain.recipe import (
    DEFAULT_LEARNING_RATES,
    EarlyStopping,
    Optimizer,
    Recipe,
    Schedule,
    load_recipe,
    recipe_names,
)

BASELINE = load_recipe("baseline")


@pytest.mark.parametrize("name", recipe_names())
def test_every_recipe_that_comes_along_survives_toml_and_pickle(name: str) -> None:
    recipe = load_recipe(name)
    assert Recipe.from_toml(recipe.to_toml()) == recipe
    assert pickle.loads(pickle.dumps(recipe)) == recipe
    assert Recipe.from_toml(recipe.to_toml()).digest == recipe.digest


def test_full_recipe_survives_toml(tmp_path: Any) -> None:
    recipe = Recipe(
        dataset="fashion-mnist",
        train_size=100,
        validation_size=50,
        network=ConvNet(filters=(4, 8), kernel_size=(3, 4), pooling="l2", dense=(20,), dropout=0.1, l1=1e-3),
        loss="binary_crossentropy",
        optimizer=Optimizer("sgd", 0.1, momentum=0.9, nesterov=True, schedule=Schedule(kind="cosine", rate=0.1)),
        early_stopping=EarlyStopping(monitor="val_accuracy", patience=7),
    )
    recipe.save(tmp_path / "full.toml")
    assert load_recipe(tmp_path / "full.toml") == recipe


def test_same_updates_are_matched_by_the_epochs() -> None:
    small = load_recipe("small-sample")  # 10,000 images in batches of 30: 334 updates in each of 100 epochs
    tripled = small.change("augmentation.copies", [(5, 25), (-25, -5)])  # 1,000 updates in each
    assert small.same_updates_as(tripled).epochs == round(100 * 1000 / 334) == 299
    assert tripled.same_updates_as(small).epochs == 33
    assert small.same_updates_as(small.change("train_size", 60_000)).epochs == 599
    assert small.change("batch_size", 10).same_updates_as(small).epochs == 33
    assert small.change("batch_size", 10_000).change("epochs", 1).same_updates_as(small).epochs == 33_400
    assert tripled.same_updates_as(small.change("epochs", 1)).epochs == 1
    whole = BASELINE.change("augmentation.copies", [(5, 25)])
    assert BASELINE.same_updates_as(whole).epochs == 2 * BASELINE.epochs


def test_updates_that_cannot_be_counted() -> None:
    with pytest.raises(RecipeError, match="train_size: counting updates"):
        load_recipe("small-sample").same_updates_as(BASELINE)
    with pytest.raises(RecipeError, match="same validation_size"):
        BASELINE.same_updates_as(BASELINE.change("validation_size", 10_000))


def test_digest_is_pinned() -> None:
    # Stored runs are found by it: whoever changes this number orphans every store there is.
    recipe = Recipe(network=MLP(hidden=(30,), output="sigmoid"), loss="mse", optimizer=Optimizer("sgd", 3.0))
    assert recipe.digest[:16] == "ac682e1f2c838a32"


def test_digest_follows_every_field_but_the_dataset() -> None:
    changed = [
        BASELINE.change("network.hidden", [31]),
        BASELINE.change("network.dropout.input", 0.1),
        BASELINE.change("epochs", 31),
        BASELINE.change("optimizer.learning_rate", 3.0),
        BASELINE.change("train_size", 100),
        BASELINE.change("network", ConvNet(output="sigmoid")),
    ]
    assert len({recipe.digest for recipe in [BASELINE, *changed]}) == len(changed) + 1
    assert BASELINE.change("dataset", "digits").digest == BASELINE.digest
    assert BASELINE.change("epochs", 5).change("epochs", BASELINE.epochs).digest == BASELINE.digest


def test_a_stratified_split_and_its_seed_are_part_of_the_recipe() -> None:
    split = BASELINE.change("split", "stratified")
    assert BASELINE.change("split", "ordered").digest == BASELINE.digest
    assert len({recipe.digest for recipe in (BASELINE, split, split.change("split_seed", 1))}) == 3
    assert Recipe.from_toml(split.change("split_seed", 1).to_toml()) == split.change("split_seed", 1)


def test_change_leaves_the_original_alone() -> None:
    changed = BASELINE.change("network.dropout", 0.2)
    assert (changed.network.dropout.input, changed.network.dropout.hidden) == (0.2, 0.2)  # pyright: ignore
    assert BASELINE.network.dropout.input == 0  # pyright: ignore
    assert BASELINE.differences(changed) == {
        "network.dropout.input": (0.0, 0.2),
        "network.dropout.hidden": (0.0, 0.2),
    }


def test_short_forms() -> None:
    assert BASELINE.change("loss", "mse") == BASELINE
    assert BASELINE.change("optimizer", "adam").optimizer == Optimizer("adam", 0.001)
    rates = {name: Optimizer(name).learning_rate for name in DEFAULT_LEARNING_RATES}  # pyright: ignore
    assert rates == DEFAULT_LEARNING_RATES
    assert ConvNet(filters=(4, 8), kernel_size=3).change("filters", [2, 2, 2]).kernel_size == (3, 3, 3)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "unknown field": (
        lambda: BASELINE.change("network.dropuot", 0.2),
        r"network\.dropuot: .*did you mean 'dropout'",
    ),
    "unknown head": (lambda: BASELINE.change("netwrk.dropout", 0.2), r"did you mean 'network'"),
    "field of nothing": (
        lambda: BASELINE.change("train_size.patience", 3),
        r"'train_size' is None here",
    ),
    "above its range": (
        lambda: BASELINE.change("network.dropout", 1.2),
        r"dropout\.input: must be less than 1; received",
    ),
    "below its range": (
        lambda: BASELINE.change("network.l2", -0.1),
        r"l2\.conv: must be greater than or equal to 0",
    ),
    "not finite": (
        lambda: BASELINE.change("optimizer.learning_rate", float("nan")),
        r"learning_rate: .*finite",
    ),
    "no number": (lambda: BASELINE.change("epochs", "many"), r"epochs: .*integer.*'many'"),
    "unknown split": (lambda: BASELINE.change("split", "random"), r"split: must be 'ordered' or 'stratified'"),
    "seed of an ordered split": (lambda: BASELINE.change("split_seed", 1), r"split_seed: an ordered split draws"),
    "zero epochs": (lambda: BASELINE.change("epochs", 0), r"epochs: must be greater than 0; received 0"),
    "unknown loss": (lambda: BASELINE.change("loss", "mae"), r"loss: must be 'mean_squared_error'"),
    "unknown optimizer": (lambda: Optimizer("adm"), r"name: must be 'sgd'.*'adm'"),  # pyright: ignore
    "two problems at once": (
        lambda: Recipe(network={"family": "mlp", "hidden": [3, -1]}, epochs=-1),  # pyright: ignore
        r"network\.hidden\.1: .*received -1; epochs: .*received -1",
    ),
    "typo in TOML": (
        lambda: Recipe.from_toml("epochz = 3\n[network]\nfamily = 'mlp'"),
        r"epochz: .*'epochs'",
    ),
    "no TOML": (lambda: Recipe.from_toml("x = "), r"it is no TOML"),
    "no network": (lambda: Recipe(), r"network: must be given"),  # pyright: ignore
    "sigmoid with categorical": (lambda: BASELINE.change("loss", "categorical_crossentropy"), r"sum to one"),
    "momentum of adam": (lambda: Optimizer("adam", momentum=0.9), r"momentum: is a field of sgd"),
    "nesterov alone": (lambda: Optimizer("sgd", nesterov=True), r"nesterov: needs a momentum"),
    "growing exponential": (lambda: Schedule(kind="exponential", rate=2), r"rate in \(0, 1\]"),
    "cosine above start": (lambda: Schedule(kind="cosine", rate=2), r"rate in \[0, 1\]"),
    "early stopping on nothing": (
        lambda: BASELINE.change("early_stopping", {}),
        r"validation_size: early stopping",
    ),
    "wrong number of kernels": (
        lambda: ConvNet(filters=(4, 8), kernel_size=(3, 5, 7)),
        r"each of the 2 blocks",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        make()


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'mlp'"):
        Recipe(network={"family": "mpl"})  # pyright: ignore
    with pytest.raises(UnknownNameError, match=r"did you mean 'baseline'.*TOML file"):
        load_recipe("basline")


def test_linear_output_is_refused_with_cross_entropy() -> None:
    logits = keras.Sequential([keras.Input((4, 4)), keras.layers.Flatten(), keras.layers.Dense(3)])
    with pytest.raises(RecipeError, match="softmax"):
        Recipe(network=KerasNetwork(logits))
    assert Recipe(network=KerasNetwork(logits), loss="mean_squared_error").network.output_activation == "linear"


def test_what_lives_in_memory_cannot_be_written(tmp_path: Any, tiny: Dataset) -> None:
    with pytest.raises(RecipeError, match=r"Dataset\.save"):
        Recipe(network=MLP(), dataset=tiny).to_toml()
    with pytest.raises(NetgainError, match="cannot be written to"):
        BASELINE.save(tmp_path / "nowhere" / "recipe.toml")


@pytest.fixture
def tiny() -> Dataset:
    import numpy as np

    images, labels = np.full((4, 2, 2), 255), np.array([0, 1, 0, 1])
    return Dataset(images, labels, images, labels)


def test_an_optimizer_of_keras_is_refused_by_its_name() -> None:
    import keras

    with pytest.raises(
        RecipeError, match=r"received Keras' Adam: give ng.Optimizer\('adam', learning_rate\) with one of sgd"
    ):
        Recipe(network=MLP(), optimizer=keras.optimizers.Adam())
