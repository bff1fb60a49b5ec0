"""A reader while it is trained: its strings on the device, its weights, and the compiled functions that change them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import LineForm, StringDataset
from netgain.engine import native
from netgain.engine.ambient import keras_alone
from netgain.engine.augment import augmenter, step_keys
from netgain.engine.building import build_optimizer
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.ctc import ctc_loss, slots_loss, spells
from netgain.engine.epoch import (
    Goal,
    State,
    begin_running_means,
    epoch_function,
    evaluated_weights,
    evaluation_function,
    put_weights,
    state_of,
)
from netgain.engine.fast_layers import fast_layers
from netgain.engine.inputs import scaled_when_taken
from netgain.engine.randomness import augmentation_generator, random_streams, tracing_seed
from netgain.engine.saving import model_bytes
from netgain.tasks.reading.parts import PIECE, Strings, groups_of, parts_of
from netgain.tasks.reading.recipe import Reader
from netgain.tasks.task import Evaluation, Metrics

Targets = tuple[jax.Array, jax.Array]
"""Labels int32 `[n, L]` and lengths int32 `[n]`."""


class Functions(NamedTuple):
    """A piece of an epoch for each shape of images and number of strings, and an evaluation for each number of them."""

    pieces: dict[tuple[tuple[int, ...], int], Callable[..., Any]]
    evaluations: dict[int, Callable[..., Any]]


class Training(NamedTuple):
    """A reader ready to train, or somewhere on its way."""

    recipe: Reader
    seed: int
    data: StringDataset
    model: keras.Model
    optimizer: keras.Optimizer
    weights: State
    functions: Functions
    order: np.random.Generator
    augmentation: np.random.Generator
    groups: tuple[tuple[jax.Array, Targets], ...]  # the training strings, those of like width together
    parts: Mapping[str, tuple[jax.Array, Targets]]

    def one_epoch(self) -> tuple[Self, Metrics]:
        """The reader after an epoch, piece by piece, which takes over the memory of the weights."""
        weights, totals = self.weights, dict[str, float]()
        for number, order in self._pieces():
            images, targets = self.groups[number]
            piece = self.functions.pieces[images.shape, len(order)]
            keys = step_keys(
                self.recipe.augmentation, self.augmentation, math.ceil(len(order) / self.recipe.batch_size)
            )
            weights, means = piece(weights, images, targets, order, keys)
            for name, mean in means.items():
                totals[name] = totals.get(name, 0.0) + len(order) * float(mean)
        size = sum(len(images) for images, _ in self.groups)
        return self._replace(weights=weights), {name: total / size for name, total in totals.items()}

    def _pieces(self) -> list[tuple[int, np.ndarray]]:
        """What an epoch goes through: a group's number and which of its strings, pieces of all groups at random."""
        pieces = [
            (number, piece)
            for number, (images, _) in enumerate(self.groups)
            for piece in cut(self.order.permutation(np.arange(len(images), dtype=np.int32)), self.recipe)
        ]
        return [pieces[place] for place in self.order.permutation(len(pieces))]

    def evaluated(self, part: str) -> Evaluation | None:
        """Loss, accuracy and log-probabilities float32 `[n, T, K + 1]` on a part; None where there is no such part."""
        if part not in self.parts:
            return None
        images, targets = self.parts[part]
        means, log_probs = self.functions.evaluations[len(images)](self.weights, images, targets)
        return Evaluation({name: float(value) for name, value in means.items()}, log_probs)

    def copied(self) -> Self:
        """The same with a copy of the weights: the next epoch is given their own memory to write in."""
        return self._replace(weights=jax.tree.map(jnp.copy, self.weights))

    def saved(self) -> bytes:
        """The reader as the bytes of a `.keras` file, with a note of what it reads."""
        note = {
            "reads": self.data.alphabet,
            "reads_by": self.recipe.network.reads_by,
            "decoding": self.recipe.decoding,
            "line": asdict(LineForm.of(self.data, takes_longer=self.model.input_shape[2] is None)),
            "recipe_digest": self.recipe.digest,
            "dataset": self.data.name,
            "seed": self.seed,
        }
        with keras_alone():
            put_weights(self.model, self.weights._replace(trainable=evaluated_weights(self.optimizer, self.weights)))
            return model_bytes(self.model, note)


