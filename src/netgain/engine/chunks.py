"""The gradient of a mini-batch in chunks of images whose activations stay in the cache, for plain JAX.

Where the kernels were not built, a convolution copies kh·kw shifted views of its input beside each other: tens of
megabytes for a mini-batch, written and read several times. A loop over chunks adds up their gradients while each
chunk's columns are still in the cache. The price: every chunk goes over all weights and adds to all their gradients,
which is only worth it where they are few. The kernels go image by image anyway (`native/convolution.h`), and are left
alone.

Seconds per epoch, each of two networks at once, plain JAX, 2 cores of an AMD EPYC with 1 MB of cache each (mean of the
two, a row one run), * where :func:`chunk_size` decides so:

====================================  =======  =====  ====  =====  =====  =====  ====  ====
network, images                       weights  whole     1      2      4      8    16    32
====================================  =======  =====  ====  =====  =====  =====  ====  ====
5×5×16; 60,000                         0.1 MB    6.4                 4.1   4.3*   5.0   4.5
3×3×32, 3×3×64, each pooled; 5,120     0.1 MB    2.0                1.4*
fast-994, batches of 32; 5,120         0.4 MB   0.93                      0.60*
four 3×3 of 32 to 64, padded; 10,000   1.9 MB   26.7  22.0  20.3*   19.7   21.3  22.7  26.8
twice 5×5×32, dense 512, 512; 30,000   2.2 MB   12.4               10.5*   11.0  13.4  12.4
3×3×32, 3×3×64, dense 64; 2,560        2.4 MB    3.8         3.3*
3×3×32, dense 128; 5,120               2.8 MB   0.97                      0.74*
3×3×32, 3×3×64, dense 128; 2,560       4.8 MB   3.9*          5.0
3×3×32, dense 256; 5,120               5.6 MB   1.1*                        1.8
5×5×32, dense 512; 5,120               9.5 MB   2.1*                 5.8
====================================  =======  =====  ====  =====  =====  =====  ====  ====
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
from keras.src.models.functional import Functional

from netgain.engine import native
from netgain.engine.dropout import counted_from
from netgain.engine.kernels import PLAIN_JAX

CACHE_BYTES = 1 << 20
"""What the activations of a chunk may take, in the convolution where they are largest: the cache of one core."""

FEWEST_IMAGES = 2
"""In a chunk: of one, every dense layer would be a product with a vector."""

MOST_WEIGHT_BYTES = 3 << 20
"""With more weights than this, going over them in every chunk costs more than the chunks save."""

IMAGE_BY_IMAGE = frozenset(
    {
        keras.layers.Activation,
        keras.layers.Add,
        keras.layers.AveragePooling2D,
        keras.layers.Conv2D,
        keras.layers.Dense,
        keras.layers.Dropout,
        keras.layers.Flatten,
        keras.layers.GlobalAveragePooling2D,
        keras.layers.GlobalMaxPooling2D,
        keras.layers.InputLayer,
        keras.layers.LeakyReLU,
        keras.layers.MaxPooling2D,
        keras.layers.ReLU,
        keras.layers.Rescaling,
        keras.layers.Reshape,
        keras.layers.ZeroPadding2D,
    }
)
"""Layers that answer an image in the same way whatever else is in its batch; batch normalisation does not.

Recurrent layers do, but are not among them: a time step of a chunk would be a product of few rows."""

Objective = Callable[[list[jax.Array], jax.Array, Any], tuple[Any, tuple[Any, jax.Array]]]
"""Weights, images `[B, ...]` and targets -> the batch's mean loss, and beside it other variables and answers.

