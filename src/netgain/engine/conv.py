"""Convolutions: one kernel for convolution, activation and max pooling, and one matrix product (im2col) without it.

On a CPU `lax.conv` runs forward near the arithmetic limit, but the gradient that autodiff takes of it is 10 to
20 times too slow. The kernel (`native/convolution.h`) goes through a batch image by image, so that neither the
kh·kw shifted views, nor the zeros around an image, nor the maps before pooling ever leave the cache. Without it the
shifted views are copied beside each other: that costs memory (kh·kw times the input) and turns both gradients into
matrix products.

A convolution is linear in its image and in its kernel, and so are its two gradients. The derivative of each of these
three is the other two: they are functions of their own here, so that derivatives of any order run on the kernels. A
transposed convolution is the gradient of a convolution for its image, and needs nothing more.

The kernel's blocks, an image and a panel of filters, are what chunks of a mini-batch are without it (`chunks.py`), only
smaller, and batch normalisation may stay. Blocks of images within one convolution were measured and rejected: they
gain nothing that is sure (5.3 to 6.8 s against 6.2 to 6.7 for 5×5×16, and 23.8 to 27.5 against 24.8 to 26.1 for twice
5×5×32; two networks at once, seconds per epoch of each, plain JAX; the kernel takes 0.95 and 9.4).
"""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, NamedTuple, cast

import jax
import jax.numpy as jnp

from netgain.engine import native
from netgain.engine.activations import activated
from netgain.engine.asked import Primal, asked, filled, is_zero
from netgain.engine.pooling import max_pool

Padding = Literal["valid", "same"]
Margins = tuple[int, int, int, int]
"""Rows of zeros above and below an image, columns of zeros left and right of it."""


MOST_PLACES = 128
"""Places of a pooling window that the kernel tells apart: seven bits; the eighth says that the value is below zero."""


class _Windows(NamedTuple):
    """What a kernel has to know besides the arrays' shapes; the slope is that of values below zero."""

    pool: tuple[int, int] = (1, 1)
    strides: tuple[int, int] = (1, 1)
    padding: Margins = (0, 0, 0, 0)
    slope: float = 1.0


def convolve(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: Padding) -> jax.Array:
    """Convolution of images `[B, H, W, C]` with a kernel `[kh, kw, C, F]`: maps `[B, H', W', F]`, by plain JAX.

    Equals `lax.conv_general_dilated` with dimension numbers NHWC, HWIO, NHWC.
    """
    margins = _margins(x.shape[1:3], kernel.shape[:2], strides, padding)
    return _by_shifted_views(x, kernel, strides, margins)


def convolve_and_pool(
    x: jax.Array,
    kernel: jax.Array,
    bias: jax.Array,
    *,
    pool: tuple[int, int] = (1, 1),
    negative_slope: float = 1.0,
    strides: tuple[int, int] = (1, 1),
    padding: Padding = "valid",
) -> jax.Array:
    """Max pooling of activation(x ∗ kernel + bias), with windows that do not overlap.

    `[B, H, W, C]`, `[kh, kw, C, F]` and `[F]` to `[B, H'//h, W'//w, F]`. The activation multiplies values below zero
    with `negative_slope` ≥ 0: 1 is no activation, 0 is ReLU. Of equal values in a window, the first gets the gradient.

    >>> image, kernel = jnp.arange(16.0).reshape(1, 4, 4, 1), jnp.ones((2, 2, 1, 1))
    >>> convolve_and_pool(image, kernel, jnp.zeros(1), strides=(2, 2))[0, :, :, 0].tolist()
    [[10.0, 18.0], [42.0, 50.0]]
    """
    margins = _margins(x.shape[1:3], kernel.shape[:2], strides, padding)
    if native.has_kernels() and x.dtype == kernel.dtype == bias.dtype == jnp.float32:
        apart = pool[0] * pool[1] > MOST_PLACES
        windows = _Windows((1, 1) if apart else pool, strides, margins, negative_slope)
        maps, _ = cast("tuple[jax.Array, jax.Array]", _forward(x, kernel, bias, windows))
        return max_pool(maps, pool) if apart else maps
    # The bias and the activation rise with their argument, so that they may wait until three of four values are gone.
    maps = max_pool(_by_shifted_views(x, kernel, strides, margins), pool) + bias
    return activated(maps, negative_slope)


