"""`netgain improve`: climbs from a start by proven steps in the time that is given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import DEFAULT_STORE, Json, Store, print_json, say
from netgain.cli.targets import check_target
from netgain.runs.execute import live_line


def improve_command(
    data: Annotated[
        str, typer.Argument(help="The images: mnist, fashion-mnist, digits, an .npz file, or a folder of images.")
    ],
    minutes: Annotated[float, typer.Option(help="How long it may take.")] = 30,
    start: Annotated[
        str | None,
        typer.Option(
            help="A recipe by name, a TOML file or a .keras file to begin with.",
            show_default="a recipe that fits the images",
        ),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(help="A technique that is not to be tried, such as rotation; may be repeated."),
    ] = None,
    store: Store = DEFAULT_STORE,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Networks trained at once.", show_default="one per core")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", "-o", help="The HTML report to write.")] = None,
    save: Annotated[Path | None, typer.Option(help="Write the best proven network to this .keras file.")] = None,
    save_recipe: Annotated[Path | None, typer.Option(help="Write the best proven recipe to this TOML file.")] = None,
    as_json: Json = False,
) -> None:
    """Climb from a start by proven steps, in the time given: the result is better than the start, or it is the start.

    Ctrl-C hands back what is proven so far. Finished networks are in the store: the same command goes on from there.
    """
    for target, ending in ((report, ".html"), (save, ".keras"), (save_recipe, ".toml")):
        if target:
            check_target(target, ending)
    live_line.doing(f"reading {data}")
    from netgain.api.improving import improve

    result = improve(data, start, minutes, without=without or (), store=store, workers=workers, tell=live_line.doing)
    live_line.clear()
    if save:
        result.save_model(save)
        say(f"The network is in {save}.")
    if save_recipe:
        result.recipe.save(save_recipe)
        say(f"The recipe is in {save_recipe}.")
    if report:
        result.report(report)
        say(f"The report is in {report}.")
    if as_json:
        print_json(result.as_dict())
    else:
        sys.stdout.write(f"{result}\n")