Targets are arrays `[B, ...]`, one of them or a tree."""


def chunk_size(model: keras.Model, batch_size: int) -> int:
    """How many images' gradient is taken at once, of the `batch_size` of a step.

    All of them with kernels or on a graphics card, with many weights, and wherever the answer to an image may depend
    on the others.

    >>> layers = keras.Input((28, 28, 1)), keras.layers.Conv2D(16, 5), keras.layers.Flatten(), keras.layers.Dense(10)
    >>> with native.using("none"):
    ...     chunk_size(keras.Sequential(layers), 128)
    8
    """
    many_weights = 4 * model.count_params() > MOST_WEIGHT_BYTES
    if native.used() != PLAIN_JAX or many_weights or not _answers_image_by_image(model):
        return batch_size
    most = max(CACHE_BYTES // max(_activation_bytes(model), 1), FEWEST_IMAGES)
    if most >= batch_size:
        return batch_size
    # A divisor leaves no rest, which would have to be compiled beside the loop.
    divisors = [size for size in range(most, most // 2, -1) if batch_size % size == 0]
    return divisors[0] if divisors else most


def gradient_in_chunks(
    objective: Objective, size: int, trainable: list[jax.Array], x: jax.Array, y: Any
) -> tuple[tuple[Any, tuple[Any, jax.Array]], list[jax.Array]]:
    """`jax.value_and_grad(objective, has_aux=True)(trainable, x, y)`, `size` images at a time.

    x: a batch's images as the model takes them, float32 `[B, ...]`; y: their targets, arrays `[B, ...]`. Gives the
    loss, the other variables and the answers `[B, ...]`, and a gradient for each of the trainable arrays, in its shape.
    Equal but for rounding, dropout's masks too, where no layer's answer to an image depends on the others.
    """
    gradient = jax.value_and_grad(objective, has_aux=True)
    if len(x) <= size:
        return gradient(trainable, x, y)

    def add(total: Any, chunk: tuple[Any, jax.Array, Any]) -> tuple[Any, Any]:
        first, images, targets = chunk
        with counted_from(first):
            (value, beside), gradients = gradient(trainable, images, targets)
        share = len(images) / len(x)
        return jax.tree.map(lambda sum_, part: sum_ + share * part, total, (value, gradients)), beside

    cut = len(x) - len(x) % size
    full = jax.tree.map(lambda part: part[:cut].reshape(-1, size, *part.shape[1:]), (x, y))
    nothing = jnp.zeros(()), [jnp.zeros_like(weight) for weight in trainable]
    total, (others, answers) = jax.lax.scan(add, nothing, (jnp.arange(0, cut, size), *full))
    others, answers = jax.tree.map(lambda each: each[-1], others), answers.reshape(cut, *answers.shape[2:])
    if cut < len(x):
        total, (others, last) = add(total, (cut, x[cut:], jax.tree.map(lambda target: target[cut:], y)))
        answers = jnp.concatenate([answers, last])
    value, gradients = total
    return (value, (others, answers)), gradients


def _activation_bytes(model: keras.Model) -> int:
    """Bytes of an image's columns and maps in the convolution where they are most; 0 if it is not known."""
    layers: list[Any] = [layer for layer in model._flatten_layers() if type(layer) is keras.layers.Conv2D]
    return max((_column_and_map_bytes(layer) for layer in layers), default=0)


def _column_and_map_bytes(layer: Any) -> int:
    height, width = (size or 0 for size in layer.output.shape[1:3])  # None in models for images of any size
    return 4 * height * width * (math.prod(layer.kernel.shape[:3]) + layer.filters)


def _answers_image_by_image(part: Any) -> bool:
    """Of a model or a layer, told apart by their exact classes: who knows what a user's own does?"""
    if type(part) in {Functional, keras.Sequential}:
        return all(_answers_image_by_image(inner) for inner in getattr(part, "operations", part.layers))
    if type(part) is keras.layers.Dropout and part.noise_shape is not None:
        return False
    activation = getattr(part, "activation", None)
    known = activation is None or getattr(keras.activations, getattr(activation, "__name__", ""), None) is activation
    return type(part) in IMAGE_BY_IMAGE and known
