"""What a model is fed: images in the shape and scale that it expects."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import keras

from netgain.engine import native


def take_images(images: jax.Array, index: jax.Array) -> jax.Array:
    """The images of a mini-batch: uint8 `[N, H, W, C]` and int32 `[B]` to float32 0..255 `[B, H, W, C]`.

    XLA's gather computes the place of every single byte; the kernel goes along the rows: a quarter of the lecture's
    smallest network's epoch.
    """
    if not native.chosen():
        return images[index].astype(jnp.float32)
    result = jax.ShapeDtypeStruct((len(index), *images.shape[1:]), jnp.float32)
    return native.call("take_images", [result], images, index)[0]


def image_feeder(model: keras.Model) -> Callable[[jax.Array], jax.Array]:
    """A function from images `[B, H, W, C]` of pixels 0..255 to the model's own float input.

    A model that holds a `Rescaling` layer scales for itself and gets pixels 0..255; any other gets 0..1.
    An input of another shape with as many numbers (`[B, 28, 28]`, `[B, 784]`) is reshaped.
    """
    scales_itself = any(type(layer) is keras.layers.Rescaling for layer in model._flatten_layers())
    wanted = tuple(model.input_shape[1:])

    def feed(images: jax.Array) -> jax.Array:
        x = images.astype(jnp.float32)
        if not scales_itself:
            x = x / 255
        return x if None in wanted else x.reshape(len(x), *wanted)

    return feed
