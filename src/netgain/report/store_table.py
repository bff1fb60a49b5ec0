"""What a store holds, as a table for a terminal."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

from netgain.report.numbers import accuracy_cell
from netgain.report.reproducing import value_in_words
from netgain.results.inventory import StoredRecipe

MOST_CHANGES = 4
WIDEST_NAME = 34
"""Characters of a recipe's name that are shown in one line."""


def store_table(found: Sequence[StoredRecipe]) -> str:
    """A row per recipe, dataset and engine."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("recipe", overflow="fold", min_width=min(WIDEST_NAME, max(len(one.name) for one in found)))
    table.add_column("dataset", overflow="fold")
    table.add_column("epochs", justify="right")
    table.add_column("seeds", overflow="fold")
    table.add_column("test accuracy, %", justify="right", no_wrap=True)
    table.add_column("engine", no_wrap=True)
    table.add_column("last, UTC", no_wrap=True)
    for one in found:
        table.add_row(
            called(one),
            one.dataset or "–",
            "–" if one.epochs is None else str(one.epochs),
            seeds_in_words(one.seeds) + (f"\n{len(one.failures)} failed" if one.failures else ""),
            accuracy_cell(one.accuracy) if one.accuracy else "–",
            one.engine_version.removesuffix("+none"),
            one.last.strftime("%Y-%m-%d %H:%M"),
        )
    console = Console(file=io.StringIO(), width=max(100, shutil.get_terminal_size((118, 24)).columns))
    console.print(table, markup=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip()


def called(one: StoredRecipe) -> str:
    """The name of a recipe, and below it what was changed of it."""
    changes = [f"{path}={value_in_words(value)}" for path, value in list(one.changes.items())[:MOST_CHANGES]]
    more = len(one.changes) - len(changes)
    return "\n".join([one.name, *(f"  {change}" for change in changes), *([f"  and {more} more"] if more else [])])


def seeds_in_words(seeds: Sequence[int]) -> str:
    """Seeds as `--seeds` takes them.

    >>> seeds_in_words([0, 1, 2, 5, 7, 8])
    '0-2,5,7-8'
    """
    runs: list[list[int]] = []
    for seed in seeds:
        if runs and seed == runs[-1][-1] + 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
