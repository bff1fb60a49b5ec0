"""What every network that makes images offers, and every critic that tells them from real ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from netgain.errors import RecipeError
from netgain.networks.network import Family, ImageShape

if TYPE_CHECKING:
    import keras

Latent = Annotated[int, Field(gt=0, le=10_000)]


class GeneratorNetwork(Family, ABC):
    """A family of networks that make images of random numbers.

    The model takes z, float32 `[B, latent]` from the standard normal distribution, and gives pixels 0..255, float32
    `[B, H, W, C]`. With classes it takes a list of z and labels int32 `[B]`.

    Attributes:
        latent: how many random numbers make an image.
    """

    latent: Latent

    @abstractmethod
    def build_generator(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """A new Keras model with fresh weights from Keras' global seed; `num_classes` is 0 for one without labels."""

    @abstractmethod
    def check_generator(self, image_shape: ImageShape) -> None:
        """Refuse images of a shape `(H, W, C)` that this network cannot make.

        Raises:
            RecipeError: with the shape, and what fits.
        """


class CriticNetwork(Family, ABC):
    """A family of networks that tell real images from generated ones.

    The model takes pixels 0..255, float32 `[B, H, W, C]`, and gives a logit per image, float32 `[B, 1]`: large for
    real images. With classes it takes a list of pixels and labels int32 `[B]`. What it answers to an image does not
    depend on the others of its batch, as a penalty on the gradient of each image needs.
    """

    @abstractmethod
    def build_critic(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        """A new Keras model with fresh weights from Keras' global seed; `num_classes` is 0 for one without labels."""

    @abstractmethod
    def check_critic(self, image_shape: ImageShape) -> None:
        """Refuse images of a shape `(H, W, C)` that this network cannot judge.

        Raises:
            RecipeError: with the shape, and what fits.
        """


def check_divisible(image_shape: ImageShape, filters: tuple[int, ...], change: str) -> None:
    """Refuse images that are not square, or whose side cannot be halved once for each of the filters.

    Raises:
        RecipeError: for the filters, with the shape, and what fits.
    """
    height, width, _ = image_shape
    factor = 2 ** len(filters)
    if height == width and height % factor == 0:
        return
    needed = f"{len(filters)} {change} need square images whose side {factor} divides"
    side = max(1, round(min(height, width) / factor)) * factor
    message = f"{needed}; received images of {height}×{width} pixels; use --image-size {side} (image_size={side})"
    if height == width and height % 2 == 0:
        message += f", or {_most_halvings(height)} of the filters"
    raise RecipeError("network", [("filters", message)])


def _most_halvings(side: int) -> int:
    return (side & -side).bit_length() - 1
