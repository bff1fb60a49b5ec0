"""What makes the scores of a classifier good or bad: the recipe's loss, and how many classes are named rightly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from netgain.engine.building import build_loss
from netgain.engine.epoch import Goal
from netgain.experiment.keras_parts import facts_of
from netgain.tasks.classification.class_weights import class_weights_of
from netgain.tasks.classification.recipe import Recipe


def goals_of(recipe: Recipe, labels: np.ndarray, num_classes: int) -> tuple[Goal, Goal]:
    """What a recipe learns by, from training labels int `[N]`, and what it is evaluated by, without class weights.

    Raises:
        RecipeError: as :func:`class_weights_of`.
    """
    return goal_of(recipe, num_classes, class_weights_of(recipe, labels, num_classes)), goal_of(recipe, num_classes)


def goal_of(recipe: Recipe, num_classes: int, class_weights: Sequence[float] | None = None) -> Goal:
    """The recipe's loss, and how many images have the largest score for their class.

    Its targets are labels int32 `[B]`, or float32 `[B, K]`, the fraction of each class in an image; the class of such
    an image is the one with the largest fraction, for the accuracy and, as in Keras, for its weight.

    Args:
        recipe: declares the loss.
        num_classes: K.
        class_weights: how much an image of each class counts in the loss; None where all count the same.
    """
    loss = build_loss(recipe.loss)

    def value(targets: jax.Array, scores: jax.Array) -> Any:
        weights = None if class_weights is None else jnp.asarray(class_weights, jnp.float32)[_classes(targets)]
        return loss(targets_for(recipe, targets, num_classes), scores, sample_weight=weights)

    def counts(targets: jax.Array, scores: jax.Array) -> dict[str, jax.Array]:
        return {"accuracy": jnp.sum(scores.argmax(-1) == _classes(targets))}

    return Goal(value, counts, facts_of(recipe.loss).by_image)


def targets_for(recipe: Recipe, targets: jax.Array, num_classes: int) -> jax.Array:
    """What the recipe's loss is given: labels int32 `[B]` if it takes integers, else fractions float32 `[B, K]`.

    targets: labels int32 `[B]` or fractions float32 `[B, K]`. Smoothing is that of Szegedy et al. 2016, section 7.
    """
    if facts_of(recipe.loss).integers:
        return targets
    fractions = jax.nn.one_hot(targets, num_classes) if targets.ndim == 1 else targets
    smoothing = recipe.label_smoothing
    return fractions * (1 - smoothing) + smoothing / num_classes if smoothing else fractions


def _classes(targets: jax.Array) -> jax.Array:
    return targets if targets.ndim == 1 else targets.argmax(-1)
