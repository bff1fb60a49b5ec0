"""Runs a study or a demonstration: trains what is missing, and makes the result of the runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import singledispatch
from operator import index
from typing import Any, Literal

import numpy as np

from netgain.data import Dataset
from netgain.data.items import Items
from netgain.errors import DataError, RecipeError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.recipe import AbstractRecipe, AnyRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.results.answers import check_can_answer
from netgain.results.demonstration_result import DemonstrationInput, DemonstrationResult
from netgain.results.examined import to_be_examined
from netgain.results.shifted import on_shifted_images
from netgain.results.study_result import StudyResult
from netgain.results.until_known import run_until_known
from netgain.runs.execute.options import Means, RunOptions
from netgain.runs.execute.train_all import trained_runs, with_workers
from netgain.runs.record import RunResult
from netgain.stats import CHECKS
from netgain.tasks.catalogue import task_of

UNTIL_KNOWN = "until-known"

MOST_SEEDS = 10_000

AS_USUAL, ALONE = RunOptions(), RunOptions(store=None, workers=1)

Seeds = int | Sequence[int] | Literal["until-known"]
"""How many seeds (0, 1, 2, …), or which, or as many as it takes."""


@singledispatch
def run(asked: Any, seeds: Seeds = 5, options: RunOptions = AS_USUAL) -> Any:
    """Train every recipe of a study or demonstration with every seed, as far as the store lacks the run, and judge.

    Args:
        asked: what to run; a demonstration's networks are trained alike, then examined.
        seeds: how many (0, 1, 2, …) or which; a verdict needs 5. "until-known" checks after 5, 8, 12 and
            finally 20 seeds, each until it is decided, with p-values that stay honest.
        options: where runs are kept, and who trains them.

    Raises:
        DataError, RecipeError: if the study cannot be trained on its images; found before anything runs.
        StoreError: if a finished run cannot be kept. Runs written before are safe.
        TrainingError: where every run of an arm failed.
        ComputerError: where NETGAIN_KERNELS names kernels that this computer lacks.
    """
    message = f"takes an ng.Study or an ng.Demonstration; received {type(asked).__name__}"
    raise RecipeError("call of run", [("study", message)])


@run.register
def run_study(study: Study, seeds: Seeds = 5, options: RunOptions = AS_USUAL) -> StudyResult:
    """Run a study; see :func:`run`."""
    if study.shifts:
        check_can_answer(study.recipes)
    means = Means.of(options)
    if isinstance(seeds, str) and seeds == UNTIL_KNOWN:
        with with_workers(means, len(study.recipes) * CHECKS[-1]) as staffed:  # the same workers for every check
            return run_until_known(study, lambda part, num_seeds: _with_seeds(part, list(range(num_seeds)), staffed))
    return _with_seeds(study, checked_seeds(seeds), means)


@run.register
def run_demonstration(
    demonstration: Demonstration, seeds: Seeds = 5, options: RunOptions = AS_USUAL
) -> DemonstrationResult:
    """Run a demonstration; see :func:`run`."""
    if isinstance(seeds, str) and seeds == UNTIL_KNOWN:
        message = "'until-known' needs arms to compare, and a demonstration has no arms: give a number of seeds"
        raise RecipeError("call of run", [("seeds", message)])
    return examined_demonstration(demonstration, checked_seeds(seeds), Means.of(options))


def _with_seeds(study: Study, seeds: list[int], means: Means) -> StudyResult:
    """Train what the store lacks of these seeds."""
    started = time.perf_counter()
    data = task_of(study.baseline).load(study.baseline)
    runs, num_trained = trained_runs(study.recipes, data, seeds, means)
    runs = to_be_examined(study, runs, data, means)
    runs, data = on_shifted_images(study, runs, data, means)
    return StudyResult(
        study=study, data=data, runs=runs, num_trained=num_trained, seconds=time.perf_counter() - started
    )


def examined_demonstration(demonstration: Demonstration, seeds: list[int], means: Means) -> DemonstrationResult:
    """Train what the store lacks of a demonstration's recipes, and examine the networks in this process."""
    started = time.perf_counter()
    parts = by_dataset(demonstration)
    data = parts[0][0] if parts else None
    runs, num_trained = {}, 0
    with with_workers(means, max(1, len(demonstration.recipes) * len(seeds))) as staffed:  # for every dataset the same
        for images, recipes in parts:
            of_part, number = trained_runs(recipes, images, seeds, staffed)
            runs, num_trained = runs | of_part, num_trained + number
    runs = to_be_examined(demonstration, runs, data, means)
    given = DemonstrationInput(demonstration=demonstration, seeds=tuple(seeds), data=data, runs=runs)
    return DemonstrationResult(
        demonstration=demonstration,
        seeds=given.seeds,
        data=data,
        runs=given.runs,
        findings=demonstration.examine(given),
        num_trained=num_trained,
        seconds=time.perf_counter() - started,
    )


def by_dataset(demonstration: Demonstration) -> list[tuple[Items, dict[str, AnyRecipe]]]:
    """The datasets of a demonstration, each with the recipes that are trained on it.

    Raises:
        DataError: if the datasets have different test images.
    """
    loaded: dict[Any, tuple[Items, dict[str, AnyRecipe]]] = {}
    for name, recipe in demonstration.recipes.items():
        if recipe.judged_on not in loaded:
            loaded[recipe.judged_on] = task_of(recipe).load(recipe), {}
        loaded[recipe.judged_on][1][name] = recipe
    parts = list(loaded.values())
    for data, _ in parts[1:]:
        first = parts[0][0]
        if not (isinstance(first, Dataset) and isinstance(data, Dataset) and _same_test_images(first, data)):
            raise DataError(
                f"{first.name} and {data.name} have different test images: networks that are examined together must "
                "be judged on the same ones"
            )
    return parts


def _same_test_images(first: Dataset, second: Dataset) -> bool:
    return np.array_equal(first.x_test, second.x_test) and np.array_equal(first.y_test, second.y_test)


def train(recipe: AbstractRecipe, seed: int = 0, options: RunOptions = ALONE) -> RunResult:
    """Train one network in a process of its own, or find it in the store; nothing is kept by default.

    Raises:
        DataError, RecipeError, StoreError, TrainingError: as :func:`run`.
    """
    return run_study(Study("train", baseline=recipe), [seed], options).runs[BASELINE][0]


def checked_seeds(seeds: Any) -> list[int]:
    """The seeds as a list.

    Raises:
        RecipeError: for what is neither a number of seeds nor different whole numbers.
    """
    message = f"must be a number from 1 to {MOST_SEEDS:,}, or different whole numbers from 0; received {seeds!r}"
    try:
        chosen = list(range(min(seeds, MOST_SEEDS + 1))) if isinstance(seeds, int) else [index(seed) for seed in seeds]
    except TypeError:
        chosen = []
    right = all(0 <= seed < 2**31 for seed in chosen) and len(set(chosen)) == len(chosen) <= MOST_SEEDS
    if isinstance(seeds, bool) or not chosen or not right:
        raise RecipeError("call of run", [("seeds", message)])
    return chosen
