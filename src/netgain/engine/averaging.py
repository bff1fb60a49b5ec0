"""Networks that average: over copies of an image, or over other networks. They are plain Keras models.

What they average are the scores. Their weights are those of the networks inside, in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from netgain.engine.inputs import pixels_of
from netgain.experiment.test_time import TestTime
from netgain.networks.network import ImageShape
from netgain.networks.own_description import expect_pixels


def averaged_over_views(model: keras.Model, test_time: TestTime, image_shape: ImageShape) -> keras.Model:
    """A model whose scores `[B, K]` are the means of a model's scores of an image and its copies.

    All views are one batch of the model inside, B images of the first view, then of the second.

    Args:
        model: takes images as they are, flattened, or without a channel axis, and so does what is returned.
        test_time: the views.
        image_shape: (H, W, C) of the images.
    """
    taken = tuple(model.input_shape[1:])
    inputs = keras.Input(taken)
    images: Any = inputs if len(taken) == 3 else keras.layers.Reshape(image_shape)(inputs)
    views: Any = keras.ops.concatenate(_seen(images, test_time), axis=0)
    scores = model(views if len(taken) == 3 else keras.layers.Reshape(taken)(views))
    by_view = keras.ops.reshape(scores, (test_time.num_views, -1, model.output_shape[-1]))
    whole = keras.Model(inputs, keras.ops.mean(by_view, axis=0), name=f"{model.name}_views")
    return expect_pixels(whole, pixels_of(model))


def averaged_over_members(members: Sequence[keras.Model]) -> keras.Model:
    """A model whose scores `[B, K]` are the means of those of its members, which take the same images.

    The members get names by their numbers: a model may hold a name only once.
    """
    inputs = keras.Input(members[0].input_shape[1:])
    for number, member in enumerate(members, 1):
        member.name = f"member_{number}"
    scores = keras.layers.Average()([member(inputs) for member in members])
    whole = keras.Model(inputs, scores, name="ensemble")
    return expect_pixels(whole, pixels_of(members[0]))


def _seen(images: Any, test_time: TestTime) -> list[Any]:
    """The images `[B, H, W, C]` of each view."""
    shift, form, seen = test_time.shift, "channels_last", []
    padded = keras.layers.ZeroPadding2D(shift, data_format=form)(images) if shift else images
    for view in test_time.views:
        cut = tuple((shift - by, shift + by) for by in (view.down, view.right))
        one: Any = keras.layers.Cropping2D(cut, data_format=form)(padded) if view.down or view.right else images
        axes = [axis for axis, turned in ((1, view.upside_down), (2, view.left_to_right)) if turned]
        seen.append(keras.ops.flip(one, axis=axes) if axes else one)
    return seen
