"""Reads a dataset of strings from a folder: images, and one CSV file that says what they show."""

from __future__ import annotations

import hashlib
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from netgain.data.centring import picture_size
from netgain.data.folder import IMAGE_SUFFIXES
from netgain.data.images import read_file
from netgain.data.pictures import loose_files
from netgain.data.strings.dataset import StringDataset
from netgain.data.strings.line import LineForm, prepare_line
from netgain.data.strings.table import PARTS, Row, read_table, table_of
from netgain.errors import DataError

FORM = LineForm()
TEST_FRACTION = 0.2


class _Line(NamedTuple):
    digest: str  # SHA-256 of the file: the order of the images, the same whatever the files are called
    row: Row
    pixels: np.ndarray  # uint8 [H, W]
    doubts: tuple[str, ...]


def load_string_folder(path: str | Path) -> StringDataset:
    r"""The dataset in a folder of images with one CSV file, whose columns `file` and `text` say what each image shows.

    Every image is prepared as a photo of a line of writing is (see :func:`netgain.data.prepare_line`): white on black,
    32 pixels high. A column `part` says which images are for training ("train") and which for the test ("test").
    Without it a fifth is held out; which images those are follows from the files' content alone, copies of a file stay
    on one side, and every character keeps an image to learn it from. A column `group` names what belongs together, such
    as the writer: a group is not divided, and the statistics do not count its images as independent.

    Args:
        path: the folder.

    Raises:
        DataError: for a folder that is not built like this, or an image that cannot be read; the message names it.

    >>> import tempfile
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for number in range(10):
    ...         image = Image.new("L", (90 + number, 60), 255)
    ...         for left in (20, 50):
    ...             image.paste(0, (left, 10, left + 6, 50))
    ...         image.save(Path(folder, f"{number}.png"))
    ...     _ = Path(folder, "texts.csv").write_text("file,text\n" + "".join(f"{n}.png,11\n" for n in range(10)))
    ...     strings = load_string_folder(folder)
    >>> strings.image_shape[0], strings.num_train, strings.num_test, strings.alphabet
    (32, 8, 2, '1')
    """
    path = Path(path).expanduser()
    if not path.is_dir():
        raise DataError(f"{str(path)!r} is not a folder; give a folder with images and one CSV file of their texts")
    table = table_of(path)
    rows = read_table(table)
    _warn_of_unused(path, table, rows)
    lines = sorted((_line(row) for row in rows), key=lambda line: (line.digest, line.row.text))
    _warn_of_doubts(path, lines)
    _warn_of_two_texts(lines)
    train, test = _divided(table, lines)
    width = max(FORM.height, *(line.pixels.shape[1] for line in lines))
    groups = [line.row.group for line in test] if any(line.row.group for line in test) else None
    (x_train, widths_train), (x_test, widths_test) = _stacked(train, width), _stacked(test, width)
    return StringDataset(
        x_train, [line.row.text for line in train], x_test, [line.row.text for line in test],
        widths_train=widths_train, widths_test=widths_test, test_groups=groups, name=path.resolve().name,
    )  # fmt: skip


def _line(row: Row) -> _Line:
    """An image as a reader takes it.

    Raises:
        DataError: where it cannot be read, shows nothing, or seems to be turned.
    """
    from netgain.data.strings.writing import SEVERAL  # it needs SciPy, which takes its time to start

    content, label = read_file(row.path), repr(str(row.path))
    image, doubts = prepare_line(content, FORM, label)
    is_narrow = image.shape[1] - 2 * FORM.margin < FORM.bottom - FORM.top
    width, height = picture_size(content)
    if len(row.text) > 1 and height > width and (is_narrow or any(SEVERAL in doubt for doubt in doubts)):
        raise DataError(
            f"{label} is {height} pixels high and {width} wide, and on it no line from left to right is as long as its "
            f"text {row.text!r}: it is probably turned; turn it, so that the writing goes from left to right, or cut "
            "out the line, with some paper at its sides"
        )
    return _Line(hashlib.sha256(content).hexdigest(), row, image[..., 0], doubts)


def _stacked(lines: Sequence[_Line], width: int) -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 `[N, H, width]`, black on the right, and their widths before that, int `[N]`."""
    images = np.zeros((len(lines), FORM.height, width), np.uint8)
    for place, line in zip(images, lines, strict=True):
        place[:, : line.pixels.shape[1]] = line.pixels
    return images, np.array([line.pixels.shape[1] for line in lines])


def _divided(table: Path, lines: Sequence[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Training and test part, as the table says or held out."""
    if any(line.row.part for line in lines):
        train, test = ([line for line in lines if line.row.part == part] for part in PARTS)
        if not (train and test):
            name = "test" if train else "train"
            raise DataError(
                f"no line of {str(table)!r} has the part {name}, expected lines with train and lines with test: "
                f"write {name} into the column part of some"
            )
        return train, test
    units: dict[str, list[_Line]] = {}
    for line in lines:
        units.setdefault(line.row.group or line.digest, []).append(line)
    left = Counter(character for line in lines for character in set(line.row.text))
    wanted, test = max(1, round(TEST_FRACTION * len(lines))), list[_Line]()
    for unit in units.values():
        needs = Counter(character for line in unit for character in set(line.row.text))
        # One group says nothing of how much another one would differ.
        has_enough = len(test) >= wanted and len({line.row.group or line.digest for line in test}) > 1
        if not has_enough and all(left[character] > count for character, count in needs.items()):
            test += unit
            left -= needs
    if not test:
        raise DataError(
            f"{str(table)!r} has {len(lines):,} images, too few to hold some out for the test and to have every "
            "character in the others: add images of every character, or say with a column part which are train and test"
        )
    held_out = {line.row.line for line in test}
    return [line for line in lines if line.row.line not in held_out], test


def _warn_of_unused(path: Path, table: Path, rows: Sequence[Row]) -> None:
    named = {row.path.resolve() for row in rows}
    unused = [
        file for file in loose_files(path) if file.suffix.lower() in IMAGE_SUFFIXES and file.resolve() not in named
    ]
    if unused:
        warnings.warn(
            f"{len(unused):,} image file{'s' if len(unused) > 1 else ''} in {str(path)!r}, such as {unused[0].name!r}, "
            f"not used: {table.name!r} has no line for them; add file,text for each",
            stacklevel=3,
        )


def _warn_of_doubts(path: Path, lines: Sequence[_Line]) -> None:
    doubted = [line for line in lines if line.doubts]
    if doubted:
        first = doubted[0]
        warnings.warn(
            f"{len(doubted):,} of the {len(lines):,} images in {str(path)!r} may be cut out wrongly, such as "
            f"{str(first.row.path)!r}: {'; '.join(first.doubts)}",
            stacklevel=3,
        )


def _warn_of_two_texts(lines: Sequence[_Line]) -> None:
    by_digest: dict[str, _Line] = {}
    for line in lines:
        first = by_digest.setdefault(line.digest, line)
        if first.row.text != line.row.text:
            warnings.warn(
                f"{str(first.row.path)!r} and {str(line.row.path)!r} are the same image, byte for byte, with the texts "
                f"{first.row.text!r} and {line.row.text!r}: one of them is wrong; remove the wrong copy",
                stacklevel=3,
            )
            return
