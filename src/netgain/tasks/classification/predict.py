"""What a trained network says of images."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import keras
import numpy as np

from netgain.data import ImageForm, Prepared, prepare_image
from netgain.data.images import read_file
from netgain.data.preparing import MNIST_BOX
from netgain.engine.saving import load_classifier
from netgain.engine.score import score
from netgain.errors import DataError

PreparedAs = Literal["digit", "photo"]


class Prediction(NamedTuple):
    """A network's answer for one picture.

    Attributes:
        path: the picture's file.
        best: the class with the largest score.
        scores: every class's score.
        image: what the network saw, uint8 `[H, W, C]`.
        doubts: reasons, in words, why the answer may be wrong; empty where there are none.
        are_probabilities: whether the scores of an image sum to one; else each is a yes or no of its own, as of
            sigmoid outputs.
    """

    path: Path
    best: str
    scores: dict[str, float]
    image: np.ndarray
    doubts: tuple[str, ...]
    are_probabilities: bool


class Unanswered(NamedTuple):
    """A picture without an answer: its file, and the reason in words."""

    path: Path
    reason: str


def predict_files(
    model_path: Path,
    image_paths: Sequence[Path],
    prepared_as: PreparedAs | None = None,
    *,
    parts: dict[str, Any] | None = None,
    trusted: bool = False,
) -> list[Prediction | Unanswered]:
    """The answers of a `.keras` file for image files, each prepared as the images that the network was trained on.

    Args:
        model_path: the network.
        image_paths: the pictures.
        prepared_as: "digit" to cut a digit out and centre it, "photo" to convert and stretch the whole picture; None
            for what the file records. Where it records nothing that is "photo", with a warning.
        parts: classes and functions of the model that are not Keras' own, by name.
        trusted: let the file run code that it carries, a lambda.

    Raises:
        DataError: for a model that cannot be read or does not take images.
    """
    model, note, form = opened_file(model_path, prepared_as, parts=parts, trusted=trusted)
    pictures = [_prepared(path, form) for path in image_paths]
    images = [picture.image for picture in pictures if isinstance(picture, Prepared)]
    scores = score(model, np.stack(images)) if images else np.zeros((0, 0), np.float32)
    rows, names, sum_to_one = iter(scores), note.get("class_names"), _sum_to_one(model, scores)
    return [
        _prediction(path, picture, next(rows), names, sum_to_one) if isinstance(picture, Prepared) else picture
        for path, picture in zip(image_paths, pictures, strict=True)
    ]


def opened_file(
    path: Path, prepared_as: PreparedAs | None, *, parts: dict[str, Any] | None = None, trusted: bool = False
) -> tuple[keras.Model, dict[str, Any], ImageForm]:
    """The network of a `.keras` file, its note, and how pictures are made into what it takes; the arguments are those
    of :func:`predict_files`.

    Raises:
        DataError: for a model that cannot be read or does not take images.
    """
    model, note = load_classifier(path, parts, trusted=trusted)
    return model, note, _image_form(_image_shape(model, note, path), note, prepared_as, path)


def _prepared(path: Path, form: ImageForm) -> Prepared | Unanswered:
    try:
        return prepare_image(read_file(path.expanduser()), form, label=repr(str(path)))
    except DataError as error:
        return Unanswered(path, str(error))


def _sum_to_one(model: keras.Model, scores: np.ndarray) -> bool:
    """Whether scores `[n, K]` are probabilities; those of a sigmoid may sum to one by chance, and are none."""
    if _last_activation(model) is keras.activations.sigmoid:
        return False
    return bool(np.allclose(scores.sum(axis=1), 1, atol=1e-3))


def _last_activation(model: keras.Model) -> Any:
    """Of the layer that gives the scores; of a network that averages, that of one it averages."""
    networks: list[Any] = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    last: Any = model.layers[-1]
    if networks and (last is networks[-1] or isinstance(last, keras.layers.Average)):
        return _last_activation(networks[-1])
    return getattr(last, "activation", None)


def _prediction(
    path: Path, picture: Prepared, row: np.ndarray, names: list[str] | None, sum_to_one: bool
) -> Prediction | Unanswered:
    if not np.isfinite(row).all():
        reason = f"the network gives {str(path)!r} scores that are not finite: its training diverged; train it again"
        return Unanswered(path, reason)
    scores = {name: float(value) for name, value in zip(names or map(str, range(len(row))), row, strict=True)}
    return Prediction(path, max(scores, key=scores.__getitem__), scores, picture.image, picture.doubts, sum_to_one)


def _image_form(
    shape: tuple[int, int, int], note: dict[str, Any], prepared_as: PreparedAs | None, path: Path
) -> ImageForm:
    """How pictures are prepared: as asked, else as the note says, else as photos, and that is said."""
    if prepared_as is None and "digit_box" not in note:
        height, width, _ = shape
        warnings.warn(
            f"{str(path)!r} does not record how its training images were made: the pictures are converted and "
            f"stretched to {height}x{width} pixels, as photos are. For a network of centred digits, such as MNIST, "
            "that is wrong: give --as digit (prepared_as='digit'). If it is right, give --as photo",
            stacklevel=4,
        )
    digit_box, border = note.get("digit_box"), note.get("border")
    if prepared_as is not None:
        digit_box = (digit_box or MNIST_BOX) if prepared_as == "digit" else None
    return ImageForm(image_shape=shape, digit_box=digit_box, border=tuple(border) if border else None)


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
