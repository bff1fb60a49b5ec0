"""The driver of every run: its epochs, its early stop, its divergence and its record, whatever the task is."""

import math
import random
from collections.abc import Mapping
from itertools import pairwise
from types import SimpleNamespace
from typing import Any, ClassVar, NamedTuple

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgain.data import load_dataset, split
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.kernels import PLAIN_JAX, available
from netgain.engine.versions import engine_version
from netgain.experiment.early_stopping import EarlyStopping
from netgain.experiment.optimizer import Optimizer
from netgain.experiment.recipe import AbstractRecipe
from netgain.networks.families.mlp import MLP
from netgain.runs.record import EpochReport, RunResult, RunStatus
from netgain.runs.trained import open_network
from netgain.runs.training import _BestState, train
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import Training
from netgain.tasks.task import Evaluation, Outcome, Task


class ScriptedRecipe(AbstractRecipe):
    """A learner whose losses are known beforehand: on the training part, and on the validation part."""

    task: ClassVar[str] = "scripted"
    trained_by: ClassVar[str] = f"{__name__}:Scripted"

    losses: tuple[float, ...]
    validation: tuple[float, ...] = ()
    patience: int = 0
    model_config = {"allow_inf_nan": True}

    @property
    def num_epochs(self) -> int:
        return len(self.losses)

    @property
    def stops_early(self) -> EarlyStopping | None:
        return EarlyStopping(patience=self.patience) if self.patience else None


class Line(NamedTuple):
    """The state: how many epochs are behind it, and whether it was copied for early stopping."""

    recipe: ScriptedRecipe
    epoch: int
    copied: bool = False


class Scripted(Task):
    """One item of each part; the answer to it is the number of epochs."""

    def load(self, recipe: ScriptedRecipe) -> Any:
        return SimpleNamespace(name="lines", digest="d" * 64, num_test=1, test_groups=None)

    def init(self, recipe: ScriptedRecipe, data: Any, seed: int, compiled: CompiledFunctions) -> Line:
        return Line(recipe, 0)

    def epoch(self, state: Line) -> tuple[Line, dict[str, float]]:
        state = Line(state.recipe, state.epoch + 1)
        return state, {"loss": state.recipe.losses[state.epoch - 1]}

    def evaluate(self, state: Line, part: str) -> Evaluation | None:
        known = {"train": state.recipe.losses, "validation": state.recipe.validation, "test": state.recipe.losses}
        losses = known[part]
        return Evaluation({"loss": losses[state.epoch - 1]}, state.epoch) if losses else None

    def kept(self, state: Line) -> Line:
        return state._replace(copied=True)

    def judge(self, state: Line, answers: Mapping[str, Any]) -> Outcome:
        return Outcome(np.array([True]), {f"{part}_epoch": np.array(epoch) for part, epoch in answers.items()}, 7)

    def save(self, state: Line, outcome: Outcome) -> bytes:
        return f"after {state.epoch}".encode()


def recipe_of(losses: list[float], **fields: Any) -> ScriptedRecipe:
    return ScriptedRecipe(losses=tuple(losses), **fields)


def same(one: RunResult, other: RunResult) -> bool:
    return one.history == other.history and np.array_equal(one.test_scores, other.test_scores)


def test_same_recipe_and_seed_give_the_same_numbers(small_recipe: Recipe) -> None:
    recipe = small_recipe.change("network.dropout", 0.1)
    first, again, other = train(recipe, 3), train(recipe, 3), train(recipe, 4)
    assert same(first, again)
    assert np.array_equal(first.arrays["train_right"], again.arrays["train_right"])
    assert not same(first, other)


