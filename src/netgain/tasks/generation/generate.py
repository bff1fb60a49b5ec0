"""Images of a trained generator's `.keras` file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np

from netgain.engine.saving import load_model, model_from, note_of
from netgain.errors import DataError


class GeneratorFile(NamedTuple):
    """A generator and its note."""

    model: keras.Model
    class_names: tuple[str, ...]
    latent: int
    conditional: bool
    image_shape: tuple[int, int, int]
    dataset: str

    def images(self, z: np.ndarray, labels: np.ndarray) -> np.ndarray:
        given: Any = [z, labels][: len(self.model.inputs)]
        pixels = np.asarray(self.model(given, training=False))
        return np.nan_to_num(np.clip(np.round(pixels), 0, 255)).astype(np.uint8)


def _of(model, note) -> GeneratorFile:
    return GeneratorFile(
        model, tuple(note["generates"]), note["latent"], note["conditional"], tuple(note["image"]), note["dataset"]
    )


def opened(path: Path) -> GeneratorFile:
    if path.is_file() and "generates" not in note_of(path):
        raise DataError(f"{str(path)!r} is not a generator")
    return _of(*load_model(path))


def opened_bytes(content: bytes) -> GeneratorFile:
    return _of(*model_from(content))


def generate(path: Path, number: int, digit: str | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    if number < 1:
        raise DataError(f"number must be 1 or more; received {number}")
    found = opened(path)
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((number, found.latent)).astype(np.float32)
    labels = np.arange(number, dtype=np.int32) % len(found.class_names)
    if digit is not None and not found.conditional:
        raise DataError(f"{str(path)!r} knows no classes; remove --digit (digit={digit!r})")
    if digit is not None:
        if digit not in found.class_names:
            raise DataError(f"no class {digit!r}")
        labels[:] = found.class_names.index(digit)
    return found.images(z, labels), np.sort(labels)
