"""Reads the image files of a folder one by one, each brought to its final size at once: photos are large."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgain.data.images import ColorMode, decode_first, is_grey, read_file, resize, to_array
from netgain.errors import DataError

if TYPE_CHECKING:
    from PIL import Image

NOT_IMAGES = ("desktop.ini", "thumbs.db")  # what Windows puts into folders of pictures


class Picture(NamedTuple):
    """An image of a class, read from a file."""

    digest: str  # SHA-256 of the file: the order of the images, the same whatever the files are called
    label: int
    path: Path
    pixels: np.ndarray  # uint8 [H, W, 1], or [H, W, 3] where it shows colour


class PictureReader:
    """Reads image files and remembers what concerns all of them together.

    Args:
        image_size: (height, width) to stretch every image to; None where all must have one size already.
        color_mode: "grayscale" or "rgb" for all of them; None keeps grey those that show no colour.
    """

    def __init__(self, image_size: tuple[int, int] | None, color_mode: ColorMode | None) -> None:
        self._image_size = image_size
        self._color_mode = color_mode
        self._shows_color = False
        self._first: tuple[Path, tuple[int, int]] | None = None
        self._with_more_frames: list[Path] = []

    def read_class(self, folder: Path, label: int) -> Iterator[Picture]:
        """The images of a class.

        Raises:
            DataError: where the folder has none, images that would not be used, or one that cannot be read.
        """
        for path in _image_files(folder):
            content = read_file(path)
            image, has_more_frames = decode_first(content, repr(str(path)))
            if has_more_frames:
                self._with_more_frames.append(path)
            if self._image_size is None:
                self._check_size(path, image.size)
            yield Picture(hashlib.sha256(content).hexdigest(), label, path, to_array(self._converted(image)))

    def warn_of_more_frames(self) -> None:
        """Say of how many files only the first frame or page was read."""
        if self._with_more_frames:
            number, first = len(self._with_more_frames), min(self._with_more_frames)
            warnings.warn(
                f"{number:,} file{'s' if number > 1 else ''} with several frames or pages, such as {str(first)!r}: "
                "only the first frame of each is used; save the others as separate images to use them too",
                stacklevel=3,
            )

    def _check_size(self, path: Path, size: tuple[int, int]) -> None:
        if self._first is None:
            self._first = path, size
        first_path, first_size = self._first
        if size != first_size:
            raise DataError(
                f"the images have different sizes: {str(first_path)!r} is {_size(first_size)} and {str(path)!r} is "
                f"{_size(size)} (height x width), expected one size: stretch all of them to one with --image-size 64, "
                "in Python with netgain.load_dataset(path, image_size=64), or any other size, such as 48x64"
            )

    def _converted(self, image: Image.Image) -> Image.Image:
        if self._color_mode:
            image = image.convert("L" if self._color_mode == "grayscale" else "RGB")
        elif not self._shows_color:
            if is_grey(image):
                image = image.convert("L")
            else:
                self._shows_color = True  # from now on all images will become RGB
        return resize(image, self._image_size) if self._image_size else image


def stacked(pictures: Sequence[Picture], channels: int) -> np.ndarray:
    """The images of a part, uint8 `[N, H, W, C]`; grey ones become RGB where there are 3 channels."""
    images = np.empty((len(pictures), *pictures[0].pixels.shape[:2], channels), np.uint8)
    for place, picture in zip(images, pictures, strict=True):
        place[:] = picture.pixels
    return images


def subfolders(path: Path) -> list[Path]:
    """The folders inside a folder by name, without hidden ones.

    Raises:
        DataError: where the folder cannot be read, or holds a link to something that is not there.
    """
    return _entries(path)[0]


def loose_files(path: Path) -> list[Path]:
    """The files inside a folder by name, without hidden ones and those of Windows."""
    return _entries(path)[1]


def _entries(path: Path) -> tuple[list[Path], list[Path]]:
    """Sub-folders and files of a folder."""
    try:
        entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        raise DataError(f"the folder {str(path)!r} cannot be read: {error.strerror}") from error
    folders = [entry for entry in entries if entry.is_dir()]
    files = [entry for entry in entries if entry.is_file() and entry.name.lower() not in NOT_IMAGES]
    broken = [entry for entry in entries if entry.is_symlink() and not entry.exists()]
    if broken:
        raise DataError(
            f"{len(broken):,} of the {len(entries):,} entries of {str(path)!r} are links to missing files, "
            f"such as {broken[0].name!r}: restore the files, or remove the links"
        )
    return folders, files


def _image_files(folder: Path) -> list[Path]:
    folders, files = _entries(folder)
    deeper = {inner.name: len(_visible_files(inner)) for inner in folders}
    deeper = {name: number for name, number in deeper.items() if number}
    if deeper:
        listed = ", ".join(f"{name!r} with {number:,} files" for name, number in list(deeper.items())[:3])
        more = ", …" if len(deeper) > 3 else ""
        raise DataError(
            f"the class folder {str(folder)!r} has {len(files):,} files and the sub-folders {listed}{more}, which "
            f"are not searched: if they belong to the class {folder.name!r}, move their images into its folder; if "
            "they are the classes, give the path of the folder that they are in; otherwise move them away"
        )
    if not files:
        raise DataError(f"the class folder {str(folder)!r} has no images: add some or remove the folder")
    return files


def _visible_files(folder: Path) -> list[Path]:
    """The files below a folder, however deep, but for hidden ones and those of Windows."""
    return [
        file
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith(".") and file.name.lower() not in NOT_IMAGES
    ]


def _size(size: tuple[int, int]) -> str:
    width, height = size
    return f"{height}x{width}"
