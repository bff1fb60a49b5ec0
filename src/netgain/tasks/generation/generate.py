"""New images from a saved generator."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from netgain.engine.saving import is_generator, load_model, model_from, note_of
from netgain.engine.score import weights_of
from netgain.errors import DataError, near_or_all
from netgain.tasks.generation.sampling import Sampler, sampler


class GeneratorFile(NamedTuple):
    """A generator that was saved.

    Attributes:
        model: takes z, and labels where it is conditional, and gives pixels 0..255.
        class_names: of the dataset that it learnt from; label k is the class number k.
        latent: how many random numbers make an image.
        conditional: whether it is told the class.
        image_shape: of its images, (H, W, C).
        dataset: the name of the dataset that it learnt from.
    """

    model: keras.Model
    class_names: tuple[str, ...]
    latent: int
    conditional: bool
    image_shape: tuple[int, int, int]
    dataset: str

    def sampler(self) -> Sampler:
        """What makes its images, compiled: from weights, z and labels."""
        return sampler(self.model, weights_of(self.model), self.latent)

    def label_of(self, digit: str) -> int:
        """The number of a class.

        Raises:
            DataError: where there is no such class, or the generator is not told any.
        """
        if not self.conditional:
            raise DataError(
                f"the generator was trained without classes, so it cannot make {digit!r} only; leave the class out, or "
                "train one with conditional = true"
            )
        if digit not in self.class_names:
            raise DataError(f"there is no class {digit!r}{near_or_all(digit, self.class_names, 'Classes')}")
        return self.class_names.index(digit)


def opened(path: str | Path) -> GeneratorFile:
    """The generator of a `.keras` file.

    Raises:
        DataError: where there is no such file, Keras cannot open it, or netgain did not write it as a generator.
    """
    path = Path(path)
    if path.is_file() and not is_generator(note_of(path)):
        raise DataError(
            f"{str(path)!r} is not a generator; give a file from netgain train generator --save generator.keras"
        )
    return _of(*load_model(path))


def opened_bytes(content: bytes) -> GeneratorFile:
    """The generator in the bytes of a `.keras` file that netgain wrote.

    Raises:
        DataError: where Keras cannot open it.
    """
    return _of(*model_from(content))


def _of(model: keras.Model, note: dict[str, Any]) -> GeneratorFile:
    height, width, channels = note["image"]
    shape = height, width, channels
    return GeneratorFile(
        model, tuple(note["generates"]), note["latent"], note["conditional"], shape, note.get("dataset", "")
    )


def generate(
    path: str | Path, number: int, digit: str | None = None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray | None]:
    """New images of a saved generator; the same seed gives the same images, and of a larger number the first are these.

    Args:
        path: the `.keras` file of a generator.
        number: how many images, 1 or more.
        digit: the name of the class to make; None for all in turn.
        seed: decides the random numbers.

    Returns:
        Images uint8 `[number, H, W, C]`, and their labels int32 `[number]`; None for a generator that is told no class.

    Raises:
        DataError: for a number below 1, a class that is not there, or a file that is not a generator.
    """
    if number < 1:
        raise DataError(f"the number of images must be 1 or more; received {number}")
    file = opened(path)
    labels = np.arange(number, dtype=np.int32) % len(file.class_names)
    if digit is not None:
        labels[:] = file.label_of(digit)
    z = np.random.default_rng(seed).standard_normal((number, file.latent), np.float32)
    images = file.sampler()(weights_of(file.model), z, labels)
    return images, labels if file.conditional else None
