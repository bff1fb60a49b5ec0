"""The activation that the kernels know."""

from __future__ import annotations

import jax


def activated(y: jax.Array, negative_slope: float) -> jax.Array:
    """Values below zero multiplied with a slope ≥ 0: 1 is no activation, 0 is ReLU, whose zeros have no sign.

    >>> activated(jax.numpy.array([-2.0, 3.0]), 0.5).tolist()
    [-1.0, 3.0]
    """
    if negative_slope == 0:
        return jax.nn.relu(y)
    return y if negative_slope == 1 else jax.nn.leaky_relu(y, negative_slope)
