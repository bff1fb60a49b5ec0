"""A network while it is trained: its images on the device, its weights, and the compiled functions that change them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import Dataset, ImageForm, Split
from netgain.engine import native
from netgain.engine.ambient import keras_for
from netgain.engine.augment import augmenter, expanded, is_random, step_keys
from netgain.engine.averaging import averaged_over_views
from netgain.engine.building import build_optimizer
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.epoch import (
    State,
    begin_running_means,
    epoch_function,
    evaluated_weights,
    evaluation_function,
    put_weights,
    state_of,
)
from netgain.engine.fast_layers import fast_layers
from netgain.engine.guards import IMAGES, check_saved
from netgain.engine.inputs import scaled_when_taken
from netgain.engine.randomness import augmentation_generator, random_streams, tracing_seed
from netgain.engine.saving import model_bytes
from netgain.networks.families.own import KerasNetwork
from netgain.tasks.classification.class_weights import class_weights_of
from netgain.tasks.classification.goals import goals_of
from netgain.tasks.classification.origin import origin_note
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.task import Evaluation, Metrics

Part = tuple[jax.Array, jax.Array]
"""Images uint8 `[n, H, W, C]` and labels int32 `[n]`."""


class Functions(NamedTuple):
    """An epoch of training, and an evaluation for each number of images that there is."""

    epoch: Callable[..., Any]
    evaluations: dict[int, Callable[..., Any]]


class Generators(NamedTuple):
    """Where a run's randomness comes from after its first weights."""

    order: np.random.Generator
    augmentation: np.random.Generator

    def next_epoch(self, recipe: Recipe, size: int) -> tuple[np.ndarray, np.ndarray | None]:
        """The order of so many images, and the keys of the steps where the images are augmented."""
        order = self.order.permutation(np.arange(size, dtype=np.int32))
        return order, step_keys(recipe.augmentation, self.augmentation, math.ceil(size / recipe.batch_size))


class Training(NamedTuple):
    """A network ready to train, or somewhere on its way."""

    recipe: Recipe
    seed: int
    data: Dataset
    parts: Split
    model: keras.Model
    optimizer: keras.Optimizer
    weights: State
    functions: Functions
    generators: Generators
    learned: Part  # what the epochs go through: the training part, or it and its copies
    evaluated_on: Mapping[str, Part]

    def one_epoch(self) -> tuple[Self, Metrics]:
        """The network after an epoch, one compiled call, which takes over the memory of the weights."""
        order, keys = self.generators.next_epoch(self.recipe, len(self.learned[1]))
        weights, means = self.functions.epoch(self.weights, *self.learned, order, keys)
        return self._replace(weights=weights), {name: float(value) for name, value in means.items()}

    def evaluated(self, part: str) -> Evaluation | None:
        """Loss, accuracy and scores on a part, in inference mode; None where there is no such part."""
        if part not in self.evaluated_on:
            return None
        images, labels = self.evaluated_on[part]
        means, scores = self.functions.evaluations[len(labels)](self.weights, images, labels)
        return Evaluation({name: float(value) for name, value in means.items()}, scores)

    def copied(self) -> Self:
        """The same with a copy of the weights: the next epoch is given their own memory to write in."""
        return self._replace(weights=jax.tree.map(jnp.copy, self.weights))

    @property
    def num_parameters(self) -> int:
        """Weights and biases."""
        return self.model.count_params()

    def kept_beside(self) -> dict[str, np.ndarray]:
        """What is kept of a run beside its scores: of one network nothing."""
        return {}

    def saved(self, test_scores: np.ndarray) -> bytes:
        """The network as the bytes of a `.keras` file, which for a user's own model is opened again and compared.

        Raises:
            TrainingError: where the saved network would answer otherwise.
        """
        with keras_for(self.recipe.network):
            return self.file_of(self.network_now(), test_scores)

    def network_now(self) -> keras.Model:
        """The Keras model with the weights of now, as they are evaluated."""
        trainable = evaluated_weights(self.optimizer, self.weights)
        put_weights(self.model, self.weights._replace(trainable=trainable))
        return self.model

    def file_of(self, model: keras.Model, test_scores: np.ndarray) -> bytes:
        """The bytes of a `.keras` file of this network, or of a model that it is a part of, under its Keras settings.

        Raises:
            TrainingError: as :meth:`saved`.
        """
        network, model = self.recipe.network, answering(self.recipe, model, self.data)
        note = {
            "class_names": list(self.data.class_names),
            **asdict(ImageForm.of(self.data)),
            "recipe_digest": self.recipe.digest,
            "seed": self.seed,
            **origin_note(self.recipe, self.data),
        }
        content = model_bytes(model, note)
        if isinstance(network, KerasNetwork):
            check_saved(model, content, network, self.data.x_test[:IMAGES], test_scores[:IMAGES])
        return content


class Beginning(NamedTuple):
    """A recipe's network before its first epoch, and what that seed's epochs go through."""

    model: keras.Model
    optimizer: keras.Optimizer
    weights: State
    generators: Generators
    images: np.ndarray
    labels: np.ndarray


