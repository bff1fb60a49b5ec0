"""What `train`, `study` and `ladder` do alike: fit a study to the command's options, run it, watch it, tell it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import typer

from netgain.cli.images import Images
from netgain.cli.options import parse_change, parse_seeds, print_json, say
from netgain.data import load_dataset
from netgain.demonstration import Demonstration, DemonstrationResult
from netgain.errors import OutputError, RecipeError
from netgain.execute import run
from netgain.execute.progress import progress_for_terminal
from netgain.result import RunStatus, StudyResult
from netgain.store import without_password
from netgain.study import Study

Asked = Study | Demonstration


def prepared(study: Asked, images: Images, changes: list[str] | None) -> Asked:
    """The study or demonstration on other images and with fields changed, as the command line asks.

    Where the images are fewer than the study wants, all are used, its sizes in proportion, and that is said.
    """
    parsed = [parse_change(change) for change in changes or ()]
    if not images.are_asked_for:
        return _changed(study, parsed)
    declared = [recipe.dataset for recipe in study.recipes.values()][:1]
    study = _changed(study.on(images.instead_of(declared[0]) if declared else ""), parsed)
    dataset = load_dataset(next(iter(study.recipes.values())).dataset)
    fitted = study.fitted_to(dataset.num_train, dataset.num_validation)
    if fitted is not study:
        own = f" and {dataset.num_validation:,} to validate on" if dataset.num_validation else ""
        available = f"{dataset.name} has {dataset.num_train:,} images to train on{own}"
        say(f"{available}, fewer than the study wants: using all of them.")
    return fitted


def prepared_or_none(study: Asked, images: Images, changes: list[str] | None, strict: bool) -> Asked | None:
    """Like :func:`prepared`; unless `strict`, None where the study has no such field or cannot be on these images."""
    if not study.recipes:
        return study
    try:
        return prepared(study, images, changes)
    except RecipeError:
        if strict:
            raise
        return None


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
        chosen: Any = seeds if seeds == "until-known" else parse_seeds(seeds)
        result = run(study, chosen, **how)
    except KeyboardInterrupt:
        say(f"Stopped. What was finished is kept in {without_password(store)}: start again to go on from there.")
        raise
    total = sum(len(runs) for runs in result.runs.values())
    if result.num_trained < total:
        say(f"{total - result.num_trained} of {total} networks came from {without_password(store)}.")
    if result.num_trained:
        say(f"{result.num_trained} network{'s' if result.num_trained > 1 else ''} trained in {result.seconds:.1f} s.")
    return result


def run_and_print(
    studies: Sequence[Asked],
    targets: Sequence[Path | None],
    seeds: str,
    store: str,
    workers: int | None,
    retry_failed: bool,
    as_json: bool,
    again: Callable[[str, Iterable[int]], str],
) -> list[StudyResult | DemonstrationResult]:
    """Run studies one after another, print each when it is done, write its report where there is a target.

    `again` gives the command that runs a study of that name with those seeds once more, for its report.

    Raises:
        OutputError: for a target that could not be written, before anything runs.
    """
    from netgain.report import page

    for target in filter(None, targets):
        check_target(target, ".html")
    results = []
    for study, target in zip(studies, targets, strict=True):
        result = run_showing_progress(study, seeds, store, workers, retry_failed)
        results.append(result)
        if not as_json:
            sys.stdout.write(f"{result}\n")
            sys.stdout.flush()  # the verdict need not wait for the pictures
        if target:
            used = [run.seed for runs in result.runs.values() for run in runs]
            page.write([result], target, {study.name: again(study.name, used)})
        if not as_json:
            say(f"\nThe report with pictures is in {target}.")
    if as_json:
        print_json(results[0].as_dict() if len(results) == 1 else [result.as_dict() for result in results])
    exit_if_runs_failed(results)
    return results


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
