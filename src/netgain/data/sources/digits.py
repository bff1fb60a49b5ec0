"""scikit-learn's handwritten digits, for trying things without a network connection."""

from importlib.util import find_spec
from pathlib import Path
from typing import final

import numpy as np

from netgain.data.source import Arrays, OnProgress, Source
from netgain.errors import DataError

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
        """The first 1437 images to train on, the last 360 to test on, 0..16 scaled to 0..255.

        The file is read without importing scikit-learn, which takes a worker longer than all else that it imports.

        Raises:
            DataError: where scikit-learn is not installed or has no such file.
        """
        path = _inside_scikit_learn()
        try:
            rows = np.loadtxt(path, delimiter=",")  # 64 pixels and the label
        except OSError as error:
            message = f"the digits cannot be read from scikit-learn's file {path}: {error}; install scikit-learn again"
            raise DataError(message) from error
        images = np.rint(rows[:, :-1].reshape(-1, 8, 8) * (255 / LARGEST_VALUE)).astype(np.uint8)
        labels = rows[:, -1].astype(int)
        return images[:NUM_TRAIN], labels[:NUM_TRAIN], images[NUM_TRAIN:], labels[NUM_TRAIN:]


def _inside_scikit_learn() -> Path:
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise DataError(
            "the dataset 'digits' comes with scikit-learn, which is not installed: pip install scikit-learn"
        )
    return Path(package.submodule_search_locations[0]) / "datasets" / "data" / "digits.csv.gz"


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
