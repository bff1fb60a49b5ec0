import io
import random
import zipfile

import jax.numpy as jnp
import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgain.augmentation import Augmentation
from netgain.data import Dataset, load_dataset, split
from netgain.engine.epoch import State
from netgain.engine.predict import predict
from netgain.engine.randomness import random_streams
from netgain.engine.train import _BestWeights, right_answers, train
from netgain.networks.convnet import ConvNet
from netgain.networks.mlp import MLP
from netgain.recipe import EarlyStopping, Optimizer, Recipe
from netgain.result import EpochReport, RunResult, RunStatus


def same(one: RunResult, other: RunResult) -> bool:
    return one.history == other.history and np.array_equal(one.test_scores, other.test_scores)


def test_same_recipe_and_seed_give_the_same_numbers(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("network.dropout", 0.1)
    first, again, other = train(recipe, 3), train(recipe, 3), train(recipe, 4)
    assert same(first, again)
    assert np.array_equal(first.train_right, again.train_right)
    assert not same(first, other)


def test_watching_the_test_sample_changes_nothing(small_recipe: Recipe) -> None:
    watched, blind = train(small_recipe, 0, watch_test=True), train(small_recipe, 0)
    np.testing.assert_array_equal(watched.test_scores, blind.test_scores)
    assert set(watched.history) - set(blind.history) == {"test_loss", "test_accuracy"}
    assert watched.history["test_accuracy"][-1] == pytest.approx(watched.test_accuracy)


def test_the_users_own_randomness_is_left_alone(small_recipe: Recipe) -> None:
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    train(small_recipe.change("epochs", 1), 0)
    assert (random.random(), np.random.random()) == expected


def test_seeds_of_two_recipes_are_independent() -> None:
    streams = [random_streams(digest * 8, seed)[0] for digest in ("0123456789abcdef", "f" * 16) for seed in range(3)]
    assert len(set(streams)) == 6


def test_it_learns_and_its_scores_are_those_of_the_saved_network(small_recipe: Recipe, tmp_path) -> None:
    result = train(small_recipe.change("epochs", 8), 0)
    assert result.status is RunStatus.FINISHED
    assert result.test_accuracy > 0.8
    assert result.train_accuracy > result.test_accuracy
    assert result.history["loss"] == sorted(result.history["loss"], reverse=True)
    assert result.num_parameters == 64 * 12 + 12 + 12 * 10 + 10
    assert result.compile_seconds > 0
    assert result.run_seconds > 0
    result.save_model(tmp_path / "model.keras")
    opened = keras.saving.load_model(tmp_path / "model.keras")
    dataset = load_dataset("digits")
    plain = np.asarray(opened.predict(dataset.x_test, verbose=0))  # pyright: ignore
    np.testing.assert_allclose(plain, result.test_scores, rtol=1e-4, atol=1e-6)
    assert np.array_equal(right_answers(plain, dataset.y_test), result.test_right)
    np.testing.assert_allclose(predict(opened, dataset.x_test), plain, rtol=1e-5)  # pyright: ignore


def opened(result: RunResult) -> keras.Model:
    with zipfile.ZipFile(io.BytesIO(result.model)) as archive:
        assert "netgain.json" in archive.namelist()
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        result.save_model(f"{folder}/model.keras")
        return keras.saving.load_model(f"{folder}/model.keras")  # pyright: ignore


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy"])
def test_early_stopping_restores_the_best_weights(small_recipe: Recipe, monitor: str) -> None:
    stopping = EarlyStopping(monitor=monitor, patience=2)  # pyright: ignore
    recipe = Recipe(
        dataset="digits",
        train_size=200,
        validation_size=300,
        network=MLP(hidden=(30,), activation="relu"),
        optimizer=Optimizer("adam", 0.02),
        batch_size=20,
        epochs=200,
        early_stopping=stopping,
    )
    result = train(recipe, 1)
    assert result.status is RunStatus.STOPPED_EARLY
    watched = np.array(result.history[monitor])
    best = int(watched.argmin() if monitor == "val_loss" else watched.argmax())
    assert result.best_epoch == best + 1
    assert len(watched) == result.best_epoch + 2
    parts = split(load_dataset("digits"), 200, 300)
    model = opened(result)
    model.compile(loss="categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(parts.x_validation, np.eye(10)[parts.y_validation], verbose=0)  # pyright: ignore
    assert watched[best] == pytest.approx(loss if monitor == "val_loss" else accuracy, rel=1e-4)


@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy"])
def test_early_stopping_ignores_improvements_below_min_delta(monitor: str) -> None:
    stopping = EarlyStopping(monitor=monitor, patience=4, min_delta=0.1)  # pyright: ignore
    recipe = Recipe(
        dataset="digits",
        train_size=200,
        validation_size=300,
        network=MLP(hidden=(30,), activation="relu"),
        optimizer="adam",
        batch_size=20,
        epochs=200,
        early_stopping=stopping,
    )
    result = train(recipe, 1)
    watched = np.array(result.history[monitor]) * (1 if monitor == "val_loss" else -1)
    best = 0
    for epoch, value in enumerate(watched):
        best = epoch if value < watched[best] - 0.1 else best
    assert result.best_epoch == best + 1
    assert result.status is RunStatus.STOPPED_EARLY
    assert len(watched) == result.best_epoch + 4
    assert watched.argmin() > best  # it did go on to improve, by less
    scores = result.validation_scores
    labels = split(load_dataset("digits"), 200, 300).y_validation
    assert (scores.argmax(axis=1) == labels).mean() == pytest.approx(result.history["val_accuracy"][best])


@given(
    st.lists(st.integers(0, 8).map(lambda quarters: quarters / 4), min_size=1, max_size=25),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.25, 0.5]),
    st.sampled_from(["val_loss", "val_accuracy"]),
)
def test_early_stopping_is_that_of_keras(values: list[float], patience: int, min_delta: float, monitor: str) -> None:
    """Quarters are exact in binary, so an improvement of just min_delta is one in both or in neither."""
    stopping = EarlyStopping(monitor=monitor, patience=patience, min_delta=min_delta)  # pyright: ignore
    ours = _BestWeights(Recipe(dataset="digits", network=MLP(), validation_size=300, early_stopping=stopping))
    mode = "max" if monitor == "val_accuracy" else "min"
    theirs = keras.callbacks.EarlyStopping(monitor, min_delta, patience, mode=mode)  # pyright: ignore
    model = keras.Sequential()
    theirs.set_model(model)
    theirs.on_train_begin()
    for epoch, value in enumerate(values, start=1):
        stops = ours.should_stop(epoch, State([jnp.asarray(epoch)], [], []), {monitor: value})
        theirs.on_epoch_end(epoch, {monitor: value})
        assert stops == bool(getattr(model, "stop_training", False))
        assert ours.best_epoch == theirs.best_epoch
        assert ours.best_state is not None
        assert int(ours.best_state.trainable[0]) == theirs.best_epoch
        if stops:
            break


