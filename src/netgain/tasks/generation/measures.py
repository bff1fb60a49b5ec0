"""What generated images are measured by: each number with its error, its floor, and how many images it is of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.tasks.task import Figure

if TYPE_CHECKING:
    from netgain.data import Dataset
    from netgain.engine.compiled import CompiledFunctions


def measure_sample(
    images: np.ndarray, labels: np.ndarray, data: Dataset, recipe: Any, seed: int, compiled: CompiledFunctions
) -> dict[str, np.ndarray]:
    """Small arrays to keep with a run, from which :func:`figures` makes the figures.

    Args:
        images: generated ones, uint8 `[m, H, W, C]`.
        labels: their classes `[m]`.
        data: the real images.
        recipe: the generator's recipe: its `judge` and `conditional` are used.
        seed: of the run.
        compiled: keeps what was compiled.
    """
    return {}


def figures(arrays: Mapping[str, np.ndarray]) -> dict[str, Figure]:
    """The figures by name, of a run that kept what :func:`measure_sample` gave; empty for one that did not."""
    return {}
