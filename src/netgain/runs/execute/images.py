"""How images reach whoever trains: by name where they are known, else as a file or as they are."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from netgain.data import Dataset, StringDataset, is_named, load_dataset, load_strings
from netgain.data.items import Items

Images = Dataset | StringDataset


class Named(NamedTuple):
    """Images, or strings, by name and digest: whoever has others under this name does not train on them."""

    name: str
    digest: str
    are_strings: bool

    def is_here(self) -> bool:
        """Whether this process gets just these by their name.

        Raises:
            DataError: where nothing delivers them.
        """
        return (
            is_named(self.name)
            and (load_strings if self.are_strings else load_dataset)(self.name).digest == self.digest
        )


def named(images: Images) -> Named:
    """What to call these images; `is_here` tells whether the name says it all."""
    return Named(images.name, images.digest, isinstance(images, StringDataset))


@contextlib.contextmanager
def for_processes(data: Items) -> Iterator[str]:
    """How processes of this computer find images: by name, or in a temporary file that all of them read.

    Empty where there are none.
    """
    if not isinstance(data, Images):
        yield ""
        return
    if named(data).is_here():
        yield data.name
        return
    with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
        path = Path(folder) / "images.npz"
        data.save(path)
        yield str(path)
