"""Updates in one pass against Keras' own."""

from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from netgain.engine import native
from netgain.engine.fast_layers import fast_layers


def scheduled_adam() -> keras.optimizers.Optimizer:
    rate: Any = keras.optimizers.schedules.CosineDecay(0.01, 5)
    return keras.optimizers.Adam(rate, beta_1=0.8)


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1),
    "sgd with momentum": lambda: keras.optimizers.SGD(0.1, momentum=0.5, nesterov=True),
    "sgd, clipped": lambda: keras.optimizers.SGD(0.1, clipvalue=0.01),
    "adadelta": lambda: keras.optimizers.Adadelta(1.0),
    "adadelta, other constants": lambda: keras.optimizers.Adadelta(0.3, rho=0.8, epsilon=1e-4),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adam with a schedule": lambda: scheduled_adam(),
    "adam, clipped": lambda: keras.optimizers.Adam(0.01, clipnorm=0.1),
    "adam that decays weights": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    "amsgrad": lambda: keras.optimizers.Adam(0.01, amsgrad=True),
}


def after_steps(optimizer, fast: bool) -> list[np.ndarray]:
    """Weights and slots after five updates with gradients large, small and zero."""
    generator = np.random.default_rng(0)
    model = keras.Sequential([keras.Input((37,)), keras.layers.Dense(11)])
    weights = [jnp.asarray(generator.normal(size=v.shape), jnp.float32) for v in model.trainable_variables]
    optimizer.build(model.trainable_variables)
    slots = [variable.value for variable in optimizer.variables]

    def steps(weights, slots, gradients):
        for gradient in gradients:
            weights, slots = optimizer.stateless_apply(slots, gradient, weights)
        return [*weights, *slots]

    gradients = [
        [jnp.asarray(scale * generator.normal(size=w.shape), jnp.float32) for w in weights]
        for scale in (1.0, 1e-6, 0.0, 1e4, 0.1)
    ]
    if not fast:
        return [np.asarray(value) for value in jax.jit(steps)(weights, slots, gradients)]
    with fast_layers(model, optimizer):
        return [np.asarray(value) for value in jax.jit(steps)(weights, slots, gradients)]


@pytest.mark.parametrize("build", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.usefixtures("kernels")
def test_same_weights_and_slots(build) -> None:
    for one, other in zip(after_steps(build(), fast=True), after_steps(build(), fast=False), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-7)


def test_the_optimizer_stays_keras_own() -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    optimizer = keras.optimizers.Adadelta()
    optimizer.build(model.trainable_variables)
    with fast_layers(model, optimizer):
        assert ("update_step" in vars(optimizer)) == native.has_kernels()
    assert "update_step" not in vars(optimizer)
