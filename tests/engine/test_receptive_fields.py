"""The pixels that a cell of a feature map sees are those that change it."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from netgain.engine.receptive_fields import receptive_fields
from netgain.networks.families.convnet import ConvNet

layers = keras.layers
CHAINS = {
    "uneven kernel": [layers.Conv2D(2, (4, 3), padding="same")],
    "strides": [layers.Conv2D(2, 3, strides=2, padding="same"), layers.Conv2D(1, 2, strides=(2, 1))],
    "dilation": [layers.Conv2D(2, 2, dilation_rate=(3, 2)), layers.Conv2D(1, 2, padding="same", dilation_rate=2)],
    "pooling": [
        layers.MaxPooling2D(2, strides=3),
        layers.AveragePooling2D((2, 1), padding="same"),
        layers.Conv2D(1, 2),
    ],
    "padding": [layers.ZeroPadding2D(((3, 1), (0, 2))), layers.DepthwiseConv2D(3), layers.Conv2D(1, 2, strides=2)],
    "cell by cell": [
        layers.Rescaling(1 / 255),
        layers.Dropout(0.5),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.SpatialDropout2D(0.2),
        layers.LeakyReLU(),
        layers.Activation("tanh"),
        layers.Conv2D(1, 2),
    ],
}


def changed_by(model: keras.Model, height: int, width: int) -> np.ndarray:
    """The slow twin: booleans `[height, width, h, w]`, true where one brighter pixel changes a cell of the maps."""
    weights = np.random.default_rng(0)
    for variable in model.trainable_variables:  # positive, so that no change is cancelled or switched off
        variable.assign(weights.uniform(0.1, 1, variable.shape))
    dark = np.random.default_rng(1).uniform(0.01, 0.02, (1, height, width, 1))
    images = np.repeat(dark, height * width + 1, axis=0)
    for pixel in range(height * width):
        images[pixel, pixel // width, pixel % width] = 0.4  # the brightest of every pool that it is in
    maps = np.asarray(model(images.astype(np.float32), training=False))
    changed = (np.abs(maps[:-1] - maps[-1]) > 1e-7).any(axis=-1)
    return changed.reshape(height, width, *maps.shape[1:3])


def expected(maps: object, height: int, width: int) -> np.ndarray:
    fields = receptive_fields(maps)
    assert fields is not None
    seen = np.zeros((height, width, len(fields.rows), len(fields.columns)), bool)
    for i, rows in enumerate(fields.rows):
        for j, columns in enumerate(fields.columns):
            seen[np.ix_(rows, columns, [i], [j])] = True
    return seen


@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_a_pixel_changes_the_cells_that_see_it_and_no_other(chain: list[keras.Layer]) -> None:
    height, width = 13, 10
    model = keras.Sequential([keras.Input((height, width, 1)), *chain])
    seen = expected(model.outputs[0], height, width)
    np.testing.assert_array_equal(seen, changed_by(model, height, width))


@pytest.mark.parametrize("pooling", ["max", "l2"])
def test_every_convolution_of_netgains_own_network(pooling: str) -> None:
    network = ConvNet(filters=(2, 3), kernel_size=(3, 2), pooling=pooling)
    model = network.build((12, 12, 1), 10)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            part = keras.Model(model.input, layer.output)
            np.testing.assert_array_equal(expected(layer.output, 12, 12), changed_by(part, 12, 12))


def test_what_does_not_follow_from_kernels_has_no_fields() -> None:
    inputs = keras.Input((8, 8, 1))
    convolution = layers.Conv2D(2, 3, padding="same")(inputs)
    inner = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(1, 3)])
    meeting = layers.Conv2D(1, 1)(layers.Add()([convolution, layers.Conv2D(2, 1)(inputs)]))
    for maps in (meeting, inner(inputs), layers.Conv2D(1, 1)(layers.UpSampling2D(2)(inputs))):
        assert receptive_fields(maps) is None
    assert receptive_fields(layers.Flatten()(inputs)) is None
