"""Turns the arrays that people have into uint8 images and int32 labels, or says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from netgain.data.value_range import EIGHT_BIT, checked_range, guessed_range
from netgain.errors import DataError

VALUES_PER_STEP = 2**22  # arrays are converted in steps, so that the copies in between stay small


def as_images(parts: Mapping[str, ArrayLike], value_range: ArrayLike | None = None) -> dict[str, np.ndarray]:
    """All parts as read-only uint8 `[N, H, W, C]`.

    Args:
        parts: images `[N, H, W, C]` or `[N, H, W]` by the names of their arguments.
        value_range: the values of black and white, which become 0 and 255, and what lies between them goes to the
            nearest whole number. None: floats count as 0..1 where no value of any part is above 1, all else as 0..255;
            nothing is rounded then.

    Raises:
        DataError: for shapes or values that are not images of one size and one scale.
    """
    arrays = {name: _with_channel(name, part) for name, part in parts.items()}
    first = next(iter(arrays))
    for name, images in arrays.items():
        if images.shape[1:] != arrays[first].shape[1:]:
            raise DataError(
                f"{first} has images of shape {arrays[first].shape[1:]} and {name} of shape {images.shape[1:]} "
                "(height, width, channels); all images of a dataset must have one shape: resize or convert one part"
            )
    span = guessed_range(arrays) if value_range is None else checked_range(value_range)
    return {name: _as_uint8(name, images, span, value_range is not None) for name, images in arrays.items()}


def as_labels(name: str, labels: ArrayLike, num_images: int) -> np.ndarray:
    """Labels as read-only int32 `[N]`, from integers `[N]` or `[N, 1]` or from one-hot rows `[N, K]`.

    Raises:
        DataError: for strings, fractions, or a number of labels other than the number of images.
    """
    values = _as_array(name, labels)
    if values.dtype.kind in "OSU":
        raise DataError(
            f"{name} holds labels of type {values.dtype}, expected integers 0..K-1: convert them with "
            "class_names, labels = np.unique(names, return_inverse=True) and pass class_names as well"
        )
    if values.ndim == 2 and values.shape[1] > 1:
        values = _from_one_hot(name, values)
    if values.ndim == 2:
        values = values[:, 0]
    if values.ndim != 1 or values.dtype.kind not in "iu":
        raise DataError(
            f"{name} has shape {values.shape} and type {values.dtype}, expected integers of shape [N] or "
            f"one-hot rows [N, K]; if class numbers are floats, pass {name}.astype(int)"
        )
    if len(values) != num_images:
        raise DataError(
            f"{name} has {len(values):,} labels for {num_images:,} images; every image needs one label, in "
            "the same order"
        )
    if values.size and not 0 <= values.min() <= values.max() < 2**31:
        raise DataError(
            f"{name} has labels from {values.min()} to {values.max()}, expected class numbers 0..K-1: renumber both "
            "parts"
        )
    return read_only(values.astype(np.int32))


def as_digit_box(value: float | np.ndarray | None) -> float | None:
    """The longer side of a centred digit as a share of the image's side, or None for images of another kind.

    Raises:
        DataError: for anything but a number above 0 and at most 1.
    """
    if value is None:
        return None
    number = np.asarray(value)
    if number.ndim or number.dtype.kind not in "iuf" or not 0 < number <= 1:
        raise DataError(
            f"digit_box must be the longer side of a digit as a share of the image's side, above 0 and at most 1, such "
            f"as 20/28, or None for images that are not centred digits; received {value!r}"
        )
    return float(number)


def check_classes(labels: Mapping[str, np.ndarray]) -> int:
    """The number of classes K, after checking that `y_train` is 0..K-1 and has every class of the other parts.

    Raises:
        DataError: for one class only, a gap in the numbers, or a label of another part that training never shows.
    """
    classes = np.unique(labels["y_train"])
    if not np.array_equal(classes, np.arange(len(classes))):
        raise DataError(
            f"y_train has the labels {_listed(classes)}, expected 0..K-1 with every class present: renumber "
            "all parts with classes, labels = np.unique(labels, return_inverse=True)"
        )
    if len(classes) < 2:
        raise DataError("y_train has only one class, expected at least 2: a classifier must distinguish classes")
    for name, others in labels.items():
        unseen = np.setdiff1d(others, classes)
        if len(unseen):
            part = name.removeprefix("y_")
            raise DataError(
                f"{name} has the labels {_listed(unseen)}, which are not in y_train (0..{len(classes) - 1}): every "
                f"class of the {part} part must have training images; move some there or drop these {part} images"
            )
    return len(classes)


def as_class_names(class_names: Sequence[str] | None, num_classes: int) -> tuple[str, ...]:
    """The K names of the classes, "0".."K-1" where none are given.

    Raises:
        DataError: for another number of names, or a name used twice.
    """
    if class_names is None:
        return tuple(str(number) for number in range(num_classes))
    names = tuple(str(name) for name in class_names)
    if len(names) != num_classes or len(set(names)) != num_classes:
        raise DataError(
            f"class_names has {len(names)} names, {len(set(names))} of them different, for {num_classes} "
            f"classes: give one name for each class 0..{num_classes - 1}; received {_listed(np.array(names))}"
        )
    return names


def as_groups(test_groups: ArrayLike | None, num_test: int) -> np.ndarray | None:
    """The group ids of the test images, read-only integers or strings `[n]`, or None.

    Raises:
        DataError: for another length or type.
    """
    if test_groups is None:
        return None
    groups = _as_array("test_groups", test_groups)
    if groups.shape != (num_test,) or groups.dtype.kind not in "iuU":
        raise DataError(
            f"test_groups has shape {groups.shape} and type {groups.dtype}, expected one integer or string "
            f"for each of the {num_test:,} test images: who wrote the digit, which patient, which run"
        )
    if len(np.unique(groups)) < 2:
        raise DataError("test_groups puts all test images in one group, expected two or more; omit it if unknown")
    return read_only(groups if groups.dtype.kind == "U" else groups.astype(np.int64))


def read_only(array: np.ndarray) -> np.ndarray:
    """A C-contiguous array that nobody can write to; a copy only where somebody could."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
    if owner.flags.writeable or not array.flags.c_contiguous:
        array = array.copy()
    array.flags.writeable = False
    return array


