"""The obvious twin of the engine: a plain Python loop over Keras' own `train_on_batch`. For tests.

It sees the same images in the same order and draws the same dropout masks as :func:`netgain.engine.train.train`,
so the weights must come out equal, up to the rounding of float32.
"""

from __future__ import annotations

import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import load_dataset, split
from netgain.engine.building import build_loss, build_optimizer
from netgain.engine.fast_layers import hashed_dropout
from netgain.engine.inputs import image_feeder
from netgain.engine.randomness import keras_seed, random_streams
from netgain.recipe import Recipe


def train_slowly(recipe: Recipe, seed: int) -> keras.Model:
    """The network of a recipe after all its epochs, batch by batch, without early stopping."""
    dataset = load_dataset(recipe.dataset)
    parts = split(dataset, recipe.train_size, recipe.validation_size)
    keras_entropy, generator = random_streams(recipe.digest, seed)
    with keras_seed(keras_entropy):
        model = recipe.network.build(dataset.image_shape, dataset.num_classes)
        model.compile(build_optimizer(recipe, len(parts.y_train)), build_loss(recipe))
        images = np.asarray(image_feeder(model)(jnp.asarray(parts.x_train)))
        targets = np.eye(dataset.num_classes, dtype=np.float32)[parts.y_train]
        for _ in range(recipe.epochs):
            order = generator.permutation(len(images))
            for start in range(0, len(images), recipe.batch_size):
                batch = order[start : start + recipe.batch_size]
                with hashed_dropout(model):
                    model.train_on_batch(images[batch], targets[batch])
    return model
