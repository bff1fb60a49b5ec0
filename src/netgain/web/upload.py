"""Files that the browser sends: read in memory, never written anywhere."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

import numpy as np

from netgain.data import ImageForm
from netgain.data.files import read_unlabelled
from netgain.data.pictures import NOT_IMAGES
from netgain.data.sample import Content, Sample, array_sample, prepared_sample
from netgain.errors import DataError

MOST_FILES = 5000
MOST_BYTES = 25_000_000
"""Of all files together; as text they are a third larger, which the guard lets through."""

MOST_UNPACKED = 400_000_000
"""Bytes that an `.npz` file may unpack to."""

MOST_IMAGES = 50_000

DROP = f"""<div class="drop" data-files="{MOST_FILES}" data-bytes="{MOST_BYTES}">
<p>Drop a folder of images, or an <code>.npz</code> file, here.</p>
<div class="row"><button type="button" class="folder">Folder…</button>
<button type="button" class="files">Files…</button></div>
<input type="file" class="folder" webkitdirectory multiple hidden aria-label="folder of images">
<input type="file" class="files" accept=".npz,image/*" multiple hidden aria-label="images or an .npz file">
<p class="soft said" role="status"></p>
<p class="soft">Read in memory for this answer, and not kept.</p></div>"""


class File(NamedTuple):
    """A file as the browser names it: "photos/3/a.png"."""

    path: PurePosixPath
    content: bytes


def uploaded_sample(text: str, form: ImageForm, class_names: Sequence[str]) -> Sample:
    """The sample that the browser sent: one `.npz` file, or pictures, flat or in one folder per class.

    Args:
        text: JSON, a list of {"path", "data"} with the bytes in base 64.
        form: of the images that the network was trained on.
        class_names: the network's.

    Raises:
        DataError: for anything that is not such files, too many or too large ones, and pictures that cannot be read.
    """
    files = files_in(text)
    archives = [file for file in files if file.path.suffix.lower() == ".npz"]
    if not archives:
        return prepared_sample(_contents(files), form, class_names, "that were dropped")
    if len(files) > 1:
        raise DataError(
            f"there are {len(files)} files, one of them an .npz file; expected that alone, or pictures alone"
        )
    return array_sample(_arrays(archives[0]), f"in {archives[0].path.name!r}", form, class_names)


def files_in(text: str) -> list[File]:
    """The files that the browser sent, without hidden ones and those of Windows.

    Raises:
        DataError: for what is no such list, and for more than the page takes.
    """
    if len(text) > 2 * MOST_BYTES:
        raise DataError(f"the files are larger than {MOST_BYTES // 1_000_000} MB together; use netgain fractions")
    try:
        files = [
            File(PurePosixPath(str(one["path"])), base64.b64decode(one["data"], validate=True))
            for one in json.loads(text)
        ]
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise DataError("these are not files; drop a folder of images or an .npz file") from None
    kept = [
        file
        for file in files
        if file.path.name.lower() not in NOT_IMAGES and not any(part.startswith(".") for part in file.path.parts)
    ]
    size = sum(len(file.content) for file in kept)
    if len(kept) > MOST_FILES or size > MOST_BYTES:
        raise DataError(
            f"these are {len(kept):,} files of {size / 1e6:.0f} MB; the page takes at most {MOST_FILES:,} files of "
            f"{MOST_BYTES // 1_000_000} MB together; the command netgain fractions has no limit"
        )
    if not kept:
        raise DataError("there are no files; drop a folder of images or an .npz file")
    return kept


def _contents(files: Sequence[File]) -> list[Content]:
    """The pictures; the folder right above each is its class where they lie in more than one folder."""
    folders = {str(file.path.parent) for file in files}
    labelled = len(folders) > 1
    depths = {len(file.path.parts) for file in files}
    if labelled and len(depths) > 1:
        raise DataError(
            f"the pictures lie in {len(folders)} folders at different depths; expected all in one folder, or in one "
            "folder for each class"
        )
    return [
        Content(str(file.path), lambda file=file: file.content, file.path.parent.name if labelled else None)
        for file in files
    ]


def _arrays(file: File) -> dict[str, np.ndarray]:
    label = repr(file.path.name)
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        unpacked = 0  # what reads it says so
    if unpacked > MOST_UNPACKED:
        raise DataError(
            f"{label} unpacks to {unpacked / 1e6:,.0f} MB; the page takes at most {MOST_UNPACKED // 1_000_000} MB; use "
            "the command netgain fractions"
        )
    try:
        arrays = read_unlabelled(io.BytesIO(file.content), label)
    except MemoryError:
        raise DataError(f"{label} claims to hold more than the memory of this computer; write it again") from None
    if len(arrays["images"]) > MOST_IMAGES:
        raise DataError(f"{label} has {len(arrays['images']):,} images; the page takes at most {MOST_IMAGES:,}")
    return arrays
