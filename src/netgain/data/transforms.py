"""Images changed by a known amount: rotated, moved, scaled, blurred, noisy, of another contrast.

All take and give uint8 images `[n, H, W, C]`; what comes from outside an image is black.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

Images = np.ndarray


def rotated(images: Images, degrees: float) -> Images:
    """All images turned counter-clockwise around their middle.

    >>> upright = np.zeros((1, 3, 3, 1), np.uint8)
    >>> upright[0, 0, 1] = 255
    >>> rotated(upright, 90)[0, 1, 0]
    array([255], dtype=uint8)
    """
    if not degrees:
        return images
    return as_uint8(
        ndimage.rotate(images.astype(np.float32), degrees, axes=(1, 2), reshape=False, order=1, mode="grid-constant")
    )


def moved(images: Images, pixels: float | np.ndarray) -> Images:
    """Every image moved by this many pixels, one number or `[n]`, each in its own random direction, always the same."""
    directions = np.random.default_rng(0).uniform(0, 2 * np.pi, len(images))
    moves = np.reshape(pixels, (-1, 1)) * np.stack([np.sin(directions), np.cos(directions)], axis=1)
    images_moved = [
        ndimage.shift(image.astype(np.float32), (*move, 0), order=1, mode="grid-constant")
        for image, move in zip(images, moves, strict=True)
    ]
    return as_uint8(np.stack(images_moved))


def blurred(images: Images, sigma: float) -> Images:
    """All images smoothed by a Gaussian with a standard deviation of `sigma` pixels."""
    return as_uint8(ndimage.gaussian_filter(images.astype(np.float32), (0, sigma, sigma, 0), mode="constant"))


def noisy(images: Images, sigma: float | np.ndarray) -> Images:
    """All images with normal noise of standard deviation `sigma` grey levels of 255, one number or `[n]`; always the
    same noise.
    """
    noise = np.random.default_rng(0).normal(0, np.reshape(sigma, (-1, 1, 1, 1)), images.shape)
    return as_uint8(images + noise)


def scaled(images: Images, factor: float) -> Images:
    """All images enlarged around their middle by a factor; below 1 they shrink, and what is around them is black."""
    by_row, by_column = (_tents(length, factor) for length in images.shape[1:3])
    planes = np.moveaxis(images.astype(np.float32), 3, 1)
    return as_uint8(np.moveaxis(by_row @ planes @ by_column.T, 1, 3))


def contrasted(images: Images, factor: float) -> Images:
    """All pixels multiplied by a factor, and cut off at white."""
    return as_uint8(images * np.float32(factor))


def as_uint8(values: np.ndarray) -> Images:
    """Values rounded to whole grey levels, those outside 0 to 255 cut off."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _tents(length: int, factor: float) -> np.ndarray:
    """How much each old pixel of an axis gives to each new one, float32 `[new, old]`: linear between their middles."""
    middle, places = (length - 1) / 2, np.arange(length)
    came_from = middle + (places - middle) / factor
    return np.maximum(0, 1 - np.abs(came_from[:, np.newaxis] - places)).astype(np.float32)
