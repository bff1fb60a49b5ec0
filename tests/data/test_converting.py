from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from netgain.data import Dataset, load_dataset


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
