"""The one door for all kinds of string datasets."""

from __future__ import annotations

import os
from copy import copy
from functools import cache
from pathlib import Path

from netgain.data.dataset import Dataset
from netgain.data.named import is_named
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.digit_strings import NAME, load_digit_strings
from netgain.data.strings.folder import load_string_folder
from netgain.data.strings.npz import read_strings
from netgain.errors import DataError, UnknownNameError


def load_strings(spec: str | os.PathLike[str] | StringDataset) -> StringDataset:
    """A dataset of strings by its name, its path or as an object.

    Args:
        spec: "digit-strings", the path of an `.npz` file or of a folder with images and one CSV file, or a dataset.

    Raises:
        UnknownNameError: for a text that is neither the name nor a path.
        DataError: for a file or folder that is missing or cannot be used, or a dataset of images with classes.
        FetchError: where MNIST, from which "digit-strings" is made, is not in the cache and nothing delivers it.

    >>> load_strings("digit-strings").image_shape
    (32, 192, 1)
    """
    if isinstance(spec, StringDataset):
        return spec
    if isinstance(spec, Dataset) or (is_named(spec) and spec != NAME):
        called = repr(spec) if isinstance(spec, Dataset) else f"the dataset {spec!r}"
        raise DataError(
            f"{called} has images with a class each, expected strings: {NAME!r}, a folder of images with one CSV file "
            "file,text, an .npz file of strings, or a StringDataset; a recipe that classifies takes images with classes"
        )
    if not isinstance(spec, str | os.PathLike) or not str(spec).strip():
        raise DataError(f"strings are a name, a path or a StringDataset; received {spec!r}")
    return _load_named() if spec == NAME else _of_the_user(spec)


def _of_the_user(spec: str | os.PathLike[str]) -> StringDataset:
    path = Path(spec).expanduser()
    if path.is_dir():
        strings = load_string_folder(path)
    elif path.exists() or path.suffix == ".npz":
        strings = read_strings(path)
    elif isinstance(spec, str) and len(path.parts) == 1:
        advice = "A path works too: an .npz file of strings, or a folder of images with one CSV file file,text."
        raise UnknownNameError("dataset of strings", spec, [NAME], advice)
    else:
        raise DataError(
            f"there is no file or folder {str(path)!r}; give an .npz file of strings, or a folder of images with one "
            "CSV file file,text"
        )
    if strings.name == NAME:  # nobody is to take them for those that netgain makes
        strings = copy(strings)
        strings.__dict__["name"] += " (own)"
    return strings


@cache
def _load_named() -> StringDataset:
    return load_digit_strings()