def test_divergence_is_noticed_recorded_and_counts_as_wrong(small_recipe: Recipe) -> None:
    recipe = (
        small_recipe.change("optimizer", Optimizer("sgd", 1e9)).change("network.hidden", [40, 40]).change("epochs", 50)
    )
    result = train(recipe.change("loss", "mean_squared_error").change("network.l2", 1.0), 0)
    assert result.status is RunStatus.DIVERGED
    assert len(result.history["loss"]) < 50
    assert not np.isfinite(result.history["loss"][-1])
    assert result.test_accuracy == 0


def test_augmentation_is_decided_by_the_seed_and_changes_what_is_learned(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("augmentation", Augmentation(rotation=15, elastic=0.3, copies=((5, 25),)))
    first, again, other = train(recipe, 3), train(recipe, 3), train(recipe, 4)
    assert same(first, again)
    assert not same(first, other)
    assert len(first.train_right) == 600  # the images themselves are scored, not their copies
    # Another recipe has another order of the images, so only a slower start tells that these are harder images.
    plain = train(small_recipe.change("epochs", 6), 3)
    wild = train(small_recipe.change("epochs", 6).change("augmentation.rotation", 180), 3)
    assert wild.history["accuracy"][-1] < plain.history["accuracy"][-1] - 0.1


def test_copies_are_made_of_the_training_part_alone(small_recipe: Recipe) -> None:
    digits = load_dataset("digits")
    groups = np.arange(digits.num_test) // 2
    dataset = Dataset(digits.x_train, digits.y_train, digits.x_test, digits.y_test, test_groups=groups)
    recipe = small_recipe.change("dataset", dataset).change("validation_size", 300)
    tripled = train(recipe.change("augmentation.copies", [(5, 25), (-25, -5)]), 0)
    assert tripled.validation_scores.shape == (300, 10)
    assert tripled.test_right.shape == (digits.num_test,)
    assert tripled.train_right.shape == (600,)
    assert tripled.train_accuracy > train(recipe, 0).train_accuracy  # three times the updates


def test_every_epoch_is_reported(small_recipe: Recipe) -> None:
    reports: list[EpochReport] = []
    result = train(small_recipe, 0, on_epoch=reports.append)
    assert [(report.epoch, report.epochs) for report in reports] == [(1, 3), (2, 3), (3, 3)]
    assert [report.values["loss"] for report in reports] == result.history["loss"]


def test_scores_that_are_no_numbers_are_wrong_answers() -> None:
    scores = np.array([[0.9, 0.1], [np.nan, np.nan], [0.2, 0.8]])
    assert right_answers(scores, np.array([0, 0, 0])).tolist() == [True, False, False]


def test_training_images_are_judged_in_steps_as_at_once(small_recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = train(small_recipe, seed=3)
    monkeypatch.setattr("netgain.engine.train.IMAGES_JUDGED", 64)  # the last step has a rest
    assert len(at_once.train_right) > 64
    assert len(at_once.train_right) % 64
    in_steps = train(small_recipe, seed=3)
    np.testing.assert_array_equal(in_steps.train_right, at_once.train_right)
    np.testing.assert_array_equal(in_steps.train_log_odds, at_once.train_log_odds)


def test_convnet_learns() -> None:
    network = ConvNet(filters=(8,), kernel_size=3, dropout={"hidden": 0.1})  # pyright: ignore
    recipe = Recipe(dataset="digits", network=network, optimizer=Optimizer("adam", 0.01), batch_size=32, epochs=3)
    assert train(recipe, 0).test_accuracy > 0.75
