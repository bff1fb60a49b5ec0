"""Results from what a store holds, without training anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from netgain.data import load_dataset
from netgain.demonstration import Demonstration, DemonstrationResult
from netgain.engine import ENGINE_VERSION
from netgain.engine.setup import not_imported, prepare_jax
from netgain.errors import StoreError
from netgain.execute.plan import runs_of
from netgain.execute.progress import NoProgress, Progress
from netgain.execute.run import UNTIL_KNOWN, run
from netgain.execute.trained import to_be_examined
from netgain.execute.until_known import run_until_known
from netgain.result import RunResult, RunStatus, StudyResult
from netgain.store import RunKey, Store, without_password
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
    known = store.seeds((recipe.digest for recipe in study.recipes.values()), ENGINE_VERSION)
    if isinstance(study, Demonstration):
        return _demonstration(study, store, known, seeds, show)
    if study.baseline.digest not in known:
        return None
    if seeds == UNTIL_KNOWN:
        return run_until_known(study, lambda part, num_seeds: _complete(part, store, num_seeds, show))
    wanted = sorted({seed for of_recipe in known.values() for seed in of_recipe} if seeds is None else seeds)
    return _study(study, store, wanted, show)


def _study(study: Study, store: Store, seeds: Sequence[int], show: Progress) -> StudyResult | None:
    dataset = load_dataset(study.baseline.dataset)
    keys = {
        name: [RunKey(recipe.digest, seed, dataset.digest, ENGINE_VERSION) for seed in seeds]
        for name, recipe in study.recipes.items()
    }
    found = store.find(key for of_arm in keys.values() for key in of_arm)
    runs = {name: runs_of(recipe, keys[name], found) for name, recipe in study.recipes.items()}
    runs = {name: of_arm for name, of_arm in runs.items() if _scored(of_arm)}
    if BASELINE not in runs:
        return None
    there = _part(study, runs)
    if study.arms and not there.arms:
        return None  # a baseline that other studies share
    runs = {name: runs[name] for name in there.recipes}
    if there.examine:
        with not_imported("sklearn"):  # Keras would: a second, for nothing that an examination uses
            prepare_jax()
        runs = to_be_examined(there, runs, dataset, store, show)
    return StudyResult(study=there, dataset=dataset, runs=runs, num_trained=0, seconds=0.0)


def _scored(runs: Iterable[RunResult]) -> bool:
    return any(run.status is not RunStatus.FAILED for run in runs)


def _part(study: Study, runs: dict[str, list[RunResult]]) -> Study:
    """The study with those arms that were run and whose counterpart was."""
    arms = {name: recipe for name, recipe in study.arms.items() if name in runs and study.other(name) in runs}
    missing = [name for name in study.arms if name not in arms]
    if not missing:
        return study
    remark = (
        f"Not run yet: {', '.join(missing)}. Run the study again (netgain study {study.name}): what is there stays."
    )
    # What the study itself has to say is about all of its arms.
    return study.with_arms(arms).change("remarks", lambda _: [remark]).change("examine", None)


def _complete(study: Study, store: Store, num_seeds: int, show: Progress) -> StudyResult:
    """The result with so many seeds of every arm.

    Raises:
        StoreError: where the store lacks one.
    """
    result = _study(study, store, range(num_seeds), show)
    if result is None or any(len(result.runs.get(name, ())) < num_seeds for name in study.recipes):
        raise StoreError(
            f"the store lacks runs of the study {study.name!r} at the look with {num_seeds} seeds; finish it with "
            f"netgain study {study.name} --until-known, or leave --until-known out"
        )
    return result


def _demonstration(
    demonstration: Demonstration, store: Store, known: dict[str, list[int]], seeds: Seeds, show: Progress
) -> DemonstrationResult | None:
    """Examined with the seeds that every recipe has; one without recipes needs no runs."""
    if not demonstration.recipes:
        return run(demonstration, list(SEEDS_OF_NO_RECIPE), store=None)
    recipes = demonstration.recipes.values()
    common = set.intersection(*(set(known.get(recipe.digest, ())) for recipe in recipes))
    if seeds is not None and seeds != UNTIL_KNOWN:
        common &= set(seeds)
    if not common:
        return None
    dataset = load_dataset(next(iter(recipes)).dataset)
    keys = [RunKey(recipe.digest, seed, dataset.digest, ENGINE_VERSION) for recipe in recipes for seed in common]
    found = store.find(keys)
    there = [seed for seed in sorted(common) if all(key in found for key in keys if key.seed == seed)]
    every_recipe_has_scores = all(
        _scored(found[key] for key in keys if key.recipe_digest == recipe.digest and key in found) for recipe in recipes
    )
    return run(demonstration, there, store=store, progress=show) if there and every_recipe_has_scores else None


def _file_of(where: str | Path) -> Path | None:
    """The file of a SQLite store; None for another database."""
    if "://" not in str(where):
        return Path(where)
    try:
        url = make_url(str(where))
    except ArgumentError:
        return None
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
