"""Cuts the training images of a dataset into the part that trains and the part that validates."""

from __future__ import annotations

import warnings
from typing import Literal, NamedTuple, get_args

import numpy as np

from netgain.data.dataset import Dataset
from netgain.errors import DataError

SplitKind = Literal["ordered", "stratified"]

CLASSES_NAMED = 5
"""How many missing classes a message names."""


class Split(NamedTuple):
    """The images that train and those that validate; the test images are not among them.

    Shapes: N images that train, V that validate, H W C image.
    """

    x_train: np.ndarray  # uint8 [N, H, W, C]
    y_train: np.ndarray  # int32 [N]
    x_validation: np.ndarray  # uint8 [V, H, W, C]
    y_validation: np.ndarray  # int32 [V]
    train_images: np.ndarray  # int64 [N], the places of the images that train among the dataset's training images


def split(
    dataset: Dataset, train_size: int | None, validation_size: int, kind: SplitKind = "ordered", seed: int = 0
) -> Split:
    """The images of a dataset to train on and to validate on; no image is in both.

    Args:
        dataset: whose training images are divided. If it has its own validation part, the images to validate
            on come from there, and all training images are free to train on.
        train_size: number of images to train on; None for all that the validation part leaves.
        validation_size: number of images to validate on; may be 0.
        kind: "ordered" takes the first images to train on and the last to validate on, and copies none. "stratified"
            does the same with the images in another order, in which the first and the last images have the shares
            of the classes, however few they are, and at least one image of every class that has enough.
        seed: decides the order of "stratified".

    Raises:
        DataError: where there are not that many images, or a class has none among those that train; where all of the
            images that validate are of one class; for another kind.

    >>> from netgain.data import load_dataset
    >>> parts = split(load_dataset("digits"), train_size=1000, validation_size=200, kind="stratified")
    >>> parts.x_train.shape, np.bincount(parts.y_validation)
    ((1000, 8, 8, 1), array([20, 20, 20, 20, 20, 20, 20, 20, 20, 20]))
    """
    (x_train, y_train), (x_validation, y_validation) = _sources(dataset)
    train, validation = _chosen(dataset, train_size, validation_size, kind, seed)
    return Split(
        x_train[train], y_train[train], x_validation[validation], y_validation[validation],
        np.arange(dataset.num_train)[train],
    )  # fmt: skip


def warn_of_split(
    dataset: Dataset, train_size: int | None, validation_size: int, kind: SplitKind = "ordered", seed: int = 0
) -> None:
    """Warn if the validation images lack a class, or if a validation part that the user made is not used.

    Raises:
        DataError: as :func:`split` does.
    """
    _, validation = _chosen(dataset, train_size, validation_size, kind, seed)
    own = dataset.num_validation
    missing = _missing(dataset, _sources(dataset)[1][1][validation])
    if validation_size and missing:
        warnings.warn(
            f"{dataset.name}: the {validation_size:,} validation images {_lack(missing)}, so what is "
            f"decided with them, such as early stopping, ignores {_these(missing)}; "
            f"{_way_out_of_validation(dataset, validation_size, kind)}",
            stacklevel=2,
        )
    if own and not validation_size:
        warnings.warn(
            f"{dataset.name} has a validation part of {own:,} images, which is not used because validation_size is 0; "
            f"to use it, set validation_size to {own} (--set validation_size={own})",
            stacklevel=2,
        )


def stratified_order(labels: np.ndarray, seed: int) -> np.ndarray:
    """An order of images, int64 `[N]`, in which the first and the last of them have the shares of the classes.

    Of a class with m images, mixed at random, the image number i is at the place (i + 1/2) / m of the whole, so
    that any first part has within one image its share of every class. Only the first image of every class is before
    all these, and the last after them: K images at each end are enough for one of every class.

    >>> labels = np.array([0] * 6 + [1] * 3)
    >>> labels[stratified_order(labels, seed=0)]
    array([1, 0, 0, 0, 1, 0, 0, 1, 0])
    """
    generator = np.random.default_rng(seed)
    places = np.empty(len(labels))
    for label in np.unique(labels):
        members = generator.permutation(np.flatnonzero(labels == label))
        places[members] = (np.arange(len(members)) + 0.5) / len(members)
        places[members[-1]], places[members[0]] = 1, 0
    return np.lexsort((generator.random(len(labels)), places))


