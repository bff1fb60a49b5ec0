"""A dataset: uint8 images and integer labels, a part to train on and a part to test on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Never, final

import numpy as np
from numpy.typing import ArrayLike

from netgain.data.arrays import as_class_names, as_digit_box, as_groups, as_images, as_labels, check_classes
from netgain.data.samples import dataset_html
from netgain.data.value_range import EIGHT_BIT
from netgain.errors import DataError, OutputError
from netgain.files import write_atomically
from netgain.markup import one_line


@final
class Dataset:
    """Images and labels, checked when made and never changed afterwards.

    Shapes: N training images, n test images, V validation images, H W C image (C is 1 for grey, 3 for colour), K
    classes.

    Args:
        x_train: images `[N, H, W, C]` or `[N, H, W]`: whole numbers 0..255, or floats that are multiples of
            1/255 from 0 to 1. Values that would have to be rounded are refused, and so are images so dark that
            their white may be another number: say it with `value_range`.
        y_train: labels `[N]` 0..K-1, or one-hot rows `[N, K]`.
        x_test: images `[n, H, W, C]` or `[n, H, W]`, as `x_train`.
        y_test: labels `[n]` or `[n, K]`, as `y_train`.
        x_validation, y_validation: a validation part of your own, images `[V, H, W, C]` or `[V, H, W]` and labels
            `[V]` or `[V, K]`. Without it a recipe takes its validation part from the training images.
        class_names: the K names of the classes; "0".."K-1" by default.
        test_groups: an integer or string `[n]` for each test image, the same for images that belong together
            (one writer, one patient), so that the statistics do not count them as independent.
        name: what reports call the dataset.
        value_range: the values of black and white in all images, such as (0, 16) or (-1, 1), as in the layers of
            Keras; what lies between them is rounded to 256 levels. None for the two scales above.
        digit_box: for centred digits, white on black, the longer side of a digit as a share of the image's side, 20/28
            for MNIST's: `netgain predict` then cuts the digit out of a photo. None for all other images.

    Attributes:
        x_train, x_test: uint8 `[N, H, W, C]` and `[n, H, W, C]`, read-only.
        y_train, y_test: int32 `[N]` and `[n]`, read-only.
        x_validation, y_validation: as `x_train` and `y_train`, uint8 `[V, H, W, C]` and int32 `[V]`, or None.
        class_names: tuple of K strings.
        test_groups: int64 or string `[n]`, or None.
        name: str.
        digit_box: float or None.

    Raises:
        DataError: for arrays that are not such images and labels; the message says what to change.

    >>> images = np.full((6, 8, 8), 255, np.uint8)
    >>> Dataset(images, [0, 1, 2, 0, 1, 2], images[:3], [0, 1, 2], name="white")
    Dataset 'white': 6 training and 3 test images of 8x8x1, 3 classes
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    x_validation: np.ndarray | None
    y_validation: np.ndarray | None
    class_names: tuple[str, ...]
    test_groups: np.ndarray | None
    name: str
    digit_box: float | None

    def __init__(
        self,
        x_train: ArrayLike,
        y_train: ArrayLike,
        x_test: ArrayLike,
        y_test: ArrayLike,
        *,
        x_validation: ArrayLike | None = None,
        y_validation: ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        test_groups: ArrayLike | None = None,
        name: str = "own",
        value_range: ArrayLike | None = None,
        digit_box: float | None = None,
    ) -> None:
        if (x_validation is None) != (y_validation is None):
            given, missing = ("y", "x") if x_validation is None else ("x", "y")
            raise DataError(f"{given}_validation is given without {missing}_validation: give both or neither")
        parts = {"train": (x_train, y_train), "test": (x_test, y_test)}
        if x_validation is not None and y_validation is not None:
            parts["validation"] = (x_validation, y_validation)
        images = as_images({f"x_{part}": x for part, (x, _) in parts.items()}, value_range)
        labels = {f"y_{part}": as_labels(f"y_{part}", y, len(images[f"x_{part}"])) for part, (_, y) in parts.items()}
        self.__dict__.update(
            {"x_validation": None, "y_validation": None, **images, **labels},
            class_names=as_class_names(class_names, check_classes(labels)),
            test_groups=as_groups(test_groups, len(images["x_test"])),
            name=name,
            digit_box=as_digit_box(digit_box),
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
        own = f", {self.num_validation:,} validation" if self.num_validation else ""
        return one_line(
            f"Dataset {self.name!r}: {self.num_train:,} training{own} and {self.num_test:,} test images of "
            f"{size}, {self.num_classes} classes"
        )

    def _repr_html_(self) -> str:
        parts = [y for y in (self.y_train, self.y_validation, self.y_test) if y is not None]
        numbers = [np.bincount(y, minlength=self.num_classes) for y in parts]
        counts = [[name, *(f"{of[k]:,}" for of in numbers)] for k, name in enumerate(self.class_names)]
        return dataset_html(repr(self), self.x_test, self.y_test, self.class_names, counts)

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

    @property
    def num_validation(self) -> int:
        """The number of images in the dataset's own validation part, V; 0 if it has none."""
        return 0 if self.x_validation is None else len(self.x_validation)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all arrays with their shapes; the names have no part in it."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name, array in self._arrays().items():
            digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
            digest.update(array.data)
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
        texts = {"class_names": np.array(self.class_names), "name": np.array(self.name), "value_range": EIGHT_BIT}
        if self.digit_box is not None:
            texts["digit_box"] = np.array(self.digit_box)
        try:
            with write_atomically(path) as file:
                np.savez(file, **self._arrays(), **texts)  # pyright: ignore[reportArgumentType]
        except OSError as error:
            raise OutputError(
                f"cannot write {str(path)!r} ({error.strerror or error}): choose a folder that exists, that "
                "you may write to, and that has free space"
            ) from error
        return path

    def _arrays(self) -> dict[str, np.ndarray]:
        optional = {
            "x_validation": self.x_validation,
            "y_validation": self.y_validation,
            "test_groups": self.test_groups,
        }
        arrays = {"x_train": self.x_train, "y_train": self.y_train, "x_test": self.x_test, "y_test": self.y_test}
        return arrays | {name: array for name, array in optional.items() if array is not None}