def convolve_transposed(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: Padding) -> jax.Array:
    """Transposed convolution of maps `[B, h, w, C]` with a kernel `[kh, kw, F, C]`: maps `[B, H, W, F]`.

    That is `keras.ops.conv_transpose`: with strides s, "same" gives H = s·h and "valid" H = (h − 1)·s + max(kh, s).

    >>> image, kernel = jnp.arange(4.0).reshape(1, 2, 2, 1), jnp.ones((2, 2, 1, 1))
    >>> convolve_transposed(image, kernel, (2, 2), "same")[0, 0, :, 0].tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    sizes, margins = _transposed(x.shape[1:3], kernel.shape[:2], strides, padding)
    if native.has_kernels() and x.dtype == kernel.dtype == jnp.float32:
        everywhere = jnp.zeros(x.shape, jnp.uint8)
        return _input_gradient(kernel, x, everywhere, _Windows(strides=strides, padding=margins), sizes)
    image = jax.ShapeDtypeStruct((len(x), *sizes, kernel.shape[2]), x.dtype)
    (maps,) = jax.linear_transpose(lambda image: _by_shifted_views(image, kernel, strides, margins), image)(x)
    return maps


def convolve_depthwise(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: Padding) -> jax.Array:
    """Convolution of each map on its own: images `[B, H, W, C]` and a kernel `[kh, kw, C, M]` to `[B, H', W', C·M]`.

    XLA's own, but for its gradient, which takes 407 ms where a sum of kh·kw products takes 7 (128 images, 14×14×32,
    3×3). The answers themselves must not be such a sum: XLA would add them up again where they are used, in another
    order, and a maximum pooling, which looks for its maximum by its value, would not find it and lose its gradient.

    >>> image, kernel = jnp.arange(4.0).reshape(1, 2, 2, 1), jnp.array([1.0, 10.0]).reshape(1, 1, 1, 2)
    >>> convolve_depthwise(image, kernel, (1, 1), "valid")[0, 1].tolist()
    [[2.0, 20.0], [3.0, 30.0]]
    """
    return cast(jax.Array, _depthwise(x, kernel, strides, padding))


@partial(jax.custom_vjp, nondiff_argnums=(2, 3))
def _depthwise(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: Padding) -> jax.Array:
    height, width, maps, factor = kernel.shape
    weights = kernel.reshape(height, width, 1, maps * factor)
    layout = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(
        x, weights, strides, padding.upper(), dimension_numbers=layout, feature_group_count=maps
    )


def _depthwise_forward(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], padding: Padding) -> tuple[Any, Any]:
    return convolve_depthwise(x, kernel, strides, padding), (x, kernel)


def _depthwise_backward(
    strides: tuple[int, int], padding: Padding, kept: tuple[jax.Array, jax.Array], gradient: jax.Array
) -> tuple[jax.Array, jax.Array]:
    def by_views(x: jax.Array, kernel: jax.Array) -> jax.Array:
        margins = _margins(x.shape[1:3], kernel.shape[:2], strides, padding)
        views = _shifted_views(jnp.repeat(x, kernel.shape[3], axis=-1), kernel.shape[:2], strides, margins)
        taps = kernel.reshape(len(views), -1)
        return sum((view * tap for view, tap in zip(views[1:], taps[1:], strict=True)), views[0] * taps[0])

    return jax.vjp(by_views, *kept)[1](gradient)


_depthwise.defvjp(_depthwise_forward, _depthwise_backward)


def _margins(sizes: tuple[int, ...], kernel: tuple[int, ...], strides: tuple[int, int], padding: Padding) -> Margins:
    """With "same" the output has ceil(size / stride) pixels; an odd zero is at the end."""
    if padding == "valid":
        return 0, 0, 0, 0
    missing = [max((-(-size // s) - 1) * s + k - size, 0) for size, k, s in zip(sizes, kernel, strides, strict=True)]
    rows, columns = missing
    return rows // 2, rows - rows // 2, columns // 2, columns - columns // 2


def _transposed(
    sizes: tuple[int, ...], kernel: tuple[int, ...], strides: tuple[int, int], padding: Padding
) -> tuple[tuple[int, ...], Margins]:
    """Height and width of a transposed convolution, and the margins of the convolution whose gradient it is.

    Keras puts the odd zero of "same" before the first pixel of the maps that it stretches (`lax.conv_transpose`), so
    that `k − 1 − ceil((k + s − 2) / 2)` rows of what the kernel writes lie before the first row of the result.
    """
    results, margins = [], []
    for size, k, stride in zip(sizes, kernel, strides, strict=True):
        same = padding == "same"
        result = size * stride if same else (size - 1) * stride + max(k, stride)
        before = max(k - 1 - (k + stride - 1) // 2, 0) if same else 0
        results.append(result)
        margins += [before, max((size - 1) * stride + k - result - before, 0)]
    return tuple(results), tuple(margins)


def _by_shifted_views(x: jax.Array, kernel: jax.Array, strides: tuple[int, int], margins: Margins) -> jax.Array:
    kernel_height, kernel_width, channels, filters = kernel.shape
    views = _shifted_views(x, (kernel_height, kernel_width), strides, margins)
    columns = jnp.concatenate(views, axis=-1).reshape(-1, kernel_height * kernel_width * channels)
    product = columns @ kernel.reshape(-1, filters)
    return product.reshape(*views[0].shape[:3], filters)


def _shifted_views(
    x: jax.Array, kernel: tuple[int, ...], strides: tuple[int, int], margins: Margins
) -> list[jax.Array]:
    """For each tap of a kernel, row by row, the pixels it meets: `[B, H', W', C]`."""
    x = jnp.pad(x, ((0, 0), margins[:2], margins[2:], (0, 0)))
    height, width = ((x.shape[1 + i] - kernel[i]) // strides[i] + 1 for i in range(2))
    rows, columns = strides[0] * (height - 1) + 1, strides[1] * (width - 1) + 1
    return [
        x[:, a : a + rows : strides[0], b : b + columns : strides[1]]
        for a in range(kernel[0])
        for b in range(kernel[1])
    ]


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def _forward(x: jax.Array, kernel: jax.Array, bias: jax.Array, windows: _Windows) -> tuple[jax.Array, jax.Array]:
    """The pooled maps, and which place of its window each of them came from."""
    shape = _pooled_shape(x, kernel, windows)
    results = jax.ShapeDtypeStruct(shape, jnp.float32), jax.ShapeDtypeStruct(shape, jnp.uint8)
    pooled, place = native.call("convolution_forward", results, x, kernel, bias, **windows._asdict())
    return pooled, place


def _pooled_shape(x: jax.Array, kernel: jax.Array, windows: _Windows) -> tuple[int, ...]:
    top, bottom, left, right = windows.padding
    height = (top + x.shape[1] + bottom - kernel.shape[0]) // windows.strides[0] + 1
    width = (left + x.shape[2] + right - kernel.shape[1]) // windows.strides[1] + 1
    return len(x), height // windows.pool[0], width // windows.pool[1], kernel.shape[3]


@partial(jax.custom_vjp, nondiff_argnums=(4,))
def _at(x: jax.Array, kernel: jax.Array, bias: jax.Array, place: jax.Array, windows: _Windows) -> jax.Array:
    """The maps at given places instead of the largest: linear in the images, and in kernel and bias."""
    result = jax.ShapeDtypeStruct(_pooled_shape(x, kernel, windows), jnp.float32)
    return native.call("convolution_at", [result], x, kernel, bias, place, **windows._asdict())[0]


@partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def _input_gradient(
    kernel: jax.Array, gradient: jax.Array, place: jax.Array, windows: _Windows, sizes: tuple[int, ...]
) -> jax.Array:
    """The gradient for images of these heights and widths: linear in the kernel, and in the maps' gradient."""
    result = jax.ShapeDtypeStruct((len(gradient), *sizes, kernel.shape[2]), jnp.float32)
    return native.call("convolution_input_gradient", [result], kernel, gradient, place, **windows._asdict())[0]


