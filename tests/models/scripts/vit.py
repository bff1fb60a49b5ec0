"""A small vision transformer with layers of its own for patches and positions."""

import keras
from keras import layers, ops


class Patches(layers.Layer):
    def __init__(self, patch_size, **kwargs):
        super().__init__(**kwargs)
        self.patch_size = patch_size

    def call(self, images):
        patches = ops.image.extract_patches(images, size=self.patch_size)
        batch, rows, columns, pixels = ops.shape(patches)
        return ops.reshape(patches, (batch, rows * columns, pixels))

    def get_config(self):
        return {**super().get_config(), "patch_size": self.patch_size}


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.num_patches = num_patches
        self.projection_dim = projection_dim
        self.projection = layers.Dense(projection_dim)
        self.position_embedding = layers.Embedding(num_patches, projection_dim)

    def call(self, patches):
        positions = ops.expand_dims(ops.arange(0, self.num_patches), axis=0)
        return self.projection(patches) + self.position_embedding(positions)

    def get_config(self):
        return {**super().get_config(), "num_patches": self.num_patches, "projection_dim": self.projection_dim}


inputs = keras.Input((8, 8, 1))
x = PatchEncoder(16, 24)(Patches(2)(inputs))
for _ in range(2):
    normed = layers.LayerNormalization(epsilon=1e-6)(x)
    x = layers.Add()([layers.MultiHeadAttention(num_heads=2, key_dim=12, dropout=0.1)(normed, normed), x])
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = layers.Dense(24)(layers.Dense(48, activation="gelu")(y))
    x = layers.Add()([y, x])
x = layers.Flatten()(layers.LayerNormalization(epsilon=1e-6)(x))
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
