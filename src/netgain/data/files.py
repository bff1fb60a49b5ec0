"""Reads a dataset, or images alone, from an `.npz` file."""

from __future__ import annotations

import contextlib
import io
import math
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from netgain.data.dataset import Dataset
from netgain.errors import DataError

NEEDED = ("x_train", "y_train", "x_test", "y_test")
OPTIONAL = ("x_validation", "y_validation", "class_names", "test_groups", "value_range", "digit_box", "name")
BESIDE_IMAGES = ("labels", "class_names", "value_range")
"""What a file of images may say of them."""

ALIGNMENT = 64
BYTES_PER_STEP = 2**20  # a member of an archive reads into memory of its own first: as much as it is asked for


def load_npz(path: str | Path) -> Dataset:
    """The dataset in an `.npz` file: arrays x_train, y_train, x_test, y_test, as :class:`Dataset` takes them.

    Its other arguments may be there too, as arrays of their names; without a name the file's own is used.

    Raises:
        DataError: for a file that is missing, broken, without the arrays needed, or with pickled objects.

    >>> import tempfile
    >>> from netgain.data import load_dataset
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     load_npz(load_dataset("digits").save(f"{folder}/my.npz"))
    Dataset 'digits': 1,437 training and 360 test images of 8x8x1, 10 classes
    """
    path = Path(path).expanduser()
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}; give the path of an .npz file")
    arrays = read_arrays(path, NEEDED, OPTIONAL)
    options: dict[str, Any] = {name: arrays[name] for name in OPTIONAL if name in arrays}
    if "class_names" in options:
        options["class_names"] = options["class_names"].ravel().tolist()
    options["name"] = str(options.get("name", path.stem))
    return Dataset(*(arrays[name] for name in NEEDED), **options)


def read_unlabelled(source: Path | io.BytesIO, label: str) -> dict[str, np.ndarray]:
    """The arrays of an `.npz` file of images without a training part, by name: "images", and those of
    :data:`BESIDE_IMAGES` that are there. A single array counts as the images, whatever it is called, and of a dataset
    the test images do.

    Args:
        source: the file, or its content.
        label: what an error calls it.

    Raises:
        DataError: for a file that is broken, has pickled objects, or has several arrays and none called "images".
    """
    with _opened(source, label) as archive:
        names = archive.files
        if "x_test" in names:
            called = {"images": "x_test", "labels": "y_test"}
        elif len(names) == 1:
            called = {"images": names[0]}
        elif "images" in names:
            called = {"images": "images"}
        else:
            raise DataError(
                f"{label} has the arrays {', '.join(names) or 'none'}; expected the images of a sample as images "
                f"[n, H, W] or [n, H, W, C] and, if you like, {', '.join(BESIDE_IMAGES)}, or a dataset with "
                f"{', '.join(NEEDED)}"
            )
        called = {name: name for name in BESIDE_IMAGES} | called
        return {name: _read_array(label, archive, inner) for name, inner in called.items() if inner in names}


def is_dataset(path: Path) -> bool:
    """Whether an `.npz` file has the arrays of a dataset.

    Raises:
        DataError: for a file that is broken or is not an `.npz` file.
    """
    with _opened(path, repr(str(path))) as archive:
        return set(NEEDED) <= set(archive.files)


@contextlib.contextmanager
def _opened(source: Path | io.BytesIO, label: str) -> Iterator[np.lib.npyio.NpzFile]:
    """The archive, and one clear message for whatever is wrong with the file."""
    if not zipfile.is_zipfile(source):
        raise DataError(
            f"{label} is not an .npz file, or is incomplete: write it with "
            "np.savez(path, x_train=..., y_train=..., x_test=..., y_test=...) or copy it again"
        )
    try:
        with np.load(source, allow_pickle=False) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{label} is damaged ({error}): copy or write it again") from error


def read_arrays(path: Path, needed: Sequence[str], optional: Sequence[str]) -> dict[str, np.ndarray]:
    """The arrays of an `.npz` file of those names, read-only; other arrays are not read, with a warning.

    Raises:
        DataError: for a file that is broken or is not an `.npz` file, that lacks an array needed or holds the other
            kind of dataset, or has pickled objects.
    """
    label = repr(str(path))
    with _opened(path, label) as archive:
        missing = [name for name in needed if name not in archive.files]
        if missing:
            raise DataError(
                f"{label} lacks the arrays {', '.join(missing)}; it has {', '.join(archive.files) or 'none'}, expected "
                f"{', '.join(needed)} and, if you like, {', '.join(optional)}{_other_kind(missing, archive.files)}"
            )
        unknown = [name for name in archive.files if name not in {*needed, *optional}]
        if unknown:
            warnings.warn(
                f"{label} also has {', '.join(unknown)}, which netgain does not use; in addition to "
                f"{', '.join(needed)} it knows {', '.join(optional)}",
                stacklevel=3,
            )
        return {name: _read_array(label, archive, name) for name in (*needed, *optional) if name in archive.files}


def _other_kind(missing: Sequence[str], names: Sequence[str]) -> str:
    """What a file is instead, where it lacks the labels of images but has texts, or the other way round."""
    if "y_train" in missing and "texts_train" in names:
        return (
            '. It is a dataset of strings, for a recipe that reads (task = "reading", such as netgain train reader); '
            "in Python netgain.load_strings(path) opens it as a StringDataset"
        )
    if "texts_train" in missing and "y_train" in names:
        return (
            ". It is a dataset of images with classes, for a recipe of the task classification; in Python "
            "netgain.load_dataset(path) opens it as a Dataset"
        )
    return ""


def _read_array(label: str, archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = _read_aligned(archive, name)
    except ValueError as error:
        raise DataError(
            f"the array {name} in {label} cannot be read ({error}): netgain opens no pickled objects, "
            "which could run any program; save plain numbers, and strings as np.array(list_of_str)"
        ) from error
    array.flags.writeable = False
    return array


def _read_aligned(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    """The array, read to where the engine can use it in place, a multiple of 64 bytes; anything odd is NumPy's to read.

    Raises:
        ValueError: for pickled objects, and EOFError for an array cut short.
    """
    members: Any = archive.zip
    with members.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        if version != (1, 0):
            return archive[name]
        shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(file)
        if fortran_order or dtype.hasobject or dtype.itemsize == 0:
            return archive[name]
        size = math.prod(shape) * dtype.itemsize
        if size > members.getinfo(f"{name}.npy").file_size:  # before memory is set aside for what is not there
            raise EOFError(f"the array {name} is incomplete")
        block: Any = np.empty(size + ALIGNMENT, np.uint8)
        start = -block.ctypes.data % ALIGNMENT
        buffer, filled = memoryview(block)[start : start + size], 0
        while filled < size:
            if not (read := file.readinto(buffer[filled : filled + BYTES_PER_STEP])):
                raise EOFError(f"the array {name} is incomplete")
            filled += read
    block.flags.writeable = False  # the views of it are what Dataset keeps without a copy
    return block[start : start + size].view(dtype).reshape(shape)
