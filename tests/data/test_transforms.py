import numpy as np
import pytest

from netgain.data.transforms import blurred, contrasted, moved, noisy, rotated, scaled


@pytest.fixture
def point() -> np.ndarray:
    images = np.zeros((40, 21, 21, 1), np.uint8)
    images[:, 10, 14] = 255
    return images


def test_rotation_turns_counter_clockwise(point: np.ndarray) -> None:
    assert (rotated(point, 90)[:, 6, 10] == 255).all()
    assert (rotated(point, -90)[:, 14, 10] == 255).all()


def test_shift_moves_every_image_as_far_in_its_own_direction(point: np.ndarray) -> None:
    places = moved(point, 4)[..., 0].astype(float)
    weight = places.sum(axis=(1, 2))
    rows, columns = np.mgrid[:21, :21]
    down, right = (places * rows).sum(axis=(1, 2)) / weight - 10, (places * columns).sum(axis=(1, 2)) / weight - 14
    np.testing.assert_allclose(np.hypot(down, right), 4, atol=0.05)
    assert np.std(down) > 1
    assert np.std(right) > 1


def test_blur_and_noise_have_the_strength_declared() -> None:
    flat = np.full((50, 15, 15, 1), 128, np.uint8)
    assert np.std(noisy(flat, 20).astype(float)) == pytest.approx(20, rel=0.05)
    edge = np.zeros((1, 1, 41, 1), np.uint8)
    edge[..., 20, 0] = 255
    profile = blurred(np.tile(edge, (1, 41, 1, 1)), 2)[0, 20, :, 0].astype(float)
    assert np.sqrt((profile * (np.arange(41) - 20) ** 2).sum() / profile.sum()) == pytest.approx(2, rel=0.1)


def between_pixels(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """An image `[H, W]` at any coordinates, linear between its pixels and black outside: a sum of tents."""
    height, width = image.shape
    by_row = np.maximum(0, 1 - np.abs(rows[..., None] - np.arange(height)))
    by_column = np.maximum(0, 1 - np.abs(columns[..., None] - np.arange(width)))
    return np.einsum("rci,rcj,ij->rc", by_row, by_column, image)


@pytest.fixture
def random_images() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (2, 12, 9, 1), np.uint8)


@pytest.mark.parametrize("degrees", [30, -75])
def test_a_rotation_is_linear_between_pixels_and_black_outside(random_images: np.ndarray, degrees: float) -> None:
    down, right = np.indices((12, 9)) - np.array([5.5, 4]).reshape(2, 1, 1)
    cosine, sine = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    rows, columns = cosine * down + sine * right + 5.5, cosine * right - sine * down + 4
    for image, changed in zip(random_images[..., 0], rotated(random_images, degrees)[..., 0], strict=True):
        np.testing.assert_allclose(changed, between_pixels(image, rows, columns), atol=0.51)


def test_a_shift_is_linear_between_pixels_and_always_in_the_same_direction(random_images: np.ndarray) -> None:
    """The first two numbers from 0 to 1 of NumPy's generator with seed 0 say how much of a full turn."""
    rows, columns = np.indices((12, 9)).astype(float)
    for number, turn in enumerate((0.63696169, 0.26978671)):
        down, right = 2.6 * np.sin(2 * np.pi * turn), 2.6 * np.cos(2 * np.pi * turn)
        expected = between_pixels(random_images[number, :, :, 0], rows - down, columns - right)
        np.testing.assert_allclose(moved(random_images, 2.6)[number, :, :, 0], expected, atol=0.51)


def test_noise_is_always_the_same() -> None:
    """NumPy's documentation has the first normal numbers of seed 0: 0.12573022, -0.13210486, 0.64042265."""
    assert noisy(np.full((1, 1, 3, 1), 100, np.uint8), 20).ravel().tolist() == [103, 97, 113]


def test_noise_stays_between_black_and_white() -> None:
    white = np.full((1, 100, 100, 1), 255, np.uint8)
    assert noisy(white, 20).min() > 255 - 6 * 20
    assert noisy(white - 255, 20).max() < 6 * 20


def test_outside_of_a_blurred_image_is_black() -> None:
    """At the edge of white half of the Gaussian and half of its middle weight, 0.1995 for σ = 2, lie inside."""
    edge = blurred(np.full((1, 41, 41, 1), 255, np.uint8), 2)[0, 20, :, 0]
    assert edge[0] == pytest.approx(255 * (0.5 + 0.1995 / 2), abs=1)
    assert edge[20] == 255


@pytest.mark.parametrize("factor", [0.5, 0.93, 1, 1.7])
def test_a_scale_is_linear_between_pixels_and_black_outside(random_images: np.ndarray, factor: float) -> None:
    rows, columns = (np.indices((12, 9)) - np.array([5.5, 4]).reshape(2, 1, 1)) / factor
    for image, changed in zip(random_images[..., 0], scaled(random_images, factor)[..., 0], strict=True):
        np.testing.assert_allclose(changed, between_pixels(image, rows + 5.5, columns + 4), atol=0.51)


def test_a_colour_image_is_scaled_channel_by_channel(random_images: np.ndarray) -> None:
    colour = np.concatenate([random_images, random_images[::-1], random_images], axis=3)
    np.testing.assert_array_equal(scaled(colour, 1.3)[..., 1], scaled(random_images[::-1], 1.3)[..., 0])


def test_contrast_is_a_factor_cut_off_at_white() -> None:
    assert contrasted(np.array([0, 100, 200], np.uint8).reshape(1, 1, 3, 1), 1.5).ravel().tolist() == [0, 150, 255]
