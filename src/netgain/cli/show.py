"""`netgain show`: what is in a store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from netgain.cli.options import DEFAULT_STORE, Json, print_json
from netgain.runs.execute import live_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgain.experiment.recipe import AbstractRecipe
    from netgain.results.inventory import StoredRecipe
    from netgain.runs.store import StoredRun

Where = Annotated[
    str, typer.Argument(metavar="STORE", help="The store: a file or a database URL.", envvar="NETGAIN_STORE")
]
Everything = Annotated[bool, typer.Option("--all", help="Every recipe, not only those with the latest runs.")]

MOST_RECIPES = 100
"""Of a team's store the recipes that nobody scrolls back to are not shown, and their accuracies not read."""


def show_command(store: Where = DEFAULT_STORE, everything: Everything = False, as_json: Json = False) -> None:
    """List what a store holds: each recipe with its dataset, seeds, epochs and accuracy, and the studies it belongs to.

    A recipe is called as netgain or the catalogue calls it ("dropout: dropout 0.2" is an arm of the study dropout).
    One that was changed, for example with --set, is called after the most similar one, with the changes.
    """
    live_line.announce("reading the store")
    from netgain.results.inventory import inventory
    from netgain.results.stored import open_existing
    from netgain.studies import study_entries

    opened = open_existing(store)
    studies = {name: entry.study.recipes for name, entry in study_entries().items()}
    listing = opened.listing()
    found = inventory(opened, listing, dict(_known(studies)), None if everything or as_json else MOST_RECIPES)
    digests = {run.key.recipe_digest for run in listing}
    shares = {name: sum(one.digest in digests for one in recipes.values()) for name, recipes in studies.items()}
    complete = [name for name, recipes in studies.items() if recipes and shares[name] == len(recipes)]
    live_line.clear()
    if as_json:
        print_json({"recipes": [_as_dict(one) for one in found], "complete_studies": complete})
        return
    sys.stdout.write(_text(found, complete, listing))


def _known(studies: dict[str, dict[str, AbstractRecipe]]) -> Iterator[tuple[str, AbstractRecipe]]:
    """Every recipe that has a name: those of netgain, then the arms of the catalogue."""
    from netgain.experiment.recipe_files import recipe_names
    from netgain.experiment.study import BASELINE
    from netgain.tasks.recipes import load_recipe

    for name in recipe_names():
        yield name, load_recipe(name)
    for study, recipes in studies.items():
        for arm, recipe in recipes.items():
            yield f"{study}: {arm}" if arm != BASELINE else f"{study}: baseline", recipe


def _as_dict(one: StoredRecipe) -> dict[str, Any]:
    accuracy = one.accuracy
    low, high = (accuracy.interval().low, accuracy.interval().high) if accuracy else (None, None)
    return {
        "name": one.name,
        "changes": dict(one.changes),
        "dataset": one.dataset,
        "engine": one.engine_version,
        "epochs": one.epochs,
        "seeds": list(one.seeds),
        "accuracy": accuracy and 100 * accuracy.value,
        "low": low and 100 * low,
        "high": high and 100 * high,
        "failed": {str(seed): why for seed, why in one.failures.items()},
        "last": one.last.isoformat(),
    }


def _text(found: list[StoredRecipe], complete: list[str], listing: list[StoredRun]) -> str:
    from netgain.report.store_table import store_table
    from netgain.runs.record import RunStatus

    failed = sum(run.status is RunStatus.FAILED for run in listing)
    recipes = len({(run.key.recipe_digest, run.key.dataset_digest, run.key.engine_version) for run in listing})
    lines = [
        f"{_number(len(listing), 'network')} of {_number(recipes, 'recipe')}{f'; {failed} failed' if failed else ''}"
    ]
    if len(found) < recipes:
        lines += [f"Here are the {len(found)} recipes with the latest runs; --all shows the others too."]
    lines += [store_table(found)]
    lines += [
        f"{one.name}: {len(one.failures)} failed, the first (seed {seed}) with: {why}"
        for one in found
        for seed, why in list(one.failures.items())[:1]
    ]
    shown = f"All arms are here (netgain report NAME): {', '.join(complete)}" if complete else ""
    return "\n".join([*lines, shown or "No study of the catalogue is here with all its arms."]) + "\n"


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
