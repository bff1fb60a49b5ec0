"""What `train` and `study` do alike: fit a study to the command's options, run it, watch it."""

from __future__ import annotations

from pathlib import Path

from netgain.cli.options import parse_change, parse_seeds, say
from netgain.data import load_dataset
from netgain.errors import OutputError
from netgain.execute import run
from netgain.execute.progress import progress_for_terminal
from netgain.result import StudyResult
from netgain.study import Study


def prepared(study: Study, data: str | None, changes: list[str] | None) -> Study:
    """The study on other images and with fields changed, as the command line asks.

    Images that are fewer than the study's `train_size` are all used, and that is said.
    """
    if data:
        study = study.on(data)
    for path, value in map(parse_change, changes or ()):
        study = study.change_recipes(path, value)
    if data and study.baseline.train_size:
        available = load_dataset(data).num_train - study.baseline.validation_size
        if 0 < available < study.baseline.train_size:
            say(f"{data} has {available:,} images to train on, not {study.baseline.train_size:,}: all are used.")
            study = study.change_recipes("train_size", available)
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
        say(f"Stopped. What was finished is kept in {store}: start again to go on from there.")
        raise
    total = sum(len(runs) for runs in result.runs.values())
    if result.num_trained < total:
        say(f"{total - result.num_trained} of {total} networks came from {store}.")
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
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise OutputError(f"{str(path)!r} cannot be written: it is a folder, or its folder is not there")
