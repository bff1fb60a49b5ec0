import io

import numpy as np
import pytest
from PIL import Image
from tests.photos import photo

from netgain.data import Dataset, ImageForm, load_dataset, prepare_image, read_image
from netgain.errors import DataError

MNIST = ImageForm(image_shape=(28, 28, 1), digit_box=20 / 28)


def encoded(image: Image.Image, kind: str = "png", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two images, the one moved by a pixel where that makes it larger."""
    moves = [np.roll(one, (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(float(np.corrcoef(moved.ravel(), other.ravel())[0, 1]) for moved in moves)


@pytest.mark.parametrize("name", ["mnist", "digits"])
def test_an_image_of_the_dataset_is_left_as_it_is(name: str) -> None:
    dataset = load_dataset(name)
    form = ImageForm.of(dataset)
    prepared = [prepare_image(encoded(Image.fromarray(image[..., 0])), form) for image in dataset.x_test[:100]]
    same = [np.array_equal(found.image, image) for found, image in zip(prepared, dataset.x_test, strict=False)]
    assert np.mean(same) >= (1.0 if name == "mnist" else 0.9)
    assert not any(found.doubts for found, is_same in zip(prepared, same, strict=True) if is_same)


def test_an_image_of_that_size_that_is_not_centred_is_prepared() -> None:
    image = load_dataset("mnist").x_test[0, :, :, 0]
    small = np.pad(np.asarray(Image.fromarray(image[4:24, 4:24]).resize((10, 10))), 9)
    for other, least in ((255 - image, 0.95), (np.roll(image, -4, axis=0), 0.95), (small, 0.75)):
        prepared = prepare_image(encoded(Image.fromarray(other)), MNIST).image
        assert likeness(prepared[..., 0], image) > least


@pytest.mark.parametrize("falloff", [0, 20, 40, 60, 90, 110, 130])
def test_a_photo_becomes_the_image_that_was_photographed(falloff: int) -> None:
    random = np.random.default_rng(falloff)
    for image in load_dataset("mnist").x_test[:10, :, :, 0]:
        prepared = prepare_image(photo(image, random, falloff), MNIST)
        assert likeness(prepared.image[..., 0], image) > 0.85
        assert prepared.doubts == ()


def test_for_other_sizes_and_colours_the_centred_digit_is_resized() -> None:
    content = photo(load_dataset("mnist").x_test[0, :, :, 0], np.random.default_rng(0))
    centred = prepare_image(content, MNIST).image[..., 0]
    found = prepare_image(content, ImageForm(image_shape=(14, 16, 3), digit_box=20 / 28)).image
    expected = np.asarray(Image.fromarray(centred).resize((16, 14)))
    assert found.shape == (14, 16, 3)
    assert all(np.array_equal(found[..., channel], expected) for channel in range(3))


def test_a_box_of_one_fills_the_image() -> None:
    content = photo(load_dataset("mnist").x_test[0, :, :, 0], np.random.default_rng(0))
    found = prepare_image(content, ImageForm(image_shape=(8, 8, 1), digit_box=1.0)).image
    assert found[0].any()
    assert found[-1].any()


def test_other_images_are_converted_and_stretched_as_the_training_images_were() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (90, 120, 3), np.uint8)
    content = encoded(Image.fromarray(pixels))
    for shape in ((32, 24, 3), (32, 24, 1), (90, 120, 3)):
        prepared = prepare_image(content, ImageForm(image_shape=shape))
        assert np.array_equal(prepared.image, read_image(content, shape))
        assert prepared.doubts == ()


def framed(border: int, middle: int) -> np.ndarray:
    return np.pad(np.full((20, 20), middle, np.uint8), 4, constant_values=border)


def test_a_border_unlike_that_of_the_training_images_is_said() -> None:
    images = np.stack([framed(number % 5, 200 + number) for number in range(20)])
    form = ImageForm.of(Dataset(images, [0, 1] * 10, images, [0, 1] * 10))
    assert form.digit_box is None
    assert form.border == (0, 4)
    assert prepare_image(encoded(Image.fromarray(framed(30, 180))), form).doubts == ()
    (doubt,) = prepare_image(encoded(Image.fromarray(framed(220, 50))), form).doubts
    assert "mean grey value of 220, those of the training images have 0 to 4" in doubt


def test_of_several_frames_the_first_is_read_and_that_is_said() -> None:
    digit = Image.fromarray(load_dataset("mnist").x_test[0, :, :, 0])
    frames = encoded(digit, "gif", save_all=True, append_images=[digit.rotate(20)])
    for form in (MNIST, ImageForm(image_shape=(14, 14, 1)), ImageForm(image_shape=(14, 14, 1), digit_box=0.7)):
        assert "only the first was read" in prepare_image(frames, form).doubts[-1]


def test_a_picture_of_one_colour() -> None:
    content = encoded(Image.new("RGB", (300, 200), (200, 180, 190)))
    assert "shows nothing" in prepare_image(content, ImageForm(image_shape=(28, 28, 1))).doubts[0]
    with pytest.raises(DataError, match="nothing on 'my.png' that stands out"):
        prepare_image(content, MNIST, label="'my.png'")


def test_a_picture_of_200_megapixels_is_said_to_be_too_large() -> None:
    content = encoded(Image.new("1", (20_000, 10_000)))
    for form in (MNIST, ImageForm(image_shape=(28, 28, 1))):
        with pytest.raises(DataError, match="200 million pixels"):
            prepare_image(content, form)


def test_only_digits_are_turned() -> None:
    with pytest.raises(DataError, match="angle=5"):
        prepare_image(encoded(Image.new("L", (5, 5))), ImageForm(image_shape=(5, 5, 1)), angle=5)
