"""`netgain report`: one HTML page of what the store holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgain.cli.images import Images
from netgain.cli.options import (
    DEFAULT_STORE,
    Changes,
    ColorMode,
    Data,
    ImageSize,
    Store,
    UntilKnown,
    command_again,
    parse_seeds,
    say,
)

if TYPE_CHECKING:
    from netgain.errors import StoreError
    from netgain.execute.stored import Seeds

WHOLE_STORE = "netgain-report.html"
NAMES_SHOWN = 5

Names = Annotated[list[str] | None, typer.Argument(help="Studies by name; all that were run, if none is named.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="The HTML file to write.", show_default=f"NAME.html or {WHOLE_STORE}"),
]
StoredSeeds = Annotated[
    str | None,
    typer.Option(help="How many seeds, such as 5 (seeds 0 to 4), or which: 0,3,7.", show_default="all in the store"),
]


def report_command(
    names: Names = None,
    output: Output = None,
    store: Store = DEFAULT_STORE,
    seeds: StoredSeeds = None,
    until_known: UntilKnown = False,
    data: Data = None,
    image_size: ImageSize = None,
    color_mode: ColorMode = None,
    changes: Changes = None,
) -> None:
    """Write one self-contained HTML page: the forest plot of all techniques, then each study with its pictures.

    Nothing is trained: studies that were not run are named. Those that were run with --data, --image-size,
    --color-mode, --set or --until-known are found with the same options.
    """
    from netgain.report.drawing import DRAWING

    DRAWING.start()  # while the imports below take their second
    from netgain.cli.preparing import check_target, prepared_or_none
    from netgain.engine.versions import ENGINE_VERSIONS
    from netgain.execute.progress import progress_for_terminal
    from netgain.execute.stored import open_existing, stored
    from netgain.report import page
    from netgain.studies import load_entry, study_entries

    wanted, images = _wanted_seeds(seeds, until_known), Images(data, image_size, color_mode)
    asked = [load_entry(name).study for name in dict.fromkeys(names or study_entries())]
    studies = {study.name: prepared_or_none(study, images, changes, strict=bool(names)) for study in asked}
    target = output or Path(f"{asked[0].name}.html" if len(asked) == 1 else WHOLE_STORE)
    check_target(target, ".html")
    opened, shown = open_existing(store), progress_for_terminal()
    results = {name: study and stored(study, opened, wanted, progress=shown) for name, study in studies.items()}
    found = {name: result for name, result in results.items() if result}
    not_run = [name for name, result in results.items() if not result]
    if not found:
        raise _nothing_found(not_run, opened.num_runs() - opened.num_runs(ENGINE_VERSIONS), store)
    commands = {}
    for name, result in found.items():
        used = [run.seed for runs in result.runs.values() for run in runs]
        commands[name] = command_again(name, used, until_known, images, changes)
    page.write(list(found.values()), target, commands, not_run)
    for name in not_run if names else ():
        say(f"not run: netgain study {name}")
    say(f"The report of {len(found)} stud{'y' if len(found) == 1 else 'ies'} is in {target}.")
    if names and not_run:
        raise typer.Exit(1)


def _wanted_seeds(seeds: str | None, until_known: bool) -> Seeds:
    from netgain.errors import RecipeError

    if until_known:
        if seeds is not None:
            raise RecipeError("command", [("--until-known", "decides how many seeds there are; leave --seeds out")])
        return "until-known"
    if seeds is None:
        return None
    which = parse_seeds(seeds)
    return range(which) if isinstance(which, int) else which


def _nothing_found(not_run: list[str], num_older: int, store: str) -> StoreError:
    """Why no report is written: nothing of what was asked for was run."""
    from netgain.errors import StoreError
    from netgain.store import without_password

    more = " and others" if len(not_run) > NAMES_SHOWN else ""
    unused = f" (its {num_older} runs of another engine version do not count)" if num_older else ""
    return StoreError(
        f"the store {without_password(store)!r} holds no runs, with these options, of "
        f"{', '.join(not_run[:NAMES_SHOWN])}{more}{unused}; not run: netgain study {not_run[0]}"
    )
