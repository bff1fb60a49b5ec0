"""Dropout with masks from a hash of each element's number.

Keras draws its masks by threefry, whose twenty rounds cost more than the matrix products of the lecture's small
networks. A mask has to be fair and never the same twice; two multiplications an element pair do that. One 32-bit
hash (the mixing constants are C. Wellons' "lowbias32") decides on two elements by its halves, so a rate is met to
1/65,536. The mask is a function of the layer's seed and its count of calls: backward makes it again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from netgain.engine import native

HALVES = 1 << 16

_FIRST_IMAGE: ContextVar[jax.Array | int | None] = ContextVar("first image", default=None)


@contextmanager
def counted_from(image: jax.Array | int) -> Iterator[None]:
    """Inside, what is traced is a part of a batch that begins with this image, and gets that part of its masks."""
    token = _FIRST_IMAGE.set(image)
    try:
        yield
    finally:
        _FIRST_IMAGE.reset(token)


def dropout(x: jax.Array, seed: jax.Array, rate: float) -> jax.Array:
    """Each element of x times 1/(1 − rate), or 0 with probability `rate`.

    `seed`: uint32 `[2]`, the state of a Keras `SeedGenerator`: its seed, and how often it was asked.
    """
    if native.has_kernels() and x.dtype == jnp.float32 and _FIRST_IMAGE.get() is None:
        return _dropout(x, _keys(seed), rate)
    return jnp.where(kept(x.shape, seed, rate), x / (1 - rate), 0)


def kept(shape: tuple[int, ...], seed: jax.Array, rate: float) -> jax.Array:
    """The mask, bool of that shape: True with probability 1 − rate."""
    key_1, key_2 = _keys(seed)
    size = math.prod(shape)
    number = jnp.arange(size, dtype=jnp.uint32)
    first = _FIRST_IMAGE.get()
    if first is not None:
        number += jnp.asarray(first, jnp.uint32) * (size // shape[0])
    word = number // 32 * 16 + number % 16
    hashed = _mix(word * jnp.uint32(0x9E3779B9) + key_1, key_2)
    half = jnp.where(number // 16 % 2 == 0, hashed & jnp.uint32(0xFFFF), hashed >> 16)
    return (half >= _threshold(rate)).reshape(shape)


def _mix(value: jax.Array, key: jax.Array) -> jax.Array:
    value ^= value >> 16
    value *= jnp.uint32(0x7FEB352D)
    value ^= value >> 15
    value = (value + key) * jnp.uint32(0x846CA68B)
    return value ^ (value >> 16)


def _keys(seed: jax.Array) -> jax.Array:
    """Two 32-bit keys for one call, uint32 `[2]`."""
    start, count = seed[0].astype(jnp.uint32), seed[1].astype(jnp.uint32)
    first = _mix(start ^ (count * jnp.uint32(0x9E3779B9)), count)
    return jnp.stack([first, _mix(first + jnp.uint32(0x9E3779B9), start)])


def _threshold(rate: float) -> int:
    return round(rate * HALVES)


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def _dropout(x: jax.Array, keys: jax.Array, rate: float) -> jax.Array:
    shape = jax.ShapeDtypeStruct(x.shape, jnp.float32)
    return native.call("dropout", [shape], x, keys, threshold=_threshold(rate), scale=1 / (1 - rate))[0]


def _dropout_forward(x: jax.Array, keys: jax.Array, rate: float) -> Any:
    return _dropout(x, keys, rate), keys


def _dropout_backward(rate: float, keys: jax.Array, gradient: jax.Array) -> Any:
    return _dropout(gradient, keys, rate), None


_dropout.defvjp(_dropout_forward, _dropout_backward)
