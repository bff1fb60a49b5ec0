"""The means over views and members against NumPy: the views made image by image, the scores of plain Keras."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from netgain.engine.averaging import averaged_over_members, averaged_over_views
from netgain.experiment.test_time import TestTime, View
from netgain.networks.network import ImageShape

SHAPE: ImageShape = (7, 9, 1)


def seen_slowly(image: np.ndarray, view: View) -> np.ndarray:
    """An image `[H, W, C]` as a view shows it, pixel by pixel."""
    height, width, _ = image.shape
    moved = np.zeros_like(image)
    for row in range(height):
        for column in range(width):
            if 0 <= row - view.down < height and 0 <= column - view.right < width:
                moved[row, column] = image[row - view.down, column - view.right]
    moved = moved[::-1] if view.upside_down else moved
    return moved[:, ::-1] if view.left_to_right else moved


def network(taken: tuple[int | None, ...]) -> keras.Model:
    """A model with dropout, a penalty and moving statistics, which takes images of the shape given."""
    inputs = keras.Input(taken)
    if None in taken:
        x = keras.layers.GlobalMaxPooling2D()(keras.layers.Conv2D(6, 3, kernel_regularizer="l2")(inputs))
    else:
        x = keras.layers.Dense(6, kernel_regularizer="l2")(keras.layers.Flatten()(inputs))
    x = keras.layers.Dropout(0.5)(keras.layers.BatchNormalization()(x))
    return keras.Model(inputs, keras.layers.Dense(4, activation="softmax")(x))


def answers(model: Any, x: np.ndarray) -> np.ndarray:
    return np.asarray(model(x, training=False))


TAKEN = {"images": (7, 9, 1), "without channels": (7, 9), "flattened": (63,), "of any size": (None, None, 1)}
TIMES = {
    "shift": TestTime(shift=2),
    "flip": TestTime(flip="horizontal"),
    "upside down": TestTime(flip="vertical"),
    "all": TestTime(shift=1, flip="both"),
}


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("taken", TAKEN)
def test_scores_are_means_over_the_views_in_keras_too(taken: str, time: str, tmp_path: Path) -> None:
    model, test_time = network(TAKEN[taken]), TIMES[time]
    images = np.random.default_rng(0).random((5, *SHAPE), dtype=np.float32)
    fed = (
        tuple(size or given for size, given in zip(TAKEN[taken], SHAPE, strict=False))
        if taken != "flattened"
        else (63,)
    )
    seen = [np.stack([seen_slowly(image, view) for image in images]) for view in test_time.views]
    expected = np.mean([answers(model, one.reshape(5, *fed)) for one in seen], axis=0)
    whole = averaged_over_views(model, test_time, SHAPE)
    x = images.reshape(5, *fed)
    np.testing.assert_allclose(answers(whole, x), expected, atol=1e-6)
    whole.save(tmp_path / "whole.keras")
    opened = keras.saving.load_model(tmp_path / "whole.keras")
    np.testing.assert_allclose(answers(opened, x), expected, atol=1e-6)
    for group in ("trainable_variables", "non_trainable_variables"):
        assert [id(one) for one in getattr(whole, group)] == [id(one) for one in getattr(model, group)]


def test_the_views_are_the_image_and_its_copies() -> None:
    assert TestTime(shift=2).views == tuple(View(*place) for place in ((0, 0), (-2, 0), (2, 0), (0, -2), (0, 2)))
    both = TestTime(flip="both").views
    assert {(view.upside_down, view.left_to_right) for view in both} == {(a, b) for a in (0, 1) for b in (0, 1)}
    assert both[0] == View()
    assert len(set(TestTime(shift=1, flip="both").views)) == TestTime(shift=1, flip="both").num_views == 20


def test_members_are_averaged_in_keras_too(tmp_path: Path) -> None:
    members = [network(SHAPE) for _ in range(3)]
    images = np.random.default_rng(0).random((5, *SHAPE), dtype=np.float32)
    expected = np.mean([answers(member, images) for member in members], axis=0)
    whole = averaged_over_members(members)
    whole.save(tmp_path / "whole.keras")
    for one in (whole, keras.saving.load_model(tmp_path / "whole.keras")):
        np.testing.assert_allclose(answers(one, images), expected, atol=1e-6)
    assert not np.allclose(expected, answers(members[0], images), atol=1e-3)
