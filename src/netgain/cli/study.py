"""`netgain study`: runs studies and demonstrations of the catalogue and prints their verdicts and statements."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import (
    Changes,
    ImageOptions,
    OptionalSeeds,
    Report,
    Shifts,
    TrainOptions,
    UntilKnown,
    check_until_known,
    command_again,
    with_options,
)
from netgain.cli.targets import check_target


@with_options
def study_command(
    *,
    names: Annotated[
        list[str],
        typer.Argument(
            help="Studies by name (see netgain list), or files of your own.", autocompletion=completing.studies
        ),
    ],
    seeds: OptionalSeeds = None,
    until_known: UntilKnown = False,
    images: ImageOptions,
    changes: Changes = None,
    shifts: Shifts = None,
    report: Report = None,
    training: TrainOptions,
) -> None:
    """Run studies of the catalogue: train what is missing, print the verdicts, write a report with pictures.

    A demonstration prints its statements with ✓ or ✗. A ✗ (does not hold) is a finding, like a verdict, not an error:
    the exit code is 0. With --json, a report is written only if -o asks for it. With --shift, the same networks are
    judged on shifted test images; the verdicts without the shift stand beside it.
    """
    from netgain.errors import OutputError
    from netgain.studies import check_name, load_entry

    check_until_known(until_known, seeds, shifts)
    if report and len(names) > 1:
        raise OutputError(
            f"{str(report)!r} can hold one report, not those of {len(names)} studies; remove -o for one file per study"
        )
    instead = images.images()
    for name in names:
        check_name(name)
    with training.started(f"reading {', '.join(names)}") as workers:
        from netgain.cli.preparing import prepared, run_and_print, shifted

        how_many = "until-known" if until_known else seeds or "5"
        asked = {name: shifted(prepared(load_entry(name).study, instead, changes), shifts) for name in names}
        targets = [report or (None if training.as_json else Path(f"{one.name}.html")) for one in asked.values()]
        _check(targets)
        called = {one.name: name for name, one in asked.items()}  # a file is run again by its path

        def again(name: str, used: Iterable[int]) -> str:
            return command_again(called[name], used, until_known, instead, changes, shifts)

        run_and_print(list(asked.values()), targets, how_many, training, workers, again)


def _check(targets: Iterable[Path | None]) -> None:
    for target in filter(None, targets):
        check_target(target, ".html")
