"""MNIST's digits turned by a known angle, the "mass" of an image: eights are the signal, all other digits background.

In nature the mass of the signal is N(0°, 5°) and that of the background flat within ±45°, so that it tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from netgain.data.shifts import Normal, Shift, Uniform
from netgain.data.source import Arrays, OnProgress, Source
from netgain.data.sources.mnist import SOURCE as MNIST

SIGNAL_DIGIT = 8
"""Of all digits the one that networks confuse most with others, so that background is left after a cut."""

SIGNAL_MASS, BACKGROUND_MASS = Normal(0.0, 5.0), Uniform(-45.0, 45.0)
"""Degrees counter-clockwise, besides the digit's own slant."""

NUM_TRAIN = 10_000
SEED_OF_TRAINING, SEED_OF_TEST = 0, 1


@final
@dataclass(frozen=True)
class TurnedDigits:
    """The first training digits and all test digits, each turned by one mass.

    Attributes:
        blind: whether the masses of the training digits are drawn alike for signal and background, as the
            background's in nature. Those of the test digits are as in nature either way.
    """

    blind: bool

    def fetch(self, on_progress: OnProgress | None) -> Path | None:
        """Have MNIST in the cache; its folder."""
        return MNIST.supply.fetch(on_progress)

    def is_cached(self) -> bool:
        """Whether MNIST is there, from which they are made."""
        return MNIST.supply.is_cached()

    def load(self) -> Arrays:
        """Turned digits with the labels 0, background, and 1, signal; the same in every call."""
        x_train, y_train, x_test, y_test = MNIST.supply.load()
        train = x_train[:NUM_TRAIN], y_train[:NUM_TRAIN] == SIGNAL_DIGIT
        test = x_test, y_test == SIGNAL_DIGIT
        alike = np.zeros_like(train[1]) if self.blind else train[1]
        turned_train = _turned(train[0], alike, SEED_OF_TRAINING)
        return turned_train, train[1].astype(int), _turned(test[0], test[1], SEED_OF_TEST), test[1].astype(int)


def upright_test_digits() -> tuple[np.ndarray, np.ndarray]:
    """MNIST's test digits uint8 `[n, H, W, 1]` before they are turned, and which of them are signal, bool `[n]`."""
    _, _, images, labels = MNIST.supply.load()
    return images[..., np.newaxis], labels == SIGNAL_DIGIT


def source_of(name: str, masses: str, *, blind: bool) -> Source:
    """A dataset of turned digits, with what is said of the masses of its training digits."""
    return Source(
        name=name,
        description=f"MNIST's eights against its other digits, turned: {masses}; 10,000 to train and 10,000 to test",
        image_shape=MNIST.image_shape,
        class_names=("background", "signal"),
        num_train=NUM_TRAIN,
        num_test=MNIST.num_test,
        supply=TurnedDigits(blind),
    )


def _turned(images: np.ndarray, like_signal: np.ndarray, seed: int) -> np.ndarray:
    """Each image `[n, H, W]` turned by a mass drawn as the signal's or as the background's."""
    generator, count = np.random.default_rng(seed), len(images)
    signal, background = SIGNAL_MASS.draw(count, generator), BACKGROUND_MASS.draw(count, generator)
    turn = Shift("rotation", SIGNAL_MASS)
    return turn.apply(images[..., np.newaxis], np.where(like_signal, signal, background))
