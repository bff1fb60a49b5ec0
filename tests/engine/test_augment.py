"""Augmentation against SciPy, the distribution of what is drawn, and the larger training set."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import ndimage, stats

from netgain.data import load_dataset
from netgain.engine.augment import Warps, augmenter, draw_warps, expanded, sample, source_coordinates, step_keys
from netgain.engine.mixing import draw_mixture
from netgain.engine.retouching import draw_touches, retouched
from netgain.experiment.augmentation import Augmentation
from netgain.tasks.classification.slow import augment_slowly, sample_slowly

SIZE = (9, 12)


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (5, *SIZE, 2), dtype=np.uint8)


def warped(images: np.ndarray, **parameters: float | tuple[float, float]) -> np.ndarray:
    """The images, all with the same warp."""
    num = len(images)
    values = {"rotation": 0.0, "shift": (0.0, 0.0), "zoom": 1.0, "shear": 0.0, **parameters}
    arrays = {name: jnp.broadcast_to(jnp.asarray(value), (num, *np.shape(value))) for name, value in values.items()}
    return np.asarray(sample(jnp.asarray(images), source_coordinates(Warps(**arrays, elastic=None), images.shape[1:3])))


@pytest.mark.parametrize("degrees", [-90, -33, 0, 7.5, 180])
def test_rotation_is_that_of_scipy(images: np.ndarray, degrees: float) -> None:
    expected = ndimage.rotate(
        images.astype(np.float32), degrees, axes=(1, 2), reshape=False, order=1, mode="grid-constant"
    )
    np.testing.assert_allclose(warped(images, rotation=degrees), expected, atol=0.02)


def test_rotation_is_counter_clockwise() -> None:
    right = np.zeros((1, 9, 9, 1), np.uint8)
    right[0, 4, 7, 0] = 100
    assert warped(right, rotation=90.0)[0, 1, 4, 0] == pytest.approx(100, abs=0.01)


def test_shift_is_that_of_scipy(images: np.ndarray) -> None:
    expected = ndimage.shift(images.astype(np.float32), (0, 1.25, -2.5, 0), order=1, mode="grid-constant")
    np.testing.assert_allclose(warped(images, shift=(1.25, -2.5)), expected, atol=0.02)


def test_all_together_are_an_affine_transform_of_scipy(images: np.ndarray) -> None:
    """Shear, then rotate, then zoom, then shift, around the middle."""
    degrees, factor, slant, moved = 20.0, 1.2, 15.0, np.array([0.5, -1.5])
    angle, slope = np.deg2rad(degrees), np.tan(np.deg2rad(slant))
    rotate = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    forward = factor * rotate @ np.array([[1, 0], [slope, 1]])
    back, middle = np.linalg.inv(forward), (np.array(SIZE) - 1) / 2
    offset = (middle - back @ (middle + moved)).tolist()
    expected = [
        ndimage.affine_transform(
            plane,
            back,
            offset=offset,
            order=1,
            mode="grid-constant",
            output=np.float32,
        )
        for plane in images.transpose(0, 3, 1, 2).reshape(-1, *SIZE)
    ]
    got = warped(images, rotation=degrees, zoom=factor, shear=slant, shift=(0.5, -1.5))
    np.testing.assert_allclose(got.transpose(0, 3, 1, 2).reshape(-1, *SIZE), expected, atol=0.03)


def test_any_coordinates_as_scipy(images: np.ndarray) -> None:
    generator = np.random.default_rng(1)
    coordinates = generator.uniform(-3, 14, (len(images), 2, *SIZE)).astype(np.float32)
    got = np.asarray(sample(jnp.asarray(images), jnp.asarray(coordinates)))
    np.testing.assert_allclose(got, sample_slowly(images, coordinates), atol=0.02)


def test_what_is_drawn_is_uniform_within_the_ranges() -> None:
    augmentation = Augmentation(rotation=(5, 25), shift=2, zoom=(0.8, 1.1), shear=10)
    warps = draw_warps(augmentation, jnp.array([1, 2], jnp.uint32), 4000, SIZE)
    drawn = {
        (5, 25): warps.rotation,
        (-2, 2): warps.shift[:, 0],
        (-2.0, 2.0001): warps.shift[:, 1],
        (0.8, 1.1): warps.zoom,
        (-10, 10): warps.shear,
    }
    for (low, high), values in drawn.items():
        assert stats.kstest(np.asarray(values), stats.uniform(low, high - low).cdf).pvalue > 1e-3
    assert np.abs(np.corrcoef([np.asarray(values) for values in drawn.values()]) - np.eye(5)).max() < 0.08
    assert warps.elastic is None


def test_elastic_displacements_are_smooth_and_as_large_as_declared() -> None:
    elastic = draw_warps(Augmentation(elastic=1.5), jnp.array([3, 4], jnp.uint32), 2000, (28, 28)).elastic
    assert elastic is not None
    field = np.asarray(elastic)
    np.testing.assert_allclose(field.std(axis=0), 1.5, rtol=0.12)
    np.testing.assert_allclose(field.mean(axis=0), 0, atol=0.2)
    assert np.abs(np.diff(field, axis=3)).mean() < 0.3
    far = (
        np.corrcoef(field[:, 0, 2, 2], field[:, 0, 25, 25])[0, 1],
        np.corrcoef(field[:, 0, 9, 9], field[:, 1, 9, 9])[0, 1],
    )
    assert np.abs(far).max() < 0.1


def test_each_key_draws_for_itself_and_always_the_same(images: np.ndarray) -> None:
    augment = augmenter(Augmentation(rotation=30, elastic=1), 255)
    keys = step_keys(Augmentation(rotation=30), np.random.default_rng(0), 2)
    assert augment is not None
    assert keys is not None
    first, again, other = (np.asarray(augment(jnp.asarray(keys[k]), jnp.asarray(images), ())[0]) for k in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)
    twice = np.asarray(augment(jnp.asarray(keys[0]), jnp.asarray(images[[0, 0]]), ())[0])
    assert not np.allclose(twice[0], twice[1])


def test_nothing_is_drawn_where_nothing_is_declared() -> None:
    generator = np.random.default_rng(0)
    for augmentation in (None, Augmentation(copies=((5, 25),))):
        assert augmenter(augmentation, 255) is None
        assert step_keys(augmentation, generator, 3) is None
    assert generator.random() == np.random.default_rng(0).random()


ALL = Augmentation(
    rotation=20, shift=1, flip="both", brightness=0.3, contrast=(0.5, 1.6), cutout=4, cutout_share=0.7, mixup=0.4
)
CHANGES = {
    "warp": Augmentation(rotation=20, shift=1, elastic=1),
    "left to right": Augmentation(flip="horizontal"),
    "upside down": Augmentation(flip="vertical"),
    "both ways": Augmentation(flip="both"),
    "brightness": Augmentation(brightness=0.4),
    "contrast": Augmentation(contrast=(0.2, 2)),
    "cutout": Augmentation(cutout=5),
    "even cutout of some": Augmentation(cutout=4, cutout_share=0.5),
    "mixup": Augmentation(mixup=0.3),
    "all": ALL,
}


@pytest.mark.parametrize("full_scale", [255.0, 1.0])
@pytest.mark.parametrize("name", CHANGES)
def test_a_step_is_that_of_numpy_image_by_image(name: str, full_scale: float) -> None:
    generator = np.random.default_rng(3)
    images = generator.integers(0, 256, (40, *SIZE, 2), dtype=np.uint8)
    labels = generator.integers(0, 3, 40, dtype=np.int32)
    augment = augmenter(CHANGES[name], full_scale, num_classes=3)
    assert augment is not None
    key = np.array([5, 6], np.uint32)
    scaled = jnp.asarray(images, jnp.float32) * (full_scale / 255)
    got, targets = augment(jnp.asarray(key), scaled, jnp.asarray(labels))
    one_hot = np.eye(3, dtype=np.float32)[labels]
    expected, of_expected = augment_slowly(images, one_hot, CHANGES[name], key)
    np.testing.assert_allclose(np.asarray(got) * (255 / full_scale), expected, atol=0.05)
    if CHANGES[name].mixup:
        np.testing.assert_allclose(targets, of_expected, atol=1e-6)
    else:
        np.testing.assert_array_equal(targets, labels)
    assert not np.allclose(expected, images, atol=1)


def test_a_flip_comes_with_chance_one_half_for_each_direction() -> None:
    touches = draw_touches(Augmentation(flip="both"), jnp.array([1, 2], jnp.uint32), 4000, SIZE)
    coins = np.stack([np.asarray(touches.upside_down), np.asarray(touches.left_to_right)])
    np.testing.assert_allclose(coins.mean(axis=1), 0.5, atol=0.03)
    assert abs(np.corrcoef(coins)[0, 1]) < 0.06


def test_brightness_and_contrast_are_uniform_within_their_ranges() -> None:
    augmentation = Augmentation(brightness=0.3, contrast=(0.5, 1.2))
    touches = draw_touches(augmentation, jnp.array([1, 2], jnp.uint32), 4000, SIZE)
    for values, low, high in ((touches.brightness, -0.3, 0.3), (touches.contrast, 0.5, 1.2)):
        assert stats.kstest(np.asarray(values), stats.uniform(low, high - low).cdf).pvalue > 1e-3


@pytest.mark.parametrize("side", [1, 4, 5])
def test_the_middle_of_a_square_is_any_pixel_with_the_same_chance(side: int) -> None:
    touches = draw_touches(Augmentation(cutout=side, cutout_share=0.25), jnp.array([1, 2], jnp.uint32), 20_000, SIZE)
    middles = np.asarray(touches.corner) + side // 2
    counts = np.histogram2d(*middles.T, bins=[np.arange(size + 1) - 0.5 for size in SIZE])[0]
    assert counts.sum() == 20_000
    assert stats.chisquare(counts.ravel()).pvalue > 1e-3
    assert np.asarray(touches.cut).mean() == pytest.approx(0.25, abs=0.015)


def test_a_square_may_stick_out() -> None:
    images = jnp.full((1, *SIZE, 1), 9.0)
    nothing = draw_touches(Augmentation(cutout=4), jnp.array([1, 2], jnp.uint32), 1, SIZE)
    for corner, black in (((2, 3), 16), ((-2, -1), 6), ((8, 10), 2)):
        cut = retouched(images, nothing._replace(corner=jnp.array([corner])), 4, 255)
        assert (np.asarray(cut) == 0).sum() == black


@pytest.mark.parametrize("alpha", [0.2, 0.5, 1, 8, 300])
def test_shares_of_a_mixture_are_of_the_beta_distribution(alpha: float) -> None:
    mixture = draw_mixture(alpha, jnp.array([1, 2], jnp.uint32), 5000)
    assert stats.kstest(np.asarray(mixture.share), stats.beta(alpha, alpha).cdf).pvalue > 1e-3
    np.testing.assert_array_equal(np.sort(mixture.partner), np.arange(5000))
    assert abs(np.corrcoef(mixture.partner, np.arange(5000))[0, 1]) < 0.06
    assert abs(np.corrcoef(mixture.partner, mixture.share)[0, 1]) < 0.06


@pytest.mark.parametrize("alpha", [1e-3, 0.05, 1e6])
def test_shares_are_numbers_for_extreme_distributions(alpha: float) -> None:
    share = np.asarray(draw_mixture(alpha, jnp.array([1, 2], jnp.uint32), 5000).share)
    assert ((share >= 0) & (share <= 1)).all()
    assert share.mean() == pytest.approx(0.5, abs=0.03)
    np.testing.assert_allclose(share.std(), 0.5 / np.sqrt(2 * alpha + 1), rtol=0.05)


def test_what_is_drawn_beside_it_leaves_a_warp_alone(images: np.ndarray) -> None:
    """Fields that were added later leave older recipes' images as they were."""
    key, pixels = jnp.array([7, 8], jnp.uint32), jnp.asarray(images, jnp.float32)
    warps = draw_warps(Augmentation(rotation=30, elastic=1), key, len(images), SIZE)
    expected = np.asarray(sample(pixels, source_coordinates(warps, SIZE)))
    alone, also = (
        augmenter(Augmentation(rotation=30, elastic=1, cutout=side, cutout_share=share), 255)
        for side, share in ((0, 1.0), (3, 1e-9))
    )
    assert alone is not None
    assert also is not None
    for augment in (alone, also):
        np.testing.assert_array_equal(augment(key, pixels, ())[0], expected)


