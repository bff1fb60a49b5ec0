"""An ensemble while it is trained: networks of one recipe that learn on their own, and whose scores are averaged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

import jax
import jax.numpy as jnp
import numpy as np

from netgain.data import Dataset, Split
from netgain.engine.ambient import keras_for
from netgain.engine.averaging import averaged_over_members
from netgain.engine.compiled import CompiledFunctions
from netgain.tasks.classification.goals import goal_of
from netgain.tasks.classification.judging import right_answers
from netgain.tasks.classification.recipe import Recipe
from netgain.tasks.classification.training import Training, start
from netgain.tasks.task import Evaluation, Metrics

Averages = Mapping[int, Callable[..., tuple[dict[str, jax.Array], jax.Array]]]
"""For a number of images n: from labels int32 `[n]` and the members' scores, each `[n, K]`, to measurements and mean
scores."""


class Ensemble(NamedTuple):
    """The members, one after the other in everything; one run is one ensemble."""

    recipe: Recipe
    seed: int
    data: Dataset
    parts: Split
    members: tuple[Training, ...]
    averages: Averages

    def one_epoch(self) -> tuple[Self, Metrics]:
        """The ensemble after one more epoch of every member; the measurements are the means of the members'."""
        trained = [member.one_epoch() for member in self.members]
        means = {name: float(np.mean([metrics[name] for _, metrics in trained])) for name in trained[0][1]}
        return self._replace(members=tuple(member for member, _ in trained)), means

    def evaluated(self, part: str) -> Evaluation | None:
        """Loss, without penalties, and accuracy of the mean scores on a part; None where there is no such part."""
        if part not in self.members[0].evaluated_on:
            return None
        _, labels = self.members[0].evaluated_on[part]
        means, scores = self.averages[len(labels)](labels, self._scores_of_members(part))
        return Evaluation({name: float(value) for name, value in means.items()}, scores)

    def copied(self) -> Self:
        """The same with a copy of every member's weights."""
        return self._replace(members=tuple(member.copied() for member in self.members))

    def saved(self, test_scores: np.ndarray) -> bytes:
        """One Keras model that holds all members and averages them, as :meth:`Training.saved`.

        Raises:
            TrainingError: as there.
        """
        with keras_for(self.recipe.network):
            whole = averaged_over_members([member.network_now() for member in self.members])
            return self.members[0]._replace(seed=self.seed).file_of(whole, test_scores)

    @property
    def num_parameters(self) -> int:
        """Weights and biases of all members."""
        return sum(member.num_parameters for member in self.members)

    def kept_beside(self) -> dict[str, np.ndarray]:
        """The accuracy of each member alone on the test images, float64 `[members]`."""
        rights = [right_answers(np.asarray(one), self.data.y_test) for one in self._scores_of_members("test")]
        return {"member_accuracies": np.array([right.mean() for right in rights])}

    def _scores_of_members(self, part: str) -> list[Any]:
        found = [member.evaluated(part) for member in self.members]
        return [evaluation.scores for evaluation in found if evaluation is not None]


def seeds_of_members(recipe: Recipe, seed: int) -> range:
    """The seeds of an ensemble's members: no two ensembles of a recipe share one.

    >>> from netgain.networks.families.mlp import MLP
    >>> list(seeds_of_members(Recipe(network=MLP(), ensemble=3), 2))
    [6, 7, 8]
    """
    return range(seed * recipe.ensemble, (seed + 1) * recipe.ensemble)


def start_ensemble(recipe: Recipe, data: Dataset, seed: int, compiled: CompiledFunctions) -> Ensemble:
    """A recipe's members with their first weights; what is compiled is the same for all of them.

    Raises:
        DataError, RecipeError: as :func:`netgain.tasks.classification.training.start`.
    """
    first, *others = (start(recipe, data, each, compiled) for each in seeds_of_members(recipe, seed))
    shared = {"parts": first.parts, "evaluated_on": first.evaluated_on}  # not in memory once per member
    members = first, *(other._replace(**shared) for other in others)
    sizes = tuple(len(labels) for _, labels in first.evaluated_on.values())
    key = "averages", recipe.digest, data.num_classes, sizes
    averages = compiled.of(key, lambda: _compiled(recipe, data.num_classes, sizes))
    return Ensemble(recipe, seed, data, first.parts, members, averages)


def _compiled(recipe: Recipe, num_classes: int, sizes: tuple[int, ...]) -> Averages:
    def average(labels: jax.Array, members: list[jax.Array]) -> tuple[dict[str, jax.Array], jax.Array]:
        scores = sum(members[1:], start=members[0]) / len(members)
        counts = {name: count / len(labels) for name, count in goal.counts(labels, scores).items()}
        return {"loss": goal.loss(labels, scores), **counts}, scores

    averages = {}
    with keras_for(recipe.network):
        goal = goal_of(recipe, num_classes)
        for size in sizes:
            labels = jax.ShapeDtypeStruct((size,), np.int32)
            members = [jax.ShapeDtypeStruct((size, num_classes), jnp.float32)] * recipe.ensemble
            averages[size] = jax.jit(average).lower(labels, members).compile()
    return averages
