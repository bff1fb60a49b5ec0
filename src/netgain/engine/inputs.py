"""What a model is fed: images in the shape and scale that it expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import keras

from netgain.engine import native


class ImageFeeder(NamedTuple):
    """From images of pixels 0..255 to a model's own float input.

    Attributes:
        scale: what pixels are multiplied with.
        shape: of one image as the model takes it, such as (784,); None to leave it.
    """

    scale: float
    shape: tuple[int, ...] | None

    def __call__(self, images: jax.Array) -> jax.Array:
        """The model's input for images `[B, H, W, C]`."""
        return self.shaped(images.astype(jnp.float32) * self.scale)

    def take(self, images: jax.Array, index: jax.Array) -> jax.Array:
        """The images of a mini-batch, scaled: uint8 `[N, H, W, C]` and int32 `[B]` to float32 `[B, H, W, C]`.

        XLA's gather computes the place of every single byte; the kernel goes along the rows.
        """
        if not native.has_kernels():
            return images[index].astype(jnp.float32) * self.scale
        result = jax.ShapeDtypeStruct((len(index), *images.shape[1:]), jnp.float32)
        return native.call("take_images", [result], images, index, scale=self.scale)[0]

    def shaped(self, images: jax.Array) -> jax.Array:
        """Images `[B, H, W, C]` in the shape that the model takes: `[B, 28, 28]`, `[B, 784]`."""
        return images if self.shape is None else images.reshape(len(images), *self.shape)


def image_feeder(model: keras.Model) -> ImageFeeder:
    """What feeds a model as it stands.

    A model that holds a `Rescaling` layer scales for itself and gets pixels 0..255; any other gets 0..1.
    """
    wanted = tuple(model.input_shape[1:])
    scales_itself = any(type(layer) is keras.layers.Rescaling for layer in model._flatten_layers())
    return ImageFeeder(1.0 if scales_itself else 1 / 255, None if None in wanted else wanted)


@contextmanager
def scaled_when_taken(model: keras.Model) -> Iterator[ImageFeeder]:
    """Inside, a `Rescaling` that the model begins with rests, and the feeder given does its work.

    One pass over a mini-batch less: images are scaled as they are taken.
    """
    feeder, first = image_feeder(model), _first_rescaling(model)
    if first is None:
        yield feeder
        return
    object.__setattr__(first, "call", lambda inputs: inputs)
    try:
        yield feeder._replace(scale=float(first.scale))
    finally:
        object.__delattr__(first, "call")


def _first_rescaling(model: keras.Model) -> Any:
    """The one `Rescaling` of a model, where it is the first layer and but one factor; else None."""
    found: list[Any] = [layer for layer in model._flatten_layers() if type(layer) is keras.layers.Rescaling]
    takers = [node.operation for node in model.inputs[0]._keras_history.operation._outbound_nodes]
    alone = len(found) == 1 and len(model.inputs) == 1 and takers == found and len(found[0]._inbound_nodes) == 1
    plain = alone and isinstance(found[0].scale, float | int) and found[0].offset == 0.0
    return found[0] if plain else None
