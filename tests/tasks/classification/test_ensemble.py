"""An ensemble is its members trained alone, and averaged; the slow twin is the mean of runs of one network."""

from pathlib import Path

import keras
import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.engine.ambient import standard_jax
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.inputs import image_feeder
from netgain.engine.kernels import CPU_TOGETHER
from netgain.engine.score import score
from netgain.errors import RecipeError
from netgain.experiment.augmentation import Augmentation
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.test_time import TestTime
from netgain.networks.families.convnet import ConvNet
from netgain.networks.families.own import KerasNetwork
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.trained import open_network
from netgain.runs.training import train, train_together
from netgain.tasks.catalogue import task_of
from netgain.tasks.classification.ensemble import seeds_of_members
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import Training, start

DIGITS = load_dataset("digits")
RECIPE = Recipe(
    dataset="digits",
    train_size=300,
    network=ConvNet(filters=(4,), kernel_size=3, dropout=0.1),  # pyright: ignore
    optimizer=Optimizer("adam", 0.01),
    batch_size=32,
    epochs=2,
    ensemble=3,
    augmentation=Augmentation(shift=1, mixup=0.2),
)


def own_model(last: str = "softmax") -> keras.Model:
    inputs = keras.Input((64,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(8)(inputs))
    return keras.Model(inputs, keras.layers.Dense(10, activation=last)(x))


RECIPES = {
    "own": RECIPE,
    "a user's": RECIPE.change("network", KerasNetwork(own_model(), pixels="0..1")),
    "of running means": RECIPE.change("optimizer", Optimizer("adam", 0.01, ema=0.9)),
    "normalized, with views": RECIPE.change(
        "network",
        ConvNet(filters=(4,), kernel_size=3, batch_norm=True, dropout={"hidden": 0.1}),  # pyright: ignore
    ).change("test_time", TestTime(shift=1)),
    "with views": RECIPE.change("test_time", TestTime(shift=1, flip="vertical")).change("validation_size", 50),
}


def members_alone(recipe: Recipe, seed: int) -> list[Training]:
    """Each member trained as if there were no other."""
    members = []
    with standard_jax():
        for each in seeds_of_members(recipe, seed):
            member = start(recipe, DIGITS, each, CompiledFunctions())
            for _ in range(recipe.epochs):
                member, _ = member.one_epoch()
            members.append(member)
    return members


def plain_scores(run: RunResult, images: np.ndarray, folder: Path) -> np.ndarray:
    """What plain Keras answers with the saved file."""
    path = folder / "ensemble.keras"
    path.write_bytes(run.model)
    model = keras.saving.load_model(path)
    return np.asarray(model.predict(np.asarray(image_feeder(open_network(run))(images)), verbose=0))  # pyright: ignore


@pytest.mark.parametrize("name", RECIPES)
def test_an_ensemble_is_the_mean_of_its_members_trained_alone(name: str, tmp_path: Path) -> None:
    recipe = RECIPES[name]
    run = train(recipe, 2)
    members = members_alone(recipe, 2)
    with standard_jax():
        found = [member.evaluated("test") for member in members]
    scores = np.array([one.scores for one in found if one])
    np.testing.assert_allclose(run.test_scores, scores.mean(axis=0), atol=1e-6)
    expected = (scores.argmax(axis=2) == DIGITS.y_test).mean(axis=1)
    np.testing.assert_array_equal(run.arrays["member_accuracies"], expected)
    assert len(set(expected)) > 1
    assert not np.allclose(scores[0], scores[1], atol=1e-2)
    assert run.num_parameters == sum(member.model.count_params() for member in members)
    np.testing.assert_allclose(plain_scores(run, DIGITS.x_test, tmp_path), run.test_scores, atol=1e-5)
    np.testing.assert_allclose(score(open_network(run), DIGITS.x_test), run.test_scores, atol=1e-5)


def test_what_is_measured_is_of_the_mean_scores() -> None:
    recipe = RECIPE.change("validation_size", 100)
    run, labels = train(recipe, 0, watch_test=True), recipe.parts_of(DIGITS).y_validation
    scores = run.arrays["validation_scores"]
    last = {name: values[-1] for name, values in run.history["validation"].items()}
    assert last["accuracy"] == pytest.approx((scores.argmax(axis=1) == labels).mean())
    assert last["loss"] == pytest.approx(-np.log(scores[np.arange(100), labels]).mean(), rel=1e-5)
    assert run.history["test"]["accuracy"][-1] == pytest.approx(run.right.mean())
    assert len(run.history["train"]["loss"]) == recipe.epochs


def test_training_measurements_are_means_over_the_members() -> None:
    run, losses = train(RECIPE, 1), []
    with standard_jax():
        for each in seeds_of_members(RECIPE, 1):
            _, metrics = start(RECIPE, DIGITS, each, CompiledFunctions()).one_epoch()
            losses.append(metrics["loss"])
    assert run.history["train"]["loss"][0] == pytest.approx(np.mean(losses))


def test_no_two_ensembles_share_a_member() -> None:
    seeds = [each for seed in range(10) for each in seeds_of_members(RECIPE, seed)]
    assert seeds == list(range(30))
    assert RECIPE.digest != RECIPE.change("ensemble", 4).digest
    assert RECIPE.change("ensemble", 1).identity().keys() == RECIPE.identity().keys() - {"ensemble"}


def test_an_ensemble_stops_as_one_with_the_weights_of_its_best_epoch() -> None:
    recipe = RECIPE.change("validation_size", 40).change("early_stopping", EarlyStopping(patience=1))
    recipe = recipe.change("optimizer", Optimizer("adam", 0.05)).change("epochs", 30).change("augmentation", None)
    run = train(recipe, 0)
    assert run.status is RunStatus.STOPPED_EARLY
    assert run.best_epoch == run.num_epochs - 1
    best = min(run.history["validation"]["loss"])
    scores, labels = run.arrays["validation_scores"], recipe.parts_of(DIGITS).y_validation
    assert best == pytest.approx(-np.log(scores[np.arange(40), labels]).mean(), rel=1e-4)


def test_an_ensemble_of_which_one_diverges_has_diverged() -> None:
    assert train(RECIPE.change("optimizer", Optimizer("sgd", 1e30)), 0).status is RunStatus.DIVERGED


def test_seeds_on_a_card_train_their_ensembles_one_after_the_other() -> None:
    recipe = RECIPE.change("epochs", 1)
    (run,) = train_together(recipe, [4], kernels=CPU_TOGETHER)
    np.testing.assert_allclose(run.test_scores, train(recipe, 4).test_scores, atol=2e-5)
    assert task_of(recipe).init_together(recipe, DIGITS, [4], CompiledFunctions()) is None


@pytest.mark.parametrize(
    ("members", "message"), [(0, "greater than or equal to 1"), (1.5, "integer"), ("a", "integer")]
)
def test_a_number_of_members_that_is_none_is_refused(members: object, message: str) -> None:
    with pytest.raises(RecipeError, match=f"ensemble: .*{message}"):
        RECIPE.change("ensemble", members)
