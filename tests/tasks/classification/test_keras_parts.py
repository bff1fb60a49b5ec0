"""Recipes with Keras' own optimizers and losses, and netgain's short forms, beside Keras' `train_on_batch`."""

import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from netgain.data import Dataset, load_dataset
from netgain.errors import RecipeError
from netgain.experiment.keras_arguments import classes_of
from netgain.experiment.keras_parts import LOSSES, OPTIMIZERS, KerasLoss, KerasOptimizer
from netgain.experiment.optimizer import Optimizer, Schedule
from netgain.networks.families.mlp import MLP
from netgain.networks.families.own import KerasNetwork
from netgain.runs.training import train
from netgain.tasks.catalogue import task_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.slow import train_slowly_with_losses

RECIPE = Recipe(
    dataset="digits",
    train_size=70,  # the last of three batches is a small one
    network=MLP(hidden=(6,), activation="sigmoid"),
    optimizer=Optimizer("sgd", 0.1),
    batch_size=32,
    epochs=2,
)


def assert_as_train_on_batch(recipe: Recipe) -> None:
    """The same losses of each epoch and the same weights after the last."""
    run = train(recipe, 1)
    model, losses = train_slowly_with_losses(recipe, 1)
    np.testing.assert_allclose(run.history["train"]["loss"], losses, rtol=1e-4)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fast.keras"
        path.write_bytes(run.model)
        fast: Any = keras.saving.load_model(path)
    for one, other in zip(fast.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", sorted(set(classes_of(OPTIMIZERS)) - set(OPTIMIZERS.left_out)))
def test_every_optimizer_of_keras(name: str) -> None:
    assert_as_train_on_batch(RECIPE.change("optimizer", KerasOptimizer(name)))


@pytest.mark.parametrize("name", sorted(set(classes_of(LOSSES)) - set(LOSSES.left_out)))
def test_every_loss_of_keras(name: str) -> None:
    assert_as_train_on_batch(RECIPE.change("loss", KerasLoss(name)))


DECAY: Any = keras.optimizers.schedules.PiecewiseConstantDecay([2, 4], [0.1, 0.05, 0.01])

MORE = {
    "weight decay": {"optimizer": Optimizer("sgd", 0.1, weight_decay=0.1)},
    "weight decay of Adam": {"optimizer": Optimizer("adam", 0.01, weight_decay=0.1)},
    "running means": {"optimizer": Optimizer("sgd", 0.1, ema=0.7)},
    "warm-up, then cosine": {"optimizer": Optimizer("sgd", 0.1, warm_up=0.7, schedule=Schedule(kind="cosine"))},
    "warm-up longer than the training": {
        "optimizer": Optimizer("sgd", 0.1, warm_up=9, schedule=Schedule(kind="cosine"))
    },
    "schedule of Keras": {"optimizer": keras.optimizers.SGD(DECAY, momentum=0.9, nesterov=True)},
    "clipping by value": {"optimizer": keras.optimizers.SGD(0.5, clipvalue=1e-3)},
    "accumulation and means": {"optimizer": keras.optimizers.Adam(gradient_accumulation_steps=2, use_ema=True)},
    "means put back": {"optimizer": keras.optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=2)},
    "label smoothing": {"label_smoothing": 0.1},
    "class weights": {"class_weights": {1: 5.0, 3: 0.0}},
    "balanced classes": {"class_weights": "balanced"},
    "balanced integers": {"class_weights": "balanced", "loss": "sparse_categorical_crossentropy"},
    "everything": {"class_weights": "balanced", "label_smoothing": 0.2, "loss": keras.losses.Huber(0.1)},
}


@pytest.mark.parametrize("case", MORE)
def test_what_else_a_recipe_says(case: str) -> None:
    recipe = RECIPE
    for field, value in MORE[case].items():
        recipe = recipe.change(field, value)
    assert_as_train_on_batch(recipe)


def test_label_smoothing_is_that_of_keras() -> None:
    ours = train(RECIPE.change("label_smoothing", 0.3), 0)
    # The digest decides the first weights, so only the loss of the same weights can be compared.
    theirs: Any = keras.losses.CategoricalCrossentropy(label_smoothing=0.3)
    labels = np.eye(10, dtype=np.float32)[load_dataset("digits").y_test]
    watched = train(RECIPE.change("label_smoothing", 0.3), 0, watch_test=True)
    assert watched.history["test"]["loss"][-1] == pytest.approx(float(theirs(labels, ours.test_scores)), rel=1e-4)