def _as_array(name: str, values: ArrayLike) -> np.ndarray:
    try:
        return np.asarray(values)
    except ValueError as error:
        raise DataError(f"{name} is not an array: {error}; every entry must have the same shape") from None


def _with_channel(name: str, values: ArrayLike) -> np.ndarray:
    images = _as_array(name, values)
    if images.dtype.kind not in "uifb":
        raise DataError(f"{name} has type {images.dtype}, expected numbers: uint8 images [N, H, W, C]")
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or images.shape[3] not in (1, 3):
        raise DataError(
            f"{name} has shape {images.shape}, expected [N, H, W] or [N, H, W, C] with C 1 (grey) or 3 "
            f"(colour): reshape rows of pixels with {name}.reshape(-1, 28, 28), and move channels that come "
            f"first to the end with np.moveaxis({name}, 1, -1)"
        )
    if images.size == 0:
        raise DataError(f"{name} has shape {images.shape}: it is empty; both parts need at least one image")
    return images


def _as_uint8(name: str, images: np.ndarray, span: tuple[float, float], may_round: bool) -> np.ndarray:
    """The images with the values of `span` brought to 0..255; without `may_round` every one must hit a whole number."""
    if images.dtype == np.uint8 and span == EIGHT_BIT:
        return read_only(images)
    # Multiples of 1/255 come back from half or single precision this far off at most.
    tolerance = max(1e-3, 255 * np.finfo(images.dtype).eps) if images.dtype.kind == "f" else 1e-3
    converted = np.empty(images.shape, np.uint8)
    step = max(1, VALUES_PER_STEP // images[0].size)
    for start in range(0, len(images), step):
        values = (images[start : start + step].astype(np.float64) - span[0]) * (255 / (span[1] - span[0]))
        if not np.isfinite(values).all():
            raise DataError(
                f"{name} has values that are not finite (NaN or infinite): correct or remove those images; "
                f"np.argwhere(~np.isfinite({name})) finds them"
            )
        whole = np.rint(values)
        if values.min() < -tolerance or values.max() > 255 + tolerance:
            raise _outside(name, images, span) if may_round else _not_eight_bit(name, images)
        if not may_round and np.abs(values - whole).max() > tolerance:
            raise _not_eight_bit(name, images)
        converted[start : start + step] = whole
    converted.flags.writeable = False
    return converted


def _outside(name: str, images: np.ndarray, span: tuple[float, float]) -> DataError:
    return DataError(
        f"{name} has values from {images.min():g} to {images.max():g}, outside of value_range=({span[0]:g}, "
        f"{span[1]:g}): give the values of black and white, which no pixel may exceed"
    )


def _not_eight_bit(name: str, images: np.ndarray) -> DataError:
    low, high = images.min(), images.max()
    return DataError(
        f"{name} has type {images.dtype} with values from {low:g} to {high:g}, expected "
        "whole numbers 0..255 or multiples of 1/255 from 0 to 1: netgain keeps images as uint8 and does not "
        "round by itself. Pass the images from before any standardization, or say what is black and white, and they "
        "are rounded to 256 levels: Dataset(..., value_range=(lowest, highest)), such as (-1, 1) or (0, 65535)"
    )


def _from_one_hot(name: str, rows: np.ndarray) -> np.ndarray:
    if not np.isin(rows, (0, 1)).all() or not (rows.sum(axis=1) == 1).all():
        raise DataError(
            f"{name} has shape {rows.shape} but is not one-hot, expected rows with a single 1 and zeros: "
            f"turn scores into labels with {name}.argmax(axis=1)"
        )
    return rows.argmax(axis=1)


def _listed(values: np.ndarray) -> str:
    shown = ", ".join(str(value) for value in values[:12])
    return shown + (", …" if len(values) > 12 else "")
