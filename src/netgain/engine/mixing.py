"""Mixup: every image of a batch mixed with another one, and its target likewise (Zhang et al. 2018)."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from netgain.engine.randomness import stream


class Mixture(NamedTuple):
    """How B images are mixed.

    Attributes:
        partner: which image of the batch each is mixed with, int `[B]`, a permutation; it may be the image itself.
        share: λ, how much of each image stays, `[B]`.
    """

    partner: jax.Array
    share: jax.Array


def draw_mixture(alpha: float, key: jax.Array, num_images: int) -> Mixture:
    """Partners at random, and λ from Beta(α, α) for each image on its own.

    key: uint32 `[2]`, of the step.
    """
    of_partners, of_shares = jax.random.split(stream(key, "mixing"))
    partner = jax.random.permutation(of_partners, num_images)
    return Mixture(partner, _symmetric_beta(alpha, of_shares, num_images))


def _symmetric_beta(alpha: float, key: jax.Array, number: int) -> jax.Array:
    """Numbers from Beta(α, α), float32 `[number]`, each from two uniform ones.

    The formula of Devroye (1996), "Random variate generation in one line of code": Bailey's t-distribution
    with 2α degrees of freedom, transformed. It holds for every α > 0 and needs no rejection, whose loops in
    `jax.random.beta` take seconds to compile.
    """
    u, v = jax.random.uniform(key, (2, number))
    cosine = jnp.cos(2 * jnp.pi * v)
    squared = (u ** (-1 / alpha) - 1) * cosine**2  # T²/2α; infinite where float32 knows nothing larger
    return 0.5 + jnp.sign(cosine) / (2 * jnp.sqrt(1 + 1 / squared))


def mixed(images: jax.Array, mixture: Mixture) -> jax.Array:
    """λ x + (1 - λ) x', equation 1 of Zhang et al. (2018), for images or targets `[B, ...]`."""
    share = mixture.share.reshape(-1, *[1] * (images.ndim - 1))
    return share * images + (1 - share) * images[mixture.partner]


def mixed_targets(labels: jax.Array, mixture: Mixture, num_classes: int) -> jax.Array:
    """λ y + (1 - λ) y', equation 2, float32 `[B, K]`, from labels int32 `[B]`."""
    return mixed(jax.nn.one_hot(labels, num_classes), mixture)