def cut(order: np.ndarray, recipe: Reader) -> list[np.ndarray]:
    """An order of strings in pieces, and what is left over as the last."""
    size = PIECE * recipe.batch_size
    return [order[start : start + size] for start in range(0, len(order), size)]


def start(recipe: Reader, data: StringDataset, seed: int, compiled: CompiledFunctions) -> Training:
    """A recipe's reader with its first weights, its functions compiled or taken from those kept.

    The same recipe, seed, versions, kernels and kind of machine give the same numbers to the last bit.

    Raises:
        DataError: where there are too few strings for the recipe.
    """
    parts, groups = parts_of(recipe, data), groups_of(recipe, data)
    keras_entropy, order = random_streams(recipe.digest, seed)
    steps = sum(math.ceil(len(group.lengths) / recipe.batch_size) for group in groups)
    with keras_alone(seed=keras_entropy):
        model = recipe.network.build_reader(data.image_shape, data.num_characters)
        optimizer = build_optimizer(recipe.optimizer, steps, recipe.epochs)
        optimizer.build(model.trainable_variables)
        begin_running_means(model, optimizer)
        weights = state_of(model, optimizer)
    shapes = tuple(part.images.shape for part in (*groups, *parts.values()))
    key = recipe.digest, data.num_characters, data.longest, shapes, native.used()
    functions = compiled.of(key, lambda: _compiled(recipe, model, optimizer, weights, groups, parts))
    of_groups = tuple(_on_device(group) for group in groups)
    drawn = augmentation_generator(recipe.digest, seed)
    on_device = {name: _on_device(part) for name, part in parts.items()}
    return Training(recipe, seed, data, model, optimizer, weights, functions, order, drawn, of_groups, on_device)


def goal_of(recipe: Reader) -> Goal:
    """The recipe's loss, the mean over the strings of a batch, and how many strings are read without a mistake."""
    by_ctc = recipe.network.reads_by == "ctc"

    def loss(targets: Targets, log_probs: jax.Array) -> jax.Array:
        return (ctc_loss(log_probs, *targets) if by_ctc else slots_loss(log_probs, targets[0])).mean()

    def counts(targets: Targets, log_probs: jax.Array) -> dict[str, jax.Array]:
        right = spells(log_probs, *targets, merge_repeats=by_ctc)
        return {"accuracy": jnp.sum(right & jnp.isfinite(log_probs).all((1, 2)))}

    return Goal(loss, counts)


def _compiled(
    recipe: Reader,
    model: keras.Model,
    optimizer: keras.Optimizer,
    weights: State,
    groups: Sequence[Strings],
    parts: Mapping[str, Strings],
) -> Functions:
    goal, pieces, evaluations = goal_of(recipe), {}, {}
    with (
        keras_alone(seed=tracing_seed(recipe.digest)),
        fast_layers(model, optimizer),
        scaled_when_taken(model) as feed,
    ):
        augment = augmenter(recipe.augmentation, 255 * feed.scale)
        one_piece = epoch_function(model, feed, optimizer, goal, recipe.batch_size, augment)
        one_piece = jax.jit(one_piece, donate_argnums=0)
        for group in groups:
            for size in {len(piece) for piece in cut(np.arange(len(group.lengths)), recipe)}:
                order = jax.ShapeDtypeStruct((size,), np.int32)
                keys = jax.ShapeDtypeStruct((math.ceil(size / recipe.batch_size), 2), np.uint32) if augment else None
                pieces[group.images.shape, size] = one_piece.lower(weights, *_shapes(group), order, keys)
        evaluation = jax.jit(evaluation_function(model, feed, optimizer, goal))
        for part in parts.values():
            evaluations[len(part.lengths)] = evaluation.lower(weights, *_shapes(part))
    return Functions(*({key: one.compile() for key, one in lowered.items()} for lowered in (pieces, evaluations)))


def _shapes(part: Strings) -> tuple[Any, Any]:
    images, labels, lengths = (jax.ShapeDtypeStruct(array.shape, array.dtype) for array in part)
    return images, (labels, lengths)


def _on_device(part: Strings) -> tuple[jax.Array, Targets]:
    images, labels, lengths = (jax.device_put(array) for array in part)
    return images, (labels, lengths)
