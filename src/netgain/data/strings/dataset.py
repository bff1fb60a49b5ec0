"""A dataset of strings: images of one height, a text for each, a part to train on and a part to test on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Never, final

import numpy as np
from numpy.typing import ArrayLike

from netgain.data.arrays import as_groups, as_images, read_only
from netgain.data.samples import strings_html
from netgain.data.strings.texts import as_alphabet, as_numbers, as_texts
from netgain.errors import DataError, OutputError
from netgain.files import write_atomically
from netgain.markup import one_line


@final
class StringDataset:
    """Images of strings and their texts, checked when made and never changed afterwards.

    Shapes: N training images, n test images, H W image, K characters, L the length of the longest text.

    Args:
        x_train: images `[N, H, W, 1]` or `[N, H, W]`, white on black, filled with black on the right up to the widest:
            whole numbers 0..255, or floats that are multiples of 1/255 from 0 to 1.
        texts_train: N texts.
        x_test: images `[n, H, W, 1]` or `[n, H, W]`, of the same size.
        texts_test: n texts, of characters that the training texts have.
        widths_train, widths_test: the columns of each image before it was filled up, integers `[N]` and `[n]`; None
            where every image has the full width.
        alphabet: all characters that a text may have; None for those of the training texts.
        test_groups: an integer or string `[n]` for each test image, the same for images that belong together (one
            writer), so that the statistics do not count them as independent.
        name: what reports call the dataset.

    Attributes:
        x_train, x_test: uint8 `[N, H, W, 1]` and `[n, H, W, 1]`, read-only.
        texts_train, texts_test: tuples of N and of n strings.
        widths_train, widths_test: int32 `[N]` and `[n]`, read-only.
        alphabet: the K characters in order of their code points; character k of it has the label k + 1, and 0 is CTC's
            blank (Graves et al. 2006, Proc. 23rd ICML, 369, section 3).
        test_groups: int64 or string `[n]`, or None.
        name: str.

    Raises:
        DataError: for arrays and texts that are not such a dataset; the message says what to change.

    >>> images = np.full((3, 32, 60), 255, np.uint8)
    >>> strings = StringDataset(images, ["20", "26", "7"], images[:1], ["07"], name="white")
    >>> strings
    StringDataset 'white': 3 training and 1 test strings of '0267' in images of 32x60, 1 to 2 characters long
    >>> strings.y_train.tolist()
    [[2, 1], [2, 3], [4, 0]]
    """

    x_train: np.ndarray
    texts_train: tuple[str, ...]
    widths_train: np.ndarray
    x_test: np.ndarray
    texts_test: tuple[str, ...]
    widths_test: np.ndarray
    alphabet: str
    test_groups: np.ndarray | None
    name: str

    def __init__(
        self,
        x_train: ArrayLike,
        texts_train: Iterable[str],
        x_test: ArrayLike,
        texts_test: Iterable[str],
        *,
        widths_train: ArrayLike | None = None,
        widths_test: ArrayLike | None = None,
        alphabet: str | None = None,
        test_groups: ArrayLike | None = None,
        name: str = "own strings",
    ) -> None:
        images = as_images({"x_train": x_train, "x_test": x_test})
        texts = {
            "texts_train": as_texts("texts_train", texts_train, len(images["x_train"])),
            "texts_test": as_texts("texts_test", texts_test, len(images["x_test"])),
        }
        for part, array in images.items():
            _check_shape(part, array, texts[part.replace("x_", "texts_")])
        widths = {
            "widths_train": _as_widths("widths_train", widths_train, images["x_train"]),
            "widths_test": _as_widths("widths_test", widths_test, images["x_test"]),
        }
        self.__dict__.update(
            {**images, **texts, **widths},
            alphabet=as_alphabet(alphabet, texts),
            test_groups=as_groups(test_groups, len(images["x_test"])),
            name=name,
        )

    def __setattr__(self, name: str, value: Any) -> Never:
        raise AttributeError(f"a StringDataset cannot be changed; make a new one with another {name}")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a StringDataset cannot be changed; make a new one without {name}")

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for array in self.__dict__.values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False  # which pickle forgets

    def __repr__(self) -> str:
        height, width, _ = self.image_shape
        lengths = np.concatenate([self.lengths_train, self.lengths_test])
        return one_line(
            f"StringDataset {self.name!r}: {self.num_train:,} training and {self.num_test:,} test strings of "
            f"{self.alphabet!r} in images of {height}x{width}, {lengths.min()} to {lengths.max()} characters long"
        )

    def _repr_html_(self) -> str:
        return strings_html(repr(self), self.x_test, self.texts_test, self.widths_test)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels (1) of every image."""
        height, width, channels = self.x_train.shape[1:]
        return height, width, channels

    @property
    def num_characters(self) -> int:
        """The number of characters in the alphabet, K."""
        return len(self.alphabet)

    @property
    def longest(self) -> int:
        """The number of characters of the longest text of both parts, L."""
        return int(max(self.lengths_train.max(), self.lengths_test.max()))

    @property
    def num_train(self) -> int:
        """The number of training images, N."""
        return len(self.x_train)

    @property
    def num_test(self) -> int:
        """The number of test images, n."""
        return len(self.x_test)

    @cached_property
    def lengths_train(self) -> np.ndarray:
        """The number of characters of each training text, int32 `[N]`."""
        return _lengths(self.texts_train)

    @cached_property
    def lengths_test(self) -> np.ndarray:
        """The number of characters of each test text, int32 `[n]`."""
        return _lengths(self.texts_test)

    @cached_property
    def y_train(self) -> np.ndarray:
        """The labels of the training texts, int32 `[N, L]`: 1 to K, and 0 after the last character."""
        return as_numbers(self.texts_train, self.alphabet, self.longest)

    @cached_property
    def y_test(self) -> np.ndarray:
        """The labels of the test texts, int32 `[n, L]`, as :attr:`y_train`."""
        return as_numbers(self.texts_test, self.alphabet, self.longest)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all images and texts; the name has no part in it."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        digest = hashlib.sha256()
        for name, array in self._arrays().items():
            digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
            digest.update(np.ascontiguousarray(array).tobytes() if array.dtype.kind == "U" else array.data)
        return digest.hexdigest()

    def save(self, path: str | Path) -> Path:
        """Write an uncompressed `.npz`, which :func:`netgain.data.load_strings` reads back; return its path.

        Raises:
            OutputError: where the file cannot be written or does not end in `.npz`.

        >>> import tempfile
        >>> from netgain.data import load_strings
        >>> images = np.full((3, 32, 60), 255, np.uint8)
        >>> strings = StringDataset(images, ["20", "26", "7"], images[:1], ["07"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     load_strings(strings.save(f"{folder}/my.npz")).digest == strings.digest
        True
        """
        path = Path(path).expanduser()
        if path.suffix != ".npz":
            raise OutputError(
                f"a dataset is saved as an .npz file; received {str(path)!r}: give a name that ends in .npz"
            )
        try:
            with write_atomically(path) as file:
                self.write(file)
        except OSError as error:
            raise OutputError(
                f"cannot write {str(path)!r} ({error.strerror or error}): choose a folder that exists, that "
                "you may write to, and that has free space"
            ) from error
        return path

    def write(self, file: BinaryIO) -> None:
        """Write what :meth:`save` writes into an open file.

        Raises:
            OSError: where it cannot be written.
        """
        np.savez(file, **self._arrays(), name=np.array(self.name))  # pyright: ignore[reportArgumentType]

    def _arrays(self) -> dict[str, np.ndarray]:
        groups = {} if self.test_groups is None else {"test_groups": self.test_groups}
        return {
            "x_train": self.x_train,
            "texts_train": np.array(self.texts_train),
            "widths_train": self.widths_train,
            "x_test": self.x_test,
            "texts_test": np.array(self.texts_test),
            "widths_test": self.widths_test,
            "alphabet": np.array(self.alphabet),
            **groups,
        }


