"""Augmentation that leaves pixels in their rows and columns: flips, brightness, contrast, and a black square.

Shapes: B images of H W C. The simple version is in :mod:`netgain.tasks.classification.slow`.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from netgain.engine.randomness import stream
from netgain.experiment.augmentation import Augmentation


class Touches(NamedTuple):
    """What is done to each of B images; None for what is not declared."""

    upside_down: jax.Array | None  # [B] bool
    left_to_right: jax.Array | None  # [B] bool
    brightness: jax.Array | None  # [B], added, a fraction of full scale
    contrast: jax.Array | None  # [B] factor
    corner: jax.Array | None  # [B, 2] int32: the first row and column of the square, which may lie outside
    cut: jax.Array | None  # [B] bool: whether there is a square


def draw_touches(augmentation: Augmentation, key: jax.Array, num_images: int, size: tuple[int, int]) -> Touches:
    """Independent changes of B images of height and width `size`.

    key: uint32 `[2]`, of the step; what is drawn does not depend on which of the others are declared.
    """
    keys = jax.random.split(stream(key, "retouching"), 5)
    side = augmentation.cutout

    def between(number: int, low: float, high: float) -> jax.Array:
        return low + (high - low) * jax.random.uniform(keys[number], (num_images,))

    vertical, horizontal = (augmentation.flip in {way, "both"} for way in ("vertical", "horizontal"))
    both_ways = jax.random.uniform(keys[0], (2, num_images)) < 0.5
    brightness, contrast = augmentation.brightness, augmentation.contrast
    middle = jax.random.randint(keys[3], (num_images, 2), 0, jnp.array(size)) if side else None
    return Touches(
        upside_down=both_ways[0] if vertical else None,
        left_to_right=both_ways[1] if horizontal else None,
        brightness=between(1, -brightness, brightness) if brightness else None,
        contrast=between(2, *contrast) if contrast != (1.0, 1.0) else None,
        corner=None if middle is None else middle - side // 2,
        cut=jax.random.uniform(keys[4], (num_images,)) < augmentation.cutout_share if side else None,
    )


def flipped(images: jax.Array, touches: Touches) -> jax.Array:
    """The images `[B, H, W, C]`, those drawn mirrored."""
    if touches.upside_down is not None:
        images = jnp.where(_of_images(touches.upside_down), images[:, ::-1], images)
    if touches.left_to_right is not None:
        images = jnp.where(_of_images(touches.left_to_right), images[:, :, ::-1], images)
    return images


def retouched(images: jax.Array, touches: Touches, side: int, full_scale: float) -> jax.Array:
    """The images `[B, H, W, C]` brighter or darker, with more or less contrast, and with their squares black.

    Args:
        images: from 0 to `full_scale`, and so they stay.
        touches: of each image.
        side: of a square, pixels.
        full_scale: the value of white.
    """
    changed = images
    if touches.brightness is not None:
        changed = changed + full_scale * _of_images(touches.brightness)
    if touches.contrast is not None:
        mean = changed.mean((1, 2), keepdims=True)
        changed = mean + (changed - mean) * _of_images(touches.contrast)
    if changed is not images:
        changed = jnp.clip(changed, 0, full_scale)
    if touches.corner is None or touches.cut is None:
        return changed
    rows = _within(touches.corner[:, 0], side, images.shape[1])
    columns = _within(touches.corner[:, 1], side, images.shape[2])
    square = rows[:, :, None] & columns[:, None, :] & touches.cut[:, None, None]
    return jnp.where(square[..., None], 0, changed)


def _of_images(values: jax.Array) -> jax.Array:
    """A value for each image, `[B]`, beside images `[B, H, W, C]`."""
    return values[:, None, None, None]


def _within(first: jax.Array, side: int, length: int) -> jax.Array:
    """Which pixels of an axis lie in the square, bool `[B, length]`; first: `[B]`."""
    place = jnp.arange(length)[None, :] - first[:, None]
    return (place >= 0) & (place < side)
