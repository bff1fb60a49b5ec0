"""`netgain data`: the datasets that netgain knows by name."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from netgain.cli.options import Json, print_json, say

app = typer.Typer(no_args_is_help=True, help="Datasets by name: list them, fetch them.", rich_markup_mode=None)


@app.command("list", epilog="Example: netgain data list")
def list_command(as_json: Json = False) -> None:
    """List the datasets that netgain knows by name, and whether they are on this machine."""
    from netgain.data import is_cached, list_sources

    sources = list_sources()
    if as_json:
        print_json([{"name": s.name, "description": s.description, "cached": is_cached(s.name)} for s in sources])
        return
    for source in sources:
        here = "here" if is_cached(source.name) else "to fetch"
        sys.stdout.write(f"{source.name:14} {here:9} {source.description}\n")


@app.command("fetch", epilog="Example: netgain data fetch mnist")
def fetch_command(
    names: Annotated[list[str], typer.Argument(help="Datasets by name; see netgain data list.")],
) -> None:
    """Fetch datasets, check them and keep them in the cache."""
    from netgain.data import load_dataset, source_by_name

    for name in names:
        source_by_name(name)
    for name in names:
        say(f"{load_dataset(name)!r}")
