"""The convolutional generator and its critic (DCGAN, Radford, Metz & Chintala 2016), small and with labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, final

from pydantic import Field

from netgain.networks.generators import CriticNetwork, GeneratorNetwork, Latent, check_divisible
from netgain.networks.network import Activation, ImageShape, Units

if TYPE_CHECKING:
    import keras

Filters = Annotated[tuple[Units, ...], Field(min_length=1, max_length=10)]
Kernel = Annotated[int, Field(ge=2, le=100)]

SLOPE = 0.2
"""Of the leaky ReLU below zero, as in DCGAN."""


@final
class ConvGenerator(GeneratorNetwork):
    """A dense layer of the random numbers, then transposed convolutions that double height and width each.

    The label enters beside the random numbers, as a vector that is learnt for each class and is as long as they are.

    Attributes:
        latent: how many random numbers make an image.
        filters: feature maps before each doubling, those of the smallest maps first.
        kernel_size: side of the kernels in pixels.
        batch_norm: normalise the maps before each activation but the last.
        activation: of all layers but the last, whose answers a sigmoid brings to pixels.

    >>> ConvGenerator(filters=(32, 16)).smallest(28)
    7
    """

    family: ClassVar[str] = "conv-generator"

    latent: Latent = 64
    filters: Filters = (64, 32)
    kernel_size: Kernel = 4
    batch_norm: bool = True
    activation: Activation = "relu"

    def smallest(self, side: int) -> int:
        """Height and width of the first maps, for images of so many pixels."""
        return side >> len(self.filters)

    def check_generator(self, image_shape: ImageShape) -> None:
        check_divisible(image_shape, self.filters, "doublings")

    def build_generator(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        side, channels = self.smallest(image_shape[0]), image_shape[2]
        z: Any = keras.Input((self.latent,), name="z")
        inputs, x = [z], z
        if num_classes:
            labels: Any = keras.Input((), dtype="int32", name="labels")
            inputs = [z, labels]
            x = keras.layers.Concatenate()([z, keras.layers.Embedding(num_classes, self.latent)(labels)])
        x = keras.layers.Dense(side * side * self.filters[0], use_bias=not self.batch_norm)(x)
        x = self._activated(keras.layers.Reshape((side, side, self.filters[0]))(x))
        for filters in self.filters[1:]:
            x = self._activated(self._doubled(filters, use_bias=not self.batch_norm)(x))
        x = self._doubled(channels, activation="sigmoid")(x)
        return keras.Model(inputs, keras.layers.Rescaling(255.0)(x), name="generator")

    def _doubled(self, filters: int, **options: Any) -> Any:
        import keras

        return keras.layers.Conv2DTranspose(filters, self.kernel_size, strides=2, padding="same", **options)

    def _activated(self, x: Any) -> Any:
        import keras

        x = keras.layers.BatchNormalization()(x) if self.batch_norm else x
        return keras.layers.Activation(self.activation)(x)


@final
class ConvCritic(CriticNetwork):
    """Convolutions that halve height and width each, and a linear layer: large for real images.

    With labels, the features' inner product with a vector that is learnt for each class is added (projection, Miyato &
    Koyama 2018, equation 3).

    Attributes:
        filters: feature maps after each halving.
        kernel_size: side of the kernels in pixels.

    >>> ConvCritic(filters=(16, 32)).build_critic((28, 28, 1), 10).output_shape
    (None, 1)
    """

    family: ClassVar[str] = "conv-critic"

    filters: Filters = (32, 64)
    kernel_size: Kernel = 4

    def check_critic(self, image_shape: ImageShape) -> None:
        check_divisible(image_shape, self.filters, "halvings")

    def build_critic(self, image_shape: ImageShape, num_classes: int) -> keras.Model:
        import keras

        pixels: Any = keras.Input(image_shape, name="pixels")
        x = keras.layers.Rescaling(1 / 127.5, offset=-1.0)(pixels)
        for filters in self.filters:
            x = keras.layers.Conv2D(filters, self.kernel_size, strides=2, padding="same")(x)
            x = keras.layers.LeakyReLU(negative_slope=SLOPE)(x)
        features: Any = keras.layers.Flatten()(x)
        logit = keras.layers.Dense(1)(features)
        if not num_classes:
            return keras.Model([pixels], logit, name="critic")
        labels: Any = keras.Input((), dtype="int32", name="labels")
        of_class = keras.layers.Embedding(num_classes, features.shape[1])(labels)
        logit = keras.layers.Add()([logit, keras.layers.Dot(axes=1)([of_class, features])])
        return keras.Model([pixels, labels], logit, name="critic")
