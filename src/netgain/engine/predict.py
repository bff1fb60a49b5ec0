"""What a trained network says of images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import read_image
from netgain.engine.inputs import image_feeder
from netgain.engine.saving import load_model
from netgain.errors import DataError


class Prediction(NamedTuple):
    """A network's answer for one image: the class with the largest score, and every class's score."""

    path: Path
    best: str
    scores: dict[str, float]


def predict_files(model_path: Path, image_paths: Sequence[Path]) -> list[Prediction]:
    """The answers of a `.keras` file for image files, each scaled to the size that the network takes.

    Raises:
        DataError: for a model or an image that cannot be read; nothing is answered then.
    """
    model, note = load_model(model_path)
    shape = _image_shape(model, note, model_path)
    images = np.stack([read_image(path, shape) for path in image_paths])
    scores = predict(model, images)
    names = note.get("class_names") or [str(number) for number in range(scores.shape[1])]
    return [
        Prediction(path, names[row.argmax()], {name: float(value) for name, value in zip(names, row, strict=True)})
        for path, row in zip(image_paths, scores, strict=True)
    ]


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Scores float32 `[n, K]` for uint8 images `[n, H, W, C]`, in inference mode."""
    feed = image_feeder(model)
    return np.asarray(model.predict(np.asarray(feed(jnp.asarray(images))), batch_size=256, verbose=0))  # pyright: ignore[reportArgumentType]


def _image_shape(model: keras.Model, note: dict[str, Any], path: Path) -> tuple[int, int, int]:
    """The (H, W, C) of the images a model takes: what netgain noted, or its input `[B, H, W, C]` or `[B, H, W]`."""
    takes, gives = getattr(model, "input_shape", None), getattr(model, "output_shape", None)
    wrong = f"the network in {str(path)!r} takes inputs of shape {takes} and gives outputs of shape {gives}"
    if not (isinstance(takes, tuple) and isinstance(gives, tuple) and len(gives) == 2 and isinstance(gives[1], int)):
        raise DataError(f"{wrong}; expected one input of images and one output, a score for each class")
    shape = tuple(note.get("image_shape") or (takes[1:] if len(takes) == 4 else (*takes[1:], 1)))
    if len(shape) != 3 or None in shape or shape[2] not in {1, 3}:
        raise DataError(f"{wrong}; expected images of a fixed size, grey or RGB: (None, H, W, 1 or 3)")
    return shape
