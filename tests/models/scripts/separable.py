"""Depthwise and separable convolutions."""

import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.SeparableConv2D(16, 3, activation="relu", depth_multiplier=4),
        layers.DepthwiseConv2D(3, padding="same", activation="relu"),
        layers.SeparableConv2D(32, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(10, activation="softmax"),
    ]
)
