"""`netgain study`: runs studies and demonstrations of the catalogue and prints their verdicts and statements."""

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
    OptionalSeeds,
    RetryFailed,
    Store,
    UntilKnown,
    Workers,
    print_json,
    say,
)


def study_command(
    names: Annotated[list[str], typer.Argument(help="Studies by name; see netgain list.")],
    seeds: OptionalSeeds = None,
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

    A demonstration prints its statements with ✓ or ✗. One that does not hold (✗) is a finding like a verdict, not
    an error: the exit code is 0. With --json, a report is written only where -o asks for it.
    """
    from netgain.cli.preparing import check_target, exit_if_runs_failed, prepared, run_showing_progress
    from netgain.errors import OutputError, RecipeError
    from netgain.studies import load_entry

    if until_known and seeds is not None:
        raise RecipeError("command", [("--until-known", "decides how many seeds there are; leave --seeds out")])
    if report and len(names) > 1:
        raise OutputError(f"one report file {str(report)!r} cannot hold {len(names)} studies; leave -o out")
    studies = [prepared(load_entry(name).study, data, changes) for name in dict.fromkeys(names)]
    targets = [report or (None if as_json else Path(f"{study.name}.html")) for study in studies]
    for target in filter(None, targets):
        check_target(target, ".html")
    results = []
    for study, target in zip(studies, targets, strict=True):
        result = run_showing_progress(
            study, "until-known" if until_known else seeds or "5", store, workers, retry_failed
        )
        if target:
            result.report(target)
        results.append(result)
        if not as_json:
            sys.stdout.write(f"{result}\n")
            say(f"\nThe report with pictures is in {target}.")
    if as_json:
        print_json(results[0].as_dict() if len(results) == 1 else [result.as_dict() for result in results])
    exit_if_runs_failed(results)
