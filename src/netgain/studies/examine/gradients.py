"""Gradients of a recipe's loss, layer by layer: through training, and image by image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import load_dataset
from netgain.engine.ambient import keras_for
from netgain.engine.inputs import image_feeder
from netgain.runs.training import train
from netgain.tasks.classification.goals import goal_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import Training


class GradientNorms(NamedTuple):
    """How large the gradient of the loss is in each layer, through training.

    Shapes: E epochs (fewer where the run stopped or diverged), L layers that have weights, first layer first.

    Attributes:
        layers: the layers' names in the Keras model.
        weights: Euclidean norm of the gradient by all of a layer's weights and biases, float64 `[E + 1, L]`; row 0
            is before training, row e after epoch e.
        biases: the same of its biases alone; NaN for a layer that has none.
    """

    layers: tuple[str, ...]
    weights: np.ndarray
    biases: np.ndarray


def gradient_norms(recipe: Recipe, seed: int, num_images: int = 1000) -> GradientNorms:
    """Train a recipe and take the gradient of its loss, penalties included, before the first and after every epoch.

    It is the gradient of the mean over the first `num_images` training images, in inference mode (nothing dropped),
    of the network that :func:`netgain.runs.training.train` gives for this recipe and seed.

    Raises:
        DataError, RecipeError: as :func:`netgain.runs.training.train` does.

    >>> from netgain.networks.families.mlp import MLP
    >>> deep = Recipe(dataset="digits", network=MLP(hidden=(10, 10)), epochs=2)
    >>> gradient_norms(deep, 0, 100).weights.shape
    (3, 3)
    """
    dataset = load_dataset(recipe.dataset)
    parts = recipe.parts_of(dataset)
    images, labels = parts.x_train[:num_images], parts.y_train[:num_images]
    gradient: Callable[..., Any] | None = None
    rows: list[tuple[list[float], list[float]]] = []
    layers: tuple[str, ...] = ()

    def measure(state: Training) -> None:
        nonlocal gradient, layers
        model, weights = state.model, state.weights
        with keras_for(recipe.network):
            if gradient is None:
                gradient, layers = jax.jit(jax.grad(_objective(model, recipe, images, labels))), layer_names(model)
            rows.append(_norms(model, gradient(weights.trainable, weights.non_trainable)))

    train(recipe, seed, keep_model=False, on_state=measure)
    weights, biases = zip(*rows, strict=True)
    return GradientNorms(layers, np.array(weights), np.array(biases))


def bias_gradients_by_image(
    model: keras.Model, recipe: Recipe, images: np.ndarray, labels: np.ndarray
) -> list[np.ndarray]:
    """The gradient of each image's own loss by the biases of each layer that has some: float32 `[n, units]` each.

    For a dense layer this is the slides' δ = ∂L/∂z, its error. images: uint8 `[n, H, W, C]`; labels: int `[n]`.
    """
    state = [variable.value for variable in model.trainable_variables]
    rest = [variable.value for variable in model.non_trainable_variables]

    def of_one(image: jax.Array, label: jax.Array) -> list[jax.Array]:
        gradients = jax.grad(_objective(model, recipe, image[None], label[None]))(state, rest)
        return [g for g, v in zip(gradients, model.trainable_variables, strict=True) if _is_bias(v)]

    with keras_for(recipe.network):
        found = jax.jit(jax.vmap(of_one))(jnp.asarray(images), jnp.asarray(labels, jnp.int32))
    return [np.asarray(gradient) for gradient in found]


def layer_names(model: keras.Model) -> tuple[str, ...]:
    """The names of the layers that have trainable weights, first layer first."""
    return tuple(dict.fromkeys(_layer_of(variable) for variable in model.trainable_variables))


def _objective(model: keras.Model, recipe: Recipe, images: Any, labels: Any) -> Callable[..., jax.Array]:
    """The recipe's loss on these images as a function of the weights, in inference mode."""
    loss, feed = goal_of(recipe, model.output_shape[-1]).loss, image_feeder(model)
    x, targets = feed(jnp.asarray(images)), jnp.asarray(labels, jnp.int32)

    def objective(trainable: list[jax.Array], non_trainable: list[jax.Array]) -> jax.Array:
        answer: Any = model.stateless_call(trainable, non_trainable, x, training=False, return_losses=True)
        scores, _, penalties = answer
        value: Any = loss(targets, scores)
        return value + sum(penalties)

    return objective


def _norms(model: keras.Model, gradients: list[jax.Array]) -> tuple[list[float], list[float]]:
    """The norms by layer: of all its gradients, and of those by its biases."""
    squares: dict[str, float] = {}
    of_biases: dict[str, float] = {}
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        square, layer = float(np.square(np.asarray(gradient, np.float64)).sum()), _layer_of(variable)
        squares[layer] = squares.get(layer, 0.0) + square
        of_biases.setdefault(layer, np.nan)
        if _is_bias(variable):
            of_biases[layer] = square
    return [float(np.sqrt(v)) for v in squares.values()], [float(np.sqrt(v)) for v in of_biases.values()]


def _layer_of(variable: Any) -> str:
    return variable.path.rpartition("/")[0]


def _is_bias(variable: Any) -> bool:
    return variable.path.rpartition("/")[2] == "bias"
