"""Which runs of a store a report does not show, and the command that shows them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from netgain.data import is_named, load_dataset
from netgain.engine.versions import ENGINE_VERSIONS
from netgain.errors import NetgainError
from netgain.experiment.question import Question
from netgain.report.page import OtherRuns
from netgain.report.reproducing import value_in_words
from netgain.runs.record import RunStatus
from netgain.runs.store import RunKey, Store

MOST_DIFFERENCES = 6
"""A recipe with more differences from every recipe of the catalogue is one of its own."""

UNSET = "null"

OF_THE_SIZE = {"train_size", "validation_size"}
"""Fields that follow from other images, where there are fewer of them."""


class _Recipe(NamedTuple):
    """A stored recipe with runs that are not shown."""

    digest: str
    fields: dict[str, str]
    record: dict[str, Any]
    num_seeds: int


Changes = tuple[tuple[str, str], ...]


def others_in(store: Store, shown: Collection[RunKey], studies: Sequence[Question]) -> list[OtherRuns]:
    """The runs of the store that are not among those shown, by the study that they seem to belong to.

    Args:
        store: where to look.
        shown: the runs that the report shows.
        studies: the catalogue's.
    """
    waiting = {recipe.digest: recipe for recipe in _recipes(store, shown)}
    likely = _likely(list(waiting.values()), studies)
    found: list[OtherRuns] = []
    while likely:
        # Most recipes first, then fewest changes: arms that were changed alike belong together.
        study, changes = max(likely, key=lambda key: (len(likely[key]), -len(key[1])))
        arms = likely.pop((study, changes))
        found.append(_described(studies, study, changes, {arm: waiting[digest] for arm, digest in arms.items()}))
        waiting = {digest: recipe for digest, recipe in waiting.items() if digest not in arms.values()}
        likely = {key: left for key, of_arm in likely.items() if (left := _without(of_arm, arms.values()))}
    return [*found, *(_own(recipe) for recipe in waiting.values())]


def _recipes(store: Store, shown: Collection[RunKey]) -> Iterator[_Recipe]:
    """The recipes that have runs which are not shown; on other images than before, the same recipe is another one."""
    seeds: dict[tuple[str, str], set[int]] = {}
    records: dict[tuple[str, str], dict[str, Any]] = {}
    for run in store.listing():
        if run.key in shown or run.status is RunStatus.FAILED or run.key.engine_version not in ENGINE_VERSIONS:
            continue
        recipe = run.key.recipe_digest, run.key.dataset_digest
        seeds.setdefault(recipe, set()).add(run.key.seed)
        records[recipe] = run.recipe
    for (digest, _), record in records.items():
        yield _Recipe(digest, _flat(record), record, len(seeds[digest, _]))


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """Fields by dotted path, each as JSON; the same for a recipe and for what a store wrote down of it."""
    if not isinstance(value, Mapping):
        return {path: json.dumps(value, default=str)}
    flat: dict[str, str] = {}
    for name, inner in value.items():
        flat |= _flat(inner, f"{path}.{name}" if path else str(name))
    return flat


def _likely(recipes: Sequence[_Recipe], studies: Sequence[Question]) -> dict[tuple[str, Changes], dict[str, str]]:
    """(study, what was changed) -> arm -> digest, for all that a recipe may be."""
    likely: dict[tuple[str, Changes], dict[str, str]] = {}
    for study in studies:
        for arm, declared in study.recipes.items():
            fields = _flat(declared.record())
            for recipe in recipes:
                paths = dict.fromkeys([*recipe.fields, *fields])  # a field with its usual value is left out of both
                now = {path: recipe.fields.get(path, UNSET) for path in paths}
                changes = tuple((path, value) for path, value in now.items() if fields.get(path, UNSET) != value)
                if len(changes) <= MOST_DIFFERENCES:
                    likely.setdefault((study.name, changes), {}).setdefault(arm, recipe.digest)
    return likely


def _without(arms: Mapping[str, str], digests: Collection[str]) -> dict[str, str]:
    return {arm: digest for arm, digest in arms.items() if digest not in digests}


def _described(studies: Sequence[Question], name: str, changes: Changes, arms: Mapping[str, _Recipe]) -> OtherRuns:
    told = ", ".join(f"{path} {value_in_words(json.loads(value))}" for path, value in changes)
    counts = {arm: recipe.num_seeds for arm, recipe in arms.items()}
    study = next(study for study in studies if study.name == name)
    command = _command(study, dict(changes), {recipe.digest for recipe in arms.values()})
    return OtherRuns(f"{name}{f' with {told}' if told else ''}", counts, command)


def _command(study: Question, changes: dict[str, str], digests: Collection[str]) -> str:
    """The command that shows these runs; empty where options cannot name them, or where they name other recipes."""
    dataset = json.loads(changes.pop("dataset", UNSET))
    if dataset is not None and not is_named(dataset):
        return ""
    set_by_hand = {path: value for path, value in changes.items() if dataset is None or path not in OF_THE_SIZE}
    try:
        asked = study if dataset is None else study.on(dataset)
        for path, value in set_by_hand.items():
            asked = asked.change_recipes(path, json.loads(value))
        if dataset is not None:
            images = load_dataset(dataset)
            asked = asked.fitted_to(images.num_train, images.num_validation)
    except NetgainError:
        return ""
    if not set(digests) <= {recipe.digest for recipe in asked.recipes.values()}:
        return ""
    words = [f"{path}={value}" for path, value in set_by_hand.items()]
    data = [] if dataset is None else ["--data", dataset]
    return shlex.join(["netgain", "report", study.name, *data, *(word for each in words for word in ("--set", each))])


def _own(recipe: _Recipe) -> OtherRuns:
    """A recipe that is like none of the catalogue's."""
    known = [f"{name} {value_in_words(recipe.record[name])}" for name in ("dataset", "epochs") if name in recipe.record]
    return OtherRuns(f"a recipe of its own ({', '.join(known)})", {recipe.digest[:8]: recipe.num_seeds}, "")
