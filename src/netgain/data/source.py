"""What netgain knows of a dataset that it can get by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, final

import numpy as np

from netgain.data.dataset import Dataset
from netgain.data.value_range import EIGHT_BIT

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""x_train, y_train, x_test, y_test."""

OnProgress = Callable[[str, int, int | None], None]
"""Called with a file's name, the bytes that have arrived, and the bytes expected (None if nobody said)."""


class Supply(Protocol):
    """Where the arrays of a dataset come from."""

    def fetch(self, on_progress: OnProgress | None) -> Path | None:
        """Have everything on this computer; the folder that it is in, or None if there is no folder."""
        ...

    def is_cached(self) -> bool:
        """Whether the arrays are available without a network connection."""
        ...

    def load(self) -> Arrays:
        """The arrays, fetched first where that is needed."""
        ...


@final
@dataclass(frozen=True, kw_only=True)
class Source:
    """A dataset by name: one module of `netgain.data.sources` defines one of these, called `SOURCE`.

    Attributes:
        name: lower case, dashes between words.
        description: one line.
        image_shape: height, width and channels of every image.
        class_names: the K names of the classes.
        num_train: N.
        num_test: n.
        supply: where the arrays come from.
        digit_box: as :class:`Dataset` takes it; None where the images are not centred digits.

    >>> from netgain.data import source_by_name
    >>> source_by_name("digits").image_shape
    (8, 8, 1)
    """

    name: str
    description: str
    image_shape: tuple[int, int, int]
    class_names: tuple[str, ...]
    num_train: int
    num_test: int
    supply: Supply
    digit_box: float | None = None

    @property
    def num_classes(self) -> int:
        """The number of classes, K."""
        return len(self.class_names)

    def load(self) -> Dataset:
        """The dataset, fetched first where that is needed.

        Raises:
            FetchError: where nothing delivers it.
            DataError: where the cache cannot be read or written.
        """
        return Dataset(
            *self.supply.load(),
            class_names=self.class_names,
            name=self.name,
            value_range=EIGHT_BIT,
            digit_box=self.digit_box,
        )
