"""Convolutions: one kernel for convolution, ReLU and max pooling, and one matrix product (im2col) for the rest.

On a CPU `lax.conv` runs forward near the arithmetic limit, but the gradient that autodiff takes of it is 10 to
20 times too slow. The kernel (`native/convolution.h`) goes through a batch image by image, so that neither the
kh·kw shifted views nor the maps before pooling ever leave the cache. Without it, and with strides, the shifted views
are copied beside each other: that costs memory (kh·kw times the input) and turns both gradients into matrix products.

The kernel's blocks, an image and a panel of filters, are what chunks of a mini-batch are without it (`chunks.py`), only
smaller, and batch normalisation may stay. Blocks of images within one convolution were measured and rejected: they
gain nothing that is sure (5.3 to 6.8 s against 6.2 to 6.7 for 5×5×16, and 23.8 to 27.5 against 24.8 to 26.1 for twice
5×5×32; two networks at once, seconds per epoch of each, plain JAX; the kernel takes 0.95 and 9.4).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from netgain.engine import native
from netgain.engine.pooling import max_pool


def convolve(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: str) -> jax.Array:
    """Convolution of images `[B, H, W, C]` with a kernel `[kh, kw, C, F]`: maps `[B, H', W', F]`.

    Equals `lax.conv_general_dilated` with dimension numbers NHWC, HWIO, NHWC and padding "valid" or "same".
    """
    kernel_height, kernel_width, channels, filters = kernel.shape
    if padding == "same":
        x = pad_same(x, (kernel_height, kernel_width), strides)
    height = (x.shape[1] - kernel_height) // strides[0] + 1
    width = (x.shape[2] - kernel_width) // strides[1] + 1
    views = [
        x[
            :,
            a : a + strides[0] * (height - 1) + 1 : strides[0],
            b : b + strides[1] * (width - 1) + 1 : strides[1],
        ]
        for a in range(kernel_height)
        for b in range(kernel_width)
    ]
    columns = jnp.concatenate(views, axis=-1).reshape(-1, kernel_height * kernel_width * channels)
    product = columns @ kernel.reshape(-1, filters)
    return product.reshape(len(x), height, width, filters)


def pad_same(x: jax.Array, kernel: tuple[int, int], strides: tuple[int, int]) -> jax.Array:
    """Zeros around the image so that the output has ceil(size / stride) pixels; the odd one is at the end."""
    margins = []
    for size, k, stride in zip(x.shape[1:3], kernel, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + k - size, 0)
        margins.append((total // 2, total - total // 2))
    return jnp.pad(x, ((0, 0), *margins, (0, 0)))


def convolve_and_pool(x: jax.Array, kernel: jax.Array, bias: jax.Array, pool: tuple[int, int], relu: bool) -> jax.Array:
    """Max pooling of activation(x ∗ kernel + bias), with stride 1, no padding and windows that do not overlap.

    `[B, H, W, C]`, `[kh, kw, C, F]` and `[F]` to `[B, (H−kh+1)//h, (W−kw+1)//w, F]`; the activation is ReLU or none.
    Of equal values in a window, the first gets the gradient.
    """
    if native.has_kernels() and x.dtype == kernel.dtype == bias.dtype == jnp.float32:
        return _fused(x, kernel, bias, pool, relu)
    # The bias and ReLU rise with their argument, so that they may wait until three of four values are gone.
    maps = max_pool(convolve(x, kernel, (1, 1), "valid"), pool) + bias
    return jax.nn.relu(maps) if relu else maps


@partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def _fused(x: jax.Array, kernel: jax.Array, bias: jax.Array, pool: tuple[int, int], relu: bool) -> jax.Array:
    return _forward(x, kernel, bias, pool, relu)[0]


def _forward(x: jax.Array, kernel: jax.Array, bias: jax.Array, pool: tuple[int, int], relu: bool) -> Any:
    """The pooled maps, and which place of its window each of them came from."""
    height, width = x.shape[1] - kernel.shape[0] + 1, x.shape[2] - kernel.shape[1] + 1
    shape = len(x), height // pool[0], width // pool[1], kernel.shape[3]
    results = jax.ShapeDtypeStruct(shape, jnp.float32), jax.ShapeDtypeStruct(shape, jnp.uint8)
    sizes: dict[str, Any] = {"pool_height": pool[0], "pool_width": pool[1]}
    return native.call("convolution_forward", results, x, kernel, bias, relu=relu, **sizes)


def _fused_forward(x: jax.Array, kernel: jax.Array, bias: jax.Array, pool: tuple[int, int], relu: bool) -> Any:
    pooled, place = _forward(x, kernel, bias, pool, relu)
    return pooled, (x, kernel, place)


def _fused_backward(pool: tuple[int, int], relu: bool, kept: Any, gradient: jax.Array) -> Any:
    """Two calls, of which XLA drops the one for the images where nothing learns before this layer."""
    del relu  # where it cut a window off, its place says so
    x, kernel, place = kept
    sizes: dict[str, Any] = {"pool_height": pool[0], "pool_width": pool[1]}
    weight_shapes = (
        jax.ShapeDtypeStruct(kernel.shape, jnp.float32),
        jax.ShapeDtypeStruct(kernel.shape[3:], jnp.float32),
    )
    weights = native.call("convolution_weight_gradient", weight_shapes, x, gradient, place, **sizes)
    input_shape = [jax.ShapeDtypeStruct(x.shape, jnp.float32)]
    (dx,) = native.call("convolution_input_gradient", input_shape, kernel, gradient, place, **sizes)
    return dx, *weights


_fused.defvjp(_fused_forward, _fused_backward)
