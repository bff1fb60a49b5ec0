"""Two residual blocks with batch normalisation."""

import keras
from keras import layers


def block(x, filters):
    shortcut = layers.Conv2D(filters, 1)(x)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.add([shortcut, layers.BatchNormalization()(x)]))


inputs = keras.Input((8, 8, 1))
x = block(layers.Rescaling(1 / 255)(inputs), 8)
x = block(layers.MaxPooling2D()(x), 16)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
