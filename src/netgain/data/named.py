"""Datasets by name, found by listing the folder `sources`, and the one door for all kinds of datasets."""

from __future__ import annotations

import importlib
import os
import pkgutil
from copy import copy
from functools import cache
from pathlib import Path

import netgain.data.sources
from netgain.data.converting import ImageSize, converted
from netgain.data.dataset import Dataset
from netgain.data.files import load_npz
from netgain.data.folder import load_folder
from netgain.data.images import ColorMode
from netgain.data.source import OnProgress, Source
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.digit_strings import NAME, are_digit_strings_cached, fetch_digit_strings
from netgain.errors import DataError, UnknownNameError


@cache
def list_sources() -> tuple[Source, ...]:
    """The datasets of images with classes that netgain knows by name, in alphabetical order.

    >>> [source.name for source in list_sources()]
    ['digits', 'fashion-mnist', 'mnist', 'turned-digits', 'turned-digits-blind']
    """
    modules = pkgutil.iter_modules(netgain.data.sources.__path__)
    sources = [importlib.import_module(f"netgain.data.sources.{module.name}").SOURCE for module in modules]
    return tuple(sorted(sources, key=lambda source: source.name))


def source_by_name(name: str) -> Source:
    """What netgain knows of a named dataset.

    Raises:
        UnknownNameError: for a name that is not in the list.

    >>> source_by_name("mnist").num_train
    60000
    """
    known = {source.name: source for source in list_sources()}
    if name not in known:
        advice = (
            "netgain data list shows all names; a path works too: an .npz file, or a folder of images with one "
            "sub-folder per class."
        )
        raise UnknownNameError("dataset", name, [*known, NAME], advice)
    return known[name]


def fetch(name: str, on_progress: OnProgress | None = None) -> Path | None:
    """Have a named dataset in the cache, whole; its folder, or None for one that is inside a package.

    Args:
        name: as in :func:`list_sources`, or "digit-strings".
        on_progress: called with a file's name, the bytes that have arrived and the bytes expected (or None).

    Raises:
        UnknownNameError: for a name that is not in the list.
        FetchError: where nothing delivers it; the message names everything tried.
        DataError: where the cache cannot be read or written.

    >>> fetch("digits") is None
    True
    """
    return fetch_digit_strings(on_progress) if name == NAME else source_by_name(name).supply.fetch(on_progress)


def is_cached(name: str) -> bool:
    """Whether a named dataset is available without a network connection.

    Raises:
        UnknownNameError: for a name that is not in the list.

    >>> is_cached("digits")
    True
    """
    return are_digit_strings_cached() if name == NAME else source_by_name(name).supply.is_cached()


def load_dataset(
    spec: str | os.PathLike[str] | Dataset,
    *,
    image_size: ImageSize | None = None,
    color_mode: ColorMode | None = None,
) -> Dataset:
    """A dataset by its name, its path or as an object.

    Args:
        spec: a name from :func:`list_sources`, the path of an `.npz` file or of a folder of images, or a
            dataset. A folder that is called like a named dataset is reached by "./mnist".
        image_size: pixels, a number such as 28 or (height, width), to stretch every image to. A folder of photos of
            different sizes needs it.
        color_mode: "grayscale" or "rgb" to convert all images; None leaves them as they are.

    Raises:
        UnknownNameError: for a text that is neither a name nor a path.
        DataError: for a file or folder that is missing or cannot be used.
        FetchError: where a named dataset is not in the cache and nothing delivers it.

    >>> load_dataset("digits")
    Dataset 'digits': 1,437 training and 360 test images of 8x8x1, 10 classes
    """
    if isinstance(spec, Dataset):
        return converted(spec, image_size, color_mode)
    if isinstance(spec, StringDataset) or spec == NAME:
        called = repr(spec) if isinstance(spec, StringDataset) else f"the dataset {spec!r}"
        raise DataError(
            f"{called} has strings, expected images with a class each: strings are for a recipe that reads, such as "
            "netgain train reader; in Python netgain.load_strings opens them"
        )
    if not isinstance(spec, str | os.PathLike) or not str(spec).strip():
        raise DataError(f"a dataset is a name, a path or a Dataset; received {spec!r}")
    path = Path(spec).expanduser()
    if not is_named(spec) and path.is_dir():
        return _not_called_like_a_source(load_folder(path, image_size=image_size, color_mode=color_mode))
    return converted(_load_arrays(spec, path), image_size, color_mode)


def is_named(spec: object) -> bool:
    """Whether a dataset is called by a name of :func:`list_sources`, or "digit-strings", not by a path."""
    return isinstance(spec, str) and (spec == NAME or any(spec == source.name for source in list_sources()))


def _load_arrays(spec: str | os.PathLike[str], path: Path) -> Dataset:
    """A dataset by name, or from an `.npz` file."""
    if is_named(spec):
        return _load_named(str(spec))
    if path.exists() or path.suffix == ".npz":
        return _not_called_like_a_source(load_npz(path))
    if isinstance(spec, str) and len(path.parts) == 1:
        source_by_name(spec)  # refuses it and lists the names
    raise DataError(
        f"there is no file or folder {str(path)!r}; give an .npz file, or a folder of images with one "
        "sub-folder per class"
    )


def _not_called_like_a_source(dataset: Dataset) -> Dataset:
    """Images of the user's own, under a name by which nobody takes them for those that netgain knows."""
    if is_named(dataset.name):
        dataset = copy(dataset)
        dataset.__dict__["name"] += " (own)"
    return dataset


@cache
def _load_named(name: str) -> Dataset:
    return source_by_name(name).load()
