"""What a store holds, recipe by recipe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.record import RunStatus
from netgain.runs.store import Store, StoredRun
from netgain.stats import MeanAccuracy, mean_accuracy


@dataclass(frozen=True)
class StoredRecipe:
    """The runs of one recipe on one dataset with one engine.

    Attributes:
        name: of the known recipe that it is, or that it is most like.
        changes: the fields in which it differs from that one, by dotted path; empty where it is that one.
        dataset: the name or path of its images; empty where it learns from none.
        engine_version: what trained it, such as "3+avx512".
        epochs: as declared; None where it has none.
        seeds: those of the runs, in ascending order.
        accuracy: over the runs that have scores; None where none has.
        failures: why runs failed, by their seed.
        last: when the last of the runs was stored, UTC.
    """

    name: str
    changes: Mapping[str, Any]
    dataset: str
    engine_version: str
    epochs: int | None
    seeds: tuple[int, ...]
    accuracy: MeanAccuracy | None
    failures: Mapping[int, str]
    last: datetime


Group = tuple[str, str, str]
"""The digests of a recipe and of its dataset, and the version of the engine."""


def inventory(
    store: Store, listing: Iterable[StoredRun], known: Mapping[str, AbstractRecipe], most: int | None = None
) -> list[StoredRecipe]:
    """What a store holds, in the order in which it came.

    Args:
        store: where the accuracies are read; scores and networks are not.
        listing: its runs, of :meth:`netgain.runs.store.Store.listing`.
        known: recipes by the name to show; of two that are alike the first one counts.
        most: how many recipes, those with the latest runs; None for all.

    Raises:
        StoreError: where the store cannot be read.
    """
    groups: dict[Group, list[StoredRun]] = {}
    for run in listing:
        groups.setdefault((run.key.recipe_digest, run.key.dataset_digest, run.key.engine_version), []).append(run)
    shown = list(groups.values()) if most is None else _latest(groups, most)
    right = store.right(run.key for runs in shown for run in runs if run.status is not RunStatus.FAILED)
    named = {name: _flat(one.record()) for name, one in known.items()}

    def accuracy_of(runs: list[StoredRun]) -> MeanAccuracy | None:
        scored = [right[run.key] for run in runs if run.key in right]
        return mean_accuracy(scored) if scored else None

    return [_recipe_of(runs, accuracy_of(runs), named) for runs in shown]


def _latest(groups: Mapping[Group, list[StoredRun]], most: int) -> list[list[StoredRun]]:
    """The groups with the latest runs, in the order of all groups."""
    by_age = sorted(groups, key=lambda group: max(run.created_at for run in groups[group]))
    latest = set(by_age[len(by_age) - min(most, len(by_age)) :])
    return [runs for group, runs in groups.items() if group in latest]


def _recipe_of(
    runs: list[StoredRun], accuracy: MeanAccuracy | None, known: Mapping[str, dict[str, Any]]
) -> StoredRecipe:
    recipe = runs[0].recipe
    name, changes = _nearest(recipe, known)
    return StoredRecipe(
        name=name,
        changes=changes,
        dataset=str(recipe.get("dataset", "")),
        engine_version=runs[0].key.engine_version,
        epochs=recipe.get("epochs"),
        seeds=tuple(sorted(run.key.seed for run in runs)),
        accuracy=accuracy,
        failures={run.key.seed: run.failure for run in runs if run.status is RunStatus.FAILED},
        last=max(run.created_at for run in runs),
    )


def _nearest(recipe: Mapping[str, Any], known: Mapping[str, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The known recipe with the fewest other values, and those values; the dataset is shown by itself."""
    wanted = _flat(recipe)
    best: tuple[str, dict[str, Any]] | None = None
    for name, values in known.items():
        changes = {
            path: wanted.get(path)
            for path in [*wanted, *(path for path in values if path not in wanted)]
            if wanted.get(path) != values.get(path) and path != "dataset"
        }
        if best is None or len(changes) < len(best[1]):
            best = name, changes
    return best or ("", wanted)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested values by dotted path."""
    return dict(_paths(values, ""))


def _paths(values: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
