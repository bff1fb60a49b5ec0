"""Convolution as one matrix product (im2col).

On a CPU `lax.conv` runs forward near the arithmetic limit, but the gradient that autodiff takes of it is 10 to
20 times too slow. Copying the kh·kw shifted views beside each other costs memory (kh·kw times the input) and
turns both gradients into matrix products: an epoch is about 10 times faster.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp


def convolve(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: str) -> jax.Array:
    """Convolution of images `[B, H, W, C]` with a kernel `[kh, kw, C, F]`: maps `[B, H', W', F]`.

    Equals `lax.conv_general_dilated` with dimension numbers NHWC, HWIO, NHWC and padding "valid" or "same".
    """
    kernel_height, kernel_width, channels, filters = kernel.shape
    if padding == "same":
        x = _pad_same(x, (kernel_height, kernel_width), strides)
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


def _pad_same(x: jax.Array, kernel: tuple[int, int], strides: tuple[int, int]) -> jax.Array:
    """Zeros around the image so that the output has ceil(size / stride) pixels; the odd one goes behind."""
    margins = []
    for size, k, stride in zip(x.shape[1:3], kernel, strides, strict=True):
        total = max((-(-size // stride) - 1) * stride + k - size, 0)
        margins.append((total // 2, total - total // 2))
    return jnp.pad(x, ((0, 0), *margins, (0, 0)))
