"""Recipes with fewer images or epochs: for small datasets, and for rehearsals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from netgain.experiment.recipe import AbstractRecipe

QUICK_EPOCHS, QUICK_IMAGES = 4, 3
"""A quick study takes this fraction, 1/4, of the epochs and this one, 1/3, of the images."""


def fitting_fractions(
    recipes: Iterable[AbstractRecipe], num_images: int, num_validation: int = 0
) -> tuple[float, float] | None:
    """By what to shrink training and validation parts so that every recipe fits; None where all do.

    All shrink in proportion, so that recipes of different sizes stay different. A validation part for which there is
    room enough is left alone. `num_validation` is the size of a dataset's own validation part, 0 where both parts come
    from the training images.

    >>> from netgain.tasks.recipes import load_recipe
    >>> fitting_fractions([load_recipe("small-sample")], 1000)
    (0.1, 1.0)
    """
    sizes = [(recipe.train_size or 0, recipe.validation_size) for recipe in map(_sized, recipes) if recipe]
    validation = max((size for _, size in sizes), default=0)
    wanted = max((size for size, _ in sizes), default=0)
    if num_validation:
        separately = min(1.0, num_images / max(1, wanted)), min(1.0, num_validation / max(1, validation))
        return separately if min(separately) < 1 else None
    wanted = wanted or 5 * validation  # None: all the images there are
    if wanted + validation <= num_images:
        return None
    if 2 * validation <= num_images:
        return (num_images - validation) / wanted, 1.0
    both = num_images / (wanted + validation)
    return both, both


Kind = TypeVar("Kind", bound=AbstractRecipe)


def with_images(recipe: Kind, fractions: tuple[float, float]) -> Kind:
    """The recipe with these fractions of its training and validation items; one without sizes stays as it is."""
    sized = _sized(recipe)
    if sized is None:
        return recipe
    sizes = {"train_size": sized.train_size, "validation_size": sized.validation_size}
    fewer = {
        field: size and max(1, int(size * fraction + 1e-9))
        for (field, size), fraction in zip(sizes.items(), fractions, strict=True)
    }
    return type(recipe)(**{**recipe._values(), **fewer})


def quick_images(recipe: Kind, num_images: int) -> Kind:
    """The recipe with a third of its images, of `num_images` where it takes all."""
    sized = _sized(recipe)
    assert sized is not None, f"{recipe!r} has no sizes"
    size = sized.train_size or num_images - sized.validation_size
    return with_images(recipe.change("train_size", size), (1 / QUICK_IMAGES, 1 / QUICK_IMAGES))


def _sized(recipe: AbstractRecipe) -> Any:
    """The recipe, where it says how many items it trains and validates on; else None."""
    return recipe if {"train_size", "validation_size"} <= type(recipe).model_fields.keys() else None
