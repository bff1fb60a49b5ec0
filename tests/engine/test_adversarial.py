"""Losses of generator and critic against numbers computed by hand, and penalties against finite differences."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netgain.engine.adversarial import LOSSES, LossName, PenaltyName, averaged, penalty

REAL, FAKE = jnp.array([2.0, -1.0]), jnp.array([0.5, -3.0])


def log1pexp(x: float) -> float:
    return math.log1p(math.exp(x))


CLASSIFIED = (log1pexp(-2) + log1pexp(1)) / 2 + (log1pexp(0.5) + log1pexp(-3)) / 2
BY_HAND: dict[LossName, tuple[float, float]] = {
    "minimax": (CLASSIFIED, -(log1pexp(0.5) + log1pexp(-3)) / 2),
    "non-saturating": (CLASSIFIED, (log1pexp(-0.5) + log1pexp(3)) / 2),
    "wasserstein": (-1.25 - 0.5, 1.25),
    "hinge": ((0 + 2) / 2 + (1.5 + 0) / 2, 1.25),
    "relativistic": ((log1pexp(-1.5) + log1pexp(-2)) / 2, (log1pexp(1.5) + log1pexp(2)) / 2),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses_are_those_computed_by_hand(name: LossName) -> None:
    losses = LOSSES[name].critic(REAL, FAKE), LOSSES[name].generator(REAL, FAKE)
    np.testing.assert_allclose(losses, BY_HAND[name], rtol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_the_critic_parts_the_logits_and_the_generator_raises_its_own(name: LossName) -> None:
    zero = jnp.zeros(4)
    of_real, of_fake = jax.grad(LOSSES[name].critic, argnums=(0, 1))(zero, zero)
    assert (of_real < 0).all()
    assert (of_fake > 0).all()
    assert (jax.grad(LOSSES[name].generator, argnums=1)(zero, zero) < 0).all()


def critic(weights: jax.Array, x: jax.Array) -> jax.Array:
    """A critic whose gradient depends on the image."""
    hidden = jnp.tanh(x.reshape(len(x), -1) @ weights)
    return (hidden**2).sum(axis=1) + hidden.sum(axis=1)


def difference_norms(weights: np.ndarray, images: np.ndarray) -> np.ndarray:
    """|∇D|² of each image by central differences, in float64."""

    def logits(x: np.ndarray) -> np.ndarray:
        hidden = np.tanh(x.reshape(len(x), -1) @ weights)
        return (hidden**2).sum(axis=1) + hidden.sum(axis=1)

    total, flat, step = np.zeros(len(images)), images.reshape(len(images), -1), 1e-6
    for place in range(flat.shape[1]):
        move = np.zeros(flat.shape[1])
        move[place] = step
        total += ((logits(flat + move) - logits(flat - move)) / (2 * step)) ** 2
    return total


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    return generator.normal(size=(6, 5)) / 2, generator.normal(size=(4, 3, 2, 1)), generator.normal(size=(4, 3, 2, 1))


def by_differences(name: PenaltyName, weights: np.ndarray, real: np.ndarray, fake: np.ndarray) -> float:
    of_real, of_fake = (difference_norms(weights, images) for images in (real, fake))
    if name == "gradient-penalty":
        share = np.asarray(jax.random.uniform(jax.random.key(3), (4, 1, 1, 1)), float)
        return float(((np.sqrt(difference_norms(weights, share * real + (1 - share) * fake)) - 1) ** 2).mean())
    return of_real.mean() / 2 + (of_fake.mean() / 2 if name == "r1+r2" else 0)


@pytest.mark.parametrize("name", ["r1", "r1+r2", "gradient-penalty"])
def test_penalties_equal_finite_differences(name: PenaltyName, drawn: tuple[np.ndarray, ...]) -> None:
    weights, real, fake = (jnp.asarray(array, jnp.float32) for array in drawn)
    found = penalty(name, lambda x: critic(weights, x), real, fake, jax.random.key(3))
    np.testing.assert_allclose(found, by_differences(name, *drawn), rtol=1e-4)


@pytest.mark.parametrize("name", ["r1", "r1+r2", "gradient-penalty"])
def test_gradients_of_penalties_equal_finite_differences(name: PenaltyName, drawn: tuple[np.ndarray, ...]) -> None:
    weights, real, fake = (jnp.asarray(array, jnp.float32) for array in drawn)
    gradient = jax.grad(lambda w: penalty(name, lambda x: critic(w, x), real, fake, jax.random.key(3)))(weights)
    step = 1e-5
    for place in ((0, 0), (3, 2), (5, 4)):
        move = np.zeros_like(drawn[0])
        move[place] = step
        above, below = (by_differences(name, drawn[0] + sign * move, *drawn[1:]) for sign in (1, -1))
        np.testing.assert_allclose(gradient[place], (above - below) / (2 * step), rtol=2e-3, atol=1e-4)


def test_the_gradient_penalty_of_a_flat_critic_is_finite() -> None:
    images = jnp.ones((2, 3, 3, 1))

    def of_slope(slope: jax.Array) -> jax.Array:
        return penalty("gradient-penalty", lambda x: slope * x.sum((1, 2, 3)), images, images, jax.random.key(0))

    value, gradient = jax.value_and_grad(of_slope)(jnp.zeros(()))
    assert (float(value), bool(jnp.isfinite(gradient))) == (pytest.approx(1, abs=1e-5), True)


def test_the_average_is_its_recursion_and_soon_forgets_the_first_weights() -> None:
    values = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
    average, expected = jnp.full(3, 100.0), np.full(3, 100.0)
    for updates, now in enumerate(values):
        average = averaged(average, jnp.asarray(now), 0.7, jnp.asarray(updates))
        decay = min(0.7, (1 + updates) / (10 + updates))
        expected = decay * expected + (1 - decay) * now
    np.testing.assert_allclose(average, expected, rtol=1e-5)
    assert abs(np.asarray(average)).max() < 3


def test_what_is_counted_is_not_averaged() -> None:
    assert int(averaged(jnp.array(3), jnp.array(8), 0.9, jnp.array(5))) == 8
