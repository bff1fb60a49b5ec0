"""A layer and an activation from a module of the user's own."""

import keras
from keras import layers
from mylayers import SqueezeExcite, steep_swish

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Rescaling(1 / 255),
        layers.Conv2D(12, 3, activation=steep_swish),
        SqueezeExcite(ratio=3),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
