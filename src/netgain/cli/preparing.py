"""What `train` and `study` do alike: fit a study to the command's options, run it, watch it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import typer

from netgain.cli.options import parse_change, parse_seeds, say
from netgain.data import load_dataset
from netgain.errors import OutputError, RecipeError
from netgain.execute import run
from netgain.execute.progress import progress_for_terminal
from netgain.result import RunStatus, StudyResult
from netgain.store import without_password
from netgain.study import Study


def prepared(study: Study, data: str | None, changes: list[str] | None) -> Study:
    """The study on other images and with fields changed, as the command line asks.

    Where the images are fewer than the study wants, all are used, its sizes in proportion, and that is said.
    """
    if data is not None:
        study = study.on(data)
    study = _changed(study, [parse_change(change) for change in changes or ()])
    if data:
        available = load_dataset(data).num_train
        fitted = study.fitted_to(available)
        if fitted is not study:
            say(f"{data} has {available:,} images to train on, fewer than the study wants: all are used.")
        return fitted
    return study


def _changed(study: Study, changes: list[tuple[str, Any]]) -> Study:
    """The study with all changes made, in whatever order they are possible: one may only fit behind another."""
    waiting = changes
    while waiting:
        refused: list[tuple[tuple[str, Any], RecipeError]] = []
        for change in waiting:
            try:
                study = study.change_recipes(*change)
            except RecipeError as error:
                refused.append((change, error))
        if len(refused) == len(waiting):
            raise refused[0][1]
        waiting = [change for change, _ in refused]
    return study


def run_showing_progress(study: Study, seeds: str, store: str, workers: int | None, retry_failed: bool) -> StudyResult:
    """Run a study with its progress on standard error."""
    try:
        result = run(
            study,
            "until-known" if seeds == "until-known" else parse_seeds(seeds),
            store=store,
            workers=workers,
            retry_failed=retry_failed,
            progress=progress_for_terminal(),
        )
    except KeyboardInterrupt:
        say(f"Stopped. What was finished is kept in {without_password(store)}: start again to go on from there.")
        raise
    total = sum(len(runs) for runs in result.runs.values())
    if result.num_trained < total:
        say(f"{total - result.num_trained} of {total} networks came from {without_password(store)}.")
    if result.num_trained:
        say(f"{result.num_trained} network{'s' if result.num_trained > 1 else ''} trained in {result.seconds:.1f} s.")
    return result


def check_target(path: Path, suffix: str) -> None:
    """Refuse a file that could not be written, before anything is trained for it.

    Raises:
        OutputError: for another suffix, a folder, or a folder that is not there.
    """
    if path.suffix != suffix:
        raise OutputError(f"the file {str(path)!r} must end in {suffix}")
    folder = path.absolute().parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise OutputError(f"{str(path)!r} cannot be written: it is a folder, or its folder is not there or read-only")


def exit_if_runs_failed(results: list[StudyResult]) -> None:
    """End with exit code 1 where runs failed: what was asked was not all done, and the sentences say so."""
    if any(run.status is RunStatus.FAILED for result in results for runs in result.runs.values() for run in runs):
        raise typer.Exit(1)
