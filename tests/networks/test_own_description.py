"""A model whose copy would train otherwise than the model itself is refused."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from netgain.errors import RecipeError
from netgain.networks.own import KerasNetwork


def ends_in_softmax(inner: layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((6, 6, 1)), layers.Flatten(), inner, layers.Dense(3, activation="softmax")])


class NoisyWhileTraining(layers.Layer):
    """Its config does not say how much noise it adds, and adds it while training only."""

    def __init__(self, amount: float = 0.1, **settings) -> None:
        super().__init__(**settings)
        self.amount = amount
        self.seed_generator = keras.random.SeedGenerator(3)

    def call(self, inputs, training=False):
        noise: Any = keras.random.normal(keras.ops.shape(inputs), seed=self.seed_generator)
        return inputs + self.amount * noise if training else inputs

    def get_config(self):
        return super().get_config()


class NumpyNoise(layers.Layer):
    """Draws once, when it is traced: the numbers of a run would hang on which process traced it."""

    def call(self, inputs, training=False):
        return inputs + np.random.normal(size=inputs.shape[1:]).astype("float32") if training else inputs


class Cubic(keras.regularizers.Regularizer):
    """Its config does not say how strong it is."""

    def __init__(self, strength: float = 0.1) -> None:
        self.strength = strength

    def __call__(self, x):  # pyright: ignore
        return self.strength * keras.ops.sum(keras.ops.abs(x) ** 3)  # pyright: ignore

    def get_config(self):
        return {}


@pytest.mark.parametrize(
    ("same", "another"),
    [
        (NoisyWhileTraining(), NoisyWhileTraining(0.5)),
        (layers.Dropout(0.5), NumpyNoise()),
        (
            layers.Dense(4, kernel_regularizer=Cubic()),
            layers.Dense(4, kernel_regularizer=Cubic(0.5)),
        ),
    ],
)
def test_what_would_train_otherwise_once_made_again_is_refused(same: layers.Layer, another: layers.Layer) -> None:
    """Scores without training were equal, so that it was trained with another amount, without a word."""
    KerasNetwork(ends_in_softmax(same))
    with pytest.raises(RecipeError, match="it gives other answers.*; .*SeedGenerator"):
        KerasNetwork(ends_in_softmax(another))
