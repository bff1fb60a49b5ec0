"""`python -m benchmarks.stores STORE`: what a store bears. STORE is a new file or an empty PostgreSQL database.

First the runs that 1, 2, 4 and 8 programs write per second: each run as a study of 10,000 training and 10,000 test
images keeps it, with a network of 24,000 weights. Then the store is filled to `--runs` (100,000) small runs of 5,000
recipes, and these are timed: a listing, what `netgain show` reads, the state that the page asks for again and again,
and the report of one study among all of them (`netgain report`, a program that starts anew).
"""

from __future__ import annotations

import argparse
import dataclasses
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, text

from netgain.experiment.recipe import AbstractRecipe
from netgain.results.inventory import inventory
from netgain.runs.record import RunResult, RunStatus
from netgain.runs.store import Store
from netgain.runs.store.connections import read, write
from netgain.runs.store.opening import open_engine
from netgain.runs.store.rows import row_of
from netgain.runs.store.schema import arrays, models, runs
from netgain.tasks.recipes import load_recipe

WRITERS = (1, 2, 4, 8)
RUNS_EACH = 25
SEEDS = 20
AT_ONCE = 1000
STUDY = ("dropout", "--set", "epochs=2", "--set", "train_size=1000")


def main() -> None:
    """Measure, and print a line for each number."""
    parser = argparse.ArgumentParser("python -m benchmarks.stores", description=__doc__)
    parser.add_argument("store", metavar="STORE", help="a new file, or the URL of an empty database")
    parser.add_argument("--runs", type=int, default=100_000, help="runs in the store (default 100,000)")
    parser.add_argument("--writes", type=int, metavar="SEED", help=argparse.SUPPRESS)  # one of the programs that write
    options = parser.parse_args()
    if options.writes is not None:
        _write(options.store, options.writes)
        return
    Store(options.store)
    for number in WRITERS:
        _say(f"runs per second, {number} writers", _runs_per_second(options.store, number))
    _fill(options.store, options.runs)
    recipe = load_recipe("baseline")
    store = Store(options.store)
    _say("seconds, listing", _seconds(store.listing))
    _say("seconds, netgain show", _seconds(lambda: inventory(store, store.listing(), {"baseline": recipe}, 100)))
    _say("seconds, state", _seconds(store.state))
    with tempfile.TemporaryDirectory() as folder:
        page = str(Path(folder) / "page.html")
        _netgain("study", *STUDY, "--seeds", "5", "--json", "--store", options.store)
        report = ("report", *STUDY, "--store", options.store, "-o", page)
        _say("seconds, report of one study", _seconds(lambda: _netgain(*report)))


def _runs_per_second(where: str, number: int) -> float:
    """Of this number of programs together, from the first that is ready to the last that is done."""
    command = [sys.executable, "-m", "benchmarks.stores", where, "--writes"]
    programs = [
        subprocess.Popen([*command, f"{1000 * number + seed}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for seed in range(number)
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()  # ready
    started = time.perf_counter()
    for program in programs:
        program.communicate(b"go\n")
    return number * RUNS_EACH / (time.perf_counter() - started)


def _write(where: str, seed: int) -> None:
    recipe, store, generator = load_recipe("baseline"), Store(where), np.random.default_rng(seed)
    run = RunResult(
        recipe_digest=recipe.digest, seed=seed, dataset_digest="written", engine_version="0",
        status=RunStatus.FINISHED, history={"train": {"loss": [0.5] * 30}, "test": {"accuracy": [0.5] * 30}},
        right=generator.random(10_000) < 0.9,
        arrays={
            "test_scores": generator.random((10_000, 10), np.float32),
            "train_right": generator.random(10_000) < 0.9,
            "train_log_odds": generator.random(10_000, np.float32),
        },
        model=generator.bytes(4 * 24_000),
    )  # fmt: skip
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(RUNS_EACH):
        store.add(dataclasses.replace(run, seed=seed * RUNS_EACH + number), recipe)


def _fill(where: str, wanted: int) -> None:
    """Add small runs, many in a transaction, until there are so many."""
    engine, recipe = open_engine(where), load_recipe("baseline")
    there = read(engine, lambda connection: connection.execute(select(func.count()).select_from(runs)).scalar_one())
    first = 1 + read(engine, lambda connection: connection.execute(select(func.max(runs.c.id))).scalar() or 0)
    for start in range(there, wanted, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, wanted))
        rows = [_row(first + number - there, number, recipe) for number in numbers]
        kept = [row for number in numbers for row in _arrays(first + number - there, number)]
        networks = [{"run_id": row["id"], "keras_file": bytes(5000)} for row in rows]
        write(engine, lambda connection, of=(rows, kept, networks): [
            connection.execute(insert(table), some) for table, some in zip((runs, arrays, models), of, strict=True)
        ])  # fmt: skip
    if engine.dialect.name == "postgresql":  # which numbers by itself only what comes without a number
        last = text("SELECT setval(pg_get_serial_sequence('runs', 'id'), (SELECT max(id) FROM runs))")
        write(engine, lambda connection: connection.execute(last))
    engine.dispose()


def _row(run_id: int, number: int, recipe: AbstractRecipe) -> dict[str, Any]:
    """A run of a recipe of its own kind, 20 seeds each."""
    rate = 0.1 + number // SEEDS / 1000
    record = recipe.record()
    return {
        "id": run_id, "recipe_digest": f"{number // SEEDS:064d}", "seed": number % SEEDS, "dataset_digest": "filled",
        "engine_version": "0", "recipe": {**record, "optimizer": {**record["optimizer"], "learning_rate": rate}},
        "status": RunStatus.FINISHED.value, "failure": "", "best_epoch": 30, "num_parameters": 24_000,
        "history": {part: {"loss": [0.123456789] * 30, "accuracy": [0.9] * 30} for part in ("train", "test")},
        "compile_seconds": 0.5, "run_seconds": 1.5, "versions": {"jax": "0"}, "machine": {"cores": 2},
        "created_at": datetime.now(UTC),
    }  # fmt: skip


def _arrays(run_id: int, number: int) -> Iterator[dict[str, Any]]:
    generator = np.random.default_rng(number)
    for name, array in {
        "right": generator.random(10_000) < 0.9,
        "test_scores": generator.random((100, 10), np.float32),
    }.items():
        yield {"run_id": run_id, "measured": False, **row_of(name, array)}


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _netgain(*arguments: str) -> None:
    command = [sys.executable, "-c", "from netgain.cli import main; main()", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _say(what: str, number: float) -> None:
    print(f"{what}: {number:.3g}", flush=True)


if __name__ == "__main__":
    main()
