"""Which runs of a store a report does not show, and the command that shows them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from netgain.cli.found import KnownRecipe, images_of, items_in, recipes_by_digest
from netgain.data import is_named
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

NO_OPTIONS = "no options of netgain report name exactly these recipes; netgain show lists them"
NO_FILE = "made in Python, with --set, or from a file that is not in the current folder; netgain show lists it"

OF_THE_SIZE = {"train_size", "validation_size"}
"""Fields that follow from other images, where there are fewer of them."""


Key = tuple[str, str]
"""The digests of a recipe and of the images it was trained on: the same recipe on other images is another one."""


class _Recipe(NamedTuple):
    """A stored recipe with runs that are not shown."""

    key: Key
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
    waiting = {recipe.key: recipe for recipe in _recipes(store, shown)}
    likely = _likely(list(waiting.values()), studies)
    found: list[OtherRuns] = []
    while likely:
        # Most recipes first, then fewest changes: arms that were changed alike belong together.
        study, changes, images = max(likely, key=lambda key: (len(likely[key]), -len(key[1])))
        arms = likely.pop((study, changes, images))
        found.append(_described(studies, study, changes, {arm: waiting[key] for arm, key in arms.items()}))
        waiting = {key: recipe for key, recipe in waiting.items() if key not in arms.values()}
        likely = {key: left for key, of_arm in likely.items() if (left := _without(of_arm, arms.values()))}
    known = recipes_by_digest() if waiting else {}
    return [*found, *(_own(recipe, known) for recipe in waiting.values())]


def _recipes(store: Store, shown: Collection[RunKey]) -> Iterator[_Recipe]:
    """The recipes that have runs which are not shown."""
    seeds: dict[Key, set[int]] = {}
    records: dict[Key, dict[str, Any]] = {}
    for run in store.listing():
        if run.key in shown or run.status is RunStatus.FAILED or run.key.engine_version not in ENGINE_VERSIONS:
            continue
        recipe = run.key.recipe_digest, run.key.dataset_digest
        seeds.setdefault(recipe, set()).add(run.key.seed)
        records[recipe] = run.recipe
    for key, record in records.items():
        yield _Recipe(key, _flat(record), record, len(seeds[key]))


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """Fields by dotted path, each as JSON; the same for a recipe and for what a store wrote down of it."""
    if not isinstance(value, Mapping):
        return {path: json.dumps(value, default=str)}
    flat: dict[str, str] = {}
    for name, inner in value.items():
        flat |= _flat(inner, f"{path}.{name}" if path else str(name))
    return flat


def _likely(recipes: Sequence[_Recipe], studies: Sequence[Question]) -> dict[tuple[str, Changes, str], dict[str, Key]]:
    """(study, what was changed, digest of the images) -> arm -> recipe, for all that a recipe may be."""
    likely: dict[tuple[str, Changes, str], dict[str, Key]] = {}
    for study in studies:
        for arm, declared in study.recipes.items():
            fields = _flat(declared.record())
            for recipe in recipes:
                paths = dict.fromkeys([*recipe.fields, *fields])  # a field with its usual value is left out of both
                now = {path: recipe.fields.get(path, UNSET) for path in paths}
                changes = tuple((path, value) for path, value in now.items() if fields.get(path, UNSET) != value)
                if len(changes) <= MOST_DIFFERENCES:
                    likely.setdefault((study.name, changes, recipe.key[1]), {}).setdefault(arm, recipe.key)
    return likely


def _without(arms: Mapping[str, Key], keys: Collection[Key]) -> dict[str, Key]:
    return {arm: key for arm, key in arms.items() if key not in keys}


def _described(studies: Sequence[Question], name: str, changes: Changes, arms: Mapping[str, _Recipe]) -> OtherRuns:
    told = ", ".join(f"{path} {value_in_words(json.loads(value))}" for path, value in changes)
    counts = {arm: recipe.num_seeds for arm, recipe in arms.items()}
    study = next(study for study in studies if study.name == name)
    command, why = _command(study, dict(changes), list(arms.values()))
    return OtherRuns(f"{name}{f' with {told}' if told else ''}", counts, command, why)


def _command(study: Question, changes: dict[str, str], arms: Sequence[_Recipe]) -> tuple[str, str]:
    """The command that shows these runs, or why there is none."""
    dataset = json.loads(changes.pop("dataset", UNSET))
    spec, why = ("", "") if dataset is None else images_of(dataset, arms[0].key[1])
    if why:
        return "", why
    set_by_hand = {path: value for path, value in changes.items() if dataset is None or path not in OF_THE_SIZE}
    try:
        asked = study
        images = items_in(spec) if spec else None
        if images is not None:
            asked = asked.on(spec if is_named(spec) else images)
        for path, value in set_by_hand.items():
            asked = asked.change_recipes(path, json.loads(value))
        if images is not None:
            asked = asked.fitted_to(images.num_train, getattr(images, "num_validation", 0))
    except NetgainError:
        return "", NO_OPTIONS
    if not {arm.key[0] for arm in arms} <= {recipe.digest for recipe in asked.recipes.values()}:
        return "", NO_OPTIONS
    words = [f"{path}={value}" for path, value in set_by_hand.items()]
    data = ["--data", spec] if spec else []
    command = ["netgain", "report", study.name, *data, *(word for each in words for word in ("--set", each))]
    return shlex.join(command), ""


def _own(recipe: _Recipe, known: Mapping[str, KnownRecipe]) -> OtherRuns:
    """A recipe that is like none of the catalogue's; `known` are those that `netgain train` takes, by digest."""
    told = [f"{name} {value_in_words(recipe.record[name])}" for name in ("dataset", "epochs") if name in recipe.record]
    found, facts = known.get(recipe.key[0]), f" ({', '.join(told)})" if told else ""
    if found is None:
        return OtherRuns(f"a recipe of its own{facts}", {recipe.key[0][:8]: recipe.num_seeds}, "", NO_FILE)
    dataset = str(recipe.record.get("dataset", ""))
    spec, why = ("", "") if dataset == found.dataset else images_of(dataset, recipe.key[1])
    data = ["--data", spec] if spec else []
    command = shlex.join(["netgain", "train", found.name, "--seeds", str(recipe.num_seeds), *data])
    return OtherRuns(f"the recipe {found.name}{facts}", {found.name: recipe.num_seeds}, "" if why else command, why)
