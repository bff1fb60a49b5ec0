"""Results from the runs in a store, without training anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from netgain.data.items import Items
from netgain.engine.kernels import KERNEL_SETS, kernels_to_use
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.errors import StoreError
from netgain.experiment.demonstration import Demonstration
from netgain.experiment.recipe import AbstractRecipe
from netgain.experiment.study import BASELINE, Study
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.examined import to_be_examined
from netgain.results.run import UNTIL_KNOWN, by_dataset, examined_demonstration
from netgain.results.shifted import on_shifted_images
from netgain.results.study_result import StudyResult
from netgain.results.until_known import run_until_known
from netgain.runs.execute.kernel_sets import kernels_of_recipes, mixed_in_words, seeds_known
from netgain.runs.execute.options import Means, RunOptions
from netgain.runs.execute.plan import run_key, runs_of
from netgain.runs.execute.progress import NoProgress, Progress
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store, without_password
from netgain.stats import CHECKS
from netgain.tasks.catalogue import task_of

Seeds = Sequence[int] | Literal["until-known"] | None

SEEDS_OF_NO_RECIPE = range(5)
"""For demonstrations that train no recipe and draw what they need themselves."""


def open_existing(where: str | Path) -> Store:
    """An existing store with runs; a new one is not made.

    Raises:
        StoreError: where there is no store, it is empty, or it cannot be opened.
    """
    shown, advice = without_password(where), "run a study first, for example netgain study dropout"
    file = _file_of(where)
    if file is not None and not file.exists():
        raise StoreError(f"there is no store {shown!r}; {advice}, or name another store")
    store = Store(where)
    if not store.num_runs():
        raise StoreError(f"the store {shown!r} is empty; {advice}")
    return store


@singledispatch
def stored(asked: Any, store: Store, seeds: Seeds = None, *, progress: Progress | None = None) -> Any:
    """The result of the runs that the store holds; None where nothing of the study was run.

    Each arm's networks are of one set of kernels: of those that this computer uses where the study was run with them,
    else of those with which it was run most. Where that differs from arm to arm, a remark says so.

    Args:
        asked: a study, of which arms that were not run are left out, which a remark of the result says; or a
            demonstration, of which every recipe must have been run.
        store: where to look.
        seeds: which seeds; None for all that are there. "until-known" judges check by check, as the study was run.
        progress: what to show where networks must be measured; nothing by default.

    Raises:
        StoreError: where "until-known" lacks runs of a check.
        DataError: where the images cannot be had.
    """
    raise TypeError(f"nothing is stored of a {type(asked).__name__}")


@stored.register
def stored_study(
    study: Study, store: Store, seeds: Seeds = None, *, progress: Progress | None = None
) -> StudyResult | None:
    """What is stored of a study; see :func:`stored`."""
    digests = [recipe.digest for recipe in study.recipes.values()]
    if study.baseline.digest not in store.seeds(digests, ENGINE_VERSIONS):
        return None
    data = task_of(study.baseline).load(study.baseline)
    known = store.seeds(digests, ENGINE_VERSIONS, data.digest)
    show = progress or NoProgress()
    if isinstance(seeds, str):
        there = _There(store, data, kernels_of_recipes(study.recipes, known), show)
        return run_until_known(study, lambda part, num_seeds: _complete(part, there, num_seeds))
    there = _There(store, data, kernels_of_recipes(study.recipes, known, seeds), show)
    if seeds is None:
        seeds = sorted(
            {seed for name in there.kernels for seed in seeds_known(study.recipes[name], there.kernels[name], known)}
        )
    return _study(study, there, seeds)


@stored.register
def stored_demonstration(
    demonstration: Demonstration, store: Store, seeds: Seeds = None, *, progress: Progress | None = None
) -> DemonstrationResult | None:
    """What is stored of a demonstration, examined with the seeds that every recipe has of one set of kernels; one
    without recipes needs no runs. See :func:`stored`.
    """
    here, options = kernels_to_use(), RunOptions(store=store, progress=progress)
    if not demonstration.recipes:
        return examined_demonstration(demonstration, list(SEEDS_OF_NO_RECIPE), Means.of(options))
    if not store.seeds((recipe.digest for recipe in demonstration.recipes.values()), ENGINE_VERSIONS):
        return None
    parts = [(data, list(recipes.values())) for data, recipes in by_dataset(demonstration)]
    common = {
        kernels: sorted(set.intersection(*(_common_seeds(*part, store, seeds, kernels) for part in parts)))
        for kernels in KERNEL_SETS
    }
    kernels = here if common[here] else max(common, key=lambda name: len(common[name]))
    if not common[kernels]:
        return None
    return examined_demonstration(demonstration, common[kernels], Means.of(options)._replace(kernels=kernels))


class _There(NamedTuple):
    """Where runs are looked up, those of which kernels for each arm, and what to show meanwhile."""

    store: Store
    data: Items
    kernels: Mapping[str, str]
    show: Progress


def _study(study: Study, there: _There, seeds: Sequence[int]) -> StudyResult | None:
    recipes = {name: recipe for name, recipe in study.recipes.items() if name in there.kernels}
    keys = {
        name: [run_key(recipe, seed, there.data, there.kernels[name]) for seed in seeds]
        for name, recipe in recipes.items()
    }
    found = there.store.find(key for of_arm in keys.values() for key in of_arm)
    runs = {name: runs_of(recipe, keys[name], found) for name, recipe in recipes.items()}
    runs = {name: of_arm for name, of_arm in runs.items() if _scored(of_arm)}
    if BASELINE not in runs:
        return None
    part = _part(study, runs, there.kernels)
    if study.arms and not part.arms:
        return None  # a baseline that other studies share
    runs = {name: runs[name] for name in part.recipes}
    means = Means(there.store, kernels_to_use(), there.show, RunOptions())
    runs = to_be_examined(part, runs, there.data, means)
    runs, data = on_shifted_images(part, runs, there.data, means)
    return StudyResult(study=part, data=data, runs=runs, num_trained=0, seconds=0.0)


def _scored(runs: Iterable[RunResult]) -> bool:
    return any(run.status is not RunStatus.FAILED for run in runs)


def _part(study: Study, runs: dict[str, list[RunResult]], kernels: Mapping[str, str]) -> Study:
    """The study with those arms that were run and whose counterpart was, and with remarks on what is not as usual."""
    arms = {name: recipe for name, recipe in study.arms.items() if name in runs and study.other(name) in runs}
    missing = [name for name in study.arms if name not in arms]
    said = [mixed_in_words(study.with_arms(arms).recipes, kernels), _perhaps_grown(study, runs)]
    more = [remark for remark in said if remark]
    if not missing:
        own = study.remarks or (lambda _: ())
        return study.change("remarks", lambda result: [*own(result), *more]) if more else study
    remark = (
        f"Not run yet: {', '.join(missing)}. Run the study again (netgain study {study.name}); finished runs are kept."
    )
    # What the study itself has to say is about all of its arms.
    remarks = [remark, *more]
    return study.with_arms(arms).change("remarks", lambda _: remarks).change("examine", None)


def _perhaps_grown(study: Study, runs: Mapping[str, Sequence[RunResult]]) -> str:
    """A sentence if the store has as many seeds as a study that ran until it was known; empty otherwise.

    The store does not know how the number of seeds was chosen, and p-values depend on it.
    """
    counts = {len(of_arm) for of_arm in runs.values()}
    if not study.arms or study.against or not counts & {*CHECKS[1:]}:
        return ""
    return (
        "These p-values are for a number of seeds that was fixed in advance. If seeds were added until the study was "
        "decided, they are too small: ask for it with --until-known (seeds='until-known')."
    )


def _complete(study: Study, there: _There, num_seeds: int) -> StudyResult:
    """The result with this number of seeds of every arm.

    Raises:
        StoreError: where the store lacks one.
    """
    result = _study(study, there, range(num_seeds))
    if result is None or any(len(result.runs.get(name, ())) < num_seeds for name in study.recipes):
        raise StoreError(
            f"the store lacks runs of the study {study.name!r} for the check after {num_seeds} seeds; finish it with "
            f"netgain study {study.name} --until-known, or remove --until-known"
        )
    return result


def _common_seeds(data: Items, recipes: Sequence[AbstractRecipe], store: Store, seeds: Seeds, kernels: str) -> set[int]:
    """The seeds of which the store has every recipe's run with these kernels; none where a recipe has no scores."""
    known = store.seeds((recipe.digest for recipe in recipes), ENGINE_VERSIONS, data.digest)
    common = set.intersection(*(set(seeds_known(recipe, kernels, known)) for recipe in recipes))
    if seeds is not None and seeds != UNTIL_KNOWN:
        common &= set(seeds)
    for recipe in recipes:
        found = store.find(run_key(recipe, seed, data, kernels) for seed in common)
        if not _scored(found.values()):
            return set()
    return common


def _file_of(where: str | Path) -> Path | None:
    """The file of a SQLite store; None for another database."""
    if "://" not in str(where):
        return Path(where)
    try:
        url = make_url(str(where))
    except ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
