"""From a study to the runs that the store lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from netgain.data import Dataset, warn_of_split
from netgain.engine.setup import prepare_jax
from netgain.engine.versions import engine_version
from netgain.errors import RecipeError
from netgain.networks.network import FittedNetwork
from netgain.networks.own import KerasNetwork
from netgain.recipe import Recipe
from netgain.result import RunResult, RunStatus
from netgain.store import RunKey, Store


class PlannedRun(NamedTuple):
    """A run that has to be trained."""

    arm: str
    recipe: Recipe
    seed: int
    key: RunKey


class Plan(NamedTuple):
    """A study's runs: those the store has, by key, and those it lacks, in the order to train them."""

    planned: list[PlannedRun]
    done: dict[RunKey, RunResult]

    @property
    def missing(self) -> list[PlannedRun]:
        """The runs still to train: all arms of a seed before the next seed, so that the arms grow evenly.

        Of a recipe without randomness one run is enough, whatever its seed.
        """
        seen = {key.recipe_digest for key in self.done}
        lacking = []
        for run in self.planned:
            one_is_enough = isinstance(run.recipe.network, FittedNetwork)
            if run.key not in self.done and not (one_is_enough and run.key.recipe_digest in seen):
                lacking.append(run)
                seen.add(run.key.recipe_digest)
        return lacking


def run_key(recipe: Recipe, seed: int, dataset: Dataset, kernels: str) -> RunKey:
    """What the run of a recipe is looked up by."""
    return RunKey(recipe.digest, seed, dataset.digest, engine_version(recipe.network, kernels))


def runs_of(recipe: Recipe, keys: Sequence[RunKey], found: Mapping[RunKey, RunResult]) -> list[RunResult]:
    """Those of a recipe's runs that were found; of one without randomness the first stands for every seed."""
    there = {key: found[key] for key in keys if key in found}
    if isinstance(recipe.network, FittedNetwork) and there:
        first = next(iter(there.values()))
        return [there.get(key) or replace(first, seed=key.seed) for key in keys]
    return list(there.values())


def make_plan(
    recipes: Mapping[str, Recipe],
    seeds: Sequence[int],
    dataset: Dataset,
    store: Store | None,
    retry_failed: bool,
    kernels: str,
) -> Plan:
    """Look up which runs of a study's recipes are done with these kernels.

    Raises:
        RecipeError, DataError: where a recipe of the study cannot be trained on the dataset; nothing has run.
    """
    for name, recipe in recipes.items():
        warn_of_split(dataset, recipe.train_size, recipe.validation_size, recipe.split, recipe.split_seed)
        with _called(name):
            recipe.network.check(dataset.image_shape, dataset.num_classes)
    planned = [
        PlannedRun(name, recipe, seed, run_key(recipe, seed, dataset, kernels))
        for seed in seeds
        for name, recipe in recipes.items()
    ]
    done = store.find(run.key for run in planned) if store else {}
    if retry_failed:
        done = {key: run for key, run in done.items() if run.status is not RunStatus.FAILED}
    plan = Plan(planned, done)
    _try_own_models(plan.missing, dataset)
    return plan


def _try_own_models(missing: list[PlannedRun], dataset: Dataset) -> None:
    """Look at what the users' own models that are to be trained make of real images.

    Raises:
        RecipeError: where they are not probabilities, or a model cannot be saved.
    """
    own = {run.recipe.digest: run for run in missing if isinstance(run.recipe.network, KerasNetwork)}
    if own:
        prepare_jax()
        from netgain.engine.guards import check_own_model

        for run in own.values():
            with _called(run.arm):
                check_own_model(run.recipe, dataset)


@contextmanager
def _called(name: str) -> Iterator[None]:
    """Name the recipe in the error on its network."""
    try:
        yield
    except RecipeError as error:
        problems = [
            (path if path.startswith("network") else f"network.{path}".strip("."), m) for path, m in error.problems
        ]
        raise RecipeError(f"recipe ({name})", problems) from None
