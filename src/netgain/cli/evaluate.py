"""`netgain evaluate`: the accuracy of trained networks with its three errors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import DEFAULT_STORE, Changes, ImageOptions, Json, Shifts, Store, print_json, say, with_options
from netgain.cli.targets import check_target
from netgain.cli.train import study_name
from netgain.errors import DataError
from netgain.runs.execute import live_line

if TYPE_CHECKING:
    from netgain.cli.images import Images
    from netgain.experiment.study import Study
    from netgain.results.evaluating import Plan
    from netgain.results.evaluation import Evaluation

Model = Annotated[
    str,
    typer.Argument(
        help='A recipe by name or a TOML file, an arm of a study such as "dropout: dropout 0.2", or a .keras file.',
        autocompletion=completing.recipes,
    ),
]
Joint = Annotated[
    int | None, typer.Option(help="Also draw the amounts of all shifts together, so many times (2 to 1,000).")
]
Correlations = Annotated[
    list[str] | None,
    typer.Option(
        "--correlation", metavar="NAME,NAME=NUMBER", help="Of amounts that --joint draws, such as rotation,blur=0.8."
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write the chart of the errors to this .png file.")]
With = Annotated[
    Path | None,
    typer.Option("--with", help="A Python file that defines the own layers and functions of a .keras file; it is run."),
]


@with_options
def evaluate_command(
    *,
    model: Model,
    shifts: Shifts = None,
    joint: Joint = None,
    correlations: Correlations = None,
    images: ImageOptions,
    changes: Changes = None,
    store: Store = DEFAULT_STORE,
    output: Output = None,
    own_layers: With = None,
    as_json: Json = False,
) -> None:
    """Print the accuracy of trained networks ± (test sample) ± (training) ± (systematics). Nothing is trained.

    All networks of the recipe in the store are used. A .keras file is one network, without a training error, and needs
    --data. A --shift says how images at use may differ from the test images: rotation (degrees), translation, blur
    (pixels), scale, contrast (factor) or noise (grey levels), as N(mean,sigma), U(low,high) or one number.
    """
    from netgain.data.shifts import as_shifts

    if output:
        check_target(output, ".png")
    chosen, instead = as_shifts(shifts or ()), images.images()
    live_line.announce("reading the networks")
    from netgain.results.evaluating import plan_of

    plan = plan_of(chosen, joint, correlations or ())
    if model.endswith(".keras"):
        found = _of_file(Path(model), instead, plan, own_layers)
    else:
        found = _of_recipe(model, instead, changes, plan, store)
    live_line.clear()
    if as_json:
        print_json(_as_dict(found))
    else:
        sys.stdout.write(f"{found.title}\n{found.value}\n")
    if output:
        from netgain.report.analysis_charts import analysis_chart

        live_line.announce("drawing")
        analysis_chart(found.value).save(output, ppi=144)
        live_line.clear()
        say(f"The chart is in {output}.")


def _of_file(path: Path, instead: Images, plan: Plan, own_layers: Path | None) -> Evaluation:
    from netgain.data import load_dataset
    from netgain.engine.setup import prepare_jax
    from netgain.results.evaluation import NO_DATA, evaluation_of_file

    if not instead.are_asked_for:
        raise DataError(f"--data is missing: {NO_DATA} (--data mnist)")
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}; give a .keras file, such as one from netgain train --save")
    prepare_jax()  # before Keras is imported
    from netgain.engine.saving import parts_in

    dataset = load_dataset(instead.instead_of("mnist"))
    live_line.announce("asking the network about the images")
    return evaluation_of_file(path, dataset, plan, parts=parts_in(own_layers) if own_layers else None)


def _of_recipe(name: str, instead: Images, changes: list[str] | None, plan: Plan, store: str) -> Evaluation:
    from netgain.cli.preparing import prepared
    from netgain.results.evaluation import evaluation_of_recipe
    from netgain.runs.execute.options import RunOptions
    from netgain.runs.execute.progress import progress_for_terminal

    options = RunOptions(store=store, progress=progress_for_terminal())
    return evaluation_of_recipe(prepared(_study(name), instead, changes), plan, options)


def _study(name: str) -> Study:
    """A study that only measures the recipe of that name, or the arm of a study, "dropout: dropout 0.2"."""
    from netgain.errors import UnknownNameError
    from netgain.experiment.study import Study
    from netgain.studies import load_entry
    from netgain.tasks.recipes import load_recipe

    study, colon, arm = name.partition(": ")
    if not colon:
        return Study(study_name(name), baseline=load_recipe(name))
    recipes = load_entry(study).study.recipes
    if arm not in recipes:
        raise UnknownNameError(f"arm of {study}", arm, recipes)
    return Study(study_name(name), baseline=recipes[arm])


def _as_dict(found: Evaluation) -> dict[str, object]:
    from netgain.report.plain_values import systematics_as_dict

    return {"evaluated": found.title, **systematics_as_dict(found.value)}
