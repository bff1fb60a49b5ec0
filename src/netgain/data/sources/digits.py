"""scikit-learn's handwritten digits, for trying things without a network connection."""

from pathlib import Path
from typing import final

import numpy as np

from netgain.data.source import Arrays, OnProgress, Source

NUM_TRAIN = 1437
LARGEST_VALUE = 16  # of scikit-learn's pixels


@final
class InsideScikitLearn:
    """Arrays that come with the package scikit-learn."""

    def fetch(self, on_progress: OnProgress | None) -> Path | None:
        """Nothing to do."""
        return None

    def is_cached(self) -> bool:
        """True: they are always there."""
        return True

    def load(self) -> Arrays:
        """The first 1437 images to train on, the last 360 to test on, 0..16 scaled to 0..255."""
        from sklearn.datasets import load_digits

        bunch = load_digits()
        images = np.rint(bunch.images * (255 / LARGEST_VALUE)).astype(np.uint8)  # pyright: ignore[reportAttributeAccessIssue]
        labels = bunch.target  # pyright: ignore[reportAttributeAccessIssue]
        return images[:NUM_TRAIN], labels[:NUM_TRAIN], images[NUM_TRAIN:], labels[NUM_TRAIN:]


SOURCE = Source(
    name="digits",
    description="handwritten digits, 8x8 grey, 1,797 images inside scikit-learn: needs no network connection",
    image_shape=(8, 8, 1),
    class_names=tuple("0123456789"),
    num_train=NUM_TRAIN,
    num_test=360,
    digit_box=1.0,
    supply=InsideScikitLearn(),
)
