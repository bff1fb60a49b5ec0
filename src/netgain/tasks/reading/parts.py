"""The strings that a reader trains and validates on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netgain.data import StringDataset
from netgain.errors import DataError
from netgain.tasks.reading.recipe import Reader


class Strings(NamedTuple):
    """Images uint8 `[N, H, W, 1]`, their labels int32 `[N, L]`, padded with 0, and lengths int32 `[N]`."""

    images: np.ndarray
    labels: np.ndarray
    lengths: np.ndarray


def parts_of(recipe: Reader, data: StringDataset) -> dict[str, Strings]:
    """The strings of each part that there is, by its name.

    Raises:
        DataError: where there are fewer than the recipe wants.
    """
    all_ = Strings(data.x_train, data.y_train, data.lengths_train)
    end = data.num_train - recipe.validation_size
    chosen = np.arange(max(end, 0))
    short = recipe.longest is not None and recipe.longest < data.lengths_train.max()
    if recipe.longest is not None and short:
        chosen = chosen[data.lengths_train[: len(chosen)] <= recipe.longest]
    size = len(chosen) if recipe.train_size is None else recipe.train_size
    if not 0 < size <= len(chosen):
        limit = f" of at most {recipe.longest} characters" if short else ""
        raise DataError(
            f"{data.name} has {len(chosen):,} training strings{limit} beside {recipe.validation_size:,} validation "
            f"strings, the recipe wants {max(size, 1):,}: make train_size or validation_size smaller"
            + (", or longest larger" if short else "")
        )
    train = _taken(all_, chosen[:size] if short else slice(0, size))
    parts = {"train": train, "test": Strings(data.x_test, data.y_test, data.lengths_test)}
    return parts | {"validation": _taken(all_, slice(end, None))} if recipe.validation_size else parts


def _taken(strings: Strings, index: np.ndarray | slice) -> Strings:
    return Strings(*(array[index] for array in strings))
