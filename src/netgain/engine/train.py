"""Trains one network: recipe and seed in, run result out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import Dataset, Split, load_dataset
from netgain.data.augment import expanded, step_keys
from netgain.engine import native
from netgain.engine.ambient import keras_for, standard_jax
from netgain.engine.building import build_optimizer
from netgain.engine.compiled import CompiledRecipes, Functions
from netgain.engine.epoch import State, put_weights, state_of
from netgain.engine.fitted import fit
from netgain.engine.guards import IMAGES, check_saved
from netgain.engine.machine import describe_machine, describe_versions
from netgain.engine.randomness import augmentation_generator, random_streams
from netgain.engine.saving import model_bytes
from netgain.engine.versions import engine_version
from netgain.networks.network import FittedNetwork
from netgain.networks.own import KerasNetwork
from netgain.recipe import Recipe
from netgain.result import EpochReport, RunResult, RunStatus
from netgain.stats import right_class_log_odds

IMAGES_JUDGED = 10_000
"""Training images whose scores are judged at once."""

OnEpoch = Callable[[EpochReport], None]
OnWeights = Callable[[keras.Model, State], None]


def train(
    recipe: Recipe,
    seed: int,
    *,
    kernels: str | None = None,
    compiled: CompiledRecipes | None = None,
    watch_test: bool = False,
    keep_model: bool = True,
    on_epoch: OnEpoch | None = None,
    on_weights: OnWeights | None = None,
) -> RunResult:
    """Train the recipe's network once, in this process, from any of its threads.

    Args:
        recipe: what to train.
        seed: decides everything random; the same recipe, seed, versions, kernels and kind of machine give the same
            numbers to the last bit.
        kernels: one of :data:`netgain.engine.kernels.KERNEL_SETS`; by default what is in use.
        compiled: the functions that were compiled for other seeds, to use and add to; none by default.
        watch_test: record loss and accuracy on the test sample each epoch, for display only: nothing is
            decided by them.
        keep_model: keep the trained network in the result as the bytes of a `.keras` file.
        on_epoch: called after every epoch.
        on_weights: called before the first epoch and after every one, with the model and its present state,
            whose memory the next epoch takes over.

    Raises:
        DataError: where the dataset cannot be had or is too small for the recipe.
        RecipeError: where the network cannot take the dataset's images.
        TrainingError: where the saved network of a user's own model gives other answers than the trained one.
        ComputerError: where this computer lacks the kernels.
    """
    dataset = load_dataset(recipe.dataset)
    keras_entropy, order_generator = random_streams(recipe.digest, seed)
    with keras_for(recipe.network, keras_entropy):
        recipe.network.check(dataset.image_shape, dataset.num_classes)
    parts = recipe.parts_of(dataset)
    if isinstance(recipe.network, FittedNetwork):
        return fit(recipe.network, recipe, seed, dataset, parts)
    generators = _Generators(order_generator, augmentation_generator(recipe.digest, seed))
    job = _Job(
        recipe, seed, keras_entropy, generators, dataset, parts, compiled or CompiledRecipes(), watch_test, keep_model
    )
    with native.using(kernels or native.used()), standard_jax():
        return _trained(job, on_epoch, on_weights)


class _Generators(NamedTuple):
    order: np.random.Generator
    augmentation: np.random.Generator


class _Job(NamedTuple):
    """What is to be trained on what, and what is wanted of it."""

    recipe: Recipe
    seed: int
    keras_entropy: int
    generators: _Generators
    dataset: Dataset
    parts: Split
    compiled: CompiledRecipes
    watch_test: bool
    keep_model: bool


def _trained(job: _Job, on_epoch: OnEpoch | None, on_weights: OnWeights | None) -> RunResult:
    recipe, seed, dataset, parts = job.recipe, job.seed, job.dataset, job.parts
    run = _compile(job)
    started = time.perf_counter()
    trained = _train_epochs(recipe, run, job.generators, on_epoch, on_weights)
    test_scores, train_scores = (np.asarray(run.evaluate(trained.state, *part)[2]) for part in (run.test, run.train))
    validation = run.evaluate(trained.state, *run.validation)[2] if run.validation else np.zeros((0, 0), np.float32)
    run_seconds = time.perf_counter() - started
    train_right, train_log_odds = _judged(train_scores, parts.y_train)
    with keras_for(recipe.network):
        put_weights(run.model, trained.state)
        saved = _saved(run.model, recipe, seed, dataset, test_scores) if job.keep_model else b""
    return RunResult(
        recipe_digest=recipe.digest,
        seed=seed,
        dataset_digest=dataset.digest,
        engine_version=engine_version(recipe.network, native.used()),
        status=trained.status,
        history=trained.history,
        best_epoch=trained.best_epoch,
        test_scores=test_scores,
        test_right=right_answers(test_scores, dataset.y_test),
        train_right=train_right,
        train_log_odds=train_log_odds,
        validation_scores=np.asarray(validation),
        num_parameters=run.model.count_params(),
        compile_seconds=run.compile_seconds,
        run_seconds=run_seconds,
        versions=describe_versions(),
        machine=describe_machine(native.used()),
        model=saved,
    )


def _saved(model: keras.Model, recipe: Recipe, seed: int, dataset: Dataset, test_scores: np.ndarray) -> bytes:
    """The trained network as the bytes of a file, which for a user's own model is opened again and compared.

    Raises:
        TrainingError: where the saved network would answer otherwise.
    """
    content = model_bytes(model, recipe, seed, dataset)
    if isinstance(recipe.network, KerasNetwork):
        check_saved(model, content, recipe.network, dataset.x_test[:IMAGES], test_scores[:IMAGES])
    return content


def right_answers(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Whether the right class has the largest score, bool `[n]`. Scores that are no numbers are wrong answers."""
    return (scores.argmax(axis=1) == labels) & np.isfinite(scores).all(axis=1)


