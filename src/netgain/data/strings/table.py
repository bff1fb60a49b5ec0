"""Reads the CSV file that says what the images of a folder show."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

from netgain.data.images import read_file
from netgain.data.pictures import loose_files, subfolders
from netgain.errors import DataError

NEEDED = ("file", "text")
OPTIONAL = ("part", "group")
PARTS = ("train", "test")
MOST_NAMED = 3
"""Files that a message names."""


class Row(NamedTuple):
    """A line of the table.

    Attributes:
        line: its number in the file, from 1.
        path: of the image.
        text: what it shows.
        part: "train" or "test"; empty where the table does not say.
        group: the same text for images that belong together; empty where the table does not say.
    """

    line: int
    path: Path
    text: str
    part: str
    group: str


def table_of(folder: Path) -> Path:
    """The one CSV file in a folder.

    Raises:
        DataError: where there is none, or more than one.
    """
    tables = [file for file in loose_files(folder) if file.suffix.lower() == ".csv"]
    if len(tables) > 1:
        raise DataError(
            f"{str(folder)!r} has {len(tables)} CSV files, {', '.join(repr(file.name) for file in tables[:MOST_NAMED])}"
            f"{', …' if len(tables) > MOST_NAMED else ''}; expected one with the text of every image: put them "
            "together, or move the others away"
        )
    if not tables:
        classes = [inner.name for inner in subfolders(folder)]
        other = (
            f"; sub-folders with one class each, such as {classes[0]!r}, are for a recipe that classifies images"
            if classes
            else ""
        )
        raise DataError(
            f"{str(folder)!r} has no CSV file; expected one with the columns file,text and a line for each image, such "
            f"as 1.png,2026{other}"
        )
    return tables[0]


def read_table(path: Path) -> list[Row]:
    """The lines of a CSV file with the columns `file` and `text`, and `part` and `group` if you like.

    Columns are separated by commas or semicolons; their order does not matter, and other columns are passed over.

    Raises:
        DataError: where a column is missing or there are no lines, for a text or a name that is empty, a name that is
            there twice, a file that is missing, and an unknown part.
    """
    columns, lines = _split(path)
    if not lines:
        raise DataError(f"{str(path)!r} has no lines below its first one, expected one for each image: add file,text")
    rows = [_row(path, number, dict(zip(columns, cells, strict=False))) for number, cells in lines]
    missing = [row for row in rows if not row.path.is_file()]
    if missing:
        named = ", ".join(f"{row.path.relative_to(path.parent).as_posix()!r} (line {row.line})"
                          for row in missing[:MOST_NAMED])  # fmt: skip
        raise DataError(
            f"{len(missing):,} of the {len(rows):,} files in {str(path)!r} are missing: {named}"
            f"{', …' if len(missing) > MOST_NAMED else ''}; names are relative to the folder {str(path.parent)!r}: "
            "correct them, or remove the lines"
        )
    _check_names(path, rows)
    return rows


def _split(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and the number and the cells of each line that is not empty."""
    try:
        text = read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{str(path)!r} is not UTF-8 text ({error.reason}): save it as CSV in UTF-8") from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first and "," not in first else ",")
    lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    columns = [cell.lower() for cell in lines[0][1]] if lines else []
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        found = f"has the columns {', '.join(map(repr, columns))}" if lines else "is empty"
        raise DataError(
            f"{str(path)!r} {found} and lacks {' and '.join(lacking)}; expected file,text in its first line, and then "
            "a line for each image, such as 1.png,2026: add the first line, or rename the columns"
        )
    return columns, lines[1:]


def _row(path: Path, line: int, cells: dict[str, str]) -> Row:
    where = f"line {line} of {str(path)!r}"
    if not cells.get("file"):
        raise DataError(f"{where} names no file, expected the name of an image: add it, or remove the line")
    if not cells.get("text"):
        raise DataError(
            f"{where} has no text for {cells['file']!r}, expected at least one character: write down what the image "
            "shows, or remove the line"
        )
    part = cells.get("part", "").lower()
    if "part" in cells and part not in PARTS:
        raise DataError(
            f"{where} has the part {cells['part']!r}, expected train or test: correct it, or remove the column part; a "
            "fifth of the images is then held out for the test"
        )
    return Row(line, path.parent / cells["file"], cells["text"], part, cells.get("group", ""))


def _check_names(path: Path, rows: list[Row]) -> None:
    """Refuse a file that is there twice."""
    by_path: dict[Path, Row] = {}
    for row in rows:
        first = by_path.setdefault(row.path.resolve(), row)
        if first is not row:
            raise DataError(
                f"{str(path)!r} names {row.path.name!r} in line {first.line} ({first.text}) and in line {row.line} "
                f"({row.text}), expected one line for each image: remove the wrong one"
            )
