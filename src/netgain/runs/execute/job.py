"""What a worker is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from netgain.errors import ComputerError, DataError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.pool import CorePool
from netgain.runs.record import EpochReport, RunResult

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions


def train_task(recipe: AbstractRecipe, seed: int, kernels: str, post: Callable[[Any], None] | None = None) -> RunResult:
    """Train with these kernels, in any thread of any process; `post` receives the epochs' reports.

    Where JAX was already used with several threads in this process, or in the one that this was forked from, the
    numbers would differ: a separate worker process trains then.

    Raises:
        ComputerError: where this computer lacks what the run needs, such as memory, the images or the kernels.
    """
    from netgain.engine.setup import prepare_jax, use_one_thread

    if not use_one_thread():
        with CorePool(1) as pool:
            return pool.submit(train_task, recipe, seed, kernels, on_post=post).result()
    prepare_jax()
    from netgain.runs.training import train

    if post:
        post(EpochReport(0, recipe.num_epochs, {}))
    try:
        return train(recipe, seed, kernels=kernels, compiled=_compiled(), watch_test=True, on_epoch=post)
    except (DataError, ImportError, MemoryError, OSError) as error:
        raise ComputerError(f"{type(error).__name__}: {error}") from error


@cache
def _compiled() -> CompiledFunctions:
    """What this process has compiled, for its next tasks."""
    from netgain.engine.compiled import CompiledFunctions

    return CompiledFunctions()
