"""Seconds to an accuracy: netgain's fast recipes beside the lecture's own recipes for the same accuracy."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.session import Session
from benchmarks.tasks import NUM_IMAGES

NUM_SEEDS, NUM_LECTURE_SEEDS = 10, 3
TARGETS = {"fast-99": 0.99, "fast-994": 0.994}
LECTURE = {"fast-99": "dense-layer", "fast-994": "convnet-deep"}


@dataclass(frozen=True)
class Reached:
    """When a recipe's mean test accuracy first reached the target: epochs and seconds, or neither."""

    epoch: int | None
    seconds: float | None


def measure_accuracy(session: Session) -> None:
    """Ten networks of each fast recipe and three of each of the lecture's, one at a time."""
    from netgain.tasks.recipes import recipe_names

    wanted = dict.fromkeys(TARGETS, NUM_SEEDS) | dict.fromkeys(LECTURE.values(), NUM_LECTURE_SEEDS)
    for name, num_seeds in wanted.items():
        there = session.results.measurements("accuracy", "recipes", name)
        if session.only not in name or (there and not session.again):
            continue
        session.results.forget("accuracy", "recipes", name)
        if name not in recipe_names():
            session.leave_out("accuracy", "recipes", name, "netgain has no recipe of this name")
            continue
        session.keep("accuracy", "recipes", name, 1, trained(name, num_seeds, session.images))


def trained(name: str, num_seeds: int, num_images: int = NUM_IMAGES) -> dict[str, Any]:
    """Train a recipe's networks one after another on one thread; accuracy with its errors, seconds, curve.

    The seconds include scoring the test images after every epoch, as `netgain train` does for display.
    """
    import netgain as ng

    recipe = ng.load_recipe(name)
    if num_images < NUM_IMAGES:
        recipe, num_seeds = recipe.change("train_size", num_images).change("epochs", 2), 2
    result = ng.run(ng.Study(name, question=name, baseline=recipe), seeds=num_seeds, store=None, workers=1)
    runs, accuracy = result.judged("baseline"), result.accuracies["baseline"]
    curves = zip(*(run.history["test"]["accuracy"] for run in runs), strict=True)
    return {
        "num_seeds": len(runs),
        "accuracy": accuracy.value,
        "test_sample_error": accuracy.test_sample,
        "training_error": accuracy.training,
        "epochs": recipe.epochs,
        "run_seconds": [run.run_seconds for run in runs],
        "compile_seconds": [run.compile_seconds for run in runs],
        "curve": [statistics.fmean(epoch) for epoch in curves],
    }


def reached(measurement: dict[str, Any], target: float) -> Reached:
    """The first epoch whose mean test accuracy is at least the target, and the seconds until then.

    >>> reached({"curve": [0.9, 0.98, 0.991], "run_seconds": [6.0]}, 0.99)
    Reached(epoch=3, seconds=6.0)
    """
    for epoch, accuracy in enumerate(measurement["curve"], 1):
        if accuracy >= target:
            seconds = statistics.median(measurement["run_seconds"]) * epoch / len(measurement["curve"])
            return Reached(epoch, seconds)
    return Reached(None, None)
