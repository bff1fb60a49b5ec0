"""How long until something happens: the command's help, a worker ready to train, T4 compiled, a study judged."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.configurations import Configuration
from benchmarks.judging import NUM_ARMS, NUM_IMAGES, NUM_SEEDS, seconds_to_judge
from benchmarks.measuring import NotMeasuredError, Program, own_command, run_together, timed_command
from benchmarks.session import Session
from benchmarks.tasks import NUM_IMAGES as ALL_IMAGES
from benchmarks.tasks import TASKS

GROUP = "netgain"
HELP, WORKER = "netgain --help", "worker ready to train, images loaded"
JUDGED = f"{NUM_ARMS} arms × {NUM_SEEDS} seeds × {NUM_IMAGES:,} images judged"
COLD, COMPILED = "T4 compiled, cache empty", "T4 compiled, cache warm"
BUILT_COLD, BUILT = "T4 built, traced and compiled, cache empty", "T4 built, traced and compiled, cache warm"
COMPILING = COLD, BUILT_COLD, COMPILED, BUILT

WHAT = (HELP, WORKER, *COMPILING, JUDGED)


def measure_startup(session: Session) -> None:
    """Each in turn, round after round."""
    needed = session.prepare("startup", GROUP, list(WHAT))
    for round_number in range(1, 1 + max(needed.values(), default=0)):
        for names, measure in ((HELP,), _help), ((WORKER,), _worker), (COMPILING, _compile), ((JUDGED,), _judge):
            try:
                found = measure(session.images)
            except NotMeasuredError as error:
                for name in names:
                    session.leave_out("startup", GROUP, name, error)
                continue
            for name, seconds in zip(names, found, strict=True):
                session.keep("startup", GROUP, name, round_number, {"seconds": seconds})


def _help(_: int) -> list[float]:
    return [timed_command([str(Path(sys.executable).with_name("netgain")), "--help"])[0]]


def _worker(_: int) -> list[float]:
    """From nothing to the answer of a worker process that has imported what it needs and has MNIST."""
    from netgain.runs.execute.pool import CorePool

    started = time.perf_counter()
    with CorePool(1) as pool:
        pool.submit(load_images).result()
        return [time.perf_counter() - started]


def _judge(_: int) -> list[float]:
    return [seconds_to_judge()]


def load_images(_post: Callable[[Any], None]) -> int:
    """A worker's task: have the images."""
    from netgain.data import load_dataset

    return load_dataset("mnist").num_train


def _compile(num_images: int) -> list[float]:
    """Seconds that XLA compiled T4, and all that came before training; with no compiled epoch on disk, then with."""
    recipe = TASKS["T4"].recipe.change("epochs", 1)
    if num_images < ALL_IMAGES:
        recipe = recipe.change("train_size", num_images)
    environment = Configuration("compile", "netgain", threads=1).environment
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:
        job = {"recipe": recipe.to_toml(), "seed": 0, "wait": False}
        program = Program(own_command(), job, environment | {"NETGAIN_COMPILED": folder})
        answers = [run_together([program])[0] for _ in range(2)]
    return [answer[seconds] for answer in answers for seconds in ("xla_seconds", "compile_seconds")]
