"""A network of keras.applications without its weights."""

import keras

model = keras.applications.MobileNet(input_shape=(32, 32, 3), alpha=0.25, weights=None, classes=3)
for layer in model.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.momentum = 0.8  # there are too few steps for means over a hundred of them
