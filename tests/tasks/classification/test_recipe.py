from collections.abc import Callable
from typing import Any

import keras
import pytest

from netgain.data import Dataset
from netgain.errors import NetgainError, RecipeError, UnknownNameError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer, Schedule
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.recipes import load_recipe
from netgain.tasks.svm import SVM

BASELINE = load_recipe("baseline")


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
    with pytest.raises(
        RecipeError, match="train_size: to count updates, give train_size in both recipes, or in neither, with the same"
    ):
        load_recipe("small-sample").same_updates_as(BASELINE)
    with pytest.raises(RecipeError, match="same validation_size"):
        BASELINE.same_updates_as(BASELINE.change("validation_size", 10_000))


PINNED = {
    "the lecture's": (
        Recipe(network=MLP(hidden=(30,), output="sigmoid"), loss="mse", optimizer=Optimizer("sgd", 3.0)),
        "ac682e1f2c838a3203bef062fb0549fb91e4a82fb7e3c405f4beb413d4f881ef",
    ),
    "nothing but a network": (
        Recipe(network=MLP()),
        "573742ffa89c8addd596f4f0b05646fa2c317dd736ad28b7a760e565f2ff8fc6",
    ),
    "an MLP with every field": (
        Recipe(
            dataset="fashion-mnist",
            train_size=100,
            validation_size=50,
            split="stratified",
            split_seed=3,
            network=MLP(
                hidden=(30, 20),
                activation="tanh",
                output="sigmoid",
                dropout=0.2,  # pyright: ignore
                l1=1e-4,  # pyright: ignore
                l2=1e-3,  # pyright: ignore
                initial_weights="he_normal",
            ),
            loss="mse",
            optimizer=Optimizer("sgd", 0.5, momentum=0.9, nesterov=True, schedule=Schedule(kind="cosine", rate=0.1)),
            batch_size=10,
            epochs=7,
            early_stopping=EarlyStopping(monitor="val_accuracy", patience=7, min_delta=0.01),
        ),
        "e4f25342be2cf5a9b97c26086da9b0da9c052920863701a16c5112184e7caee7",
    ),
    "a ConvNet": (
        Recipe(
            dataset="digits",
            network=ConvNet(filters=(4, 8), kernel_size=(3, 4), pooling="l2", dense=(20,), dropout=0.1, l1=1e-3),  # pyright: ignore
            loss="binary_crossentropy",
            optimizer="adadelta",
        ),
        "2c0c26cba3135fa0d11a8dfa476e9b2295b8693e9dae2facbf5a95813d5665ae",
    ),
    "augmentation": (
        Recipe(
            network=ConvNet(),
            augmentation=Augmentation(
                rotation=15, shift=2, zoom=(0.9, 1.1), shear=8, elastic=0.7, copies=((5, 25), (-25, -5))
            ),
        ),
        "8c944607c894e0e5518daed3ef3d5cf3ab0c272549d6260b5550aa6c21affb9c",
    ),
    "early stopping": (
        Recipe(network=MLP(), validation_size=10_000, early_stopping=EarlyStopping()),
        "997991a9a2e37ae8e70cfa8c578d6a027b2a90015912edb0e246c1f4ff9297d6",
    ),
    "convnet-deep": (load_recipe("convnet-deep"), "cffe3b30790bf51c397aa8679ddfdd9d423730778808c14bc54e35b95d76b556"),
    "fast-994": (load_recipe("fast-994"), "2bf818bafcd44f1ba53ba19cadb70f103c372473ab70ae975ec209531c6cc82c"),
    "small-sample": (load_recipe("small-sample"), "50a0a2048a1444a4a98bddfd09c70fc7109f6c6d36b236945ecb513c1e66b919"),
}


@pytest.mark.parametrize("name", PINNED)
def test_digest_is_pinned(name: str) -> None:
    """Stored runs are found by it: whoever changes one of these numbers orphans every store there is."""
    recipe, digest = PINNED[name]
    assert recipe.digest == digest


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
    "seed of an ordered split": (
        lambda: BASELINE.change("split_seed", 1),
        r"split_seed: an ordered split is not random; set split='stratified' or remove",
    ),
    "zero epochs": (lambda: BASELINE.change("epochs", 0), r"epochs: must be greater than 0; received 0"),
    "unknown loss": (lambda: BASELINE.change("loss", "maee"), r"loss\.class_name: Keras has no 'maee'"),
    "two problems at once": (
        lambda: Recipe(network={"family": "mlp", "hidden": [3, -1]}, epochs=-1),  # pyright: ignore
        r"network\.hidden\.1: .*received -1; epochs: .*received -1",
    ),
    "typo in TOML": (
        lambda: Recipe.from_toml("epochz = 3\n[network]\nfamily = 'mlp'"),
        r"epochz: .*'epochs'",
    ),
    "no TOML": (lambda: Recipe.from_toml("x = "), r"it is not valid TOML"),
    "no network": (lambda: Recipe(), r"network: must be given"),  # pyright: ignore
    "sigmoid with categorical": (lambda: BASELINE.change("loss", "categorical_crossentropy"), r"sum to one"),
    "early stopping on nothing": (
        lambda: BASELINE.change("early_stopping", {}),
        r"validation_size: early stopping",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        make()


def test_an_unknown_family_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'mlp'"):
        Recipe(network={"family": "mpl"})  # pyright: ignore


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


def test_a_support_vector_machine_is_refused_as_a_network() -> None:
    message = r"network: a support vector machine is a separate recipe, not a network: ng\.SVM\(dataset=\.\.\., c=5"
    for network in (SVM(), {"family": "svm", "c": 5}):
        with pytest.raises(RecipeError, match=message):
            Recipe(network=network)  # pyright: ignore
        with pytest.raises(RecipeError, match=message):
            BASELINE.change("network", network)
    with pytest.raises(RecipeError, match=message):
        Recipe.from_toml("[network]\nfamily = 'svm'")


def test_a_machine_has_no_updates_to_match() -> None:
    with pytest.raises(RecipeError, match="same_updates: a recipe of the task 'classification' does not count updates"):
        BASELINE.same_updates_as(SVM())


def test_what_a_store_writes_down_has_every_field_and_the_networks_family() -> None:
    recipe = BASELINE.change("network.hidden", [31])
    record = recipe.record()
    assert record["network"] == recipe.network.identity()
    assert record["network"]["family"] == "mlp"
    assert (record["dataset"], record["epochs"], record["train_size"]) == ("mnist", recipe.epochs, None)
    assert recipe.fields()["network"]["activation"] == "sigmoid"  # also where it is the default
    assert set(recipe.fields()) == set(Recipe.model_fields)


def test_a_rehearsal_takes_a_quarter_of_the_epochs_and_a_third_of_the_images() -> None:
    small = load_recipe("small-sample")
    assert (small.quick(60_000).epochs, small.quick(60_000).train_size) == (25, 3333)
    assert small.change("train_size", None).change("validation_size", 900).quick(6_900).train_size == 2000
    assert (small.num_epochs, small.change("epochs", 3).quick(60_000).num_epochs) == (100, 1)


def test_it_stops_early_as_declared() -> None:
    stopping = EarlyStopping(patience=7)
    assert BASELINE.stops_early is None
    assert BASELINE.change("validation_size", 100).change("early_stopping", stopping).stops_early == stopping
