from typing import Any

import numpy as np
import pytest

from netgain.data import Dataset
from netgain.data.value_range import is_dark
from netgain.errors import DataError

from .conftest import ALL_VALUES, as_images

SIXTEEN = (np.arange(128) % 17).reshape(2, 8, 8)
"""scikit-learn's digits have such values."""


@pytest.mark.parametrize(
    "images",
    [
        SIXTEEN,
        SIXTEEN.astype(np.uint8),
        SIXTEEN.astype(np.float64),
        SIXTEEN / 255,
        (SIXTEEN % 3).astype(np.float32),
        ALL_VALUES[1:2].repeat(2, axis=0),
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
    found = f"no value of x_train and x_test is above {top:.6g}" if top else "all values of x_train and x_test are 0"
    white = 1 if images.dtype.kind == "f" and top <= 1 else 255
    assert str(caught.value).startswith(f"{found}: either that is white")
    for words in (
        f"very dark on the scale from 0 to {white}",
        f"If {top or 1:.6g} is white",
        f"Dataset(..., value_range=(0, {top or 1:.6g}))",
        f"value_range=[0, {top or 1:.6g}])",
    ):
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
    with pytest.raises(DataError, match=r"x_train has values from 0 to 65535, outside of value_range=\(0, 255\)"):
        as_images(deep, deep, (0, 255))
    with pytest.raises(DataError, match="not finite"):
        as_images(np.full((2, 4, 4), np.nan), ALL_VALUES[:2, :4, :4], (0, 255))


@pytest.mark.parametrize("value_range", [5, (1, 0), (0, 0), (0, 1, 2), "0..255", (0, np.inf), (-np.inf, 1), (None, 3)])
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


def test_every_part_on_another_scale_is_named() -> None:
    labels = [0, 1, 0, 1]
    with pytest.raises(DataError) as caught:
        Dataset(ALL_VALUES / 255, labels, ALL_VALUES, labels, x_validation=ALL_VALUES > 9, y_validation=labels)
    found = "x_train (float64) from 0 to 1, x_test (uint8) from 0 to 255 and x_validation (bool) from 0 to 1; expected"
    assert found in str(caught.value)
    assert "pass Dataset(..., value_range=(0, 255))" in str(caught.value)


def test_eight_times_as_bright_is_another_scale() -> None:
    bright = np.full((2, 8, 8), 128, np.uint8)
    with pytest.raises(DataError, match=r"x_train \(uint8\) from 16 to 16 and x_test \(uint8\) from 128 to 128"):
        as_images(bright // 8, bright)
    assert as_images(bright // 8 + 1, bright)[0].max() == 17


def test_black_and_white_floats_beside_dark_whole_numbers() -> None:
    """The floats are whole numbers too, so that both may be on one scale: which one is asked for."""
    with pytest.raises(DataError, match="no value of x_train and x_test is above 4: either that is white"):
        as_images((ALL_VALUES > 9).astype(np.float32), ALL_VALUES // 64 + 1)


@pytest.mark.parametrize(("top", "expected"), [(127, True), (128, False)])
def test_half_of_white_is_not_dark(top: int, expected: bool) -> None:
    images = np.full((2, 8, 8), top, np.uint8)
    assert is_dark(images) == expected
    if not expected:
        for same in (images, images / 255):
            assert as_images(same, same)[0].max() == 128
