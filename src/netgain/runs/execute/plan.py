"""From a study to the runs that the store lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from netgain.data.items import Items
from netgain.engine.versions import engine_version
from netgain.errors import RecipeError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import RunKey, Store
from netgain.tasks.catalogue import task_of


class PlannedRun(NamedTuple):
    """A run that has to be trained."""

    arm: str
    recipe: AbstractRecipe
    seed: int
    key: RunKey


class Plan(NamedTuple):
    """A study's runs: those the store has, by key, and those it lacks, in the order to train them."""

    planned: list[PlannedRun]
    done: dict[RunKey, RunResult]

    @property
    def missing(self) -> list[PlannedRun]:
        """The runs still to train: all arms of a seed before the next seed, so that the arms grow evenly.

        Of a recipe without randomness one run is enough, with any seed.
        """
        seen = {key.recipe_digest for key in self.done}
        lacking = []
        for run in self.planned:
            one_is_enough = not task_of(run.recipe).is_random
            if run.key not in self.done and not (one_is_enough and run.key.recipe_digest in seen):
                lacking.append(run)
                seen.add(run.key.recipe_digest)
        return lacking


def run_key(recipe: AbstractRecipe, seed: int, data: Items, kernels: str) -> RunKey:
    """What the run of a recipe is looked up by."""
    return RunKey(recipe.digest, seed, data.digest, version_for(recipe, kernels))


def version_for(recipe: AbstractRecipe, kernels: str) -> str:
    """The version of the engine that a recipe's runs have with these kernels, where kernels decide anything."""
    return engine_version(kernels if task_of(recipe).uses_kernels else None)


def runs_of(recipe: AbstractRecipe, keys: Sequence[RunKey], found: Mapping[RunKey, RunResult]) -> list[RunResult]:
    """Those of a recipe's runs that were found; of one without randomness the first counts for every seed."""
    there = {key: found[key] for key in keys if key in found}
    if there and not task_of(recipe).is_random:
        first = next(iter(there.values()))
        return [there.get(key) or replace(first, seed=key.seed) for key in keys]
    return list(there.values())


def make_plan(
    recipes: Mapping[str, AbstractRecipe],
    seeds: Sequence[int],
    data: Items,
    store: Store | None,
    retry_failed: bool,
    kernels: str,
) -> Plan:
    """Look up which runs of a study's recipes are done with these kernels.

    Raises:
        RecipeError, DataError: where a recipe of the study cannot be trained on the dataset; nothing has run.
    """
    for name, recipe in recipes.items():
        with _called(name):
            _check_same_items(recipe, data, next(iter(recipes.values())))
            task_of(recipe).check(recipe, data)
    planned = [
        PlannedRun(name, recipe, seed, run_key(recipe, seed, data, kernels))
        for seed in seeds
        for name, recipe in recipes.items()
    ]
    done = store.find(run.key for run in planned) if store else {}
    if retry_failed:
        done = {key: run for key, run in done.items() if run.status is not RunStatus.FAILED}
    plan = Plan(planned, done)
    for run in {run.recipe.digest: run for run in plan.missing}.values():
        with _called(run.arm):
            task_of(run.recipe).try_out(run.recipe, data)
    return plan


def _check_same_items(recipe: AbstractRecipe, data: Items, first: AbstractRecipe) -> None:
    """Refuse a recipe of another task than the first one's that would be judged on other items."""
    if recipe.trained_by == first.trained_by:
        return
    own = task_of(recipe).load(recipe)
    if own.digest != data.digest:
        message = f"this {recipe.task} is judged on {own.name}, the others on {data.name}: nothing to compare"
        raise RecipeError("recipe", [("task", message)])


@contextmanager
def _called(name: str) -> Iterator[None]:
    """Name the recipe in an error, and the field where the error is on its network."""
    try:
        yield
    except RecipeError as error:
        of_network = error.subject == "network"
        problems = [(f"network.{path}".strip(".") if of_network else path, text) for path, text in error.problems]
        raise RecipeError(f"recipe ({name})", problems) from None
