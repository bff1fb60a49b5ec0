"""How netgain's cost grows: seconds and memory against images, batch size, width and number of seeds.

One process on one core and task T2, except for the seeds: these are whole studies of one recipe, of T1's network on
10,000 images for 10 epochs, on all cores.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.configurations import Configuration
from benchmarks.measuring import (
    NotMeasuredError,
    Program,
    one_core_each,
    own_command,
    run_together,
    timed_command,
)  # fmt: skip
from benchmarks.results import Measurement
from benchmarks.session import Session, images_file
from benchmarks.tasks import NUM_IMAGES, TASKS
from netgain.tasks.classification.recipe import Recipe

EPOCHS = 3
STEPS = {
    "images": (1_000, 3_000, 10_000, 30_000, 60_000, 180_000, 600_000),
    "batch size": (8, 16, 32, 64, 128, 256, 512, 1024),
    "width": (16, 32, 64, 128, 256, 512, 1024, 2048),
    "seeds": (1, 2, 4, 8, 16, 32),
}
"""What is varied, and its values; the others stay at T2's 60,000 images, batch 128 and two layers of 512."""

TRIAL_MOST = {"images": 3_000, "batch size": 1024, "width": 64, "seeds": 2}
SECONDS_OF = {"images": "per epoch", "batch size": "per epoch", "width": "per epoch", "seeds": "per study"}


def measure_growth(session: Session) -> None:
    """Every value of every quantity, round after round."""
    steps = {
        quantity: [value for value in values if session.images == NUM_IMAGES or value <= TRIAL_MOST[quantity]]
        for quantity, values in STEPS.items()
    }
    needed = {
        (quantity, value): session.prepare("growth", quantity, [str(value)]).get(str(value), 0)
        for quantity, values in steps.items()
        for value in values
    }
    for round_number in range(1, 1 + max(needed.values(), default=0)):
        for (quantity, value), repeats in needed.items():
            if repeats >= round_number:
                try:
                    values = MEASURES[quantity](value, session.images)
                except NotMeasuredError as error:
                    session.leave_out("growth", quantity, str(value), error)
                    needed[quantity, value] = 0
                    continue
                session.keep("growth", quantity, str(value), round_number, values)


def slope(values: Sequence[float], measured: Sequence[float]) -> float:
    """The slope of the last three points in a log-log chart: the power with which the cost grows at the large end.

    >>> slope([1, 10, 100, 1000], [5, 10, 100, 1000])
    1.0
    """
    x, y = ([math.log10(value) for value in series[-3:]] for series in (values, measured))
    return round(statistics.linear_regression(x, y).slope, 10)


def _images(value: int, _: int) -> Measurement:
    if value <= NUM_IMAGES:
        return _trained(TASKS["T2"].recipe.change("train_size", value))
    with images_file(value) as path:
        return _trained(TASKS["T2"].recipe.change("dataset", str(path)))


def _batch_size(value: int, num_images: int) -> Measurement:
    return _trained(_sized(num_images).change("batch_size", value))


def _width(value: int, num_images: int) -> Measurement:
    return _trained(_sized(num_images).change("network.hidden", [value, value]))


def _sized(num_images: int) -> Recipe:
    recipe = TASKS["T2"].recipe
    return recipe if num_images == NUM_IMAGES else recipe.change("train_size", num_images)


def _trained(recipe: Recipe) -> Measurement:
    """Seconds per epoch without the first epoch, and peak memory of a worker that trains the recipe."""
    job: dict[str, Any] = {"recipe": recipe.change("epochs", EPOCHS).to_toml(), "seed": 0, "wait": False}
    environment = Configuration("growth", "netgain", threads=1).environment
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:  # compiling takes memory: everyone compiles
        program = Program(own_command(), job, environment | {"NETGAIN_COMPILED": folder}, one_core_each(1)[0])
        answer = run_together([program])[0]
    seconds = statistics.median(end - begin for begin, end in answer["epochs"][1:])
    return {"seconds": seconds, "peak_mb": answer["peak_mb"]}


def _seeds(value: int, num_images: int) -> Measurement:
    """A study of so many seeds in a process of its own, whose largest worker says the memory."""
    job = json.dumps({"seeds": value, "train_size": min(10_000, num_images)})
    _, printed = timed_command([sys.executable, "-m", "benchmarks.growth", job])
    return json.loads(printed.splitlines()[-1])


MEASURES: dict[str, Callable[[int, int], Measurement]] = {
    "images": _images,
    "batch size": _batch_size,
    "width": _width,
    "seeds": _seeds,
}


def main(job: dict[str, int]) -> None:
    """Run a study of one recipe; print its seconds and the peak memory of its largest worker."""
    import resource
    import time

    import netgain as ng

    recipe = TASKS["T1"].recipe.change("train_size", job["train_size"]).change("epochs", 10)
    started = time.perf_counter()
    ng.run(ng.Study("growth", question="What do seeds cost?", baseline=recipe), seeds=job["seeds"], store=None)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
