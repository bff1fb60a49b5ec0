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
    assert form == ImageForm(image_shape=dataset.image_shape, digit_box=dataset.digit_box)
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
    assert "mean grey value of 220, but the borders of the training images have 0 to 4" in doubt


def test_of_several_frames_the_first_is_read_and_that_is_said() -> None:
    digit = Image.fromarray(load_dataset("mnist").x_test[0, :, :, 0])
    frames = encoded(digit, "gif", save_all=True, append_images=[digit.rotate(20)])
    for form in (MNIST, ImageForm(image_shape=(14, 14, 1)), ImageForm(image_shape=(14, 14, 1), digit_box=0.7)):
        assert "only the first was read" in prepare_image(frames, form).doubts[-1]


def test_a_picture_of_one_colour() -> None:
    content = encoded(Image.new("RGB", (300, 200), (200, 180, 190)))
    assert "shows nothing" in prepare_image(content, ImageForm(image_shape=(28, 28, 1))).doubts[0]
    with pytest.raises(DataError, match="nothing on 'my.png' differs from its background"):
        prepare_image(content, MNIST, label="'my.png'")


def test_a_picture_of_200_megapixels_is_said_to_be_too_large() -> None:
    content = encoded(Image.new("1", (20_000, 10_000)))
    for form in (MNIST, ImageForm(image_shape=(28, 28, 1))):
        with pytest.raises(DataError, match="200 million pixels"):
            prepare_image(content, form)


def test_only_digits_are_turned() -> None:
    with pytest.raises(DataError, match="angle=5"):
        prepare_image(encoded(Image.new("L", (5, 5))), ImageForm(image_shape=(5, 5, 1)), angle=5)


def white_box(rows: tuple[int, int], columns: tuple[int, int] = (12, 16), border: int = 0) -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    image[slice(*rows), slice(*columns)] = 255
    image[[0, -1]] = image[:, [0, -1]] = border
    return image


@pytest.mark.parametrize(
    ("image", "is_kept"),
    [
        (white_box((4, 24)), True),
        (white_box((3, 23)), True),
        (white_box((4, 24), (13, 17)), True),
        (white_box((2, 22)), False),
        (white_box((4, 24), (14, 18)), False),
        (white_box((4, 24), (10, 14)), False),
        (white_box((4, 23)), True),
        (white_box((4, 25)), True),
        (white_box((5, 23)), False),
        (white_box((3, 25)), False),
        (white_box((12, 16), (4, 24)), True),
        (white_box((12, 16), (4, 26)), False),
    ],
)
def test_to_a_pixel_an_image_is_centred_already(image: np.ndarray, is_kept: bool) -> None:
    content = encoded(Image.fromarray(image))
    for channels in (1, 3):
        found = prepare_image(content, ImageForm(image_shape=(28, 28, channels), digit_box=20 / 28)).image
        assert found.shape == (28, 28, channels)
        assert all(np.array_equal(found[..., channel], image) == is_kept for channel in range(channels))
    assert not np.array_equal(prepare_image(content, MNIST, angle=90).image[..., 0], image)


@pytest.mark.parametrize(("border", "is_kept"), [(25, True), (26, False)])
def test_a_border_that_is_not_black(border: int, is_kept: bool) -> None:
    image = white_box((4, 24), border=border)
    form = ImageForm(image_shape=(28, 28, 1), digit_box=1.0)
    assert np.array_equal(prepare_image(encoded(Image.fromarray(image)), form).image[..., 0], image) == is_kept


def test_a_black_image_of_the_right_size() -> None:
    with pytest.raises(DataError, match="nothing on the picture differs from its background"):
        prepare_image(encoded(Image.new("L", (28, 28))), MNIST)


def test_the_outermost_percent_of_borders_is_left_out() -> None:
    images = np.stack([framed(border, 250) for border in range(101)])
    form = ImageForm.of(Dataset(images, np.arange(101) % 2, images, np.arange(101) % 2))
    assert form.border == (1, 99)


@pytest.mark.parametrize(("grey", "doubted"), [(35, True), (36, False), (174, False), (175, True)])
def test_where_a_border_begins_to_be_doubted(grey: int, doubted: bool) -> None:
    form = ImageForm(image_shape=(28, 28, 1), border=(100, 110))
    doubts = prepare_image(encoded(Image.fromarray(framed(grey, 255 - grey))), form).doubts
    said = f"its border has a mean grey value of {grey}, but the borders of the training images have 100 to 110"
    assert [doubt.startswith(said) for doubt in doubts] == [True] * doubted


def test_every_side_of_the_border_counts() -> None:
    for turns in range(4):
        image = np.full((28, 28), 100, np.uint8)
        image[0] = 20
        form = ImageForm.of(
            Dataset(*(np.rot90(image, turns)[np.newaxis].repeat(2, axis=0), [0, 1]) * 2, value_range=(0, 255))
        )
        assert form.border == pytest.approx((100 - 80 * 30 / 112,) * 2), (
            "one side, and a pixel of each of its neighbours"
        )


@pytest.mark.parametrize(("step", "doubted"), [(24, True), (25, False)])
def test_what_shows_nothing(step: int, doubted: bool) -> None:
    pixels = np.full((28, 28, 3), (200, 100, 50), np.uint8)
    pixels[14:, :, 1] += np.uint8(step)
    doubts = prepare_image(encoded(Image.fromarray(pixels)), ImageForm(image_shape=(28, 28, 3))).doubts
    assert [doubt.startswith("it shows nothing") for doubt in doubts] == [True] * doubted


@pytest.mark.parametrize("form", [MNIST, ImageForm(image_shape=(28, 28, 1))])
def test_an_error_calls_the_picture_what_it_is_called(form: ImageForm) -> None:
    with pytest.raises(DataError, match="^the picture cannot be read as an image"):
        prepare_image(b"no image", form)
    whole = encoded(Image.fromarray(np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)))
    with pytest.raises(DataError, match="^'my.png' cannot be read as an image"):
        prepare_image(whole[:300], form, label="'my.png'")
