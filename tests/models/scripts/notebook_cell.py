import keras

temperature = 2.0


class Cosine(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform")

    def call(self, x):
        unit = keras.ops.normalize
        return keras.ops.matmul(unit(x, axis=-1), unit(self.kernel, axis=0)) * temperature

    def get_config(self):
        return {**super().get_config(), "units": self.units}


inputs = keras.Input((8, 8, 1))
x = keras.layers.Dense(32, activation="relu")(keras.layers.Flatten()(inputs))
model = keras.Model(inputs, keras.layers.Softmax()(Cosine(10)(x)))