@partial(jax.custom_vjp, nondiff_argnums=(3, 4))
def _weight_gradient(
    x: jax.Array, gradient: jax.Array, place: jax.Array, windows: _Windows, kernel_size: tuple[int, ...]
) -> tuple[jax.Array, jax.Array]:
    """The gradients for kernel and bias: linear in the images, and in the maps' gradient."""
    filters = gradient.shape[3]
    shapes = (*kernel_size, x.shape[3], filters), (filters,)
    results = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in shapes]
    kernel, bias = native.call("convolution_weight_gradient", results, x, gradient, place, **windows._asdict())
    return kernel, bias


def _forward_forward(x: Primal, kernel: Primal, bias: Primal, windows: _Windows) -> Any:
    maps: Any = _forward(x.value, kernel.value, bias.value, windows)
    return maps, (x.value, kernel.value, maps[1], asked(x), asked(kernel, bias))


def _at_forward(x: Primal, kernel: Primal, bias: Primal, place: Primal, windows: _Windows) -> Any:
    kept = x.value, kernel.value, place.value, asked(x), asked(kernel, bias)
    return _at(x.value, kernel.value, bias.value, place.value, windows), kept


def _backward(windows: _Windows, kept: Any, gradient: Any) -> Any:
    """Nothing learns before a first layer, and a penalty on a gradient by the images asks for no weights' gradient."""
    x, kernel, place, of_images, of_weights = kept
    if is_zero(gradient):
        return None, None, None
    weights: Any = _weight_gradient(x, gradient, place, windows, kernel.shape[:2]) if of_weights else (None, None)
    return _input_gradient(kernel, gradient, place, windows, x.shape[1:3]) if of_images else None, *weights


