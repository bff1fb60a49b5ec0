"""The layers of own_module.py."""

import keras

STEEPNESS = 1.5


def steep_swish(x):
    return x * keras.ops.sigmoid(STEEPNESS * x)


class SqueezeExcite(keras.layers.Layer):
    def __init__(self, ratio=4, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        self.squeeze = keras.layers.Dense(shape[-1] // self.ratio, activation=steep_swish)
        self.excite = keras.layers.Dense(shape[-1], activation="sigmoid")
        self.squeeze.build((shape[0], shape[-1]))
        self.excite.build((shape[0], shape[-1] // self.ratio))

    def call(self, maps):
        weights = self.excite(self.squeeze(keras.ops.mean(maps, axis=(1, 2))))
        return maps * weights[:, None, None, :]

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio}
