"""A second derivative calls the kernels that it needs, and no others."""

import re
from collections import Counter

import jax
import jax.numpy as jnp
import pytest

from netgain.engine.conv import convolve_and_pool
from netgain.engine.dense import dense


def kernels_called(function, *arguments: jax.Array) -> Counter[str]:
    text = jax.jit(function).lower(*arguments).compile().as_text() or ""
    return Counter(re.findall(r'custom_call_target="netgain_(\w+)_[a-z0-9]+"', text))


@pytest.mark.usefixtures("fastest")
def test_a_penalty_asks_for_the_gradients_of_what_it_depends_on() -> None:
    def penalty(kernel: jax.Array, weights: jax.Array) -> jax.Array:
        def logits(images: jax.Array) -> jax.Array:
            maps = convolve_and_pool(images, kernel, jnp.zeros(3), negative_slope=0.2, strides=(2, 2))
            return dense(maps.reshape(len(maps), -1), weights, jnp.zeros(1), relu=False).sum()

        return (jax.grad(logits)(jnp.ones((2, 6, 6, 1))) ** 2).sum()

    called = kernels_called(jax.grad(penalty, (0, 1)), jnp.ones((2, 2, 1, 3)), jnp.ones((27, 1)))
    assert called == {
        "convolution_forward": 1,  # the places
        "convolution_input_gradient": 1,
        "convolution_weight_gradient": 1,
        "convolution_at": 1,
        "dense_input_gradient": 1,
        "dense_weight_gradient": 1,
    }


@pytest.mark.usefixtures("fastest")
def test_a_first_layer_has_no_gradient_of_its_images() -> None:
    def loss(kernel: jax.Array) -> jax.Array:
        return (convolve_and_pool(jnp.ones((2, 6, 6, 1)), kernel, jnp.zeros(3)) ** 2).sum()

    assert kernels_called(jax.grad(loss), jnp.ones((2, 2, 1, 3))) == {
        "convolution_forward": 1,
        "convolution_weight_gradient": 1,
    }