def test_the_running_means_are_judged_and_saved() -> None:
    """With a mean that hardly moves the network answers all images alike, as in the beginning."""
    slow = RECIPE.change("optimizer", Optimizer("sgd", 1.0, ema=0.999)).change("epochs", 20)
    run = train(slow, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "slow.keras"
        path.write_bytes(run.model)
        opened: Any = keras.saving.load_model(path)
    dataset = load_dataset("digits")
    np.testing.assert_allclose(opened.predict(dataset.x_test, verbose=0), run.test_scores, rtol=1e-4, atol=1e-6)
    moved = train(slow.change("optimizer.ema", 0.0), 0).test_scores
    assert 3 * run.test_scores.std(axis=0).mean() < moved.std(axis=0).mean()


def test_balanced_weights_are_those_of_the_images_that_are_there() -> None:
    """Two datasets of one size and one recipe share nothing that was compiled for the other's classes."""
    from netgain.engine.compiled import CompiledFunctions

    digits, compiled = load_dataset("digits"), CompiledFunctions()
    images, few = digits.x_train[:70], np.arange(70) % 10
    rare = np.where(np.arange(70) < 60, 0, np.arange(70) % 10)
    runs = []
    for labels, kept in ((few, compiled), (rare, compiled), (rare, CompiledFunctions())):
        dataset = Dataset(images, labels, digits.x_test, digits.y_test, class_names=digits.class_names)
        recipe = RECIPE.change("dataset", dataset).change("train_size", None).change("class_weights", "balanced")
        runs.append(train(recipe, 0, compiled=kept, keep_model=False).history["train"]["loss"])
    assert runs[0] != runs[1]
    assert runs[1] == runs[2]


def compiled(**how: Any) -> keras.Model:
    layers = [keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    if how:
        model.compile(**how)
    return model


HOW = {"optimizer": keras.optimizers.AdamW(0.01, clipnorm=1.0), "loss": "sparse_categorical_crossentropy"}


def test_a_compiled_model_keeps_its_optimizer_and_its_loss(tmp_path: Path) -> None:
    model = compiled(**HOW)
    model.save(tmp_path / "my.keras")
    own = KerasOptimizer("AdamW", {"learning_rate": 0.01, "clipnorm": 1.0})
    for given in (model, tmp_path / "my.keras"):
        recipe = Recipe(network=KerasNetwork(given))
        assert (recipe.optimizer, recipe.loss) == (own, KerasLoss("SparseCategoricalCrossentropy"))
        assert "optimizer=<the model's own KerasOptimizer(class_name='AdamW'" in str(recipe)
        assert recipe.change("epochs", 3).optimizer == own
        other = Recipe(network=KerasNetwork(given), optimizer="sgd")
        assert (other.optimizer, other.loss) == (Optimizer("sgd"), recipe.loss)
        assert "optimizer=" not in str(other)
        assert recipe.network.identity() == KerasNetwork(compiled()).identity()  # what it is compiled with is apart
    read = Recipe.from_toml(f"[network]\nfamily = 'keras'\nmodel = '{tmp_path / 'my.keras'}'")
    assert read.optimizer == own
    assert Recipe.from_toml(read.to_toml()) == read
    assert_as_train_on_batch(
        Recipe(network=KerasNetwork(model), dataset="digits", train_size=70, batch_size=32, epochs=2)
    )


def test_a_model_that_is_not_compiled_has_the_usual_ones() -> None:
    recipe = Recipe(network=KerasNetwork(compiled()))
    assert (recipe.optimizer, recipe.loss) == (Optimizer("sgd"), "categorical_crossentropy")


class OwnLoss(keras.losses.Loss):
    """A user's."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        return (y_true - y_pred) ** 2


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"loss": OwnLoss()}, r"loss: the model was compiled with one that is your own class.*or give the recipe"),
        ({"loss": "mse", "loss_weights": 2.0}, r"loss: the model was compiled with one that has loss_weights=2\.0"),
        (
            {"loss": keras.losses.CategoricalCrossentropy(from_logits=True)},
            r"loss: the model was compiled with one .*scores are probabilities",
        ),
    ],
    ids=["own", "weighted", "logits"],
)
def test_what_a_model_was_compiled_with_is_refused_where_it_is_needed(how: dict[str, Any], message: str) -> None:
    network = KerasNetwork(compiled(**how))
    with pytest.raises(RecipeError, match=message):
        Recipe(network=network)
    assert Recipe(network=network, loss="mse").loss == "mean_squared_error"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "integers with soft targets": (
        {"loss": "sparse_categorical_crossentropy", "label_smoothing": 0.1},
        r"label_smoothing: SparseCategoricalCrossentropy takes class numbers only",
    ),
    "hinge with soft targets": (
        {"loss": "hinge", "label_smoothing": 0.1},
        r"label_smoothing: Hinge takes targets of 0",
    ),
    "smoothed twice": (
        {"loss": keras.losses.CategoricalCrossentropy(label_smoothing=0.1), "label_smoothing": 0.1},
        r"label_smoothing: CategoricalCrossentropy smooths on its own already",
    ),
    "weights of whole batches": ({"loss": "dice", "class_weights": "balanced"}, r"class_weights: Dice compares all"),
    "all smooth": ({"label_smoothing": 1.0}, r"label_smoothing: must be less than 1"),
    "unknown weights": ({"class_weights": "equal"}, r"class_weights: must be 'balanced' or a table.*received 'equal'"),
    "negative weight": ({"class_weights": {0: -1.0}}, r"class_weights.*greater than or equal to 0; received -1"),
    "scores of a sigmoid": (
        {"network": MLP(output="sigmoid"), "loss": "kld"},
        r"loss: KLDivergence needs scores that sum to one",
    ),
    "decay below zero": ({"optimizer": {"name": "sgd", "weight_decay": -1}}, r"optimizer\.weight_decay: must be"),
    "mean that never moves": ({"optimizer": {"name": "sgd", "ema": 1.0}}, r"optimizer\.ema: must be less than 1"),
    "negative warm-up": ({"optimizer": {"name": "sgd", "warm_up": -1}}, r"optimizer\.warm_up: must be greater"),
    "optimizer of a number": ({"optimizer": 3}, r"optimizer: takes a name"),
    "wrong argument": (
        {"optimizer": {"class_name": "Lion", "config": {"lr": 1}}},
        r"optimizer\.config\.lr: Keras' Lion has no such argument",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_when_made(case: str) -> None:
    fields, message = REFUSED[case]
    with pytest.raises(RecipeError, match=message):
        Recipe(**{"network": MLP(), **fields})


def test_a_weight_of_a_class_that_is_not_there_is_refused_before_anything_runs() -> None:
    recipe = RECIPE.change("class_weights", {10: 2.0})
    with pytest.raises(RecipeError, match="class_weights: the dataset has 10 classes, 0 to 9; remove the weight of 10"):
        task_of(recipe).check(recipe, load_dataset("digits"))


def test_a_warm_up_that_never_ends_is_refused_before_anything_runs() -> None:
    recipe = RECIPE.change("optimizer.warm_up", RECIPE.epochs)
    task_of(recipe).check(recipe, load_dataset("digits"))
    recipe = RECIPE.change("optimizer.warm_up", RECIPE.epochs + 0.5)
    with pytest.raises(RecipeError, match=r"optimizer\.warm_up: must be at most the recipe's 2 epochs.*received 2\.5"):
        task_of(recipe).check(recipe, load_dataset("digits"))


def test_everything_is_part_of_the_digest_and_of_a_file() -> None:
    changed = [
        RECIPE.change("optimizer.weight_decay", 0.1),
        RECIPE.change("optimizer.warm_up", 1),
        RECIPE.change("optimizer.ema", 0.9),
        RECIPE.change("label_smoothing", 0.1),
        RECIPE.change("class_weights", {1: 2.0}),
        RECIPE.change("class_weights", "balanced"),
        RECIPE.change("loss", "huber"),
        RECIPE.change("loss", keras.losses.Huber(0.5)),
        RECIPE.change("optimizer", "lion"),
        RECIPE.change("optimizer", keras.optimizers.Lion(0.1)),
        RECIPE.change("optimizer", keras.optimizers.Lion(DECAY)),
    ]
    assert len({recipe.digest for recipe in [RECIPE, *changed]}) == len(changed) + 1
    for recipe in changed:
        again = Recipe.from_toml(recipe.to_toml())
        assert (again, again.digest) == (recipe, recipe.digest)
    assert RECIPE.change("optimizer", keras.optimizers.Lion()).digest == RECIPE.change("optimizer", "lion").digest
    assert RECIPE.change("optimizer.weight_decay", None).change("optimizer.warm_up", 0).digest == RECIPE.digest


def test_a_rehearsal_warms_up_for_a_quarter_of_the_epochs_too() -> None:
    recipe = RECIPE.change("epochs", 20).change("optimizer.warm_up", 4)
    assert recipe.quick(1000).optimizer.warm_up == 1  # pyright: ignore[reportAttributeAccessIssue]
    assert recipe.change("optimizer", "lion").quick(1000).epochs == 5
