"""What `train` and `study` do alike: fit a study to the command's options, run it, watch it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from netgain.cli.options import parse_change, parse_seeds, say
from netgain.data import load_dataset
from netgain.demonstration import Demonstration, DemonstrationResult
from netgain.errors import OutputError, RecipeError
from netgain.execute import run
from netgain.execute.progress import progress_for_terminal
from netgain.result import RunStatus, StudyResult
from netgain.store import without_password
from netgain.study import Study

Asked = Study | Demonstration


def prepared(study: Asked, data: str | None, changes: list[str] | None) -> Asked:
    """The study or demonstration on other images and with fields changed, as the command line asks.

    Where the images are fewer than the study wants, all are used, its sizes in proportion, and that is said.
    """
    if data is not None:
        study = study.on(data)
    study = _changed(study, [parse_change(change) for change in changes or ()])
    if data and isinstance(study, Study):
        available = load_dataset(data).num_train
        fitted = study.fitted_to(available)
        if fitted is not study:
            say(f"{data} has {available:,} images to train on, fewer than the study wants: all are used.")
        return fitted
    first = next(iter(study.recipes.values()), None)
    if data and first and first.train_size:
        available = load_dataset(data).num_train - first.validation_size
        if 0 < available < first.train_size:
            say(f"{data} has {available:,} images to train on, not {first.train_size:,}: all are used.")
            study = study.change_recipes("train_size", available)
    return study


def _changed(study: Asked, changes: list[tuple[str, Any]]) -> Asked:
    """What is asked with all changes made, in whatever order they are possible: one may only fit behind another."""
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


def run_showing_progress(
    study: Asked, seeds: str, store: str, workers: int | None, retry_failed: bool
) -> StudyResult | DemonstrationResult:
    """Run a study or a demonstration with its progress on standard error."""
    how: Any = {
        "store": store,
        "workers": workers,
        "retry_failed": retry_failed,
        "progress": progress_for_terminal(),
    }
    try:
        if isinstance(study, Demonstration):
            result = run(study, parse_seeds(seeds), **how)
        else:
            result = run(study, "until-known" if seeds == "until-known" else parse_seeds(seeds), **how)
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


def exit_if_runs_failed(results: Sequence[StudyResult | DemonstrationResult]) -> None:
    """End with exit code 1 where runs failed: what was asked was not all done, and the sentences say so."""
    if any(run.status is RunStatus.FAILED for result in results for runs in result.runs.values() for run in runs):
        raise typer.Exit(1)
