"""The networks of many seeds of a recipe, trained as one, because one small network does not fill a graphics card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, final

import jax
import jax.numpy as jnp
import numpy as np

from netgain.data import Dataset
from netgain.engine import native
from netgain.engine.compiled import CompiledFunctions
from netgain.engine.epoch import State
from netgain.tasks.classification.class_weights import class_weights_of
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import (
    Beginning,
    Functions,
    Part,
    Training,
    begin,
    on_device,
    order_and_keys,
    parts_to_evaluate,
    shapes,
    traced,
    training_of,
)
from netgain.tasks.task import Evaluation, Metrics, Together


@final
class TrainingTogether(Together):
    """Networks of one recipe whose weights lie beside each other, `[S, ...]`, and are changed by one compiled call."""

    def __init__(self, members: Sequence[Training], weights: State, functions: Functions, learned: Part) -> None:
        self._members, self._weights = tuple(members), weights
        self._functions, self._learned = functions, learned

    def epoch(self) -> list[Metrics]:
        size = self._learned[1].shape[-1]
        drawn = [one.generators.next_epoch(one.recipe, size) for one in self._members]
        order, keys = np.stack([order for order, _ in drawn]), [key for _, key in drawn if key is not None]
        self._weights, means = self._functions.epoch(
            self._weights, *self._learned, order, np.stack(keys) if keys else None
        )
        return self._each(means)

    def evaluate(self, part: str) -> list[Evaluation] | None:
        parts = self._members[0].evaluated_on
        if part not in parts:
            return None
        images, labels = parts[part]
        means, scores = self._functions.evaluations[len(labels)](self._weights, images, labels)
        return [Evaluation(metrics, one) for metrics, one in zip(self._each(means), np.asarray(scores), strict=True)]

    def member(self, number: int) -> Training:
        return self._members[number]._replace(
            weights=jax.tree.map(lambda array: jnp.copy(array[number]), self._weights)
        )

    def restore(self, number: int, state: Training) -> None:
        self._weights = jax.tree.map(lambda all_, one: all_.at[number].set(one), self._weights, state.weights)

    def _each(self, means: Mapping[str, Any]) -> list[Metrics]:
        values = {name: np.asarray(value).tolist() for name, value in means.items()}
        return [{name: value[i] for name, value in values.items()} for i in range(len(self._members))]


class _Axes(NamedTuple):
    """What differs from seed to seed: 0, the first axis, or None for what all share."""

    learned: int | None
    keys: int | None


def start_together(
    recipe: Recipe, data: Dataset, seeds: Sequence[int], compiled: CompiledFunctions
) -> TrainingTogether:
    """The networks of these seeds with their first weights, the same as :func:`start` gives each.

    Raises:
        DataError, RecipeError: as :func:`start`.
    """
    recipe.network.check(data.image_shape, data.num_classes)
    parts = recipe.parts_of(data)
    begun = [begin(recipe, data, parts, seed) for seed in seeds]
    evaluated_on = parts_to_evaluate(recipe, data, parts)
    own = len(begun[0].labels) != len(parts.y_train)  # copies of the images, turned by angles of each seed's own
    axes = _Axes(0 if own else None, 0 if recipe.augmentation else None)
    learned = _side_by_side(begun) if own else evaluated_on["train"]
    weights = jax.tree.map(lambda *values: jnp.stack(values), *(one.weights for one in begun))
    sizes = (len(begun[0].labels), *(len(part[1]) for part in evaluated_on.values()))
    weighed = class_weights_of(recipe, begun[0].labels, data.num_classes)  # every seed has as many images of a class
    key = recipe.digest, data.image_shape, data.num_classes, sizes, weighed, native.used(), len(seeds)
    functions = compiled.of(key, lambda: _compiled(recipe, begun[0], data, sizes, len(seeds), axes))
    members = [
        training_of(recipe, seed, data, parts, one, functions, learned, evaluated_on)
        for seed, one in zip(seeds, begun, strict=True)
    ]
    return TrainingTogether(members, weights, functions, learned)


def _side_by_side(begun: Sequence[Beginning]) -> Part:
    return on_device(np.stack([one.images for one in begun]), np.stack([one.labels for one in begun]))


def _compiled(
    recipe: Recipe, begun: Beginning, data: Dataset, sizes: tuple[int, ...], number: int, axes: _Axes
) -> Functions:
    """The functions for that many seeds of a recipe; sizes as of one."""
    weights: Any = _repeated(begun.weights, number)
    learned, *evaluated = (shapes(size, data.image_shape) for size in sizes)
    order, keys = order_and_keys(recipe, sizes[0])
    learned = learned if axes.learned is None else _repeated(learned, number)
    drawn = _repeated(order, number), None if keys is None else _repeated(keys, number)
    with traced(recipe, begun, data) as (one_epoch, one_evaluation):
        of_all: Callable[..., Any] = jax.vmap(one_epoch, (0, axes.learned, axes.learned, 0, axes.keys))
        epoch = jax.jit(of_all, donate_argnums=0).lower(weights, *learned, *drawn)
        evaluation = jax.jit(jax.vmap(one_evaluation, (0, None, None)))
        lowered = {part[1].shape[0]: evaluation.lower(weights, *part) for part in evaluated}
    return Functions(epoch.compile(), {size: one.compile() for size, one in lowered.items()})


def _repeated(tree: Any, number: int) -> Any:
    """The shapes of that many of these arrays beside each other."""
    return jax.tree.map(lambda array: jax.ShapeDtypeStruct((number, *array.shape), array.dtype), tree)
