"""What a worker is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netgain.errors import ComputerError, DataError
from netgain.recipe import Recipe
from netgain.result import RunResult


def train_task(recipe: Recipe, seed: int, post: Callable[[Any], None] | None = None) -> RunResult:
    """Train in this process; `post` receives the epochs' reports.

    Raises:
        ComputerError: where this computer lacks what the run needs, such as memory or the images.
    """
    from netgain.engine.setup import prepare_jax, use_one_thread

    use_one_thread()
    prepare_jax()
    from netgain.engine.train import train

    try:
        return train(recipe, seed, watch_test=True, on_epoch=post)
    except (DataError, ImportError, MemoryError, OSError) as error:
        raise ComputerError(f"{type(error).__name__}: {error}") from error
