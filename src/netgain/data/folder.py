"""Reads a dataset from a folder of images, one sub-folder per class."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from netgain.data.converting import ImageSize, checked_color_mode, checked_size
from netgain.data.dataset import Dataset
from netgain.data.images import ColorMode
from netgain.data.pictures import Picture, PictureReader, loose_files, stacked, subfolders
from netgain.data.value_range import EIGHT_BIT, is_dark
from netgain.errors import DataError

PARTS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
}
"""What folders are called that are parts of a dataset, in whatever case, and which part they are."""

IMAGE_SUFFIXES = {".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


def load_folder(
    path: str | Path,
    *,
    image_size: ImageSize | None = None,
    color_mode: ColorMode | None = None,
    test_fraction: float = 0.2,
) -> Dataset:
    """The dataset in a folder of images: one sub-folder per class, named like the class.

    A folder with the two sub-folders `train` and `test` (classes below each) is taken as it is divided, and a third
    one, `val`, `valid` or `validation`, becomes the dataset's own validation part. Else a part of each class is held
    out to test on. Which images those are follows from the files' content alone: renaming files changes nothing, and
    copies of a file stay on one side. The images are mixed by the same rule, so that the first of them are a fair
    sample of the classes. If no image shows colour all are kept grey (C = 1), else all become RGB (C = 3); what is
    transparent becomes white. Of a file with several frames or pages the first is used, with a warning.

    Args:
        path: the folder. Files and folders whose names begin with a dot are passed over.
        image_size: pixels, a number or (height, width), to stretch every image to; None where all have one size.
        color_mode: "grayscale" or "rgb" to convert all images; None for grey or RGB as they are.
        test_fraction: the share of each class to hold out, between 0 and 1.

    Raises:
        DataError: for a folder that is not built like this, or an image that cannot be read.

    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for grey in range(20):
    ...         file = Path(folder, "dark" if grey < 10 else "light", f"{grey}.png")
    ...         file.parent.mkdir(exist_ok=True)
    ...         Image.new("L", (4, 4), 10 * grey).save(file)
    ...     dataset = load_folder(folder)
    >>> dataset.x_train.shape, dataset.x_test.shape, dataset.class_names
    ((16, 4, 4, 1), (4, 4, 4, 1), ('dark', 'light'))
    """
    path = Path(path).expanduser()
    if not 0 < test_fraction < 1:
        raise DataError(f"test_fraction must be between 0 and 1, such as 0.2; received {test_fraction}")
    if not path.is_dir():
        raise DataError(f"{str(path)!r} is not a folder; give a folder of images with one sub-folder per class")
    reader = PictureReader(checked_size(image_size), checked_color_mode(color_mode))
    folders = _part_folders(path)
    class_names = _class_names(folders.get("train", path))
    if folders:
        parts = {part: _read_part(folder, class_names, reader) for part, folder in folders.items()}
        _warn_of_shared(path, parts)
    else:
        parts = _hold_out(_read_part(path, class_names, reader), class_names, test_fraction)
    _warn_of_two_classes([picture for pictures in parts.values() for picture in pictures], class_names)
    reader.warn_of_more_frames()
    channels = max(picture.pixels.shape[2] for pictures in parts.values() for picture in pictures)
    arrays = {f"x_{part}": stacked(pictures, channels) for part, pictures in parts.items()}
    if all(is_dark(images) for images in arrays.values()):
        _warn_of_dark(path, max(int(images.max()) for images in arrays.values()))
    labels: dict[str, Any] = {f"y_{part}": [picture.label for picture in pictures] for part, pictures in parts.items()}
    return Dataset(**arrays, **labels, class_names=class_names, name=path.resolve().name, value_range=EIGHT_BIT)


def _part_folders(path: Path) -> dict[str, Path]:
    """The folders of a dataset that is divided already, by part; empty where the sub-folders are the classes.

    Raises:
        DataError: where a part is missing, or there are two folders for one.
    """
    named = [(PARTS.get(folder.name.lower()), folder) for folder in subfolders(path)]
    parts = {part: folder for part, folder in named if part}
    others = [folder.name for part, folder in named if not part]
    if not parts or (others and not ({"train", "test"} <= parts.keys() and subfolders(parts["train"]))):
        return {}
    names = ", ".join(repr(folder.name) for _, folder in named)
    if others:
        raise DataError(
            f"{str(path)!r} has the folders {names}; expected 'train', 'test' and, if you like, 'val', or else one "
            f"folder for each class: move {others[0]!r} away"
        )
    if len(parts) < len(named):
        raise DataError(
            f"{str(path)!r} has the folders {names}, two of them for the same part of a dataset; expected one 'train', "
            "one 'test' and, if you like, one 'val': put the images of the two together, or move one folder away"
        )
    if missing := {"train", "test"} - parts.keys():
        first = next(iter(sorted(missing, reverse=True)))
        own = parts.get("validation")
        rename = f"rename {own.name!r} to {first!r} if nothing was chosen with its images, " if own else ""
        raise DataError(
            f"{str(path)!r} has {names} but no folder {first!r}; expected 'train' and 'test', and 'val' if you like: "
            f"{rename}put some images of every class into {first!r}, or give the path of one folder, "
            f"{str(named[0][1])!r}; a fifth of it is then held out for the test"
        )
    return {part: parts[part] for part in ("train", "test", "validation") if part in parts}


def _class_names(path: Path) -> list[str]:
    names = [folder.name for folder in subfolders(path)]
    if len(names) < 2:
        found = f"only the class {names[0]!r}" if names else "no sub-folder"
        tables = [file.name for file in loose_files(path) if file.suffix.lower() == ".csv"]
        strings = (
            f"; with the CSV file {tables[0]!r} it may be a dataset of strings, for a recipe that reads, such as "
            "netgain train reader; in Python netgain.load_strings opens it"
            if tables
            else ""
        )
        raise DataError(
            f"{str(path)!r} has {found}, expected at least two sub-folders with images, one for each class{strings}"
        )
    return names


def _read_part(path: Path, class_names: list[str], reader: PictureReader) -> list[Picture]:
    """All images below a folder in the order of their digests."""
    pictures: list[Picture] = []
    for folder in subfolders(path):
        if folder.name not in class_names:
            raise DataError(
                f"{str(folder)!r} is a class that is not in the folder 'train' (it has "
                f"{', '.join(class_names)}): every class of the other parts must have training images"
            )
        pictures.extend(reader.read_class(folder, class_names.index(folder.name)))
    if not pictures:
        raise DataError(f"{str(path)!r} has no images; expected one sub-folder with images for each class")
    unused = [file for file in loose_files(path) if file.suffix.lower() in IMAGE_SUFFIXES]
    if unused:
        warnings.warn(
            f"{len(unused):,} image file{'s' if len(unused) > 1 else ''} in {str(path)!r}, such as {unused[0].name!r}, "
            "not used: they are not in a class folder; move them into the folder of their class",
            stacklevel=3,
        )
    return sorted(pictures, key=lambda picture: (picture.digest, picture.label))


def _hold_out(pictures: Sequence[Picture], class_names: list[str], test_fraction: float) -> dict[str, list[Picture]]:
    """Training and test part: of each class the images with the lowest digests are held out."""
    held_out: set[str] = set()
    for label, class_name in enumerate(class_names):
        digests = [picture.digest for picture in pictures if picture.label == label]
        if len(set(digests)) < 2:
            raise DataError(
                f"the class {class_name!r} has fewer than 2 different images, expected at least one to train "
                "on and one to test on: add images or remove the class"
            )
        num_test = max(1, round(test_fraction * len(digests)))
        # Copies go where their twin goes, and at least the last digest trains.
        held_out.update(digest for digest in digests[:num_test] if digest != digests[-1])
    train = [picture for picture in pictures if picture.digest not in held_out]
    return {"train": train, "test": [picture for picture in pictures if picture.digest in held_out]}


def _warn_of_shared(path: Path, parts: Mapping[str, Sequence[Picture]]) -> None:
    digests = {part: {picture.digest for picture in pictures} for part, pictures in parts.items()}
    for part, other in (("test", "train"), ("validation", "train"), ("test", "validation")):
        shared = [picture for picture in parts.get(part, ()) if picture.digest in digests.get(other, ())]
        if shared:
            kind = {"train": "training", "validation": "validation"}[other]
            warnings.warn(
                f"{len(shared):,} of the {len(parts[part]):,} {part} images in {str(path)!r} are {kind} images too, "
                f"byte for byte, such as {str(shared[0].path)!r}: accuracies on them are too high; remove them from "
                "one part",
                stacklevel=3,
            )


def _warn_of_two_classes(pictures: Sequence[Picture], class_names: Sequence[str]) -> None:
    by_digest: dict[str, Picture] = {}
    twins = [(by_digest.setdefault(picture.digest, picture), picture) for picture in pictures]
    twins = [(first, second) for first, second in twins if first.label != second.label]
    if twins:
        first, second = twins[0]
        warnings.warn(
            f"{len(twins):,} image{'s' if len(twins) > 1 else ''} in two classes, byte for byte, such as "
            f"{str(first.path)!r} ({class_names[first.label]}) and {str(second.path)!r} ({class_names[second.label]}): "
            "one of the labels is wrong; remove the wrong copy",
            stacklevel=3,
        )


def _warn_of_dark(path: Path, top: int) -> None:
    warnings.warn(
        f"no pixel of the images in {str(path)!r} is brighter than {top} of 255: if {top or 1} means white in "
        f"these files, they are read much too dark; then multiply the values of every image by {255 / (top or 1):.4g} "
        "and save them again",
        stacklevel=3,
    )
