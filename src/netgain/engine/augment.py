"""Augmentation of training images in JAX: random parameters, where each pixel comes from, and the pixels.

Shapes: B images of H W C; coordinates are rows and columns, counted from the middle of the first pixel. A step of
training draws and samples within its own compiled code. The simple version is `scipy.ndimage.map_coordinates`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.ndimage import map_coordinates

from netgain.engine.mixing import draw_mixture, mixed, mixed_targets
from netgain.engine.retouching import draw_touches, flipped, retouched
from netgain.experiment.augmentation import Augmentation

Augmenter = Callable[[jax.Array, jax.Array, Any], tuple[jax.Array, Any]]
"""Key (uint32 `[2]`), images `[B, H, W, C]` and their targets -> changed images, float32 `[B, H, W, C]`, on the same
scale, and targets: those given, or float32 `[B, K]` where images are mixed."""

ELASTIC_SMOOTHNESS = 4.0
"""Pixels over which an elastic displacement keeps its direction: the σ of Simard, Steinkraus & Platt (2003),
"Best practices for convolutional neural networks", section 2."""

COPIED_AT_ONCE = 1000
"""Images rotated by one compiled call when the larger training set is made."""


class Warps(NamedTuple):
    """What is done to each of B images."""

    rotation: jax.Array  # [B] degrees, counter-clockwise
    shift: jax.Array  # [B, 2] pixels down and right
    zoom: jax.Array  # [B] factor
    shear: jax.Array  # [B] degrees; the top goes to the left
    elastic: jax.Array | None  # [B, 2, H, W] pixels down and right; None for none


def is_random(augmentation: Augmentation | None) -> bool:
    """Whether each step draws something, and so needs a key.

    >>> is_random(Augmentation(flip="horizontal")), is_random(Augmentation(copies=(5,))), is_random(None)
    (True, False, False)
    """
    return augmentation is not None and augmentation.on_the_fly


def augmenter(augmentation: Augmentation | None, full_scale: float, num_classes: int = 0) -> Augmenter | None:
    """What changes the images of a step; None if nothing is drawn on the fly.

    Args:
        augmentation: what is drawn.
        full_scale: the value of a white pixel in the images given, such as 255.
        num_classes: K, where images are mixed; their targets are then labels int32 `[B]`.
    """
    if augmentation is None or not is_random(augmentation):
        return None

    def augment(key: jax.Array, images: jax.Array, targets: Any) -> tuple[jax.Array, Any]:
        size = images.shape[1], images.shape[2]
        touches = draw_touches(augmentation, key, len(images), size)
        images = flipped(images, touches)
        if augmentation.warps:
            images = sample(images, source_coordinates(draw_warps(augmentation, key, len(images), size), size))
        images = retouched(images, touches, augmentation.cutout, full_scale)
        if not augmentation.mixup:
            return images, targets
        mixture = draw_mixture(augmentation.mixup, key, len(images))
        return mixed(images, mixture), mixed_targets(targets, mixture, num_classes)

    return augment


def step_keys(augmentation: Augmentation | None, generator: np.random.Generator, num_steps: int) -> np.ndarray | None:
    """The keys of an epoch's steps, uint32 `[num_steps, 2]`; None, and no draw, if nothing is drawn on the fly."""
    if not is_random(augmentation):
        return None
    return generator.integers(2**32, size=(num_steps, 2), dtype=np.uint32)


def draw_warps(augmentation: Augmentation, key: jax.Array, num_images: int, size: tuple[int, int]) -> Warps:
    """Independent warps of B images of height and width `size`, uniform within the declared ranges."""
    uniform_key, elastic_key = jax.random.split(jax.random.wrap_key_data(key, impl="threefry2x32"))
    drawn = jax.random.uniform(uniform_key, (5, num_images))

    def between(row: int, low: float, high: float) -> jax.Array:
        return low + (high - low) * drawn[row]

    shift, shear = augmentation.shift, augmentation.shear
    return Warps(
        rotation=between(0, *augmentation.rotation),
        shift=jnp.stack([between(1, -shift, shift), between(2, -shift, shift)], axis=1),
        zoom=between(3, *augmentation.zoom),
        shear=between(4, -shear, shear),
        elastic=_displacements(elastic_key, num_images, size, augmentation.elastic) if augmentation.elastic else None,
    )


