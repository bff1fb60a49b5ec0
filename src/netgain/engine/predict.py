"""What a trained network says of images."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
import keras
import numpy as np

from netgain.data import read_image
from netgain.engine.inputs import image_feeder
from netgain.engine.saving import NOTE_NAME
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
    model, class_names = load_model(model_path)
    shape = _image_shape(model, model_path)
    images = np.stack([read_image(path, shape) for path in image_paths])
    scores = predict(model, images)
    names = class_names or [str(number) for number in range(scores.shape[1])]
    return [
        Prediction(path, names[row.argmax()], {name: float(value) for name, value in zip(names, row, strict=True)})
        for path, row in zip(image_paths, scores, strict=True)
    ]


def predict(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Scores float32 `[n, K]` for uint8 images `[n, H, W, C]`, in inference mode."""
    feed = image_feeder(model)
    return np.asarray(model.predict(np.asarray(feed(jnp.asarray(images))), batch_size=256, verbose=0))  # pyright: ignore[reportArgumentType]


def load_model(path: Path) -> tuple[keras.Model, list[str] | None]:
    """The model of a `.keras` file and its class names, where netgain wrote it.

    Raises:
        DataError: where there is no such file or Keras cannot open it.
    """
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}; give a .keras file, such as netgain train --save writes")
    try:
        model = keras.saving.load_model(path, compile=False)
        with zipfile.ZipFile(path) as archive:
            note = json.loads(archive.read(NOTE_NAME)) if NOTE_NAME in archive.namelist() else {}
    except Exception as error:  # Keras raises whatever the file provokes
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(f"{str(path)!r} is no Keras model that opens: {reason}") from error
    return model, note.get("class_names")  # pyright: ignore[reportReturnType]


def _image_shape(model: keras.Model, path: Path) -> tuple[int, int, int]:
    """The (H, W, C) of a model's input `[B, H, W, C]` or `[B, H, W]`."""
    shape = tuple(model.input_shape[1:])
    if None in shape or len(shape) not in {2, 3}:
        raise DataError(
            f"the network in {str(path)!r} takes inputs of shape {shape}, which are no images of a fixed size"
        )
    return shape if len(shape) == 3 else (*shape, 1)  # pyright: ignore[reportReturnType]
