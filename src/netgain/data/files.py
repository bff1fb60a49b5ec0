"""Reads a dataset from an `.npz` file."""

from __future__ import annotations

import math
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from netgain.data.dataset import Dataset
from netgain.errors import DataError

NEEDED = ("x_train", "y_train", "x_test", "y_test")
OPTIONAL = ("x_validation", "y_validation", "class_names", "test_groups", "value_range", "digit_box", "name")
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
    arrays = _read_arrays(path)
    options: dict[str, Any] = {name: arrays[name] for name in OPTIONAL if name in arrays}
    if "class_names" in options:
        options["class_names"] = options["class_names"].ravel().tolist()
    options["name"] = str(options.get("name", path.stem))
    return Dataset(*(arrays[name] for name in NEEDED), **options)


def _read_arrays(path: Path) -> dict[str, np.ndarray]:
    if not zipfile.is_zipfile(path):
        raise DataError(
            f"{str(path)!r} is not an .npz file, or is incomplete: write it with "
            "np.savez(path, x_train=..., y_train=..., x_test=..., y_test=...) or copy it again"
        )
    try:
        with np.load(path, allow_pickle=False) as archive:
            missing = [name for name in NEEDED if name not in archive.files]
            if missing:
                raise DataError(
                    f"{str(path)!r} lacks the arrays {', '.join(missing)}; it has "
                    f"{', '.join(archive.files) or 'none'}, expected {', '.join(NEEDED)} and, if you like, "
                    f"{', '.join(OPTIONAL)}"
                )
            unknown = [name for name in archive.files if name not in {*NEEDED, *OPTIONAL}]
            if unknown:
                warnings.warn(
                    f"{str(path)!r} also has {', '.join(unknown)}, which netgain does not use; in addition to "
                    f"{', '.join(NEEDED)} it knows {', '.join(OPTIONAL)}",
                    stacklevel=3,
                )
            return {name: _read_array(path, archive, name) for name in (*NEEDED, *OPTIONAL) if name in archive.files}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{str(path)!r} is damaged ({error}): copy or write it again") from error


def _read_array(path: Path, archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    try:
        array = _read_aligned(archive, name)
    except ValueError as error:
        raise DataError(
            f"the array {name} in {str(path)!r} cannot be read ({error}): netgain opens no pickled objects, "
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
        block: Any = np.empty(size + ALIGNMENT, np.uint8)
        start = -block.ctypes.data % ALIGNMENT
        buffer, filled = memoryview(block)[start : start + size], 0
        while filled < size:
            if not (read := file.readinto(buffer[filled : filled + BYTES_PER_STEP])):
                raise EOFError(f"the array {name} is incomplete")
            filled += read
    block.flags.writeable = False  # the views of it are what Dataset keeps without a copy
    return block[start : start + size].view(dtype).reshape(shape)
