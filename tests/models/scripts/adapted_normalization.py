"""A Normalization layer adapted on the images before training."""

import keras
from keras import layers
from sklearn.datasets import load_digits

images = load_digits().images[:1000, :, :, None] / 16

normalization = layers.Normalization(axis=None)
normalization.adapt(images)

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        normalization,
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