def source_coordinates(warps: Warps, size: tuple[int, int]) -> jax.Array:
    """Where the pixels of the changed images come from: rows and columns, float32 `[B, 2, H, W]`.

    An image is sheared, rotated, zoomed and shifted, in this order, around its middle; this is the way back.
    """
    height, width = size
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    angle, slope = jnp.deg2rad(warps.rotation), jnp.tan(jnp.deg2rad(warps.shear))
    cosine, sine = jnp.cos(angle) / warps.zoom, jnp.sin(angle) / warps.zoom
    # Rows count downwards: counter-clockwise by θ, (row, column) goes to (r cos θ - c sin θ, r sin θ + c cos θ).
    row_of_row, row_of_column = cosine, sine
    column_of_row, column_of_column = -sine - slope * cosine, cosine - slope * sine
    row = jnp.arange(height)[None, :, None] - middle_row - warps.shift[:, 0, None, None]
    column = jnp.arange(width)[None, None, :] - middle_column - warps.shift[:, 1, None, None]

    def along(by_row: jax.Array, by_column: jax.Array, middle: float) -> jax.Array:
        return by_row[:, None, None] * row + by_column[:, None, None] * column + middle

    rows = along(row_of_row, row_of_column, middle_row)
    columns = along(column_of_row, column_of_column, middle_column)
    coordinates = jnp.stack([rows, columns], axis=1)
    return coordinates if warps.elastic is None else coordinates - warps.elastic


def sample(images: jax.Array, coordinates: jax.Array) -> jax.Array:
    """The images at these coordinates, linear between the pixels and black outside: float32 `[B, H, W, C]`.

    Args:
        images: `[B, H, W, C]`.
        coordinates: rows and columns `[B, 2, H, W]`.
    """

    def plane(pixels: jax.Array, places: jax.Array) -> jax.Array:
        return map_coordinates(pixels, [places[0], places[1]], order=1, mode="constant")

    of_channels = jax.vmap(plane, in_axes=(2, None), out_axes=2)
    return jax.vmap(of_channels)(images.astype(jnp.float32), coordinates)


def expanded(
    images: np.ndarray, labels: np.ndarray, augmentation: Augmentation | None, generator: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The training set with its rotated copies after the images themselves, range by range; labels in the same order.

    Args:
        images: uint8 `[N, H, W, C]`.
        labels: int `[N]`.
        augmentation: without `copies`, the set stays as it is.
        generator: draws an angle for every copy.
    """
    if augmentation is None or not augmentation.copies:
        return images, labels
    angles = [generator.uniform(low, high, len(images)) for low, high in augmentation.copies]
    copies = [_rotated(images, each.astype(np.float32)) for each in angles]
    return np.concatenate([images, *copies]), np.tile(labels, augmentation.num_copies)


def _rotated(images: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """The images, each rotated by its own angle `[N]` and rounded to uint8."""
    size = images.shape[1:3]

    @jax.jit
    def rotate(part: jax.Array, angles: jax.Array) -> jax.Array:
        still = jnp.zeros_like(angles)
        warps = Warps(angles, jnp.zeros((len(angles), 2)), still + 1, still, None)
        return jnp.round(sample(part, source_coordinates(warps, size))).astype(jnp.uint8)

    starts = range(0, len(images), COPIED_AT_ONCE)
    parts = (slice(start, start + COPIED_AT_ONCE) for start in starts)
    return np.concatenate([np.asarray(rotate(jnp.asarray(images[part]), degrees[part])) for part in parts])


def _displacements(key: jax.Array, num_images: int, size: tuple[int, int], pixels: float) -> jax.Array:
    """Smooth random displacements `[B, 2, H, W]` with standard deviation `pixels` at every pixel.

    Uniform numbers on a coarse grid of knots, spread by a Gaussian: a few numbers an image, where smoothing white
    noise would take two for every pixel.
    """
    weights = np.kron(*(_spread(length) for length in size)).T  # [knots, H * W]
    largest = pixels * math.sqrt(3)  # a uniform number from -a to a has the standard deviation a/√3
    knots = jax.random.uniform(key, (num_images * 2, len(weights)), minval=-largest, maxval=largest)
    return (knots @ weights).reshape(num_images, 2, *size)


def _spread(length: int) -> np.ndarray:
    """The weights of the knots at each pixel of an axis, float32 `[length, knots]`; each row has the norm 1."""
    spacing = 1.5 * ELASTIC_SMOOTHNESS
    num_knots = math.ceil(length / spacing) + 3  # more than one beyond either end
    knots = spacing * (np.arange(num_knots) - (num_knots - 1) / 2) + (length - 1) / 2
    weights = np.exp(-0.5 * np.square((np.arange(length)[:, None] - knots) / ELASTIC_SMOOTHNESS))
    return (weights / np.linalg.norm(weights, axis=1, keepdims=True)).astype(np.float32)
