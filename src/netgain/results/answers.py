"""What trained networks answer to other images than those that they were judged on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from netgain.data import Dataset
from netgain.errors import RecipeError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import RunResult
from netgain.tasks.classification.judging import right_answers
from netgain.tasks.classification.recipe import Recipe

ScoresOf = Callable[[np.ndarray], np.ndarray]
"""Images uint8 `[n, H, W, C]`, as many as the test images -> scores float32 `[n, K]`."""


def check_can_answer(recipes: Mapping[str, AbstractRecipe]) -> None:
    """Refuse recipes whose learners cannot be asked about changed test images.

    Raises:
        RecipeError: with the reason, for what keeps no network that classifies images.
    """
    for name, recipe in recipes.items():
        if not isinstance(recipe, Recipe):
            message = (
                f"{name!r} is of the task {recipe.task!r}, which keeps no network that can be asked about changed test "
                "images; only networks that classify images can be"
            )
            raise RecipeError("shift", [("", message)])


def scorers(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[ScoresOf]:
    """What each trained network says of as many images as there are test images; compiled once per recipe."""
    from netgain.engine.score import Scorer, scorer, weights_of
    from netgain.networks.families.own import KerasNetwork
    from netgain.networks.keras_settings import STANDARD
    from netgain.runs.trained import open_network

    compiled: dict[str, Scorer] = {}

    def scores_of(score: Scorer, weights: Any) -> ScoresOf:
        return lambda images: score(weights, images)

    found = []
    for run, recipe in runs:
        model, network = open_network(run, recipe), recipe.network
        if recipe.digest not in compiled:
            settings = network.keras_settings if isinstance(network, KerasNetwork) else STANDARD
            compiled[recipe.digest] = scorer(model, dataset.x_test, settings)
        found.append(scores_of(compiled[recipe.digest], weights_of(model)))
    return found


def right_on(
    runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset, image_sets: Iterable[np.ndarray]
) -> list[np.ndarray]:
    """Which images each trained network has right, of several sets with the labels of the test images.

    bool `[sets, n]` for each run. Each set is made only once, and only while it is asked about.
    """
    answers, right = scorers(runs, dataset), [[] for _ in runs]
    for images in image_sets:
        for of_run, scores_of in zip(right, answers, strict=True):
            of_run.append(right_answers(scores_of(images), dataset.y_test))
    return [np.stack(of_run) for of_run in right]