def _judged(scores: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each image whether it is answered rightly, bool `[n]`, and its class's log-odds, float32 `[n]`.

    In steps: what is computed in between, in float64, would be several times the scores.
    """
    steps = [slice(start, start + IMAGES_JUDGED) for start in range(0, len(labels), IMAGES_JUDGED)]
    rights = [right_answers(scores[step], labels[step]) for step in steps]
    log_odds = [right_class_log_odds(scores[step], labels[step]).astype(np.float32) for step in steps]
    return np.concatenate(rights), np.concatenate(log_odds)


class _Compiled(NamedTuple):
    """A network ready to train, with its images on the device."""

    model: keras.Model
    state: State
    functions: Functions
    learned: tuple[jax.Array, jax.Array]  # what the epochs go through: `train`, or it and its copies
    train: tuple[jax.Array, jax.Array]
    validation: tuple[jax.Array, jax.Array] | None
    test: tuple[jax.Array, jax.Array]
    watch_test: bool
    compile_seconds: float

    def evaluate(self, state: State, images: jax.Array, labels: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        return self.functions.evaluations[len(labels)](state, images, labels)


class _Trained(NamedTuple):
    state: State
    status: RunStatus
    history: dict[str, list[float]]
    best_epoch: int


def _compile(job: _Job) -> _Compiled:
    recipe, dataset, parts = job.recipe, job.dataset, job.parts
    started = time.perf_counter()
    images, labels = expanded(parts.x_train, parts.y_train, recipe.augmentation, job.generators.augmentation)
    with keras_for(recipe.network, job.keras_entropy):
        model = recipe.network.build(dataset.image_shape, dataset.num_classes)
        optimizer = build_optimizer(recipe, len(labels))
        optimizer.build(model.trainable_variables)
        state = state_of(model, optimizer)
    train = _on_device(parts.x_train, parts.y_train)
    learned = train if len(labels) == len(parts.y_train) else _on_device(images, labels)
    validation = _on_device(parts.x_validation, parts.y_validation) if recipe.validation_size else None
    test = _on_device(dataset.x_test, dataset.y_test)
    sizes = tuple(len(part[1]) for part in (train, validation, test) if part)
    functions = job.compiled.functions(recipe, model, optimizer, state, dataset, (len(labels), *sizes))
    seconds = time.perf_counter() - started
    return _Compiled(model, state, functions, learned, train, validation, test, job.watch_test, seconds)


def _on_device(images: np.ndarray, labels: np.ndarray) -> tuple[jax.Array, jax.Array]:
    """JAX's view of the images: their own memory wherever it begins at a multiple of 64 bytes, as ours does."""
    return jax.device_put(images), jax.device_put(labels.astype(np.int32, copy=False))


def _train_epochs(
    recipe: Recipe,
    run: _Compiled,
    generators: _Generators,
    on_epoch: OnEpoch | None,
    on_weights: OnWeights | None,
) -> _Trained:
    """The epochs, one compiled call each, until the last, the divergence or the early stop."""
    state, history, watcher = run.state, _History(), _BestWeights(recipe)
    status = RunStatus.FINISHED
    if on_weights:
        on_weights(run.model, state)
    for number in range(1, recipe.epochs + 1):
        order = generators.order.permutation(np.arange(len(run.learned[1]), dtype=np.int32))
        keys = step_keys(recipe.augmentation, generators.augmentation, math.ceil(len(order) / recipe.batch_size))
        state, loss, accuracy = run.functions.epoch(state, *run.learned, order, keys)
        history.add(loss=loss, accuracy=accuracy)
        if on_weights:
            on_weights(run.model, state)
        if run.validation:
            history.add("val_", run.evaluate(state, *run.validation))
        if run.watch_test:
            history.add("test_", run.evaluate(state, *run.test))
        if on_epoch:
            on_epoch(EpochReport(number, recipe.epochs, history.last()))
        if not math.isfinite(history.columns["loss"][-1]):
            status = RunStatus.DIVERGED
            break
        if watcher.should_stop(number, state, history.last()):
            status = RunStatus.STOPPED_EARLY
            break
    if watcher.best_state is not None and status is not RunStatus.DIVERGED:
        state = watcher.best_state
    best_epoch = watcher.best_epoch or len(history.columns["loss"])
    return _Trained(state, status, history.columns, best_epoch)


class _History:
    """Losses and accuracies by name, a number an epoch."""

    def __init__(self) -> None:
        self.columns: dict[str, list[float]] = {}

    def add(self, prefix: str = "", evaluated: Any = None, **values: Any) -> None:
        if evaluated is not None:
            values = {"loss": evaluated[0], "accuracy": evaluated[1]}
        for name, value in values.items():
            self.columns.setdefault(prefix + name, []).append(float(value))

    def last(self) -> dict[str, float]:
        return {name: values[-1] for name, values in self.columns.items()}


class _BestWeights:
    """Early stopping: remembers the best epoch's weights and says when patience has run out."""

    def __init__(self, recipe: Recipe) -> None:
        self._rule = recipe.early_stopping
        self._best = math.inf
        self.best_epoch: int | None = None
        self.best_state: State | None = None

    def should_stop(self, epoch: int, state: State, last: dict[str, float]) -> bool:
        if self._rule is None:
            return False
        value = last[self._rule.monitor] * (-1 if self._rule.monitor == "val_accuracy" else 1)
        if value < self._best - self._rule.min_delta:
            self._best, self.best_epoch = value, epoch
            # A copy: the next epoch is given the state's own memory to write in.
            self.best_state = jax.tree.map(jnp.copy, state)
        return epoch - (self.best_epoch or 0) >= self._rule.patience