def _input_gradient_forward(
    kernel: Primal, gradient: Primal, place: Primal, windows: _Windows, sizes: tuple[int, ...]
) -> Any:
    kept = kernel.value, gradient.value, place.value, asked(kernel), asked(gradient)
    return _input_gradient(kernel.value, gradient.value, place.value, windows, sizes), kept


def _input_gradient_backward(windows: _Windows, sizes: tuple[int, ...], kept: Any, images: Any) -> Any:
    del sizes  # those of the images
    kernel, gradient, place, of_kernel, of_gradient = kept
    if is_zero(images):
        return None, None, None
    weights: Any = _weight_gradient(images, gradient, place, windows, kernel.shape[:2]) if of_kernel else (None, None)
    maps = _at(images, kernel, jnp.zeros(kernel.shape[3]), place, windows) if of_gradient else None
    return weights[0], maps, None


def _weight_gradient_forward(
    x: Primal, gradient: Primal, place: Primal, windows: _Windows, kernel_size: tuple[int, ...]
) -> Any:
    kept = x.value, gradient.value, place.value, asked(x), asked(gradient)
    return _weight_gradient(x.value, gradient.value, place.value, windows, kernel_size), kept


def _weight_gradient_backward(windows: _Windows, kernel_size: tuple[int, ...], kept: Any, weights: Any) -> Any:
    del kernel_size  # that of the weights
    x, gradient, place, of_images, of_gradient = kept
    if all(is_zero(part) for part in weights):
        return None, None, None
    kernel, bias = (filled(part) for part in weights)
    images = _input_gradient(kernel, gradient, place, windows, x.shape[1:3]) if of_images else None
    return images, _at(x, kernel, bias, place, windows) if of_gradient else None, None


_forward.defvjp(_forward_forward, lambda windows, kept, maps: _backward(windows, kept, maps[0]), symbolic_zeros=True)
_at.defvjp(_at_forward, lambda windows, kept, maps: (*_backward(windows, kept, maps), None), symbolic_zeros=True)
_input_gradient.defvjp(_input_gradient_forward, _input_gradient_backward, symbolic_zeros=True)
_weight_gradient.defvjp(_weight_gradient_forward, _weight_gradient_backward, symbolic_zeros=True)