def test_watching_the_test_sample_changes_nothing(small_recipe: Recipe) -> None:
    watched, blind = train(small_recipe, 0, watch_test=True), train(small_recipe, 0)
    np.testing.assert_array_equal(watched.test_scores, blind.test_scores)
    assert (set(watched.history), set(blind.history)) == ({"train", "test"}, {"train"})
    assert watched.history["train"] == blind.history["train"]
    assert set(watched.history["test"]) == {"loss", "accuracy"}
    assert watched.history["test"]["accuracy"][-1] == pytest.approx(watched.test_accuracy)


def test_the_users_own_randomness_is_left_alone(small_recipe: Recipe) -> None:
    random.seed(5)
    np.random.seed(5)
    expected = random.random(), np.random.random()
    random.seed(5)
    np.random.seed(5)
    train(small_recipe.change("epochs", 1), 0)
    assert (random.random(), np.random.random()) == expected


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
    watched = np.array(result.history["validation"][monitor.removeprefix("val_")])
    best = int(watched.argmin() if monitor == "val_loss" else watched.argmax())
    assert result.best_epoch == best + 1
    assert len(watched) == result.best_epoch + 2
    parts = split(load_dataset("digits"), 200, 300)
    model = open_network(result)
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
    watched = np.array(result.history["validation"][monitor.removeprefix("val_")]) * (
        1 if monitor == "val_loss" else -1
    )
    best = 0
    for epoch, value in enumerate(watched):
        best = epoch if value < watched[best] - 0.1 else best
    assert result.best_epoch == best + 1
    assert result.status is RunStatus.STOPPED_EARLY
    assert len(watched) == result.best_epoch + 4
    assert watched.argmin() > best  # it did go on to improve, by less
    scores = result.arrays["validation_scores"]
    labels = split(load_dataset("digits"), 200, 300).y_validation
    assert (scores.argmax(axis=1) == labels).mean() == pytest.approx(result.history["validation"]["accuracy"][best])


@given(
    st.lists(st.integers(0, 8).map(lambda quarters: quarters / 4), min_size=1, max_size=25),
    st.integers(1, 4),
    st.sampled_from([0.0, 0.25, 0.5]),
    st.sampled_from(["val_loss", "val_accuracy"]),
)
def test_early_stopping_is_that_of_keras(values: list[float], patience: int, min_delta: float, monitor: str) -> None:
    """Quarters are exact in binary, so an improvement of just min_delta is one in both or in neither."""
    stopping = EarlyStopping(monitor=monitor, patience=patience, min_delta=min_delta)  # pyright: ignore
    task, ours = Scripted(), _BestState(stopping)
    mode = "max" if monitor == "val_accuracy" else "min"
    theirs = keras.callbacks.EarlyStopping(monitor, min_delta, patience, mode=mode)  # pyright: ignore
    model = keras.Sequential()
    theirs.set_model(model)
    theirs.on_train_begin()
    for epoch, value in enumerate(values, start=1):
        now = {"train": {}, "validation": {"loss": math.nan, "accuracy": math.nan}}
        now["validation"][monitor.removeprefix("val_")] = value
        line = Line(recipe_of([]), epoch)
        stops = ours.should_stop(epoch, now, lambda line=line: task.kept(line))
        theirs.on_epoch_end(epoch, {monitor: value})
        assert stops == bool(getattr(model, "stop_training", False))
        assert ours.epoch == theirs.best_epoch
        assert ours.state == Line(recipe_of([]), theirs.best_epoch, copied=True)
        if stops:
            break


def test_divergence_is_noticed_recorded_and_counts_as_wrong(small_recipe: Recipe) -> None:
    recipe = (
        small_recipe.change("optimizer", Optimizer("sgd", 1e9)).change("network.hidden", [40, 40]).change("epochs", 50)
    )
    result = train(recipe.change("loss", "mean_squared_error").change("network.l2", 1.0), 0)
    assert result.status is RunStatus.DIVERGED
    assert result.num_epochs < 50
    assert not np.isfinite(result.history["train"]["loss"][-1])
    assert result.test_accuracy == 0


