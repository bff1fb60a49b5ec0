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
from netgain.engine.mixing import draw_mixture
from netgain.engine.randomness import augmentation_generator, random_streams
from netgain.engine.retouching import Touches, draw_touches
from netgain.experiment.augmentation import Augmentation
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
                chosen, answers = images[batch], targets[batch]
                if recipe.augmentation is not None and keys is not None:
                    chosen, answers = augment_slowly(chosen, answers, recipe.augmentation, keys[number])
                x = np.asarray(feed(jnp.asarray(chosen)))
                with hashed_dropout(model):
                    loss: Any = model.train_on_batch(x, answers, class_weight=weights)
                totals[epoch] += float(loss) * len(batch)
        model.optimizer.finalize_variable_values(model.trainable_variables)  # pyright: ignore[reportOptionalMemberAccess]
    return model, [total / len(images) for total in totals]


def augment_slowly(
    images: np.ndarray, targets: np.ndarray, augmentation: Augmentation, key: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The images `[B, H, W, C]` and targets `[B, K]` of a step as its key changes them, image by image.

    Images come in 0..255 and go out so, float32; warps are SciPy's.
    """
    size, drawn_by = (images.shape[1], images.shape[2]), jnp.asarray(key)
    touches = draw_touches(augmentation, drawn_by, len(images), size)
    for number, turn in ((0, touches.upside_down), (1, touches.left_to_right)):
        if turn is not None:
            images = np.stack([np.flip(one, number) if yes else one for one, yes in zip(images, turn, strict=True)])
    coordinates = source_coordinates(draw_warps(augmentation, drawn_by, len(images), size), size)
    images = retouch_slowly(sample_slowly(images, np.asarray(coordinates)), touches, augmentation.cutout)
    if not augmentation.mixup:
        return images, targets
    partner, share = map(np.asarray, draw_mixture(augmentation.mixup, drawn_by, len(images)))

    def mixed(arrays: np.ndarray) -> np.ndarray:
        pairs = zip(arrays, arrays[partner], share, strict=True)
        return np.stack([part * one + (1 - part) * other for one, other, part in pairs])

    return mixed(images), mixed(targets)


def retouch_slowly(images: np.ndarray, touches: Touches, side: int) -> np.ndarray:
    """The twin of :func:`netgain.engine.retouching.retouched`, for images in 0..255."""
    changed = images.astype(np.float32)
    for number, image in enumerate(changed):
        if touches.brightness is not None:
            image += 255 * float(touches.brightness[number])
        if touches.contrast is not None:
            for channel in range(image.shape[2]):
                plane = image[:, :, channel]
                plane[:] = plane.mean() + float(touches.contrast[number]) * (plane - plane.mean())
        image[:] = np.minimum(np.maximum(image, 0), 255)
        if touches.corner is not None and touches.cut is not None and touches.cut[number]:
            row, column = map(int, touches.corner[number])
            image[max(row, 0) : max(row + side, 0), max(column, 0) : max(column + side, 0)] = 0
    return changed


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
