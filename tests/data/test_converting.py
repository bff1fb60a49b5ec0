from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netgain.data import Dataset, load_dataset
from netgain.data.converting import checked_size
from netgain.errors import DataError


def test_a_named_dataset_in_another_size() -> None:
    digits, larger = load_dataset("digits"), load_dataset("digits", image_size=(28, 20))
    assert larger.image_shape == (28, 20, 1)
    assert larger.name == "digits (28x20)", "so that nobody takes it for digits"
    np.testing.assert_array_equal(larger.y_train, digits.y_train)
    expected = Image.fromarray(digits.x_test[5, :, :, 0]).resize((20, 28), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(larger.x_test[5, :, :, 0], np.asarray(expected))


def test_images_that_are_like_that_already_stay_the_same_object(small: Dataset) -> None:
    assert load_dataset(small) is small
    assert load_dataset(small, image_size=(4, 5), color_mode="rgb") is small
    assert load_dataset("digits", image_size=8) is load_dataset("digits")


def test_grey_and_colour(small: Dataset, tmp_path: Path) -> None:
    path = small.save(tmp_path / "small.npz")
    grey = load_dataset(path, color_mode="grayscale")
    assert (grey.name, grey.image_shape) == ("small (grayscale)", (4, 5, 1))
    luma = small.x_train @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(grey.x_train[..., 0], luma, atol=0.51)
    both = load_dataset(grey, image_size=3, color_mode="rgb")
    assert (both.name, both.image_shape) == ("small (grayscale) (3x3 rgb)", (3, 3, 3))
    assert np.ptp(both.x_test, axis=3).max() == 0


@pytest.mark.parametrize("color_mode", [None, "grayscale"])
def test_everything_else_is_kept(small: Dataset, color_mode: str | None) -> None:
    whole = Dataset(
        small.x_train, small.y_train, small.x_test, small.y_test, x_validation=small.x_test, y_validation=small.y_test,
        class_names=small.class_names, test_groups=range(6), digit_box=0.5,
    )  # fmt: skip
    changed = load_dataset(whole, image_size=9, color_mode=color_mode)  # pyright: ignore[reportArgumentType]
    assert changed.num_validation == 6
    assert changed.class_names == whole.class_names
    assert changed.test_groups is not None
    assert changed.digit_box == 0.5
    np.testing.assert_array_equal(changed.x_validation, changed.x_test)


def test_ones_own_images_are_not_called_like_a_named_dataset(tmp_path: Path, small: Dataset) -> None:
    path = Dataset(small.x_train, small.y_train, small.x_test, small.y_test, name="mnist").save(tmp_path / "mine.npz")
    assert load_dataset(path).name == "mnist (own)"
    assert load_dataset(path).digest == small.digest


@pytest.mark.parametrize(
    "image_size", [0, -3, 2.5, (3,), (3, 4, 5), "28", (0, 28), (28, 0), 10_001, (9, 10_001), (10_001, 9)]
)
def test_what_is_no_image_size(image_folder: Path, image_size: Any) -> None:
    for spec in (image_folder, "digits"):
        with pytest.raises(DataError, match=r"in whole pixels, 1 to 10,000: .* such as \(48, 64\), .* received"):
            load_dataset(spec, image_size=image_size)
        with pytest.raises(DataError, match="must be 'grayscale' or 'rgb', .* received 'grey'"):
            load_dataset(spec, color_mode="grey")  # pyright: ignore[reportArgumentType]


def test_the_smallest_and_the_largest_size() -> None:
    assert load_dataset("digits", image_size=1).image_shape == (1, 1, 1)
    assert (checked_size((1, 10_000)), checked_size((10_000, 1))) == ((1, 10_000), (10_000, 1))


def test_colour_stays_colour_in_another_size(small: Dataset) -> None:
    larger = load_dataset(small, image_size=(8, 10))
    expected = Image.fromarray(small.x_test[2]).resize((10, 8), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(larger.x_test[2], np.asarray(expected))
    assert larger.x_test.dtype == np.uint8


def test_dark_images_that_were_said_to_be_dark_stay_so() -> None:
    images = np.full((4, 6, 6), 9, np.uint8)
    dark = Dataset(images, [0, 1, 0, 1], images, [0, 1, 0, 1], value_range=(0, 255))
    assert np.unique(load_dataset(dark, image_size=3).x_train).tolist() == [9]
