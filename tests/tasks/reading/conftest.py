"""Strings of three characters that a small network learns in seconds, and one that has learnt them."""

from typing import Any

import numpy as np
import pytest

from netgain.data import StringDataset
from netgain.networks.families.rnn import RNN
from netgain.networks.strings import Stem
from netgain.runs.record import RunResult
from netgain.runs.training import train
from netgain.tasks.reading.recipe import Reader

HEIGHT, GLYPH = 8, 6
NETWORK = RNN(cell="gru", units=16, bidirectional=True, stem=Stem(filters=(8,), pools=((2, 2),)))


def make_strings(num_train: int = 480, num_test: int = 120, seed: int = 0) -> StringDataset:
    """Strings of 1 to 3 of "abc": a bar at the left, at the top, or a box, 6 columns each, with noise."""
    generator = np.random.default_rng(seed)
    glyphs = np.zeros((3, HEIGHT, GLYPH))
    glyphs[0, :, 1] = glyphs[1, 1, :5] = glyphs[2, 2:6, 1:5] = 200

    def part(count: int) -> tuple[np.ndarray, list[str], list[int]]:
        images, texts = generator.integers(0, 40, (count, HEIGHT, 3 * GLYPH)).astype(float), []
        for image in images:
            labels = generator.integers(0, 3, generator.integers(1, 4))
            texts.append("".join("abc"[label] for label in labels))
            for place, label in enumerate(labels):
                image[:, place * GLYPH : (place + 1) * GLYPH] += glyphs[label]
            image[:, len(labels) * GLYPH :] = 0
        return images.astype(np.uint8), texts, [GLYPH * len(text) for text in texts]

    x_train, texts_train, widths_train = part(num_train)
    x_test, texts_test, widths_test = part(num_test)
    return StringDataset(
        x_train, texts_train, x_test, texts_test, widths_train=widths_train, widths_test=widths_test, name="bars"
    )


def recipe_for(strings: StringDataset, **fields: Any) -> Reader:
    """A recipe that learns them in seconds."""
    chosen = {"network": NETWORK, "optimizer": {"name": "adam", "learning_rate": 0.01}, "batch_size": 8, "epochs": 4}
    return Reader(dataset=strings, **{**chosen, **fields})


@pytest.fixture(scope="session")
def strings() -> StringDataset:
    return make_strings()


@pytest.fixture(scope="session")
def trained(strings: StringDataset) -> RunResult:
    return train(recipe_for(strings, validation_size=80), seed=0)
