"""Cuts the training images of a dataset into the part that trains and the part that validates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from netgain.data.dataset import Dataset
from netgain.errors import DataError


class Split(NamedTuple):
    """Views of a dataset's training images: none is copied, and the test images are not among them.

    Shapes: N images that train, V that validate, H W C image.
    """

    x_train: np.ndarray  # uint8 [N, H, W, C]
    y_train: np.ndarray  # int32 [N]
    x_validation: np.ndarray  # uint8 [V, H, W, C]
    y_validation: np.ndarray  # int32 [V]


def split(dataset: Dataset, train_size: int | None, validation_size: int) -> Split:
    """The first `train_size` training images to train on, the last `validation_size` to validate on.

    Args:
        dataset: whose training images are cut; its test images are left alone.
        train_size: number of images to train on; None for all that the validation part leaves.
        validation_size: number of images to validate on; may be 0.

    Raises:
        DataError: where there are not that many images.

    >>> from netgain.data import load_dataset
    >>> parts = split(load_dataset("digits"), train_size=1000, validation_size=200)
    >>> parts.x_train.shape, parts.x_validation.shape
    ((1000, 8, 8, 1), (200, 8, 8, 1))
    """
    total = dataset.num_train
    if validation_size < 0 or (train_size is not None and train_size < 1):
        raise DataError(
            f"train_size must be 1 or more, or None for all, and validation_size 0 or more; received "
            f"train_size={train_size}, validation_size={validation_size}"
        )
    if validation_size + (train_size or 1) > total:
        room = total - validation_size
        advice = f"train_size to {room:,} or less" if train_size and room > 0 else f"validation_size below {total:,}"
        raise DataError(
            f"{dataset.name} has {total:,} training images, too few for train_size={train_size} and "
            f"validation_size={validation_size}: the two parts may not overlap, so together they may take "
            f"{total:,} at most; set {advice}"
        )
    cut = total - validation_size
    end = cut if train_size is None else train_size
    return Split(dataset.x_train[:end], dataset.y_train[:end], dataset.x_train[cut:], dataset.y_train[cut:])
