"""What a worker is asked to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netgain.recipe import Recipe
from netgain.result import RunResult


def train_task(recipe: Recipe, seed: int, post: Callable[[Any], None] | None = None) -> RunResult:
    """Train in this process; `post` receives the epochs' reports."""
    from netgain.engine.setup import prepare_jax, use_one_thread

    use_one_thread()
    prepare_jax()
    from netgain.engine.train import train

    return train(recipe, seed, watch_test=True, on_epoch=post)
