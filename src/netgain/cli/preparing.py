"""What `train`, `study` and `ladder` do alike: fit a study to the command's options, run it, watch it, tell it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import typer

from netgain.cli.images import Images
from netgain.cli.options import TrainOptions, parse_change, parse_seeds, print_json, say
from netgain.data import load_dataset
from netgain.errors import OutputError, RecipeError
from netgain.experiment.question import Question
from netgain.report.kinds import AnyResult, as_dict, text
from netgain.results.result import Result, all_runs
from netgain.results.run import UNTIL_KNOWN, run
from netgain.runs.execute.progress import progress_for_terminal
from netgain.runs.record import RunStatus
from netgain.runs.store import without_password

Asked = TypeVar("Asked", bound=Question)


def prepared(asked: Asked, images: Images, changes: list[str] | None) -> Asked:
    """What is asked, on other images and with fields changed, as the command line wants it.

    If there are fewer images than the recipes want, all are used, with sizes in proportion, and the user is told.
    """
    parsed = [parse_change(change) for change in changes or ()]
    if not images.are_asked_for:
        return _changed(asked, parsed)
    declared = next((recipe.judged_on for recipe in asked.recipes.values()), None)
    # What learns from no images refuses them, whichever they are.
    asked = _changed(asked.on("" if declared is None else images.instead_of(declared)), parsed)
    dataset = load_dataset(next(iter(asked.recipes.values())).judged_on)
    fitted = asked.fitted_to(dataset.num_train, dataset.num_validation)
    if fitted is not asked:
        own = f" and {dataset.num_validation:,} to validate on" if dataset.num_validation else ""
        available = f"{dataset.name} has {dataset.num_train:,} images to train on{own}"
        say(f"{available}, fewer than the study wants: using all of them.")
    return fitted


def prepared_or_none(asked: Asked, images: Images, changes: list[str] | None, strict: bool) -> Asked | None:
    """Like :func:`prepared`; unless `strict`, None where no recipe has such a field or can learn from these images."""
    if not asked.recipes:
        return asked
    try:
        return prepared(asked, images, changes)
    except RecipeError:
        if strict:
            raise
        return None


def _changed(asked: Asked, changes: list[tuple[str, Any]]) -> Asked:
    """The study with all changes made, in any order that works: one change may only fit after another."""
    waiting = changes
    while waiting:
        refused: list[tuple[tuple[str, Any], RecipeError]] = []
        for change in waiting:
            try:
                asked = asked.change_recipes(*change)
            except RecipeError as error:
                refused.append((change, error))
        if len(refused) == len(waiting):
            raise refused[0][1]
        waiting = [change for change, _ in refused]
    return asked


def run_showing_progress(asked: Question, seeds: str, training: TrainOptions) -> AnyResult:
    """Run a study or a demonstration with its progress on standard error."""
    shown = without_password(training.store)
    try:
        how_many: Any = seeds if seeds == UNTIL_KNOWN else parse_seeds(seeds)
        result: AnyResult = run(asked, how_many, training.run_options(progress_for_terminal()))
    except KeyboardInterrupt:
        say(f"Stopped. Finished networks are kept in {shown}: start again to continue.")
        raise
    total = len(all_runs(result))
    if result.num_trained < total:
        say(f"{total - result.num_trained} of {total} networks came from {shown}.")
    if result.num_trained:
        say(f"{result.num_trained} network{'s' if result.num_trained > 1 else ''} trained in {result.seconds:.1f} s.")
    return result


def run_and_print(
    asked: Sequence[Question],
    targets: Sequence[Path | None],
    seeds: str,
    training: TrainOptions,
    again: Callable[[str, Iterable[int]], str],
) -> list[Any]:
    """The results of studies run one after another: each is printed when it is done, and its report written where
    there is a target.

    `again` gives the command that runs a study of that name with those seeds once more, for its report.

    Raises:
        OutputError: for a target that could not be written, before anything runs.
    """
    from netgain.report import page
    from netgain.studies import declared

    for target in filter(None, targets):
        check_target(target, ".html")
    results: list[AnyResult] = []
    for one, target in zip(asked, targets, strict=True):
        result = run_showing_progress(one, seeds, training)
        results.append(result)
        if not training.as_json:
            sys.stdout.write(f"{text(result)}\n")
            sys.stdout.flush()  # the verdict need not wait for the pictures
        if target:
            used = [each.seed for each in all_runs(result)]
            page.write([result], target, {one.name: again(one.name, used)}, beside=page.Beside(declared([one.name])))
        if not training.as_json:
            say(f"\nThe report with pictures is in {target}.")
    if training.as_json:
        print_json(as_dict(results[0]) if len(results) == 1 else [as_dict(result) for result in results])
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
        raise OutputError(f"{str(path)!r} cannot be written: it is a folder, or its folder is missing or read-only")


def exit_if_runs_failed(results: Sequence[Result]) -> None:
    """End with exit code 1 if runs failed: not everything was done, and the sentences say so."""
    if any(each.status is RunStatus.FAILED for result in results for each in all_runs(result)):
        raise typer.Exit(1)
