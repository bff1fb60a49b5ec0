"""What a worker is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from netgain.engine.kernels import TOGETHER
from netgain.errors import ComputerError, DataError
from netgain.experiment.recipe import AbstractRecipe
from netgain.runs.execute.pool import CorePool
from netgain.runs.record import EpochReport, RunResult

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions


def train_task(
    recipe: AbstractRecipe, seeds: Sequence[int], kernels: str, post: Callable[[Any], None] | None = None
) -> list[RunResult]:
    """Train with these kernels, in any thread of any process; `post` receives after each epoch a report of every seed.

    Where JAX was already used with several threads in this process, or in the one that this was forked from, the
    numbers would differ: a separate worker process trains then.

    Raises:
        ComputerError: where this computer lacks what the run needs, such as memory, the images or the kernels.
    """
    from netgain.engine.setup import prepare_jax, use_one_thread

    if not use_one_thread():
        with CorePool(1) as pool:
            return pool.submit(train_task, recipe, seeds, kernels, on_post=post).result()
    prepare_jax()
    if post:
        post([EpochReport(0, recipe.num_epochs, {}) for _ in seeds])
    try:
        return _trained(recipe, seeds, kernels, post)
    except (DataError, ImportError, MemoryError, OSError) as error:
        raise ComputerError(f"{type(error).__name__}: {error}") from error


def _trained(
    recipe: AbstractRecipe, seeds: Sequence[int], kernels: str, post: Callable[[Any], None] | None
) -> list[RunResult]:
    from netgain.runs.training import train

    if kernels in TOGETHER:
        return _trained_together(recipe, seeds, kernels, post)
    runs = []
    for seed in seeds:
        tell = None if post is None else lambda report: post([report])
        runs.append(train(recipe, seed, kernels=kernels, compiled=_compiled(), watch_test=True, on_epoch=tell))
    return runs


def _trained_together(
    recipe: AbstractRecipe, seeds: Sequence[int], kernels: str, post: Callable[[Any], None] | None
) -> list[RunResult]:
    """All of them at once, or in halves where the card's memory is too small for them."""
    import jax

    from netgain.runs.training import train_together

    try:
        return train_together(recipe, seeds, kernels=kernels, compiled=_compiled(), watch_test=True, on_epochs=post)
    except jax.errors.JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" not in str(error):
            raise
        if len(seeds) == 1:
            raise MemoryError(f"the memory of the graphics card is too small for one network: {error}") from None
    half = len(seeds) // 2  # of those that wait, nothing is told meanwhile
    return [
        *_trained_together(recipe, seeds[:half], kernels, None),
        *_trained_together(recipe, seeds[half:], kernels, None),
    ]


@cache
def _compiled() -> CompiledFunctions:
    """What this process has compiled, for its next tasks."""
    from netgain.engine.compiled import CompiledFunctions

    return CompiledFunctions()
