"""What `train`, `study` and `ladder` do alike: fit a study to the command's options, run it, watch it, tell it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from netgain.cli.images import Images
from netgain.cli.options import TrainOptions, parse_change, parse_seeds, print_json, say
from netgain.errors import RecipeError
from netgain.experiment.question import Question
from netgain.experiment.study import Study
from netgain.report.drawing import DRAWING
from netgain.results.answers import check_can_answer
from netgain.results.result import Result, all_runs
from netgain.results.run import UNTIL_KNOWN, run
from netgain.runs.execute import live_line
from netgain.runs.execute.progress import progress_for_terminal
from netgain.runs.record import RunStatus
from netgain.runs.store import without_password
from netgain.tasks.catalogue import task_of

if TYPE_CHECKING:
    from netgain.report.kinds import AnyResult
    from netgain.report.page import Beside
    from netgain.runs.execute.cluster import ClusterPool

Asked = TypeVar("Asked", bound=Question)


def prepared(asked: Asked, images: Images, changes: list[str] | None) -> Asked:
    """What is asked, on other images and with fields changed, as the command line wants it.

    If there are fewer images than the recipes want, all are used, with sizes in proportion, and the user is told.
    """
    parsed = [parse_change(change) for change in changes or ()]
    if not images.are_asked_for:
        return _changed(asked, parsed)
    declared = next(iter(asked.recipes.values()), None)
    # What learns from no images refuses them, whichever they are.
    asked = _changed(asked.on("" if declared is None else images.of_recipe(declared)), parsed)
    recipe = next(iter(asked.recipes.values()))
    task = task_of(recipe)
    dataset: Any = task.load(recipe)
    num_validation = getattr(dataset, "num_validation", 0)  # strings have no validation part of their own
    fitted = asked.fitted_to(dataset.num_train, num_validation)
    if fitted is not asked:
        own = f" and {num_validation:,} to validate on" if num_validation else ""
        items = task.measure.items.removeprefix("test ")
        available = f"{dataset.name} has {dataset.num_train:,} {items} to train on{own}"
        say(f"{available}, fewer than the study wants: using all of them.")
    return fitted


def prepared_or_none(
    asked: Question, images: Images, changes: list[str] | None, shifts: list[str] | None, strict: bool
) -> Question | None:
    """Like :func:`prepared` and :func:`shifted`; unless `strict`, None where no recipe has such a field, can learn from
    these images, or can be asked about shifted ones.
    """
    try:
        return shifted(prepared(asked, images, changes) if asked.recipes else asked, shifts)
    except RecipeError:
        if strict:
            raise
        return None


def shifted(asked: Question, shifts: list[str] | None) -> Question:
    """The study on shifted test images, where the command line asks for that.

    Raises:
        RecipeError: for a demonstration, and where the networks of an arm cannot be asked about shifted images.
        UnknownNameError, DataError: for an invalid shift.
    """
    if not shifts:
        return asked
    if not isinstance(asked, Study):
        message = f"{asked.name!r} is a demonstration: it has no verdicts that a shift could change; remove --shift"
        raise RecipeError("command", [("--shift", message)])
    check_can_answer(asked.recipes)
    return asked.shifted(*shifts)


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


def run_showing_progress(
    asked: Question, seeds: str, training: TrainOptions, workers: Executor | ClusterPool
) -> AnyResult:
    """Run a study or a demonstration with its progress on standard error."""
    shown = without_password(training.store)
    try:
        how_many: Any = seeds if seeds == UNTIL_KNOWN else parse_seeds(seeds)
        result: AnyResult = run(asked, how_many, training.run_options(progress_for_terminal(), workers))
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
    workers: Executor | ClusterPool,
    again: Callable[[str, Iterable[int]], str],
) -> list[Any]:
    """The results of studies run one after another: each is printed when it is done, and its report written where
    there is a target.

    `again` gives the command that runs a study of that name with those seeds once more, for its report.
    """
    results: list[AnyResult] = []
    for one, target in zip(asked, targets, strict=True):
        result = run_showing_progress(one, seeds, training, workers)
        results.append(result)
        if not training.as_json:
            print_result(result, as_json=False)
        if target:
            used = [each.seed for each in all_runs(result)]
            write_report([result], target, {one.name: again(one.name, used)})
        if not training.as_json:
            say(f"\nThe report with pictures is in {target}.")
    if training.as_json:
        from netgain.report.kinds import as_dict

        print_json(as_dict(results[0]) if len(results) == 1 else [as_dict(result) for result in results])
    exit_if_runs_failed(results)
    return results


def print_result(result: AnyResult, *, as_json: bool) -> None:
    """The result on standard output, for people or for programs.

    The words are imported here: importing tables and charts takes a second, which the first network need not wait for.
    """
    live_line.doing("judging")
    if not as_json:
        DRAWING.start()  # while the imports below take their second
    from netgain.report.kinds import as_dict, text

    if as_json:
        live_line.clear()
        print_json(as_dict(result))
        return
    said = text(result)
    live_line.clear()
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()  # the verdict need not wait for the pictures


def write_report(
    results: Sequence[AnyResult],
    target: Path,
    commands: dict[str, str],
    not_run: Sequence[str] = (),
    beside: Beside | None = None,
) -> None:
    """Write the page of these results, and say meanwhile how far it is."""
    live_line.announce("preparing the report")
    from netgain.report import page

    page.write(results, target, commands, not_run, beside, tell=live_line.counting)
    live_line.clear()


def exit_if_runs_failed(results: Sequence[Result]) -> None:
    """End with exit code 1 if runs failed: not everything was done, and the sentences say so."""
    if any(each.status is RunStatus.FAILED for result in results for each in all_runs(result)):
        raise typer.Exit(1)
