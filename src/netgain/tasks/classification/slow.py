"""The slow, simple versions of the engine, for tests: a Python loop over Keras' own `train_on_batch`, and gradients
image by image.

Training sees the same images in the same order and draws the same dropout masks as :func:`netgain.runs.training.train`,
so the weights must come out equal, up to the rounding of float32.
"""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from scipy import ndimage

from netgain.data import load_dataset
from netgain.engine.ambient import keras_for
from netgain.engine.augment import draw_warps, expanded, source_coordinates, step_keys
from netgain.engine.building import build_loss, build_optimizer
from netgain.engine.fast_layers import hashed_dropout
from netgain.engine.inputs import image_feeder
from netgain.engine.randomness import augmentation_generator, random_streams
from netgain.tasks.classification.class_weights import class_weights_of
from netgain.tasks.classification.goals import goal_of, targets_for
from netgain.tasks.classification.recipe import Recipe


def train_slowly(recipe: Recipe, seed: int) -> keras.Model:
    """The network of a recipe after all its epochs, batch by batch, without early stopping."""
    return train_slowly_with_losses(recipe, seed)[0]


def train_slowly_with_losses(recipe: Recipe, seed: int) -> tuple[keras.Model, list[float]]:
    """The same with each epoch's mean loss over the images as they were seen."""
    dataset = load_dataset(recipe.dataset)
    parts = recipe.parts_of(dataset)
    keras_entropy, generator = random_streams(recipe.digest, seed)
    augmentation = augmentation_generator(recipe.digest, seed)
    images, labels = expanded(parts.x_train, parts.y_train, recipe.augmentation, augmentation)
    num_steps, totals = math.ceil(len(labels) / recipe.batch_size), [0.0] * recipe.epochs
    with keras_for(recipe.network, keras_entropy):
        model = recipe.network.build(dataset.image_shape, dataset.num_classes)
        model.compile(build_optimizer(recipe.optimizer, num_steps, recipe.epochs), build_loss(recipe.loss))
        feed = image_feeder(model)
        targets = np.asarray(targets_for(recipe, jnp.asarray(labels, jnp.int32), dataset.num_classes))
        weighed = class_weights_of(recipe, labels, dataset.num_classes)
        weights = None if weighed is None else dict(enumerate(weighed))
        for epoch in range(recipe.epochs):
            order = generator.permutation(len(images))
            keys = step_keys(recipe.augmentation, augmentation, num_steps)
            for number, start in enumerate(range(0, len(images), recipe.batch_size)):
                batch = order[start : start + recipe.batch_size]
                chosen = images[batch] if keys is None else augment_slowly(images[batch], recipe, keys[number])
                x = np.asarray(feed(jnp.asarray(chosen)))
                with hashed_dropout(model):
                    loss: Any = model.train_on_batch(x, targets[batch], class_weight=weights)
                totals[epoch] += float(loss) * len(batch)
        model.optimizer.finalize_variable_values(model.trainable_variables)  # pyright: ignore[reportOptionalMemberAccess]
    return model, [total / len(images) for total in totals]


def augment_slowly(images: np.ndarray, recipe: Recipe, key: np.ndarray) -> np.ndarray:
    """The images `[B, H, W, C]` of a step as its key changes them, by SciPy, image by image: float32, 0..255."""
    assert recipe.augmentation is not None
    size = images.shape[1:3]
    warps = draw_warps(recipe.augmentation, jnp.asarray(key), len(images), size)
    return sample_slowly(images, np.asarray(source_coordinates(warps, size)))


def sample_slowly(images: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
    """The twin of :func:`netgain.engine.augment.sample`."""
    sampled = np.empty(images.shape, np.float32)
    for number, places in enumerate(coordinates):
        for channel in range(images.shape[3]):
            plane = images[number, :, :, channel].astype(np.float32)
            sampled[number, :, :, channel] = ndimage.map_coordinates(plane, places, order=1, mode="grid-constant")
    return sampled


def gradients_slowly(model: keras.Model, recipe: Recipe, images: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """The gradient of the recipe's loss by each trainable variable: of one image after the other, then their mean.

    images: uint8 `[n, H, W, C]`; labels: int `[n]`. A penalty is a part of every image's loss.
    """
    with keras_for(recipe.network):
        loss, feed = goal_of(recipe, model.output_shape[-1]).loss, image_feeder(model)
        trainable = [variable.value for variable in model.trainable_variables]
        non_trainable = [variable.value for variable in model.non_trainable_variables]

        def of_one(weights: list[jax.Array], image: jax.Array, label: jax.Array) -> Any:
            x = feed(image[None])
            answer: Any = model.stateless_call(weights, non_trainable, x, training=False, return_losses=True)
            value: Any = loss(label[None], answer[0])
            return value + sum(answer[2])

        gradient = jax.jit(jax.grad(of_one))
        sums = [np.zeros(weight.shape) for weight in trainable]
        for image, label in zip(images, labels, strict=True):
            of_image = gradient(trainable, jnp.asarray(image), jnp.asarray(label, jnp.int32))
            sums = [total + np.asarray(one, np.float64) for total, one in zip(sums, of_image, strict=True)]
        return [total / len(images) for total in sums]
