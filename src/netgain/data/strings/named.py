"""The one door for all kinds of string datasets."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from netgain.data.dataset import Dataset
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.digit_strings import NAME, load_digit_strings
from netgain.data.strings.npz import read_strings
from netgain.errors import DataError


def load_strings(spec: str | os.PathLike[str] | StringDataset) -> StringDataset:
    """A dataset of strings by its name, its path or as an object.

    Args:
        spec: "digit-strings", the path of an `.npz` file or of a folder with images and one CSV file, or a dataset.

    Raises:
        DataError: for a file or folder that is missing or cannot be used, or a dataset of images with classes.
        FetchError: where MNIST, from which "digit-strings" is made, is not in the cache and nothing delivers it.

    >>> load_strings("digit-strings")
    StringDataset 'digit-strings': ...
    """
    if isinstance(spec, StringDataset):
        return spec
    if isinstance(spec, Dataset):
        raise DataError(f"{spec!r} has images with classes, expected a StringDataset")
    if isinstance(spec, str) and spec == NAME:
        return _load_named()
    return read_strings(Path(spec).expanduser())


@cache
def _load_named() -> StringDataset:
    return load_digit_strings()
