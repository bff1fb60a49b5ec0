"""A network of keras.applications without its weights."""

import keras

model = keras.applications.MobileNetV2(input_shape=(32, 32, 3), alpha=0.35, weights=None, classes=3)
