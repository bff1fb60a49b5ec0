import numpy as np
import pytest

import netgain.data.arrays
from netgain.data.arrays import as_labels, read_only
from netgain.errors import DataError

from .conftest import ALL_VALUES, as_images


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("scale", [1, 255])
def test_floats_become_uint8_without_loss(dtype: type, scale: int) -> None:
    floats = (ALL_VALUES.astype(dtype) / dtype(scale)).astype(dtype)
    train, test = as_images(floats, floats[-1:])
    np.testing.assert_array_equal(train[..., 0], ALL_VALUES)
    np.testing.assert_array_equal(test[..., 0], ALL_VALUES[-1:])
    assert train.dtype == np.uint8
    assert not train.flags.writeable


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
        (np.zeros((2, 8, 8, 4)), "C 1 (grey) or 3"),
        (np.zeros((0, 8, 8), np.uint8), "empty"),
        (np.zeros((2, 8, 7), np.uint8), "(8, 7, 1) and x_test of shape (8, 8, 1)"),
        (np.full((2, 8, 8), np.nan), "np.argwhere(~np.isfinite(x_train))"),
        (np.full((2, 8, 8), np.inf), "not finite"),
        (np.full((2, 8, 8), 70.3001), "before any standardization"),
        (np.full((2, 8, 8), (-1.0, 200) * 4), "value_range=(lowest, highest)"),
        (np.full((2, 8, 8), 256), "whole numbers 0..255"),
        (np.full((2, 8, 8), "a"), "expected numbers"),
        (np.full((2, 8, 8), 1j), "complex128"),
        ([[[1, 2]], [[1]]], "x_train is not an array"),
    ],
)
def test_what_is_no_image(x_train: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        as_images(x_train, ALL_VALUES[2:].astype(np.float64))
    assert words in str(caught.value)
    assert "x_train" in str(caught.value)


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
        ([[0], [1, 2], [0]], "y_train is not an array"),
        ([0, 1, 2**31], "y_train has labels from 0 to 2147483648"),
        ([0, 1, -1], "y_train has labels from -1 to 1"),
    ],
)
def test_what_is_no_label(labels: object, words: str) -> None:
    with pytest.raises(DataError) as caught:
        as_labels("y_train", labels, 3)  # pyright: ignore[reportArgumentType]
    assert words in str(caught.value)


def test_the_largest_label() -> None:
    assert as_labels("y_train", [0, 2**31 - 1], 2).tolist() == [0, 2147483647]


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
