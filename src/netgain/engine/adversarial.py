"""What a generator and its critic are taught: losses of their logits, and penalties on the critic's gradients.

A logit is what the critic answers to an image, large for real ones. σ is the logistic function, and
softplus(x) = log(1 + exp(x)) = -log σ(-x).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp

LossName = Literal["minimax", "non-saturating", "wasserstein", "hinge", "relativistic"]
PenaltyName = Literal["r1", "r1+r2", "gradient-penalty"]

Loss = Callable[[jax.Array, jax.Array], jax.Array]
"""Logits of B real and of B generated images, float32 `[B]` each -> their loss, the mean over the batch."""

Critic = Callable[[jax.Array], jax.Array]
"""Images float32 `[B, H, W, C]`, from -1 to 1 -> logits `[B]`, each of its own image only."""


class Losses(NamedTuple):
    """What is made small: by the critic's updates, and by the generator's."""

    critic: Loss
    generator: Loss


LEAST_SQUARE = 1e-12
"""Added to the squared norm before its root, whose gradient at 0 is not finite."""


def _classify(real: jax.Array, fake: jax.Array) -> jax.Array:
    return jnp.mean(jax.nn.softplus(-real)) + jnp.mean(jax.nn.softplus(fake))


def _raise_logits(real: jax.Array, fake: jax.Array) -> jax.Array:
    del real
    return -jnp.mean(fake)


LOSSES: Mapping[LossName, Losses] = MappingProxyType(
    {
        # Goodfellow et al. 2014, equation 1: log D(x) + log(1 - D(G(z))), D = σ(logit); the generator makes it small.
        "minimax": Losses(_classify, lambda _, fake: -jnp.mean(jax.nn.softplus(fake))),
        # Goodfellow et al. 2014, section 3: the generator makes log D(G(z)) large instead.
        "non-saturating": Losses(_classify, lambda _, fake: jnp.mean(jax.nn.softplus(-fake))),
        # Arjovsky, Chintala & Bottou 2017, equation 2.
        "wasserstein": Losses(lambda real, fake: jnp.mean(fake) - jnp.mean(real), _raise_logits),
        # Lim & Ye 2017; Miyato et al. 2018, equations 16 and 17.
        "hinge": Losses(
            lambda real, fake: jnp.mean(jax.nn.relu(1 - real)) + jnp.mean(jax.nn.relu(1 + fake)), _raise_logits
        ),
        # Relativistic, in pairs: Jolicoeur-Martineau 2019, section 4; Huang et al. 2024, equation 2.
        "relativistic": Losses(
            lambda real, fake: jnp.mean(jax.nn.softplus(fake - real)),
            lambda real, fake: jnp.mean(jax.nn.softplus(real - fake)),
        ),
    }
)


def penalty(name: PenaltyName, critic: Critic, real: jax.Array, fake: jax.Array, key: jax.Array) -> jax.Array:
    """The penalty on the critic's gradients by its images, for weight 1; the mean over the batch.

    Args:
        name: "r1": ½ |∇D|² at the real images (Mescheder, Geiger & Nowozin 2018, equation 9). "r1+r2": the same at the
            generated ones added (their equation 10). "gradient-penalty": (|∇D| - 1)² at random points between a real
            and a generated image each (Gulrajani et al. 2017, equation 3).
        critic: the logits.
        real: images float32 `[B, H, W, C]`, from -1 to 1: the unit of the gradients.
        fake: as many generated ones.
        key: of the random points.

    >>> images = jnp.zeros((2, 1, 3, 1))
    >>> float(penalty("r1", lambda x: 2 * x.sum((1, 2, 3)), images, images, jax.random.key(0)))
    6.0
    """
    if name == "r1":
        return jnp.mean(_squared_norms(critic, real)) / 2
    if name == "r1+r2":
        return (jnp.mean(_squared_norms(critic, real)) + jnp.mean(_squared_norms(critic, fake))) / 2
    share = jax.random.uniform(key, (len(real), 1, 1, 1))
    norms = jnp.sqrt(_squared_norms(critic, share * real + (1 - share) * fake) + LEAST_SQUARE)
    return jnp.mean((norms - 1) ** 2)


def _squared_norms(critic: Critic, images: jax.Array) -> jax.Array:
    """|∇D|² of each image, `[B]`."""
    gradients = jax.grad(lambda x: critic(x).sum())(images)
    return jnp.sum(gradients**2, axis=(1, 2, 3))


def averaged(average: jax.Array, now: jax.Array, decay: float, updates: jax.Array) -> jax.Array:
    """The exponential moving average after one more update: d·average + (1 - d)·now.

    d is `decay`, but no more than (1 + t)/(10 + t) after t updates, so that the first weights are soon forgotten (as
    TensorFlow's `ExponentialMovingAverage` with `num_updates`). What is not a float is not averaged.

    >>> float(averaged(jnp.array(1.0), jnp.array(2.0), 0.999, jnp.array(0)))
    1.899999976158142
    """
    if not jnp.issubdtype(now.dtype, jnp.floating):
        return now
    keep = jnp.minimum(decay, (1 + updates) / (10 + updates))
    return keep * average + (1 - keep) * now
