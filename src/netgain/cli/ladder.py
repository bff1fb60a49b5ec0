"""`netgain ladder`: the lecture's way from 96 % to 99.5 %, step by step."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import ImageOptions, Report, Seeds, TrainOptions, say, with_options
from netgain.cli.targets import check_target
from netgain.runs.execute import live_line


@with_options
def ladder_command(
    *,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="A rehearsal of a few minutes: 1/4 of the epochs, 1/3 of the images."),
    ] = False,
    seeds: Seeds = "5",
    images: ImageOptions,
    report: Report = None,
    training: TrainOptions,
) -> None:
    """Run the ladder: each step against the step before it, then the last step without one of its parts at a time.

    --quick runs the steps only. Each part gets a report, and the ladder's picture is written beside it as a PNG file;
    with --json, only if -o asks for it.
    """
    names = ["ladder"] if quick else ["ladder", "leave-one-out"]
    instead = images.images()
    first = report or (None if training.as_json else Path("ladder.html"))
    targets = [first, first and first.with_stem(f"{first.stem}-leave-one-out")][: len(names)]
    for target in filter(None, targets):
        check_target(target, ".html")
    with training.started("reading the ladder") as workers:
        from netgain.cli.preparing import prepared, run_and_print
        from netgain.data import load_dataset
        from netgain.studies import load_study

        studies = [prepared(load_study(name), instead, None) for name in names]
        if quick:
            num_images = load_dataset(studies[0].baseline.judged_on).num_train
            studies = [study.quick(num_images) for study in studies]
        command = shlex.join(["netgain", "ladder", *(["--quick"] if quick else []), "--seeds", seeds, *instead.words])
        results = run_and_print(studies, targets, seeds, training, workers, lambda *_: command)
    if first:
        from netgain.report.charts import chart

        live_line.announce("drawing the picture of the ladder")
        picture = first.with_suffix(".png")
        chart(results[0], "accuracies").save(picture, ppi=144)
        say(f"The picture of the ladder is in {picture}.")
