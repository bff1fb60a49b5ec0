"""`netgain new`: files to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from netgain.cli.options import say

app = typer.Typer(no_args_is_help=True, help="Write a file to begin with.", rich_markup_mode=None)


@app.callback()
def _new() -> None:
    """With only one command, typer would leave out its name."""


@app.command("study", epilog="Example: netgain new study hidden-size")
def study_command(
    name: Annotated[str, typer.Argument(help="The study's name: small letters, digits and dashes.")],
) -> None:
    """Write the file of a study that compares two sizes of a hidden layer; change it into your own.

    The file is written to the current folder; in a checkout of netgain, to src/netgain/studies/.
    """
    from netgain.studies.new import write_new_study

    new = write_new_study(name, Path.cwd())
    say(f"The study is in {new.path}. Run it with: {new.command}")
