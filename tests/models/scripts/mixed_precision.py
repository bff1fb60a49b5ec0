"""Mixed precision for all layers but the last, put back afterwards."""

import keras
from keras import layers

keras.mixed_precision.set_global_policy("mixed_bfloat16")
inputs = keras.Input((8, 8, 1))
x = layers.Conv2D(8, 3, activation="relu")(inputs)
x = layers.Flatten()(layers.BatchNormalization()(x))
x = layers.Dense(32, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax", dtype="float32")(x))
keras.mixed_precision.set_global_policy("float32")
