"""`netgain data`: the datasets that netgain knows by name."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from netgain.cli import completing
from netgain.cli.options import Json, print_json, say

app = typer.Typer(no_args_is_help=True, help="List and fetch datasets that have a name.", rich_markup_mode=None)


@app.command("list", epilog="Example: netgain data list")
def list_command(as_json: Json = False) -> None:
    """List the datasets that netgain knows by name, and whether they are on this computer."""
    from netgain.data import is_cached, list_sources
    from netgain.data.strings.digit_strings import DESCRIPTION, NAME

    described = dict(sorted({NAME: DESCRIPTION, **{s.name: s.description for s in list_sources()}}.items()))
    if as_json:
        print_json(
            [{"name": name, "description": words, "cached": is_cached(name)} for name, words in described.items()]
        )
        return
    for name, words in described.items():
        sys.stdout.write(f"{name:20} {'here' if is_cached(name) else 'to fetch':9} {words}\n")


@app.command("fetch", epilog="Example: netgain data fetch mnist")
def fetch_command(
    names: Annotated[
        list[str], typer.Argument(help="Datasets by name; see netgain data list.", autocompletion=completing.datasets)
    ],
) -> None:
    """Fetch datasets, check them and keep them in the cache."""
    from netgain.cli.found import items_in
    from netgain.data import fetch, is_named, source_by_name

    for name in names:
        if not is_named(name):
            source_by_name(name)  # refuses it and lists the names
    for name in names:
        with _download_bars() as on_progress:
            fetch(name, on_progress)
        say(f"{items_in(name)!r}")


@contextlib.contextmanager
def _download_bars() -> Iterator[Callable[[str, int, int | None], None] | None]:
    """Bars on standard error, one per file, if that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def on_progress(file_name: str, bytes_so_far: int, bytes_total: int | None) -> None:
            if file_name not in tasks:
                tasks[file_name] = bars.add_task(file_name)
            bars.update(tasks[file_name], completed=bytes_so_far, total=bytes_total)

        yield on_progress
