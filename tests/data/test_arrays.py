from typing import Any

import numpy as np
import pytest

import netgain.data.arrays
from netgain.data import Dataset
from netgain.data.arrays import as_labels, read_only
from netgain.errors import DataError

ALL_VALUES = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)


def as_images(x_train: Any, x_test: Any, value_range: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """The images of a dataset that is made of these."""
    labels = (np.arange(len(x)) % 2 for x in (x_train, x_test))
    dataset = Dataset(x_train, next(labels), x_test, next(labels), value_range=value_range)
    return dataset.x_train, dataset.x_test


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("scale", [1, 255])
def test_floats_become_uint8_without_loss(dtype: type, scale: int) -> None:
    floats = (ALL_VALUES.astype(dtype) / dtype(scale)).astype(dtype)
    train, test = as_images(floats, floats[-1:])
    np.testing.assert_array_equal(train[..., 0], ALL_VALUES)
    np.testing.assert_array_equal(test[..., 0], ALL_VALUES[-1:])


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.uint16])
def test_whole_numbers_are_kept(dtype: type) -> None:
    train, _ = as_images(ALL_VALUES.astype(dtype), ALL_VALUES)
    np.testing.assert_array_equal(train[..., 0], ALL_VALUES)


def test_black_and_white_become_0_and_255() -> None:
    for dtype in (bool, np.float32):
        train, _ = as_images((ALL_VALUES > 100).astype(dtype), np.ones((1, 8, 8), dtype))
        assert np.unique(train).tolist() == [0, 255]


def test_many_images_are_converted_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netgain.data.arrays, "VALUES_PER_STEP", 100)
    images = (np.arange(1003) % 256).reshape(-1, 1, 1).astype(np.float32)
    train, _ = as_images(images, images[-300:])
    np.testing.assert_array_equal(train, images[..., None])
    images[-1] = 0.5
    with pytest.raises(DataError, match="multiples of 1/255"):
        as_images(images, images[:300])


