"""`netgain report`: one HTML page of the runs in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import (
    DEFAULT_STORE,
    Changes,
    ImageOptions,
    Shifts,
    Store,
    UntilKnown,
    check_until_known,
    command_again,
    parse_seeds,
    say,
    with_options,
)
from netgain.cli.targets import check_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netgain.errors import StoreError
    from netgain.experiment.question import Question
    from netgain.report.kinds import AnyResult
    from netgain.report.page import OtherRuns
    from netgain.results.stored import Seeds
    from netgain.runs.store import RunKey
    from netgain.runs.store import Store as OpenedStore

WHOLE_STORE = "netgain-report.html"
NAMES_SHOWN = 5

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Studies by name; without a name, all that were run.", autocompletion=completing.studies),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The HTML file to write.", show_default=f"NAME.html or {WHOLE_STORE}"),
]
StoredSeeds = Annotated[
    str | None,
    typer.Option(help="How many seeds, such as 5 (seeds 0 to 4), or which: 0,3,7.", show_default="all in the store"),
]


WithCard = Annotated[
    bool,
    typer.Option("--card", help="Also write the verdict as a picture of 1200 x 630 pixels, beside the page (.png)."),
]


@with_options
def report_command(
    *,
    names: Names = None,
    output: Output = None,
    store: Store = DEFAULT_STORE,
    seeds: StoredSeeds = None,
    until_known: UntilKnown = False,
    images: ImageOptions,
    changes: Changes = None,
    shifts: Shifts = None,
    card: WithCard = False,
) -> None:
    """Write one self-contained HTML page: first the forest plot of all techniques, then each study with its pictures.

    Nothing is trained: studies that were not run are named. Studies that were run with --data, --image-size,
    --color-mode, --set, --shift or --until-known are found with the same options; without these options, the page
    lists what else is in the store, with the command that shows it.
    """
    check_until_known(until_known, seeds, shifts)
    _begin(names)
    from netgain.cli.also_stored import others_in
    from netgain.cli.preparing import prepared_or_none, write_report
    from netgain.report.page import Beside, write_card
    from netgain.results.result import all_runs
    from netgain.results.stored import open_existing

    wanted, instead = _wanted_seeds(seeds, until_known), images.images()
    asked = _asked(names)
    studies = {study.name: prepared_or_none(study, instead, changes, shifts, strict=bool(names)) for study in asked}
    target = output or Path(f"{asked[0].name}.html" if len(asked) == 1 else WHOLE_STORE)
    check_target(target, ".html")
    opened = open_existing(store)
    found, not_run = _found_and_not_run(studies, opened, wanted)
    is_whole_store = not (names or changes or shifts or instead.are_asked_for or seeds)
    others = others_in(opened, _keys_of(found.values()), asked) if is_whole_store else []
    if not found:
        raise _nothing_found(not_run, opened, store, others)
    how = (until_known, instead, changes, shifts)
    seeds_of = {name: [run.seed for run in all_runs(result)] for name, result in found.items()}
    commands = {name: command_again(name, used, *how) for name, used in seeds_of.items()}
    picture = target.with_suffix(".png") if card else None
    beside = Beside(others, picture.name if picture else "")
    write_report(list(found.values()), target, commands, not_run, beside)
    if picture:
        write_card(list(found.values()), picture)
    _say_what_is_written(len(found), target, not_run if names else [], picture)


def _begin(names: list[str] | None) -> None:
    """Refuse names that are not there, say the first word, and let the imports that follow take their second."""
    from netgain.report.drawing import DRAWING
    from netgain.runs.execute import live_line
    from netgain.studies import check_name

    for name in names or ():
        check_name(name)
    live_line.announce("reading the store")
    DRAWING.start()


def _asked(names: list[str] | None) -> list[Question]:
    """The studies of these names, each once; the whole catalogue without names."""
    from netgain.studies import load_entry, study_entries

    return [load_entry(name).study for name in dict.fromkeys(names or study_entries())]


def _found_and_not_run(
    studies: Mapping[str, Question | None], opened: OpenedStore, wanted: Seeds
) -> tuple[dict[str, AnyResult], list[str]]:
    """What the store has of these studies, by name, and the names of those of which it has nothing."""
    from netgain.results.stored import stored
    from netgain.runs.execute import live_line
    from netgain.runs.execute.progress import progress_for_terminal

    found: dict[str, AnyResult] = {}
    shown = progress_for_terminal()
    for number, (name, study) in enumerate(studies.items()):
        live_line.counting("reading", number, len(studies), "studies")
        if study and (result := stored(study, opened, wanted, progress=shown)):
            found[name] = result
    return found, [name for name in studies if name not in found]


def _say_what_is_written(num_found: int, target: Path, not_run: list[str], card: Path | None) -> None:
    """Name the report and what it lacks of the studies that were asked for: then the exit code is 1."""
    for name in not_run:
        say(f"not run: netgain study {name}")
    say(f"The report of {num_found} stud{'y' if num_found == 1 else 'ies'} is in {target}.")
    if card:
        say(f"The card is in {card}.")
    if not_run:
        raise typer.Exit(1)


def _wanted_seeds(seeds: str | None, until_known: bool) -> Seeds:
    if until_known:
        return "until-known"
    if seeds is None:
        return None
    which = parse_seeds(seeds)
    return range(which) if isinstance(which, int) else which


def _keys_of(results: Iterable[AnyResult]) -> set[RunKey]:
    """The keys of all runs of these results."""
    from netgain.results.result import all_runs
    from netgain.runs.store import RunKey

    return {RunKey.of(run) for result in results for run in all_runs(result)}


def _nothing_found(not_run: list[str], opened: OpenedStore, store: str, others: Sequence[OtherRuns]) -> StoreError:
    """Why no report is written: none of these studies was run."""
    from netgain.engine.versions import ENGINE_VERSIONS
    from netgain.errors import StoreError
    from netgain.runs.store import without_password

    num_older = opened.num_runs() - opened.num_runs(ENGINE_VERSIONS)
    more = " and others" if len(not_run) > NAMES_SHOWN else ""
    unused = f" (it has {num_older} runs of another engine version, which do not count)" if num_older else ""
    commands = [other.command for other in others if other.command][:NAMES_SHOWN]
    also = f"; what it has is shown by: {' · '.join(commands)}" if commands else ""
    return StoreError(
        f"the store {without_password(store)!r} has no runs with these options for "
        f"{', '.join(not_run[:NAMES_SHOWN])}{more}{unused}; not run: netgain study {not_run[0]}{also}"
    )
