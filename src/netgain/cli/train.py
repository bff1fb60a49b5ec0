"""`netgain train`: trains the network of one recipe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import Changes, ImageOptions, Seeds, TrainOptions, say, with_options
from netgain.cli.targets import check_target
from netgain.errors import OutputError

if TYPE_CHECKING:
    from netgain.experiment.study import Study


@with_options
def train_command(
    *,
    recipe: Annotated[
        str,
        typer.Argument(help="A recipe by name (see netgain list) or a TOML file.", autocompletion=completing.recipes),
    ],
    seeds: Seeds = "1",
    images: ImageOptions,
    changes: Changes = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the trained network of the first seed to this .keras file.")
    ] = None,
    training: TrainOptions,
) -> None:
    """Train the network of a recipe and print its accuracy with its errors."""
    instead = images.images()
    if save:
        check_target(save, ".keras")
    with training.started(f"reading {recipe}") as workers:
        from netgain.cli.preparing import exit_if_runs_failed, prepared, print_result, run_showing_progress
        from netgain.experiment.study import BASELINE
        from netgain.tasks.catalogue import task_of

        asked = study_of(recipe)
        if save and not task_of(asked.baseline).saves_networks:
            raise OutputError(f"the recipe {recipe!r} trains no network that --save could write; remove --save")
        result = run_showing_progress(prepared(asked, instead, changes), seeds, training, workers)
    if save:
        from netgain.runs.trained import model_of

        run = result.runs[BASELINE][0]
        model_of(run, training.store).save_model(save)
        say(f"The network of seed {run.seed} is in {save}.")
    print_result(result, as_json=training.as_json)
    exit_if_runs_failed([result])


def study_of(recipe: str) -> Study:
    """A study without arms, of a recipe by its name or its TOML file."""
    from netgain.experiment.study import Study
    from netgain.tasks.recipes import load_recipe

    return Study(study_name(recipe), question=f"Recipe {recipe}", baseline=load_recipe(recipe))


def study_name(recipe: str) -> str:
    """The recipe's name, with what a study's name may not hold replaced."""
    return "".join(letter if letter.isalnum() or letter in "_.-" else "-" for letter in Path(recipe).stem)