@pytest.mark.parametrize(
    ("x_train", "words"),
    [
        (np.zeros((2, 4)), "reshape(-1, 28, 28)"),
        (np.zeros((2, 3, 8, 8)), "np.moveaxis(x_train, 1, -1)"),
        (np.zeros((0, 8, 8), np.uint8), "empty"),
        (np.zeros((2, 8, 7), np.uint8), "(8, 7, 1) and x_test of shape (8, 8, 1)"),
        (np.full((2, 8, 8), np.nan), "np.argwhere(~np.isfinite(x_train))"),
        (np.full((2, 8, 8), np.inf), "not finite"),
        (np.full((2, 8, 8), 70.3001), "before any standardization"),
        (np.full((2, 8, 8), (-1.0, 200) * 4), "value_range=(lowest, highest)"),
        (np.full((2, 8, 8), 256), "whole numbers 0..255"),
        (np.full((2, 8, 8), "a"), "expected numbers"),
        (np.full((2, 8, 8), 1j), "complex128"),
        ([[[1, 2]], [[1]]], "x_train is no array"),
    ],
)
def test_what_is_no_image(x_train: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        as_images(x_train, ALL_VALUES[2:].astype(np.float64))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "labels", [[2, 0, 1], np.array([[2], [0], [1]], np.uint8), np.eye(3)[[2, 0, 1]], np.eye(3, dtype=bool)[[2, 0, 1]]]
)
def test_labels_in_all_their_forms(labels: object) -> None:
    converted = as_labels("y_train", labels, 3)  # pyright: ignore[reportArgumentType]
    assert converted.dtype == np.int32
    assert converted.tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["cat", "dog", "cat"], "np.unique(names, return_inverse=True)"),
        (np.array(["cat", "dog", None], object), "expected integers 0..K-1"),
        ([0.0, 1.0, 2.0], "y_train.astype(int)"),
        ([0.0, np.nan, 2.0], "float64"),
        ([0, 1], "2 labels for 3 images"),
        (0, "shape ()"),
        (np.full((3, 2), 0.5), "y_train.argmax(axis=1)"),
        (np.ones((3, 2)), "not one-hot"),
        (np.zeros((3, 2, 2), int), "shape (3, 2, 2)"),
    ],
)
def test_what_is_no_label(labels: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        as_labels("y_train", labels, 3)  # pyright: ignore[reportArgumentType]
    assert words in str(caught.value)


def test_read_only_copies_only_what_somebody_could_write_to() -> None:
    mine = np.arange(6)
    kept = read_only(mine)
    mine[0] = 99
    assert kept[0] == 0
    window = mine[:3]
    window.flags.writeable = False
    assert not np.shares_memory(read_only(window), mine)
    frozen = np.frombuffer(b"abcdef", np.uint8)
    assert np.shares_memory(read_only(frozen), frozen)


SIXTEEN = (np.arange(128) % 17).reshape(2, 8, 8)
"""scikit-learn's digits have such values."""


@pytest.mark.parametrize(
    "images",
    [
        SIXTEEN,
        SIXTEEN.astype(np.uint8),
        SIXTEEN.astype(np.float64),
        SIXTEEN / 255,
        (SIXTEEN > 8).astype(np.uint8),
        (SIXTEEN > 8).astype(np.int64),
        np.zeros((2, 8, 8), np.uint8),
        np.zeros((2, 8, 8)),
        ALL_VALUES[:2],
    ],
)
def test_white_that_is_not_255_is_asked_for_and_not_guessed(images: np.ndarray) -> None:
    with pytest.raises(DataError) as caught:
        as_images(images, images[:1])
    top = float(images.max())
    for words in ("very dark", f"Dataset(..., value_range=(0, {top or 1:.6g}))", f"value_range=[0, {top or 1:.6g}])"):
        assert words in str(caught.value)
    train, test = as_images(images, images[:1], (0, top or 1))
    np.testing.assert_array_equal(train[..., 0], np.rint(255 * (images / (top or 1))))
    np.testing.assert_array_equal(test, train[:1])


def test_images_that_are_meant_to_be_dark() -> None:
    for dark in (SIXTEEN.astype(np.uint8), SIXTEEN.astype(np.float32)):
        train, _ = as_images(dark, dark, (0, 255))
        np.testing.assert_array_equal(train[..., 0], SIXTEEN)


def test_a_value_range_rounds_what_it_is_asked_to() -> None:
    standardized = (ALL_VALUES.astype(np.float32) - 127.5) / 127.5
    train, _ = as_images(standardized, standardized, [-1, 1])
    np.testing.assert_array_equal(train[..., 0], ALL_VALUES)
    deep = np.array([0, 128, 32768, 65535], np.uint16).reshape(2, 1, 2)
    assert as_images(deep, deep, (0, 65535))[0].ravel().tolist() == [0, 0, 128, 255]
    with pytest.raises(DataError, match=r"from 0 to 65535, outside of value_range=\(0, 255\)"):
        as_images(deep, deep, (0, 255))
    with pytest.raises(DataError, match="not finite"):
        as_images(np.full((2, 4, 4), np.nan), ALL_VALUES[:2, :4, :4], (0, 255))


@pytest.mark.parametrize("value_range", [5, (1, 0), (0, 0), (0, 1, 2), "0..255", (0, float("inf")), (None, 3)])
def test_what_is_no_value_range(value_range: Any) -> None:
    with pytest.raises(DataError, match="value_range must be two numbers, .* received"):
        as_images(ALL_VALUES, ALL_VALUES, value_range)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "small", [ALL_VALUES / 255, (ALL_VALUES > 9).astype(np.float32), ALL_VALUES > 9, ALL_VALUES // 16, ALL_VALUES * 0]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_parts_on_different_scales(small: np.ndarray, dtype: type, swapped: bool) -> None:
    parts = (ALL_VALUES.astype(dtype), small) if swapped else (small, ALL_VALUES.astype(dtype))
    with pytest.raises(DataError) as caught:
        as_images(*parts)
    for words in ("different scales", "x_train (", "x_test (", "to 255", f"to {float(small.max()):g}"):
        assert words in str(caught.value)
    if small.max() == 15:
        np.testing.assert_array_equal(as_images(*parts, (0, 255))[1 - swapped], ALL_VALUES[..., None])


def test_a_part_from_0_to_1_beside_one_a_little_above() -> None:
    with pytest.raises(DataError, match=r"different scales: x_train \(float64\) from 0 to 1 and x_test .* to 4"):
        as_images(ALL_VALUES / 255, ALL_VALUES // 64 + 1)
