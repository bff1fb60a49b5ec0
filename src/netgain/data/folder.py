"""Reads a dataset from a folder of images, one sub-folder a class."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgain.data.dataset import Dataset
from netgain.data.images import decode, is_grey, read_file, resize, to_array
from netgain.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

PARTS = ("test", "train")
NOT_IMAGES = ("desktop.ini", "thumbs.db")  # what Windows puts into folders of pictures


class _Picture(NamedTuple):
    digest: str  # SHA-256 of the file: the order of the images, the same whatever the files are called
    label: int
    path: Path
    image: Image.Image


def load_folder(path: str | Path, *, image_size: tuple[int, int] | None = None, test_fraction: float = 0.2) -> Dataset:
    """The dataset in a folder of images: one sub-folder a class, named as the class.

    A folder with the two sub-folders `train` and `test` (classes below each) is taken as it is divided. Else
    a part of each class is held out to test on. Which images those are follows from the files' content alone:
    renaming files changes nothing, and copies of a file stay on one side. The images are mixed by the same
    rule, so that the first of them are a fair sample of the classes. If no image shows colour all are kept
    grey (C = 1), else all become RGB (C = 3); what is transparent becomes white.

    Args:
        path: the folder. Files and folders whose names begin with a dot are passed over.
        image_size: (height, width) to stretch every image to; None where all have one size already.
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
        raise DataError(f"test_fraction must lie between 0 and 1, such as 0.2; received {test_fraction}")
    if not path.is_dir():
        raise DataError(f"{str(path)!r} is not a folder; give a folder of images with one sub-folder a class")
    names = [folder.name for folder in _subfolders(path)]
    if tuple(names) == PARTS:
        class_names = _class_names(path / "train")
        train, test = (_read_part(path / part, class_names) for part in ("train", "test"))
        _warn_of_shared(path, train, test)
    else:
        class_names = _class_names(path)
        train, test = _hold_out(_read_part(path, class_names), class_names, test_fraction)
    x_train, x_test = _to_arrays(train, test, image_size)
    y_train, y_test = ([picture.label for picture in part] for part in (train, test))
    return Dataset(x_train, y_train, x_test, y_test, class_names=class_names, name=path.resolve().name)


def _subfolders(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith("."))


def _class_names(path: Path) -> list[str]:
    names = [folder.name for folder in _subfolders(path)]
    if len(names) < 2:
        found = f"only the class {names[0]!r}" if names else "no sub-folder"
        raise DataError(f"{str(path)!r} has {found}, expected at least two sub-folders with images, one for each class")
    return names


def _read_part(path: Path, class_names: list[str]) -> list[_Picture]:
    """All images below a folder in the order of their digests."""
    pictures = []
    for folder in _subfolders(path):
        if folder.name not in class_names:
            raise DataError(
                f"{str(folder)!r} is a class that the folder 'train' has not (it has "
                f"{', '.join(class_names)}): every class of the test part must have training images"
            )
        pictures.extend(_read_class(folder, class_names.index(folder.name)))
    if not pictures:
        raise DataError(f"{str(path)!r} holds no images; expected one sub-folder with images for each class")
    return sorted(pictures, key=lambda picture: (picture.digest, picture.label))


def _read_class(folder: Path, label: int) -> Iterator[_Picture]:
    files = [entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith(".")]
    files = [file for file in files if file.name.lower() not in NOT_IMAGES]
    if not files:
        deeper = _subfolders(folder)
        hint = f"; its sub-folders ({deeper[0].name}, …) are not searched: move the images up" if deeper else ""
        raise DataError(f"the class folder {str(folder)!r} holds no images{hint or ': put some in or remove it'}")
    for file in files:
        content = read_file(file)
        yield _Picture(hashlib.sha256(content).hexdigest(), label, file, decode(content, repr(str(file))))


def _hold_out(
    pictures: Sequence[_Picture], class_names: list[str], test_fraction: float
) -> tuple[list[_Picture], list[_Picture]]:
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
    return train, [picture for picture in pictures if picture.digest in held_out]


def _warn_of_shared(path: Path, train: list[_Picture], test: list[_Picture]) -> None:
    known = {picture.digest for picture in train}
    num_shared = sum(picture.digest in known for picture in test)
    if num_shared:
        warnings.warn(
            f"{num_shared:,} of the {len(test):,} test images in {str(path)!r} are training images too, byte "
            "for byte: accuracies on them are too good; remove them from one part",
            stacklevel=3,
        )


def _to_arrays(
    train: list[_Picture], test: list[_Picture], image_size: tuple[int, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    pictures = [*train, *test]
    if image_size is None:
        _check_one_size(pictures)
    mode = "L" if all(is_grey(picture.image) for picture in pictures) else "RGB"

    def converted(picture: _Picture) -> np.ndarray:
        image = picture.image.convert(mode)
        return to_array(resize(image, image_size) if image_size else image)

    x_train, x_test = (np.stack([converted(picture) for picture in part]) for part in (train, test))
    return x_train, x_test


def _check_one_size(pictures: Sequence[_Picture]) -> None:
    first = pictures[0]
    for picture in pictures:
        if picture.image.size != first.image.size:
            raise DataError(
                f"the images have different sizes: {str(first.path)!r} is {_size(first)} and "
                f"{str(picture.path)!r} is {_size(picture)} (height x width), expected one size: stretch all "
                "of them with load_folder(path, image_size=(28, 28)), whose result Dataset.save keeps"
            )


def _size(picture: _Picture) -> str:
    width, height = picture.image.size
    return f"{height}x{width}"
