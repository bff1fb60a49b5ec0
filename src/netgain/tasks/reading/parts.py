"""The strings that a reader trains and validates on, and those of like width together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netgain.data import StringDataset
from netgain.errors import DataError
from netgain.networks import StringNetwork
from netgain.tasks.reading.recipe import Reader

GROUPS = 4
"""Groups of strings of like width in an epoch, where there are enough of them."""

FEWEST_PIECES = 10
"""Of a group: for fewer, compiling a function for its width takes longer than the columns that it saves."""

PIECE = 5
"""Batches of one group that are trained one after another, before it is another group's turn."""


class Strings(NamedTuple):
    """Images uint8 `[N, H, W, 1]`, their labels int32 `[N, L]`, padded with 0, and lengths int32 `[N]`."""

    images: np.ndarray
    labels: np.ndarray
    lengths: np.ndarray

    def taken(self, index: np.ndarray | slice) -> Strings:
        """Some of them."""
        return Strings(*(array[index] for array in self))


def parts_of(recipe: Reader, data: StringDataset) -> dict[str, Strings]:
    """The strings of each part that there is, by its name.

    Raises:
        DataError: where there are fewer than the recipe wants.
    """
    all_ = Strings(data.x_train, data.y_train, data.lengths_train)
    parts = {
        "train": all_.taken(_chosen(recipe, data)),
        "test": Strings(data.x_test, data.y_test, data.lengths_test),
    }
    if not recipe.validation_size:
        return parts
    return parts | {"validation": all_.taken(slice(data.num_train - recipe.validation_size, None))}


def groups_of(recipe: Reader, data: StringDataset) -> list[Strings]:
    """The training strings in groups of like width, whose images have only as many columns as their group needs.

    An epoch then computes little on black columns at the right: half as much for digit-strings as with images that are
    all as wide as the widest. A network that takes one width only has one group. All groups but the last have a whole
    number of pieces, so that few functions are compiled.

    Raises:
        DataError: as :func:`parts_of`.
    """
    train, piece = parts_of(recipe, data)["train"], PIECE * recipe.batch_size
    pieces = len(train.lengths) // piece
    if recipe.network.reads_by == "slots" or pieces < FEWEST_PIECES * GROUPS:
        return [train]
    widths = data.widths_train[_chosen(recipe, data)]
    columns = np.maximum(widths, columns_needed(recipe.network, train, data.image_shape[1]))
    if columns.min() == columns.max():
        return [train]
    order = np.argsort(columns, kind="stable")
    ends = [piece * (pieces * number // GROUPS) for number in range(1, GROUPS)]
    return [
        Strings(*(np.ascontiguousarray(array) for array in (group.images[:, :, : columns[index].max()], *group[1:])))
        for index in np.split(order, ends)
        for group in [train.taken(index)]
    ]


def columns_needed(network: StringNetwork, strings: Strings, width: int) -> np.ndarray:
    """How many columns an image must have so that the network has steps enough for its text, int `[N]`.

    A text needs a step for each character, and with CTC one for a blank between two equal neighbours. More than `width`
    columns stand for a text for which images of that width have too few steps.
    """
    steps = np.array([network.num_steps(columns) for columns in range(width + 1)])
    return np.searchsorted(steps, steps_needed(network, strings.labels))


def steps_needed(network: StringNetwork, labels: np.ndarray) -> np.ndarray:
    """How many steps the texts with these labels `[N, L]` take at least, int `[N]`."""
    repeats = ((labels[:, 1:] == labels[:, :-1]) & (labels[:, 1:] != 0)).sum(axis=1)
    return (labels != 0).sum(axis=1) + (repeats if network.reads_by == "ctc" else 0)


def _chosen(recipe: Reader, data: StringDataset) -> np.ndarray | slice:
    """The places of the strings that train among the training strings."""
    end = max(data.num_train - recipe.validation_size, 0)
    short = recipe.longest is not None and recipe.longest < data.lengths_train.max()
    places = np.flatnonzero(data.lengths_train[:end] <= recipe.longest) if short else np.arange(end)
    size = len(places) if recipe.train_size is None else recipe.train_size
    if 0 < size <= len(places):
        return places[:size] if short else slice(0, size)
    limit = f" of at most {recipe.longest} characters" if short else ""
    beside = f" beside {recipe.validation_size:,} validation strings" if recipe.validation_size else ""
    raise DataError(
        f"{data.name} has {len(places):,} training strings{limit}{beside}, the recipe wants {max(size, 1):,}: make "
        f"train_size or validation_size smaller{', or longest larger' if short else ''}"
    )
