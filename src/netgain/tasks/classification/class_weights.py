"""How much an image of each class counts in the training loss."""

from __future__ import annotations

import numpy as np

from netgain.errors import RecipeError
from netgain.tasks.classification.recipe import Recipe


def class_weights_of(recipe: Recipe, labels: np.ndarray, num_classes: int) -> tuple[float, ...] | None:
    """How much an image of each class counts in training; "balanced" gives each class N / (K N_k) of its N_k images.

    Raises:
        RecipeError: for a weight of a class that the dataset does not have.
    """
    if recipe.class_weights is None:
        return None
    if recipe.class_weights == "balanced":
        counts = np.bincount(labels, minlength=num_classes)
        return tuple(float(len(labels) / (num_classes * count)) if count else 1.0 for count in counts)
    given = dict(recipe.class_weights)
    if unknown := [number for number in given if number >= num_classes]:
        message = f"the dataset has {num_classes} classes, 0 to {num_classes - 1}; remove the weight of {unknown[0]}"
        raise RecipeError("recipe", [("class_weights", message)])
    return tuple(given.get(number, 1.0) for number in range(num_classes))
