"""`netgain train`: trains the network of one recipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.images import Images
from netgain.cli.options import (
    DEFAULT_STORE,
    Changes,
    ColorMode,
    Data,
    ImageSize,
    Json,
    RetryFailed,
    Seeds,
    Store,
    Workers,
    print_json,
    say,
)


def train_command(
    recipe: Annotated[str, typer.Argument(help="A recipe by name (see netgain list) or a TOML file.")],
    seeds: Seeds = "1",
    data: Data = None,
    image_size: ImageSize = None,
    color_mode: ColorMode = None,
    changes: Changes = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the trained network of the first seed to this .keras file.")
    ] = None,
    store: Store = DEFAULT_STORE,
    workers: Workers = None,
    retry_failed: RetryFailed = False,
    as_json: Json = False,
) -> None:
    """Train the network of a recipe and print its accuracy with its errors."""
    from netgain.cli.preparing import check_target, exit_if_runs_failed, prepared, run_showing_progress
    from netgain.execute import model_of
    from netgain.recipe import load_recipe
    from netgain.study import BASELINE, Study

    if save:
        check_target(save, ".keras")
    study = Study(_study_name(recipe), question=f"Recipe {recipe}", baseline=load_recipe(recipe))
    images = Images(data, image_size, color_mode)
    result = run_showing_progress(prepared(study, images, changes), seeds, store, workers, retry_failed)
    if save:
        run = result.runs[BASELINE][0]
        model_of(run, store).save_model(save)
        say(f"The network of seed {run.seed} is in {save}.")
    if as_json:
        print_json(result.as_dict())
    else:
        sys.stdout.write(f"{result}\n")
    exit_if_runs_failed([result])


def _study_name(recipe: str) -> str:
    """The recipe's name, with what a study's name may not hold replaced."""
    return "".join(letter if letter.isalnum() or letter in "_.-" else "-" for letter in Path(recipe).stem)
