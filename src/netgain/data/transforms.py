"""Test images made harder by a known amount: rotated, shifted, blurred, noisy. NumPy and SciPy only.

All take and give uint8 images `[n, H, W, C]`; what comes from outside an image is black.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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


def shifted(images: Images, pixels: float | np.ndarray) -> Images:
    """Every image moved by this many pixels, one number or `[n]`, each in its own random direction, always the same."""
    directions = np.random.default_rng(0).uniform(0, 2 * np.pi, len(images))
    moves = np.reshape(pixels, (-1, 1)) * np.stack([np.sin(directions), np.cos(directions)], axis=1)
    moved = [
        ndimage.shift(image.astype(np.float32), (*move, 0), order=1, mode="grid-constant")
        for image, move in zip(images, moves, strict=True)
    ]
    return as_uint8(np.stack(moved))


def blurred(images: Images, sigma: float) -> Images:
    """All images smoothed by a Gaussian with a standard deviation of `sigma` pixels."""
    return as_uint8(ndimage.gaussian_filter(images.astype(np.float32), (0, sigma, sigma, 0), mode="constant"))


def noisy(images: Images, sigma: float | np.ndarray) -> Images:
    """All images with normal noise of standard deviation `sigma` grey levels of 255, one number or `[n]`; always the
    same noise.
    """
    noise = np.random.default_rng(0).normal(0, np.reshape(sigma, (-1, 1, 1, 1)), images.shape)
    return as_uint8(images + noise)


class Transform(NamedTuple):
    """A way to make test images harder, and how hard.

    Attributes:
        change: images and a strength to images.
        strength: what the strength is, with its unit, for an axis.
        strengths: from which a curve is drawn; 0 leaves the images as they are.
    """

    change: Callable[[Images, float], Images]
    strength: str
    strengths: tuple[float, ...]


# Whoever changes one names the measurement of `examine/transformed.py` anew: stores keep what was measured.
TRANSFORMS: dict[str, Transform] = {
    "rotated": Transform(rotated, "angle, degrees (counter-clockwise)", tuple(range(-90, 91, 10))),
    "shifted": Transform(shifted, "shift, pixels (random direction)", (0, 1, 2, 3, 4, 6)),
    "blurred": Transform(blurred, "blur, σ in pixels", (0, 0.5, 1, 1.5, 2, 3)),
    "noisy": Transform(noisy, "noise, σ in grey levels of 255", (0, 20, 40, 60, 80, 120)),
}


def as_uint8(values: np.ndarray) -> Images:
    """Values rounded to whole grey levels, those outside 0 to 255 cut off."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
