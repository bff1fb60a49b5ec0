import numpy as np
import pytest

from netgain.data.transforms import TRANSFORMS, blurred, noisy, rotated, shifted


@pytest.fixture
def point() -> np.ndarray:
    images = np.zeros((40, 21, 21, 1), np.uint8)
    images[:, 10, 14] = 255
    return images


@pytest.mark.parametrize("name", TRANSFORMS)
def test_each_transform_keeps_form_and_kind_and_does_nothing_at_zero(name: str, point: np.ndarray) -> None:
    transform = TRANSFORMS[name]
    assert 0 in transform.strengths
    np.testing.assert_array_equal(transform.change(point, 0), point)
    changed = transform.change(point, transform.strengths[-1])
    assert (changed.shape, changed.dtype) == (point.shape, point.dtype)
    assert not np.array_equal(changed, point)
    np.testing.assert_array_equal(changed, transform.change(point, transform.strengths[-1]))


def test_rotation_turns_counter_clockwise(point: np.ndarray) -> None:
    assert (rotated(point, 90)[:, 6, 10] == 255).all()
    assert (rotated(point, -90)[:, 14, 10] == 255).all()


def test_shift_moves_every_image_as_far_in_its_own_direction(point: np.ndarray) -> None:
    moved = shifted(point, 4)[..., 0].astype(float)
    weight = moved.sum(axis=(1, 2))
    rows, columns = np.mgrid[:21, :21]
    down, right = (moved * rows).sum(axis=(1, 2)) / weight - 10, (moved * columns).sum(axis=(1, 2)) / weight - 14
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
