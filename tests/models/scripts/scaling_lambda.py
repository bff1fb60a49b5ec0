"""A Lambda that scales the pixels."""

import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Lambda(lambda x: x / 127.5 - 1),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