def _sources(dataset: Dataset) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Images and labels that the part to train on, and the part to validate on, are taken from."""
    train = dataset.x_train, dataset.y_train
    if dataset.x_validation is None or dataset.y_validation is None:
        return train, train
    return train, (dataset.x_validation, dataset.y_validation)


def _chosen(
    dataset: Dataset, train_size: int | None, validation_size: int, kind: SplitKind, seed: int
) -> tuple[slice | np.ndarray, slice | np.ndarray]:
    """Which images train and which validate."""
    if kind not in get_args(SplitKind):
        raise DataError(f"the kind of a split must be 'ordered' or 'stratified'; received {kind!r}")
    _check_sizes(dataset, train_size, validation_size)
    (_, y_train), (_, y_validation) = _sources(dataset)
    room = dataset.num_train if dataset.num_validation else dataset.num_train - validation_size
    train, validation = slice(train_size or room), slice(len(y_validation) - validation_size, None)
    if kind == "stratified":
        train, validation = stratified_order(y_train, seed)[train], stratified_order(y_validation, seed)[validation]
    missing = _missing(dataset, y_train[train])
    if missing:
        asked = f"train_size={train_size} and validation_size={validation_size}"
        more = "a larger train_size" if train_size else "a smaller validation_size"
        raise DataError(
            f"{dataset.name}: with {asked} the {len(y_train[train]):,} training images {_lack(missing)}, "
            f"so the network would never learn {_these(missing)}; {_way_out(kind, more)}"
        )
    if validation_size > 1 and len(np.unique(y_validation[validation])) == 1:
        name = dataset.class_names[y_validation[validation][0]]
        raise DataError(
            f"{dataset.name}: the {validation_size:,} validation images are all of the class {name!r}, so they "
            f"cannot show how good a network is; {_way_out_of_validation(dataset, validation_size, kind)}"
        )
    return train, validation


def _check_sizes(dataset: Dataset, train_size: int | None, validation_size: int) -> None:
    total, own = dataset.num_train, dataset.num_validation
    if validation_size < 0 or (train_size is not None and train_size < 1):
        raise DataError(
            f"train_size must be 1 or more, or None for all, and validation_size 0 or more; received "
            f"train_size={train_size}, validation_size={validation_size}"
        )
    if own and (validation_size > own or (train_size or 1) > total):
        raise DataError(
            f"{dataset.name} has {total:,} training images and a validation part of {own:,}, too few for "
            f"train_size={train_size} and validation_size={validation_size}; set them to {total} and {own} or less"
        )
    if not own and validation_size + (train_size or 1) > total:
        room = total - validation_size
        advice = f"train_size to {room:,} or less" if train_size and room > 0 else f"validation_size below {total:,}"
        raise DataError(
            f"{dataset.name} has {total:,} training images, too few for train_size={train_size} and "
            f"validation_size={validation_size}: the two parts must not overlap, so together they may have "
            f"at most {total:,}; set {advice}"
        )


def _missing(dataset: Dataset, labels: np.ndarray) -> list[str]:
    """The names of the classes of a dataset that no label has."""
    return [dataset.class_names[label] for label in np.setdiff1d(np.arange(dataset.num_classes), labels)]


def _lack(missing: list[str]) -> str:
    """What is wrong with images that lack these classes, as the end of a sentence."""
    if len(missing) == 1:
        return f"lack the class {missing[0]}"
    more = f" and {len(missing) - CLASSES_NAMED} more" if len(missing) > CLASSES_NAMED else ""
    return f"have none of the classes {', '.join(missing[:CLASSES_NAMED])}{more}"


def _these(missing: list[str]) -> str:
    return "this class" if len(missing) == 1 else "these classes"


def _way_out_of_validation(dataset: Dataset, validation_size: int, kind: SplitKind) -> str:
    if validation_size == dataset.num_validation:  # in any order, these are the same images
        return _way_out("stratified", "a larger validation part")
    return _way_out(kind, "a larger validation_size")


def _way_out(kind: SplitKind, more: str) -> str:
    if kind == "stratified":
        return f"use {more}, with at least one image of each class"
    return (
        "if the images are sorted by class, split='stratified' in the recipe (--set split=stratified) takes images "
        f"of every class in proportion; otherwise use {more}"
    )
