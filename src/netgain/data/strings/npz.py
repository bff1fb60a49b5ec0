"""Reads a dataset of strings from an `.npz` file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netgain.data.files import read_arrays
from netgain.data.strings.dataset import StringDataset
from netgain.errors import DataError

NEEDED = ("x_train", "texts_train", "x_test", "texts_test")
OPTIONAL = ("widths_train", "widths_test", "alphabet", "test_groups", "name")


def read_strings(path: Path) -> StringDataset:
    """The dataset in an `.npz` file: arrays x_train, texts_train, x_test, texts_test, as :class:`StringDataset` takes
    them; its other arguments may be there too, as arrays of their names.

    Raises:
        DataError: for a file that is missing, broken, without the arrays needed, or with pickled objects.
    """
    if not path.is_file():
        raise DataError(f"there is no file {str(path)!r}; give the path of an .npz file")
    arrays = read_arrays(path, NEEDED, OPTIONAL)
    options: dict[str, Any] = {name: arrays[name] for name in OPTIONAL if name in arrays}
    if "alphabet" in options:
        options["alphabet"] = str(options["alphabet"])
    options["name"] = str(options.get("name", path.stem))
    x_train, texts_train, x_test, texts_test = (arrays[name] for name in NEEDED)
    texts = (texts_train.ravel().tolist(), texts_test.ravel().tolist())
    return StringDataset(x_train, texts[0], x_test, texts[1], **options)
