"""`netgain train`: trains the network of one recipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import Changes, ImageOptions, Seeds, TrainOptions, print_json, say, with_options


@with_options
def train_command(
    *,
    recipe: Annotated[str, typer.Argument(help="A recipe by name (see netgain list) or a TOML file.")],
    seeds: Seeds = "1",
    images: ImageOptions,
    changes: Changes = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the trained network of the first seed to this .keras file.")
    ] = None,
    training: TrainOptions,
) -> None:
    """Train the network of a recipe and print its accuracy with its errors."""
    from netgain.cli.preparing import check_target, exit_if_runs_failed, prepared, run_showing_progress
    from netgain.experiment.study import BASELINE, Study
    from netgain.report.kinds import as_dict, text
    from netgain.runs.trained import model_of
    from netgain.tasks.recipes import load_recipe

    if save:
        check_target(save, ".keras")
    study = Study(_study_name(recipe), question=f"Recipe {recipe}", baseline=load_recipe(recipe))
    result = run_showing_progress(prepared(study, images.images(), changes), seeds, training)
    if save:
        run = result.runs[BASELINE][0]
        model_of(run, training.store).save_model(save)
        say(f"The network of seed {run.seed} is in {save}.")
    if training.as_json:
        print_json(as_dict(result))
    else:
        sys.stdout.write(f"{text(result)}\n")
    exit_if_runs_failed([result])


def _study_name(recipe: str) -> str:
    """The recipe's name, with what a study's name may not hold replaced."""
    return "".join(letter if letter.isalnum() or letter in "_.-" else "-" for letter in Path(recipe).stem)
