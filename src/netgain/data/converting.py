"""Brings all images of a dataset to another size, or to grey or colour."""

from __future__ import annotations

from operator import index
from typing import Any, get_args

import numpy as np

from netgain.data.dataset import Dataset
from netgain.data.images import ColorMode, resize, to_array
from netgain.data.value_range import EIGHT_BIT
from netgain.errors import DataError

LARGEST_SIDE = 10_000

ImageSize = int | tuple[int, int]
"""The side of a square, or (height, width), in pixels."""


def checked_size(image_size: ImageSize | None) -> tuple[int, int] | None:
    """The height and the width that images are stretched to; None where they keep their own.

    Raises:
        DataError: for anything but whole numbers from 1 to 10,000.

    >>> checked_size(28), checked_size((48, 64))
    ((28, 28), (48, 64))
    """
    if image_size is None:
        return None
    sides: Any = image_size if isinstance(image_size, tuple | list) else (image_size, image_size)
    try:
        height, width = (index(side) for side in sides)
    except (TypeError, ValueError):
        height = width = 0
    if not (1 <= height <= LARGEST_SIDE and 1 <= width <= LARGEST_SIDE):
        raise DataError(
            f"the size of images must be in whole pixels, 1 to {LARGEST_SIDE:,}: one number such as 28 for squares, or "
            f"height and width such as (48, 64), on the command line 48x64; received {image_size!r}"
        )
    return height, width


def checked_color_mode(color_mode: ColorMode | None) -> ColorMode | None:
    """The same color mode.

    Raises:
        DataError: for anything but "grayscale", "rgb" and None.
    """
    if color_mode not in (None, *get_args(ColorMode)):
        raise DataError(
            "the color mode must be 'grayscale' or 'rgb', or be omitted to keep the images as they are; received "
            f"{color_mode!r}"
        )
    return color_mode


def converted(dataset: Dataset, image_size: ImageSize | None, color_mode: ColorMode | None) -> Dataset:
    """The dataset with its images stretched to a size and in a color mode; itself where they are like that already.

    Its name tells what was changed, so that its images are not taken for the original ones.

    Raises:
        DataError: for an invalid size or color mode.

    >>> from netgain.data import load_dataset
    >>> converted(load_dataset("digits"), 16, "rgb")
    Dataset 'digits (16x16 rgb)': 1,437 training and 360 test images of 16x16x3, 10 classes
    """
    height, width, channels = dataset.image_shape
    size, mode = checked_size(image_size) or (height, width), checked_color_mode(color_mode)
    new_channels = {None: channels, "grayscale": 1, "rgb": 3}[mode]
    if (*size, new_channels) == dataset.image_shape:
        return dataset
    changes = [f"{size[0]}x{size[1]}" if size != (height, width) else "", str(mode) if new_channels != channels else ""]
    arrays = {
        "x_train": dataset.x_train,
        "x_test": dataset.x_test,
        **({} if dataset.x_validation is None else {"x_validation": dataset.x_validation}),
    }
    images: dict[str, Any] = {name: _converted(array, size, new_channels) for name, array in arrays.items()}
    return Dataset(
        **images,
        y_train=dataset.y_train,
        y_test=dataset.y_test,
        y_validation=dataset.y_validation,
        class_names=dataset.class_names,
        test_groups=dataset.test_groups,
        name=f"{dataset.name} ({' '.join(filter(None, changes))})",
        value_range=EIGHT_BIT,
        digit_box=dataset.digit_box,
    )


def _converted(images: np.ndarray, size: tuple[int, int], channels: int) -> np.ndarray:
    """Uint8 `[N, H, W, C]` in another size and with another number of channels."""
    from PIL import Image

    new = np.empty((len(images), *size, channels), np.uint8)
    for place, pixels in zip(new, images, strict=True):
        image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
        place[:] = to_array(resize(image.convert("L") if channels == 1 else image, size))
    return new