def test_every_epoch_is_reported(small_recipe: Recipe) -> None:
    reports: list[EpochReport] = []
    result = train(small_recipe, 0, on_epoch=reports.append)
    assert [(report.epoch, report.epochs) for report in reports] == [(1, 3), (2, 3), (3, 3)]
    assert [report.values["train"]["loss"] for report in reports] == result.history["train"]["loss"]
    assert {frozenset(report.values) for report in reports} == {frozenset({"train"})}
    watched = train(small_recipe.change("validation_size", 100), 0, watch_test=True, on_epoch=reports.append)
    last = {part: {name: values[-1] for name, values in columns.items()} for part, columns in watched.history.items()}
    assert reports[-1].values == last
    assert set(last) == {"train", "validation", "test"}


def test_a_task_is_driven_to_its_last_epoch_and_its_record_made() -> None:
    recipe = recipe_of([0.5, 0.25], validation=(3.0, 2.0))
    states: list[Line] = []
    run = train(recipe, 4, watch_test=True, on_state=states.append)
    assert [state.epoch for state in states] == [0, 1, 2]
    assert run.history == {
        "train": {"loss": [0.5, 0.25]},
        "validation": {"loss": [3.0, 2.0]},
        "test": {"loss": [0.5, 0.25]},
    }
    assert (run.status, run.best_epoch, run.num_epochs, run.num_parameters) == (RunStatus.FINISHED, 2, 2, 7)
    assert (run.recipe_digest, run.seed, run.dataset_digest) == (recipe.digest, 4, "d" * 64)
    assert {name: int(value) for name, value in run.arrays.items()} == dict.fromkeys(
        ("train_epoch", "validation_epoch", "test_epoch"), 2
    )
    assert (run.model, train(recipe, 4, keep_model=False).model) == (b"after 2", b"")


def test_the_best_state_is_judged_and_saved_where_it_stops_early() -> None:
    run = train(recipe_of([9.0] * 6, validation=(5.0, 3.0, 4.0, 3.5, 1.0, 0.0), patience=2), 0)
    assert (run.status, run.best_epoch, run.num_epochs) == (RunStatus.STOPPED_EARLY, 2, 4)
    assert int(run.arrays["test_epoch"]) == 2
    assert run.model == b"after 2"
    to_the_end = train(recipe_of([9.0] * 3, validation=(5.0, 3.0, 4.0), patience=2), 0)
    assert (to_the_end.status, to_the_end.best_epoch, to_the_end.model) == (RunStatus.FINISHED, 2, b"after 2")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_ends_the_run_at_once_with_its_own_state(value: float) -> None:
    run = train(recipe_of([9.0, 8.0, value, 7.0], validation=(1.0, 2.0, 3.0, 4.0), patience=3), 0)
    assert (run.status, run.num_epochs) == (RunStatus.DIVERGED, 3)
    assert run.model == b"after 3"
    assert run.history["validation"]["loss"] == [1.0, 2.0, 3.0]


def test_kernels_are_a_part_of_the_version_only_where_they_decide_numbers(small_recipe: Recipe) -> None:
    assert train(recipe_of([1.0]), 0, kernels=PLAIN_JAX).engine_version == engine_version(None)
    kernels = [*available(), PLAIN_JAX][0]
    run = train(small_recipe.change("epochs", 1), 0, kernels=kernels)
    assert (run.engine_version, run.machine["kernels"]) == (engine_version(kernels), kernels)


def test_the_state_of_a_network_is_seen_before_the_first_epoch_and_after_every_one(small_recipe: Recipe) -> None:
    weights: list[np.ndarray] = []

    def keep(state: Training) -> None:
        weights.append(np.array(state.weights.trainable[0]))

    run = train(small_recipe, 0, on_state=keep)
    assert len(weights) == 1 + small_recipe.epochs
    assert all(not np.array_equal(one, other) for one, other in pairwise(weights))
    np.testing.assert_array_equal(weights[-1], open_network(run).get_weights()[0])
