"""`netgain ladder`: the lecture's way from 96 % to 99.5 %, step by step."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.images import Images
from netgain.cli.options import (
    DEFAULT_STORE,
    ColorMode,
    Data,
    ImageSize,
    Json,
    Report,
    RetryFailed,
    Seeds,
    Store,
    Workers,
    say,
)


def ladder_command(
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A rehearsal of the steps in minutes: 1/4 of the epochs, 1/3 of the images."),
    ] = False,
    seeds: Seeds = "5",
    data: Data = None,
    image_size: ImageSize = None,
    color_mode: ColorMode = None,
    report: Report = None,
    store: Store = DEFAULT_STORE,
    workers: Workers = None,
    retry_failed: RetryFailed = False,
    as_json: Json = False,
) -> None:
    """Run the ladder, each step against the one before, then its top with one ingredient left out at a time.

    --quick runs the steps only. Each part gets a report, and the picture of the ladder is written beside it as a PNG;
    with --json only where -o asks for it.
    """
    from netgain.cli.preparing import prepared, run_and_print
    from netgain.data import load_dataset
    from netgain.studies import load_study
    from netgain.study import BASELINE

    names = ["ladder"] if quick else ["ladder", "leave-one-out"]
    images = Images(data, image_size, color_mode)
    studies = [prepared(load_study(name), images, None) for name in names]
    if quick:
        num_images = load_dataset(studies[0].recipes[BASELINE].dataset).num_train
        studies = [study.quick(num_images) for study in studies]
    first = report or (None if as_json else Path("ladder.html"))
    targets = [first, first and first.with_stem(f"{first.stem}-leave-one-out")][: len(studies)]
    command = shlex.join(["netgain", "ladder", *(["--quick"] if quick else []), "--seeds", seeds, *images.words])
    results = run_and_print(studies, targets, seeds, store, workers, retry_failed, as_json, lambda *_: command)
    if first:
        picture = first.with_suffix(".png")
        results[0].chart("accuracies").save(picture, ppi=144)
        say(f"The picture of the ladder is in {picture}.")
