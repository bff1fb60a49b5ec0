"""`netgain study`: runs studies and demonstrations of the catalogue and prints their verdicts and statements."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.images import Images
from netgain.cli.options import (
    DEFAULT_STORE,
    Changes,
    ColorMode,
    Data,
    ImageSize,
    Json,
    OptionalSeeds,
    Report,
    RetryFailed,
    Store,
    UntilKnown,
    Workers,
    command_again,
)


def study_command(
    names: Annotated[list[str], typer.Argument(help="Studies by name; see netgain list.")],
    seeds: OptionalSeeds = None,
    until_known: UntilKnown = False,
    data: Data = None,
    image_size: ImageSize = None,
    color_mode: ColorMode = None,
    changes: Changes = None,
    report: Report = None,
    store: Store = DEFAULT_STORE,
    workers: Workers = None,
    retry_failed: RetryFailed = False,
    as_json: Json = False,
) -> None:
    """Run studies of the catalogue: train what is missing, print the verdicts, write a report with pictures.

    A demonstration prints its statements with ✓ or ✗. One that does not hold (✗) is a finding like a verdict, not
    an error: the exit code is 0. With --json, a report is written only where -o asks for it.
    """
    from netgain.cli.preparing import prepared, run_and_print
    from netgain.errors import OutputError, RecipeError
    from netgain.studies import load_entry

    if until_known and seeds is not None:
        raise RecipeError("command", [("--until-known", "decides how many seeds there are; leave --seeds out")])
    if report and len(names) > 1:
        raise OutputError(f"one report file {str(report)!r} cannot hold {len(names)} studies; leave -o out")
    images = Images(data, image_size, color_mode)
    studies = [prepared(load_entry(name).study, images, changes) for name in dict.fromkeys(names)]
    targets = [report or (None if as_json else Path(f"{study.name}.html")) for study in studies]
    how_many = "until-known" if until_known else seeds or "5"

    def again(name: str, used: Iterable[int]) -> str:
        return command_again(name, used, until_known, images, changes)

    run_and_print(studies, targets, how_many, store, workers, retry_failed, as_json, again)