def test_copies_triple_the_set_and_labels_follow() -> None:
    dataset = load_dataset("digits")
    plain, labels = dataset.x_train[:1100], dataset.y_train[:1100]
    augmentation = Augmentation(copies=((5, 25), (-25, -5)))
    images, of_images = expanded(plain, labels, augmentation, np.random.default_rng(5))
    assert images.shape == (3300, 8, 8, 1)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images[:1100], plain)
    np.testing.assert_array_equal(of_images.reshape(3, -1), np.broadcast_to(labels, (3, 1100)))
    angles = np.random.default_rng(5)
    for part, (low, high) in zip((images[1100:2200], images[2200:]), augmentation.copies, strict=True):
        degrees = angles.uniform(low, high, 1100)
        for number in (0, 1, 999, 1000, 1099):
            turned = ndimage.rotate(
                plain[number, :, :, 0].astype(np.float32),
                degrees[number],
                axes=(0, 1),
                reshape=False,
                order=1,
                mode="grid-constant",
            )
            np.testing.assert_allclose(part[number, :, :, 0], turned, atol=0.55)


def test_without_copies_the_set_stays() -> None:
    images, labels = np.zeros((2, 4, 4, 1), np.uint8), np.array([0, 1])
    for augmentation in (None, Augmentation(rotation=3)):
        same, of_same = expanded(images, labels, augmentation, np.random.default_rng(0))
        assert same is images
        assert of_same is labels


def test_keys_are_any_numbers_of_32_bits() -> None:
    keys = step_keys(Augmentation(rotation=30), np.random.default_rng(0), 2000)
    assert keys is not None
    assert keys.shape == (2000, 2)
    assert stats.kstest(keys.ravel() / 2**32, "uniform").pvalue > 1e-3


def test_another_generator_of_jax_draws_nothing_else() -> None:
    key = jnp.array([1, 2], jnp.uint32)
    drawn = draw_warps(Augmentation(rotation=30), key, 4, SIZE).rotation
    with jax.default_prng_impl("rbg"):
        np.testing.assert_array_equal(draw_warps(Augmentation(rotation=30), key, 4, SIZE).rotation, drawn)