def begin(recipe: Recipe, data: Dataset, parts: Split, seed: int) -> Beginning:
    """Build the network of a seed, with its first weights.

    Raises:
        DataError: where there are too few images for the recipe.
        RecipeError: where the network cannot take them.
    """
    keras_entropy, order_generator = random_streams(recipe.digest, seed)
    generators = Generators(order_generator, augmentation_generator(recipe.digest, seed))
    images, labels = expanded(parts.x_train, parts.y_train, recipe.augmentation, generators.augmentation)
    with keras_for(recipe.network, keras_entropy):
        model = recipe.network.build(data.image_shape, data.num_classes)
        optimizer = build_optimizer(recipe.optimizer, math.ceil(len(labels) / recipe.batch_size), recipe.epochs)
        optimizer.build(model.trainable_variables)
        begin_running_means(model, optimizer)
        weights = state_of(model, optimizer)
    return Beginning(model, optimizer, weights, generators, images, labels)


def parts_to_evaluate(recipe: Recipe, data: Dataset, parts: Split) -> dict[str, Part]:
    """The parts of the data that there are, on the device."""
    evaluated_on = {"train": on_device(parts.x_train, parts.y_train)}
    if recipe.validation_size:
        evaluated_on["validation"] = on_device(parts.x_validation, parts.y_validation)
    return evaluated_on | {"test": on_device(data.x_test, data.y_test)}


def start(recipe: Recipe, data: Dataset, seed: int, compiled: CompiledFunctions) -> Training:
    """A recipe's network with its first weights, its functions compiled or taken from those kept.

    The same recipe, seed, versions, kernels and kind of machine give the same numbers to the last bit.

    Raises:
        DataError, RecipeError: as :func:`begin`.
    """
    recipe.network.check(data.image_shape, data.num_classes)
    parts = recipe.parts_of(data)
    begun = begin(recipe, data, parts, seed)
    evaluated_on = parts_to_evaluate(recipe, data, parts)
    is_whole = len(begun.labels) == len(parts.y_train)
    learned = evaluated_on["train"] if is_whole else on_device(begun.images, begun.labels)
    sizes = (len(begun.labels), *(len(part[1]) for part in evaluated_on.values()))
    weighed = class_weights_of(recipe, begun.labels, data.num_classes)
    key = recipe.digest, data.image_shape, data.num_classes, sizes, weighed, native.used()
    functions = compiled.of(key, lambda: _compiled(recipe, begun, data, sizes))
    return training_of(recipe, seed, data, parts, begun, functions, learned, evaluated_on)


def training_of(
    recipe: Recipe,
    seed: int,
    data: Dataset,
    parts: Split,
    begun: Beginning,
    functions: Functions,
    learned: Part,
    evaluated_on: Mapping[str, Part],
) -> Training:
    """A network that is ready to train."""
    model, optimizer, weights, generators, *_ = begun
    return Training(recipe, seed, data, parts, model, optimizer, weights, functions, generators, learned, evaluated_on)


def _compiled(recipe: Recipe, begun: Beginning, data: Dataset, sizes: tuple[int, ...]) -> Functions:
    """The functions for a recipe's layers; sizes are what an epoch goes through, then each part that is evaluated."""
    learned, *evaluated = (shapes(size, data.image_shape) for size in sizes)
    order, keys = order_and_keys(recipe, sizes[0])
    with traced(recipe, begun, data) as (one_epoch, evaluation):
        epoch = jax.jit(one_epoch, donate_argnums=0).lower(begun.weights, *learned, order, keys)
        lowered = {part[1].shape[0]: jax.jit(evaluation).lower(begun.weights, *part) for part in evaluated}
    return Functions(epoch.compile(), {size: one.compile() for size, one in lowered.items()})


@contextmanager
def traced(recipe: Recipe, begun: Beginning, data: Dataset) -> Iterator[tuple[Callable[..., Any], Callable[..., Any]]]:
    """Inside, the epoch and the evaluation of a recipe may be traced, for whatever weights."""
    with (
        keras_for(recipe.network, tracing_seed(recipe.digest)),
        nullcontext(answering(recipe, begun.model, data)) as answers,
        fast_layers(begun.model, begun.optimizer),
        scaled_when_taken(begun.model) as feed,
    ):
        learning, judging = goals_of(recipe, begun.labels, data.num_classes)
        augment = augmenter(recipe.augmentation, 255 * feed.scale, data.num_classes)
        one_epoch = epoch_function(begun.model, feed, begun.optimizer, learning, recipe.batch_size, augment)
        yield one_epoch, evaluation_function(answers, feed, begun.optimizer, judging)


def answering(recipe: Recipe, model: keras.Model, data: Dataset) -> keras.Model:
    """What a recipe's network answers with when it is evaluated: the model, or its mean over copies of an image."""
    return averaged_over_views(model, recipe.test_time, data.image_shape) if recipe.test_time else model


def order_and_keys(recipe: Recipe, size: int) -> tuple[jax.ShapeDtypeStruct, jax.ShapeDtypeStruct | None]:
    """The shapes of an epoch's order and of its steps' keys, which there are where images are augmented."""
    num_steps = math.ceil(size / recipe.batch_size)
    keys = jax.ShapeDtypeStruct((num_steps, 2), np.uint32) if is_random(recipe.augmentation) else None
    return jax.ShapeDtypeStruct((size,), np.int32), keys


def shapes(size: int, image_shape: tuple[int, ...]) -> tuple[jax.ShapeDtypeStruct, jax.ShapeDtypeStruct]:
    """Of images and labels."""
    return jax.ShapeDtypeStruct((size, *image_shape), np.uint8), jax.ShapeDtypeStruct((size,), np.int32)


def on_device(images: np.ndarray, labels: np.ndarray) -> Part:
    """JAX's view of the images: their own memory wherever it begins at a multiple of 64 bytes, as ours does."""
    return jax.device_put(images), jax.device_put(labels.astype(np.int32, copy=False))
