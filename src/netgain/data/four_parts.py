"""Cuts the training images into three parts, to fit, to select and to confirm; the test part is the fourth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from netgain.data.arrays import as_groups
from netgain.data.dataset import Dataset
from netgain.data.splits import stratified_order
from netgain.errors import DataError

SELECT_SHARE, CONFIRM_SHARE = 0.15, 0.25
"""Of the training images, those that select and those that confirm; the others train."""

MOST_JUDGED = 10_000
"""More images than this neither select nor confirm: they train."""

LEAST_PER_CLASS = math.ceil(1 / SELECT_SHARE)
"""With this many images of a class, each part has one of it."""

NAMED = 5
"""How many classes a message names."""


class FourParts(NamedTuple):
    """The training images in three parts, each with the images to train on; nothing in it shows the test images.

    Attributes:
        select: a dataset whose test part are the images to select by.
        confirm: the same training images; its test part are the images to confirm by.
        places: for "fit", "select" and "confirm" the places of their images among the training images, int64.
    """

    select: Dataset
    confirm: Dataset
    places: dict[str, np.ndarray]


def four_parts(dataset: Dataset, groups: ArrayLike | None = None, seed: int = 0) -> FourParts:
    """The parts of a dataset. Each has every class's share; images of one group, and copies of an image, stay together.

    A validation part of the dataset's own stays what it is in both.

    Args:
        dataset: whose training images are divided.
        groups: an integer or string for each training image `[N]`, the same for images that belong together (one
            writer, one patient); None where only copies do.
        seed: decides which images are in which part.

    Raises:
        DataError: for too few images of a class, and for groups so large that a part lacks a class.

    >>> from netgain.data import load_dataset
    >>> parts = four_parts(load_dataset("digits"))
    >>> {name: len(places) for name, places in parts.places.items()}
    {'fit': 863, 'select': 215, 'confirm': 359}
    >>> parts.select
    Dataset 'digits: fit and select': 863 training and 215 test images of 8x8x1, 10 classes
    """
    _check_sizes(dataset)
    units = _units(dataset, as_groups(groups, dataset.num_train))
    confirm = min(MOST_JUDGED, int(CONFIRM_SHARE * dataset.num_train))
    select = min(MOST_JUDGED, int(SELECT_SHARE * dataset.num_train))
    places = _dealt(dataset.y_train, units, {"confirm": confirm, "select": select}, seed)
    _check_every_part(dataset, places)
    together = None if groups is None else units
    judged = {name: _judged_on(dataset, places["fit"], places[name], together, name) for name in ("select", "confirm")}
    return FourParts(judged["select"], judged["confirm"], {name: places[name] for name in ("fit", "select", "confirm")})


def _check_sizes(dataset: Dataset) -> None:
    counts = np.bincount(dataset.y_train, minlength=dataset.num_classes)
    if counts.min() < LEAST_PER_CLASS:
        few = [f"{dataset.class_names[label]} ({counts[label]})" for label in np.flatnonzero(counts < LEAST_PER_CLASS)]
        more = f" and {len(few) - NAMED} more" if len(few) > NAMED else ""
        raise DataError(
            f"{dataset.name} has {dataset.num_train:,} training images, too few of the class{'es' * (len(few) > 1)} "
            f"{', '.join(few[:NAMED])}{more}: a part to fit, one to select and one to confirm need at least "
            f"{LEAST_PER_CLASS} images of each class; add images, or remove these classes"
        )


def _units(dataset: Dataset, groups: np.ndarray | None) -> np.ndarray:
    """For each training image the number of what stays together, int64 `[N]`: its group, joined by copies of images."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pixels = dataset.x_train.reshape(dataset.num_train, -1)
    rows = np.ascontiguousarray(pixels).view(np.dtype((np.void, pixels.shape[1]))).ravel()
    _, copies = np.unique(rows, return_inverse=True)
    if groups is None:
        return copies.astype(np.int64)
    _, numbers = np.unique(groups, return_inverse=True)
    # Groups and pictures are the two kinds of nodes of a graph, each image joins one with one.
    size = int(numbers.max()) + int(copies.max()) + 2
    ends = numbers, copies + int(numbers.max()) + 1
    joined = coo_array((np.ones(len(numbers), bool), ends), shape=(size, size))
    return connected_components(joined, directed=False)[1][numbers].astype(np.int64)


def _dealt(labels: np.ndarray, units: np.ndarray, sizes: dict[str, int], seed: int) -> dict[str, np.ndarray]:
    """The places of each part, ascending: whole units, in an order in which any piece has the share of each class."""
    _, first, unit_of, counts = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    order = stratified_order(labels[first], seed)
    filled = np.cumsum(counts[order])  # images in the units so far
    part_of, ends = np.full(len(order), "fit", dtype="<U7"), 0
    for name, size in sizes.items():
        part_of[order[(filled > ends) & (filled <= ends + size)]] = name
        ends += size
    return {name: np.flatnonzero(part_of[unit_of] == name) for name in ("fit", *sizes)}


def _check_every_part(dataset: Dataset, places: dict[str, np.ndarray]) -> None:
    for name, chosen in places.items():
        lacking = np.setdiff1d(np.arange(dataset.num_classes), dataset.y_train[chosen])
        if len(lacking):
            names = ", ".join(dataset.class_names[label] for label in lacking[:NAMED])
            raise DataError(
                f"{dataset.name}: the part to {name} has no image of {names}, because images of one group, and copies "
                "of an image, stay together; give more groups (or more different images) of each class"
            )


def _judged_on(
    dataset: Dataset, fit: np.ndarray, judged: np.ndarray, together: np.ndarray | None, name: str
) -> Dataset:
    return Dataset(
        dataset.x_train[fit],
        dataset.y_train[fit],
        dataset.x_train[judged],
        dataset.y_train[judged],
        x_validation=dataset.x_validation,
        y_validation=dataset.y_validation,
        class_names=dataset.class_names,
        test_groups=None if together is None else together[judged],
        name=f"{dataset.name}: fit and {name}",
        value_range=(0, 255),
        digit_box=dataset.digit_box,
    )
