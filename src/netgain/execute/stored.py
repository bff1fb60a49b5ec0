"""Results from what a store holds, without training anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from netgain.data import Dataset, load_dataset
from netgain.demonstration import Demonstration, DemonstrationResult
from netgain.engine.kernels import KERNEL_SETS, kernels_to_use
from netgain.engine.setup import not_imported, prepare_jax
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.errors import StoreError
from netgain.execute.kernel_sets import kernels_of_recipes, mixed_in_words, seeds_known
from netgain.execute.plan import run_key, runs_of
from netgain.execute.progress import NoProgress, Progress
from netgain.execute.run import UNTIL_KNOWN, How, run, run_demonstration
from netgain.execute.trained import to_be_examined
from netgain.execute.until_known import run_until_known
from netgain.result import RunResult, RunStatus, StudyResult
from netgain.store import Store, without_password
from netgain.study import BASELINE, Study

Seeds = Sequence[int] | Literal["until-known"] | None

SEEDS_OF_NO_RECIPE = range(5)
"""For demonstrations that train no recipe and draw what they need themselves."""


def open_existing(where: str | Path) -> Store:
    """A store that is there and holds runs; none is made.

    Raises:
        StoreError: where there is no store, it is empty, or it cannot be opened.
    """
    shown, advice = without_password(where), "run a study first, for example netgain study dropout"
    file = _file_of(where)
    if file is not None and not file.exists():
        raise StoreError(f"there is no store {shown!r}; {advice}, or name the store with --store")
    store = Store(where)
    if not store.num_runs():
        raise StoreError(f"the store {shown!r} is empty; {advice}")
    return store


def stored(
    study: Study | Demonstration, store: Store, seeds: Seeds = None, *, progress: Progress | None = None
) -> StudyResult | DemonstrationResult | None:
    """The result of the runs that the store holds; None where nothing of the study was run.

    Each arm's networks are of one set of kernels: of those that this computer uses where the study was run with them,
    else of those with which it was run most. Where that differs from arm to arm, a remark says so.

    Args:
        study: arms of which nothing was run are left out, which a remark of the result says. Of a demonstration
            every recipe must have been run.
        store: where to look.
        seeds: which seeds; None for all that are there. "until-known" judges look by look, as the study was run.
        progress: what to show where networks must be measured; nothing by default.

    Raises:
        StoreError: where "until-known" lacks runs of a look.
        DataError: where the images cannot be had.
    """
    show = progress or NoProgress()
    digests = [recipe.digest for recipe in study.recipes.values()]
    known = store.seeds(digests, ENGINE_VERSIONS)
    if isinstance(study, Demonstration):
        return _demonstration(study, store, seeds, show) if known or not digests else None
    if study.baseline.digest not in known:
        return None
    dataset = load_dataset(study.baseline.dataset)
    known = store.seeds(digests, ENGINE_VERSIONS, dataset.digest)
    if seeds == UNTIL_KNOWN:
        there = _There(store, dataset, kernels_of_recipes(study.recipes, known), show)
        return run_until_known(study, lambda part, num_seeds: _complete(part, there, num_seeds))
    there = _There(store, dataset, kernels_of_recipes(study.recipes, known, seeds), show)
    if seeds is None:
        seeds = sorted(
            {seed for name in there.kernels for seed in seeds_known(study.recipes[name], there.kernels[name], known)}
        )
    return _study(study, there, seeds)


class _There(NamedTuple):
    """Where runs are looked up, those of which kernels for each arm, and what to show meanwhile."""

    store: Store
    dataset: Dataset
    kernels: Mapping[str, str]
    show: Progress


def _study(study: Study, there: _There, seeds: Sequence[int]) -> StudyResult | None:
    recipes = {name: recipe for name, recipe in study.recipes.items() if name in there.kernels}
    keys = {
        name: [run_key(recipe, seed, there.dataset, there.kernels[name]) for seed in seeds]
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
    if part.examine:
        with not_imported("sklearn"):  # Keras would: a second, for nothing that an examination uses
            prepare_jax()
        runs = to_be_examined(part, runs, there.dataset, there.store, there.show)
    return StudyResult(study=part, dataset=there.dataset, runs=runs, num_trained=0, seconds=0.0)


def _scored(runs: Iterable[RunResult]) -> bool:
    return any(run.status is not RunStatus.FAILED for run in runs)


def _part(study: Study, runs: dict[str, list[RunResult]], kernels: Mapping[str, str]) -> Study:
    """The study with those arms that were run and whose counterpart was, and with remarks on what is not as usual."""
    arms = {name: recipe for name, recipe in study.arms.items() if name in runs and study.other(name) in runs}
    missing = [name for name in study.arms if name not in arms]
    mixed = mixed_in_words(study.with_arms(arms).recipes, kernels)
    if not missing:
        own = study.remarks or (lambda _: ())
        return study.change("remarks", lambda result: [*own(result), mixed]) if mixed else study
    remark = (
        f"Not run yet: {', '.join(missing)}. Run the study again (netgain study {study.name}): what is there stays."
    )
    # What the study itself has to say is about all of its arms.
    remarks = [remark, *([mixed] if mixed else [])]
    return study.with_arms(arms).change("remarks", lambda _: remarks).change("examine", None)


def _complete(study: Study, there: _There, num_seeds: int) -> StudyResult:
    """The result with so many seeds of every arm.

    Raises:
        StoreError: where the store lacks one.
    """
    result = _study(study, there, range(num_seeds))
    if result is None or any(len(result.runs.get(name, ())) < num_seeds for name in study.recipes):
        raise StoreError(
            f"the store lacks runs of the study {study.name!r} at the look with {num_seeds} seeds; finish it with "
            f"netgain study {study.name} --until-known, or leave --until-known out"
        )
    return result


def _demonstration(
    demonstration: Demonstration, store: Store, seeds: Seeds, show: Progress
) -> DemonstrationResult | None:
    """Examined with the seeds that every recipe has of one set of kernels; one without recipes needs no runs."""
    if not demonstration.recipes:
        return run(demonstration, list(SEEDS_OF_NO_RECIPE), store=None)
    dataset = load_dataset(next(iter(demonstration.recipes.values())).dataset)
    here = kernels_to_use()
    common = {kernels: _common_seeds(demonstration, store, dataset, seeds, kernels) for kernels in KERNEL_SETS}
    kernels = here if common[here] else max(common, key=lambda name: len(common[name]))
    if not common[kernels]:
        return None
    return run_demonstration(demonstration, common[kernels], How(store, kernels, show))


def _common_seeds(
    demonstration: Demonstration, store: Store, dataset: Dataset, seeds: Seeds, kernels: str
) -> list[int]:
    """The seeds of which the store has every recipe's run with these kernels; none where a recipe has no scores."""
    recipes = demonstration.recipes.values()
    known = store.seeds((recipe.digest for recipe in recipes), ENGINE_VERSIONS, dataset.digest)
    common = set.intersection(*(set(seeds_known(recipe, kernels, known)) for recipe in recipes))
    if seeds is not None and seeds != UNTIL_KNOWN:
        common &= set(seeds)
    for recipe in recipes:
        found = store.find(run_key(recipe, seed, dataset, kernels) for seed in common)
        if not _scored(found.values()):
            return []
    return sorted(common)


def _file_of(where: str | Path) -> Path | None:
    """The file of a SQLite store; None for another database."""
    if "://" not in str(where):
        return Path(where)
    try:
        url = make_url(str(where))
    except ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
