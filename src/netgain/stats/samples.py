"""Two samples of images as points: checks, and the blocks of a matrix of all pairs, which would not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError

Floats = NDArray[np.float64]

ROWS = 1000
"""Of the matrix of all pairs, so many rows at a time: 10,000 columns of them are 80 MB."""


def point_arrays(fewest: int, **samples: ArrayLike) -> list[Floats]:
    """Samples of points `[n, d]` with as many coordinates each, by the names of their arguments.

    Raises:
        StatisticsError: for other shapes, too few points, or values that are not finite.
    """
    found = {}
    for name, sample in samples.items():
        points = np.asarray(sample, np.float64)
        if points.ndim != 2 or points.shape[1] == 0:
            raise StatisticsError(
                f"`{name}` has shape {points.shape}, expected [n, d]: a row of numbers for each image."
            )
        if len(points) < fewest:
            raise StatisticsError(f"`{name}` has {len(points)} images, expected at least {fewest}.")
        if not np.isfinite(points).all():
            raise StatisticsError(f"`{name}` holds values that are not finite; the network behind them has diverged.")
        found[name] = points
    widths = {name: points.shape[1] for name, points in found.items()}
    if len(set(widths.values())) > 1:
        told = " and ".join(f"`{name}` has {width}" for name, width in widths.items())
        raise StatisticsError(f"{told} numbers per image, expected the same; take them from the same network.")
    return list(found.values())


def squared_distances(points: Floats, others: Floats) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """The squared distances of points `[m, d]` to others `[n, d]`: `ROWS` points at a time, and which ones they are.

    |a - b|² = |a|² + |b|² - 2 a·b, about the others' mean, where rounding takes least away; in single precision.
    """
    centre = others.mean(axis=0)
    near, far = ((each - centre).astype(np.float32) for each in (points, others))
    lengths = np.square(far).sum(axis=1)
    for start in range(0, len(near), ROWS):
        rows = slice(start, start + ROWS)
        some = near[rows]
        found = some @ far.T
        found *= -2
        found += lengths
        found += np.square(some).sum(axis=1)[:, np.newaxis]
        yield rows, np.maximum(found, 0, out=found)
