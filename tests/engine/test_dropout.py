"""Dropout from a hash: kernel and JAX make the same masks, and the masks are as random as they must be."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine.dropout import dropout, kept
from netgain.engine.fast_layers import fast_layers


def seed(start: int, count: int) -> jax.Array:
    return jnp.asarray([start, count], jnp.uint32)


@pytest.mark.parametrize("shape", [(1,), (7, 5), (33,), (128, 784), (2, 3, 4, 5)])
@pytest.mark.usefixtures("kernels")
def test_values_and_gradient(shape: tuple[int, ...]) -> None:
    x = jnp.asarray(np.random.default_rng(0).normal(size=shape), jnp.float32)
    expected = np.where(kept(shape, seed(3, 4), 0.3), np.asarray(x) / 0.7, 0)
    np.testing.assert_allclose(dropout(x, seed(3, 4), 0.3), expected, rtol=1e-6)
    gradient = jax.jit(jax.grad(lambda x: (dropout(x, seed(3, 4), 0.3) * x).sum()))(x)
    np.testing.assert_allclose(gradient, 2 * expected, rtol=1e-5)


@pytest.mark.parametrize("rate", [0.01, 0.2, 0.5, 0.9])
def test_as_many_are_dropped_as_asked(rate: float) -> None:
    masks = np.stack([kept((128, 512), seed(11, count), rate) for count in range(50)])
    expected, size = 1 - rate, masks.size
    assert abs(masks.mean() - expected) < 4 * np.sqrt(rate * expected / size) + 1 / 65536
    # Every neuron, every image and every step by itself: a χ² of its count.
    for axes in ((0, 1), (0, 2), (1, 2)):
        counts = masks.sum(axis=axes)
        trials = masks.size / counts.size
        chi2 = ((counts - trials * expected) ** 2 / (trials * rate * expected)).sum()
        assert abs(chi2 - counts.size) < 5 * np.sqrt(2 * counts.size)


def test_elements_and_steps_know_nothing_of_each_other() -> None:
    masks = np.stack([kept((2048,), seed(5, count), 0.5) for count in range(400)]) * 2.0 - 1
    for shift in (1, 2, 15, 16, 17, 32):
        assert abs((masks[:, shift:] * masks[:, :-shift]).mean()) < 5 / np.sqrt(masks[:, shift:].size)
        assert abs((masks[shift:] * masks[:-shift]).mean()) < 5 / np.sqrt(masks[shift:].size)
    other = np.stack([kept((2048,), seed(6, count), 0.5) for count in range(400)]) * 2.0 - 1
    assert abs((masks * other).mean()) < 5 / np.sqrt(masks.size)


@pytest.mark.usefixtures("kernels")
def test_a_layer_counts_its_calls_and_rests_in_inference() -> None:
    model = keras.Sequential([keras.Input((1000,)), keras.layers.Dropout(0.5, seed=1)])
    x = jnp.ones((1, 1000))
    with fast_layers(model):
        first, second = (np.asarray(model(x, training=True)) for _ in range(2))
        np.testing.assert_array_equal(model(x, training=False), x)
    assert set(np.unique(first)) == {0, 2}
    assert 0.4 < (first != second).mean() < 0.6
