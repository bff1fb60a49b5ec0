"""`netgain study`: runs studies of the catalogue and prints their verdicts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import (
    DEFAULT_STORE,
    Changes,
    Data,
    Json,
    RetryFailed,
    Seeds,
    Store,
    UntilKnown,
    Workers,
    print_json,
    say,
)


def study_command(
    names: Annotated[list[str], typer.Argument(help="Studies by name; see netgain list.")],
    seeds: Seeds = "5",
    until_known: UntilKnown = False,
    data: Data = None,
    changes: Changes = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", "-o", help="The HTML report to write.", show_default="NAME.html"),
    ] = None,
    store: Store = DEFAULT_STORE,
    workers: Workers = None,
    retry_failed: RetryFailed = False,
    as_json: Json = False,
) -> None:
    """Run studies of the catalogue: train what is missing, print the verdicts, write a report with pictures.

    With --json, a report is written only where -o asks for it.
    """
    from netgain.cli.preparing import check_target, prepared, run_showing_progress
    from netgain.errors import OutputError
    from netgain.studies import load_study

    if report and len(names) > 1:
        raise OutputError(f"one report file {str(report)!r} cannot hold {len(names)} studies; leave -o out")
    studies = [prepared(load_study(name), data, changes) for name in dict.fromkeys(names)]
    targets = [report or (None if as_json else Path(f"{study.name}.html")) for study in studies]
    for target in filter(None, targets):
        check_target(target, ".html")
    results = []
    for study, target in zip(studies, targets, strict=True):
        result = run_showing_progress(study, "until-known" if until_known else seeds, store, workers, retry_failed)
        if target:
            result.report(target)
        if as_json:
            results.append(result.as_dict())
            continue
        sys.stdout.write(f"{result}\n")
        say(f"\nThe report with pictures is in {target}.")
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
