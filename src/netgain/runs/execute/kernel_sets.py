"""Which kernels the runs of a store were trained with, and which of them are shown together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from netgain.engine.kernels import KERNEL_SETS, kernels_to_use
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.plan import version_for
from netgain.runs.store import RunKey, Store

SeedsByVersion = Mapping[str, Sequence[int]]
"""Engine version -> the seeds that a store has of a recipe."""


def kernels_elsewhere(missing: Iterable[RunKey], store: Store) -> dict[str, int]:
    """Of runs that a store lacks, how many it has as trained with other kernels, by their name."""
    wanted = list(missing)
    counts: Counter[str] = Counter()
    for dataset_digest in {key.dataset_digest for key in wanted}:
        known = store.seeds({key.recipe_digest for key in wanted}, ENGINE_VERSIONS, dataset_digest)
        for key in wanted:
            for version, seeds in known.get(key.recipe_digest, {}).items():
                counts[version.partition("+")[2]] += key.dataset_digest == dataset_digest and key.seed in seeds
    return {kernels: number for kernels, number in counts.most_common() if kernels and number}


def kernels_of_recipes(
    recipes: Mapping[str, AbstractRecipe], known: Mapping[str, SeedsByVersion], seeds: Collection[int] | None = None
) -> dict[str, str]:
    """The kernels whose runs are shown of each recipe that has runs: one set for all of them where there is one.

    That is the set that this computer uses, if the first recipe and another were run with it (or the only one was);
    else the set with most runs. A recipe without runs of that set is shown with the one it has most runs of.

    Args:
        recipes: by name, the baseline first.
        known: recipe digest -> the seeds in the store by engine version, of :meth:`netgain.runs.store.Store.seeds`.
        seeds: which of them count; None for all.
    """

    def number(name: str, kernels: str) -> int:
        there = seeds_known(recipes[name], kernels, known)
        return len(there if seeds is None else set(there) & set(seeds))

    def merit(kernels: str) -> tuple[bool, int]:
        run_with_these = [number(name, kernels) > 0 for name in recipes]
        run_here = kernels == here and run_with_these[0] and (any(run_with_these[1:]) or len(recipes) == 1)
        return run_here, sum(number(name, kernels) for name in recipes)

    here = kernels_to_use()
    best = max(KERNEL_SETS, key=merit)
    chosen = {}
    for name in recipes:
        kernels = best if number(name, best) else max(KERNEL_SETS, key=lambda kernels: number(name, kernels))
        if number(name, kernels):
            chosen[name] = kernels
    return chosen


def seeds_known(recipe: AbstractRecipe, kernels: str, known: Mapping[str, SeedsByVersion]) -> Sequence[int]:
    """The seeds of a recipe's runs with these kernels."""
    return known.get(recipe.digest, {}).get(version_for(recipe, kernels), ())


def mixed_in_words(recipes: Mapping[str, AbstractRecipe], kernels: Mapping[str, str]) -> str:
    """A sentence on the recipes whose networks were trained with different kernels; empty where they were not."""
    with_kernels = [name for name in kernels if "+" in version_for(recipes[name], kernels[name])]
    groups = {name: [arm for arm in with_kernels if kernels[arm] == name] for name in KERNEL_SETS}
    parts = [f"{', '.join(arms)} with the kernels {name!r}" for name, arms in groups.items() if arms]
    if len(parts) < 2:
        return ""
    return f"The networks were trained with different kernels: {'; '.join(parts)}. The kernels round sums differently."