def _check_shape(name: str, images: np.ndarray, texts: tuple[str, ...]) -> None:
    """Refuse colour, and images that stand upright although a text has several characters."""
    _, height, width, channels = images.shape
    if channels != 1:
        raise DataError(
            f"{name} has shape {images.shape}, images in colour; expected grey images [N, H, W] or [N, H, W, 1]: take "
            f"the mean of the channels, {name}.mean(axis=3).round().astype('uint8')"
        )
    if height > width and max(map(len, texts)) > 1:
        raise DataError(
            f"{name} has images of height {height} and width {width}, higher than wide, and texts of several "
            f"characters; expected lines of writing from left to right: turn them, such as np.rot90({name}, axes=(1, "
            f"2)), exchange the axes, {name}.swapaxes(1, 2), or if they are right, fill them up with black on the right"
        )


def _as_widths(name: str, widths: ArrayLike | None, images: np.ndarray) -> np.ndarray:
    full = images.shape[2]
    if widths is None:
        return read_only(np.full(len(images), full, np.int32))
    found = np.asarray(widths)
    if found.shape != (len(images),) or found.dtype.kind not in "iu" or found.min() < 1 or found.max() > full:
        raise DataError(
            f"{name} must be the columns of each of the {len(images):,} images before it was filled up, whole numbers "
            f"from 1 to {full}; received shape {found.shape} and type {found.dtype}"
            + (f" with values from {found.min()} to {found.max()}" if found.size and found.dtype.kind in "iuf" else "")
        )
    return read_only(found.astype(np.int32))


def _lengths(texts: tuple[str, ...]) -> np.ndarray:
    return read_only(np.array([len(text) for text in texts], np.int32))
