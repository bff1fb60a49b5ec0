"""What a trained reader reads in pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from netgain.data import LineForm, Prepared, prepare_line
from netgain.data.images import read_file
from netgain.engine.saving import is_reader, load_model
from netgain.engine.score import score
from netgain.errors import DataError
from netgain.tasks.classification.predict import Unanswered
from netgain.tasks.reading.answer import Seen, answer_of, filled_up


class Read(NamedTuple):
    """A reader's answer for one picture.

    Attributes:
        path: the picture's file.
        text: what it reads; empty where it sees no character.
        probability: of the text, over all ways to write it in the time steps.
        seen: its characters with their places in the image, in columns; empty for fixed slots.
        image: what the network saw, uint8 `[H, W, 1]`.
        doubts: reasons, in words, why the answer may be wrong; empty where there are none.
    """

    path: Path
    text: str
    probability: float
    seen: tuple[Seen, ...]
    image: np.ndarray
    doubts: tuple[str, ...]


def read_files(
    model_path: Path, image_paths: Sequence[Path], *, parts: dict[str, Any] | None = None, trusted: bool = False
) -> list[Read | Unanswered]:
    """The answers of a reader's `.keras` file for image files, each prepared as the images that it was trained on.

    Args:
        model_path: the network, as `netgain train --save` wrote it.
        image_paths: the pictures.
        parts: classes and functions of the model that are not Keras' own, by name.
        trusted: let the file run code that it carries, a lambda.

    Raises:
        DataError: for a file that cannot be opened, or that is not one of a reader that netgain saved.
    """
    model, note = load_model(model_path, parts, trusted=trusted)
    if not is_reader(note):
        raise DataError(
            f"{str(model_path)!r} does not record what it reads, expected a reader that netgain saved: write it with "
            "netgain train reader --save reader.keras"
        )
    form = LineForm(**note["line"])
    pictures = [_prepared(path, form) for path in image_paths]
    images = {
        place: filled_up(picture.image, form.width)
        for place, picture in enumerate(pictures)
        if isinstance(picture, Prepared)
    }
    answers: dict[int, tuple[np.ndarray, int]] = {}
    for width in {image.shape[1] for image in images.values()}:
        places = [place for place, image in images.items() if image.shape[1] == width]
        log_probs = score(model, np.stack([images[place] for place in places]))
        answers |= {place: (steps, width) for place, steps in zip(places, log_probs, strict=True)}
    return [
        _read(path, picture, *answers[place], note) if isinstance(picture, Prepared) else picture
        for place, (path, picture) in enumerate(zip(image_paths, pictures, strict=True))
    ]


def _prepared(path: Path, form: LineForm) -> Prepared | Unanswered:
    try:
        return prepare_line(read_file(path.expanduser()), form, label=repr(str(path)))
    except DataError as error:
        return Unanswered(path, str(error))


def _read(path: Path, picture: Prepared, log_probs: np.ndarray, width: int, note: dict[str, Any]) -> Read | Unanswered:
    if not np.isfinite(log_probs).all():
        return Unanswered(
            path,
            f"the network gives {str(path)!r} probabilities that are not finite: its training diverged; train it again",
        )
    answer = answer_of(log_probs, width, note)
    doubts = picture.doubts
    if not answer.text:
        doubts += ("the network sees no character in it",)
    return Read(path, answer.text, answer.probability, answer.seen, picture.image, doubts)
