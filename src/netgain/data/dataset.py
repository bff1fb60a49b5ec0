"""A dataset: uint8 images and integer labels, a part to train on and a part to test on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Never, final

import numpy as np
from numpy.typing import ArrayLike

from netgain.atomic import write_atomically
from netgain.data.arrays import as_class_names, as_groups, as_images, as_labels, check_classes
from netgain.errors import OutputError


@final
class Dataset:
    """Images and labels, checked when made and never changed afterwards.

    Shapes: N training images, n test images, H W C image (C is 1 for grey, 3 for colour), K classes.

    Args:
        x_train: images `[N, H, W, C]` or `[N, H, W]`: whole numbers 0..255, or floats that are multiples of
            1/255 from 0 to 1. Whatever would have to be rounded is refused.
        y_train: labels `[N]` 0..K-1, or one-hot rows `[N, K]`.
        x_test: images `[n, H, W, C]` or `[n, H, W]`, as `x_train`.
        y_test: labels `[n]` or `[n, K]`, as `y_train`.
        class_names: the K names of the classes; "0".."K-1" by default.
        test_groups: an integer or string `[n]` for each test image, the same for images that belong together
            (one writer, one patient), so that the statistics do not count them as independent.
        name: what reports call the dataset.

    Attributes:
        x_train, x_test: uint8 `[N, H, W, C]` and `[n, H, W, C]`, read-only.
        y_train, y_test: int32 `[N]` and `[n]`, read-only.
        class_names: tuple of K strings.
        test_groups: int64 or string `[n]`, or None.
        name: str.

    Raises:
        DataError: for arrays that are not such images and labels; the message says what to change.

    >>> images = np.zeros((6, 8, 8), np.uint8)
    >>> Dataset(images, [0, 1, 2, 0, 1, 2], images[:3], [0, 1, 2], name="black")
    Dataset 'black': 6 training and 3 test images of 8x8x1, 3 classes
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...]
    test_groups: np.ndarray | None
    name: str

    def __init__(
        self,
        x_train: ArrayLike,
        y_train: ArrayLike,
        x_test: ArrayLike,
        y_test: ArrayLike,
        *,
        class_names: Sequence[str] | None = None,
        test_groups: ArrayLike | None = None,
        name: str = "own",
    ) -> None:
        train_images, test_images = as_images(x_train, x_test)
        train_labels = as_labels("y_train", y_train, len(train_images))
        test_labels = as_labels("y_test", y_test, len(test_images))
        self.__dict__.update(
            x_train=train_images,
            y_train=train_labels,
            x_test=test_images,
            y_test=test_labels,
            class_names=as_class_names(class_names, check_classes(train_labels, test_labels)),
            test_groups=as_groups(test_groups, len(test_images)),
            name=name,
        )

    def __setattr__(self, name: str, value: Any) -> Never:
        raise AttributeError(f"a Dataset cannot be changed; make a new one with another {name}")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a Dataset cannot be changed; make a new one without {name}")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for array in self._arrays().values():
            array.flags.writeable = False  # which pickle forgets

    def __repr__(self) -> str:
        size = "x".join(str(length) for length in self.image_shape)
        return (
            f"Dataset {self.name!r}: {self.num_train:,} training and {self.num_test:,} test images of "
            f"{size}, {self.num_classes} classes"
        )

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every image."""
        height, width, channels = self.x_train.shape[1:]
        return height, width, channels

    @property
    def num_classes(self) -> int:
        """The number of classes, K."""
        return len(self.class_names)

    @property
    def num_train(self) -> int:
        """The number of training images, N."""
        return len(self.x_train)

    @property
    def num_test(self) -> int:
        """The number of test images, n."""
        return len(self.x_test)

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of all arrays with their shapes; the names have no part in it."""
        digest = hashlib.sha256()
        for name, array in self._arrays().items():
            digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
            digest.update(array.tobytes() if array.dtype.kind == "U" else array.data)
        return digest.hexdigest()

    def save(self, path: str | Path) -> Path:
        """Write an uncompressed `.npz`, which :func:`netgain.data.load_npz` reads back; return its path.

        Raises:
            OutputError: where the file cannot be written or does not end in `.npz`.

        >>> import tempfile
        >>> from netgain.data import load_dataset, load_npz
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = load_dataset("digits").save(f"{folder}/digits.npz")
        ...     load_npz(path).digest == load_dataset("digits").digest
        True
        """
        path = Path(path).expanduser()
        if path.suffix != ".npz":
            raise OutputError(
                f"a dataset is saved as an .npz file; received {str(path)!r}: give a name that ends in .npz"
            )
        texts = {"class_names": np.array(self.class_names), "name": np.array(self.name)}
        try:
            with write_atomically(path) as file:
                np.savez(file, **self._arrays(), **texts)  # pyright: ignore[reportArgumentType]
        except OSError as error:
            raise OutputError(
                f"cannot write {str(path)!r} ({error.strerror or error}): choose a folder that exists, that "
                "you may write to, and that has room"
            ) from error
        return path

    def _arrays(self) -> dict[str, np.ndarray]:
        arrays = {
            "x_train": self.x_train,
            "y_train": self.y_train,
            "x_test": self.x_test,
            "y_test": self.y_test,
        }
        return arrays if self.test_groups is None else {**arrays, "test_groups": self.test_groups}
