"""Techniques: changes of a recipe with one number, in one list for all that offer or try them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, final

from netgain.data import load_dataset
from netgain.errors import RecipeError
from netgain.experiment.optimizer import Schedule
from netgain.experiment.recipe import AbstractRecipe, DatasetRecipe

Kind = TypeVar("Kind", bound=AbstractRecipe)

VALIDATION_SHARE = 6
"""A recipe that needs a validation part and has none gets one of this fraction, 1/6, of the training images."""


@final
@dataclass(frozen=True, kw_only=True)
class Technique:
    """A change of a recipe with one number.

    Attributes:
        name: as people call it.
        strength: what the number is, and its unit.
        default: a value to begin with.
        values: strengths worth trying, ascending: those of the catalogue and of the lecture, and some between.
        change: (recipe, number) -> the recipe with the technique, by dotted paths; call :meth:`apply` instead.

    >>> from netgain.tasks.recipes import load_recipe
    >>> dropout = TECHNIQUES["dropout"]
    >>> dropout.strength, dropout.default, dropout.values
    ('fraction dropped, of inputs and hidden neurons', 0.2, (0.1, 0.2, 0.5))
    >>> dropout.apply(load_recipe("small-sample"), 0.5).network.dropout.hidden
    0.5
    """

    name: str
    strength: str
    default: float
    values: tuple[float, ...]
    change: Callable[[Any, float], Any]

    def apply(self, recipe: Kind, number: float) -> Kind:
        """The recipe with this technique, at that strength.

        Raises:
            RecipeError: for what is not a finite number, a strength out of range, or a recipe that has no such field.
            DataError: where the images, whose number decides the size of a validation part, cannot be had.
        """
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            message = f"must be a finite number, {self.strength}; received {number!r}"
            raise RecipeError("technique", [(self.name, message)])
        return self.change(recipe, number)


def _at(path: str) -> Callable[[Any, float], Any]:
    return lambda recipe, number: recipe.change(path, number)


def _whole_at(path: str) -> Callable[[Any, float], Any]:
    return lambda recipe, number: recipe.change(path, _whole(number))


def _whole(number: float) -> float:
    """3 for 3.0, as a field that counts wants it; what is not whole stays, and is refused there."""
    return int(number) if number == int(number) else number


def _stop_early(recipe: AbstractRecipe, patience: float) -> AbstractRecipe:
    if isinstance(recipe, DatasetRecipe) and not recipe.validation_size:
        dataset = load_dataset(recipe.dataset)
        size = dataset.num_validation or max(1, dataset.num_train // VALIDATION_SHARE)
        recipe = recipe.change("validation_size", size)
    return recipe.change("early_stopping.patience", _whole(patience))


def _decay(recipe: AbstractRecipe, rate: float) -> AbstractRecipe:
    return recipe.change("optimizer.schedule", Schedule(kind="inverse_time", rate=rate))


_ALL = (
    Technique(
        name="dropout",
        strength="fraction dropped, of inputs and hidden neurons",
        default=0.2,
        values=(0.1, 0.2, 0.5),
        change=_at("network.dropout"),
    ),
    Technique(
        name="rotation",
        strength="maximum rotation in degrees, drawn again each time",
        default=15.0,
        values=(10.0, 15.0, 25.0),
        change=_at("augmentation.rotation"),
    ),
    Technique(
        name="L2 penalty",
        strength="λ on the output layer's weights",
        default=0.001,
        values=(0.0001, 0.001, 0.01),
        change=_at("network.l2.output"),
    ),
    Technique(
        name="L1 penalty",
        strength="λ on the output layer's weights",
        default=0.0001,
        values=(0.0001, 0.001, 0.01),
        change=_at("network.l1.output"),
    ),
    Technique(name="early stopping", strength="patience, epochs", default=3, values=(3, 5, 10), change=_stop_early),
    Technique(
        name="momentum",
        strength="fraction of the last step that is kept",
        default=0.9,
        values=(0.5, 0.9),
        change=_at("optimizer.momentum"),
    ),
    Technique(
        name="learning-rate decay",
        strength="rate of η/(1 + rate·epoch)",
        default=0.05,
        values=(0.05, 0.2),
        change=_decay,
    ),
    Technique(
        name="learning rate",
        strength="η of the arm",
        default=0.1,
        values=(0.01, 0.1, 0.2, 1.0, 10.0),
        change=_at("optimizer.learning_rate"),
    ),
    Technique(
        name="batch size",
        strength="images per update",
        default=100,
        values=(10, 100, 300),
        change=_whole_at("batch_size"),
    ),
    Technique(
        name="more images",
        strength="training images of the arm",
        default=10_000,
        values=(10_000, 20_000, 30_000, 40_000, 50_000, 60_000),
        change=_whole_at("train_size"),
    ),
    Technique(
        name="label smoothing",
        strength="ε, the share of the target that all classes get alike",
        default=0.1,
        values=(0.05, 0.1, 0.2),
        change=_at("label_smoothing"),
    ),
    Technique(
        name="weight decay",
        strength="λ: η·λ of each weight is taken off in each update",
        default=0.1,
        values=(0.001, 0.01, 0.1, 1.0),
        change=_at("optimizer.weight_decay"),
    ),
    Technique(
        name="averaged weights",
        strength="fraction of the moving average that each update keeps",
        default=0.99,
        values=(0.9, 0.99, 0.999),
        change=_at("optimizer.ema"),
    ),
    Technique(
        name="warm-up",
        strength="epochs in which the learning rate rises",
        default=1,
        values=(0.5, 1, 2),
        change=_at("optimizer.warm_up"),
    ),
    Technique(
        name="cutout",
        strength="side of the black square, pixels",
        default=12,
        values=(8, 12, 16),
        change=_at("augmentation.cutout"),
    ),
    Technique(
        name="mixup",
        strength="α of Beta(α, α), from which the share of the second image is drawn",
        default=0.2,
        values=(0.1, 0.2, 0.4, 1.0),
        change=_at("augmentation.mixup"),
    ),
    Technique(
        name="ensemble",
        strength="networks whose scores are averaged",
        default=5,
        values=(2, 5, 10),
        change=_whole_at("ensemble"),
    ),
    Technique(
        name="test-time shifts",
        strength="pixels; scores are averaged over the shifted images",
        default=1,
        values=(1, 2),
        change=_whole_at("test_time.shift"),
    ),
)

TECHNIQUES: Mapping[str, Technique] = {technique.name: technique for technique in _ALL}
"""All techniques by name, in the order in which they are offered."""
