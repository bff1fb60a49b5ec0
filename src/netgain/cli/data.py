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

    sources = list_sources()
    if as_json:
        print_json([{"name": s.name, "description": s.description, "cached": is_cached(s.name)} for s in sources])
        return
    for source in sources:
        here = "here" if is_cached(source.name) else "to fetch"
        sys.stdout.write(f"{source.name:20} {here:9} {source.description}\n")


@app.command("fetch", epilog="Example: netgain data fetch mnist")
def fetch_command(
    names: Annotated[
        list[str], typer.Argument(help="Datasets by name; see netgain data list.", autocompletion=completing.datasets)
    ],
) -> None:
    """Fetch datasets, check them and keep them in the cache."""
    from netgain.data import fetch, load_dataset, source_by_name

    for name in names:
        source_by_name(name)
    for name in names:
        with _download_bars() as on_progress:
            fetch(name, on_progress)
        say(f"{load_dataset(name)!r}")


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
