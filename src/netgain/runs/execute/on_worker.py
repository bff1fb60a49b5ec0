"""What a worker of a cluster does: it finds the images, trains, and tells how far it is."""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from netgain.engine import ENGINE_VERSION
from netgain.engine.kernels import PLAIN_JAX, available
from netgain.engine.machine import describe_versions
from netgain.errors import ClusterError, ComputerError, DataError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.images import Images, Named
from netgain.runs.execute.job import train_task
from netgain.runs.execute.worker import as_training_error, import_quickly, not_too_often
from netgain.runs.record import EpochReport, RunResult

SECONDS_BETWEEN_POSTS = 1.0
"""A scheduler passes on what every worker posts; a thousand of them post a thousand times a second."""


class ImagesMissingError(ComputerError):
    """This worker cannot get the images by their name: they must be sent."""


@dataclass(frozen=True)
class Order:
    """What to train.

    Attributes:
        number: which of its pool's orders it is.
        topic: the topic of Dask's events on which to tell about it.
        versions: those of the computer that ordered it.
        recipe: without its images.
        seeds: of the networks.
        kernels: with which to train.
    """

    number: int
    topic: str
    versions: dict[str, str]
    recipe: AbstractRecipe
    seeds: tuple[int, ...]
    kernels: str


def versions_here() -> dict[str, str]:
    """What must be the same on all computers: packages and engine, and Python without its last number.

    >>> sorted(versions_here())
    ['engine', 'jax', 'jaxlib', 'keras', 'netgain', 'numpy', 'python']
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {**describe_versions(), "python": python, "engine": ENGINE_VERSION}


def kernels_here() -> tuple[str, ...]:
    """The sets of kernels that this computer can run, the best first."""
    return (*available(), PLAIN_JAX)


def check_versions(ordered: dict[str, str], here: dict[str, str], worker: str) -> None:
    """Refuse a worker whose numbers might be others.

    Raises:
        ClusterError: with both versions of each package that differs.

    >>> check_versions({"jax": "0.10.2"}, {"jax": "0.9.0"}, "tcp://10.0.0.7:40001")
    Traceback (most recent call last):
    netgain.errors.ClusterError: the worker tcp://10.0.0.7:40001 has jax 0.9.0, but this computer has jax 0.10.2: ...
    """
    different = [name for name in ordered if here.get(name) != ordered[name]]
    if different:
        there, own = (", ".join(f"{name} {versions.get(name)}" for name in different) for versions in (here, ordered))
        raise ClusterError(
            f"the worker {worker} has {there}, but this computer has {own}: other versions may give other numbers. "
            "Install the same versions on both, then start the workers again"
        )


def train_on_worker(order: Order, images: Images | Named | None) -> list[RunResult]:
    """Train in a worker of Dask; each start, and then an epoch from time to time, is told on the order's topic.

    Raises:
        ClusterError: where this worker has other versions.
        ImagesMissingError: where it cannot get the images by their name.
        TrainingError: whatever went wrong with a run.
    """
    from distributed import get_worker

    worker = get_worker()
    check_versions(order.versions, _versions(), worker.address)

    def tell(reports: list[EpochReport]) -> None:
        told = {"order": order.number, "worker": worker.address, "pid": os.getpid(), "reports": pickle.dumps(reports)}
        worker.log_event(order.topic, told)

    post = not_too_often(tell, SECONDS_BETWEEN_POSTS)
    post([EpochReport(0, order.recipe.num_epochs, {}) for _ in order.seeds])  # before all else: who dies now had it
    try:
        if worker.state.nthreads == 1 and "keras" not in sys.modules:  # no other thread may miss what is left out
            import_quickly()
        recipe = _with_images(order.recipe, images)
        return train_task(recipe, order.seeds, order.kernels, post)
    except Exception as error:
        raise as_training_error(error) from None  # the cause may be of a class that only this process can open


@cache
def _versions() -> dict[str, str]:
    return versions_here()


@cache
def _is_here(images: Named) -> bool:
    """Asked once per process: where nothing delivers them, each try takes seconds."""
    try:
        return images.is_here()
    except DataError:
        return False


def _with_images(recipe: AbstractRecipe, images: Any) -> AbstractRecipe:
    if images is None:
        return recipe
    if not isinstance(images, Named):
        return recipe.change("dataset", images)
    if not _is_here(images):
        raise ImagesMissingError(f"this worker cannot get {images.name!r} by its name")
    return recipe.change("dataset", images.name)
