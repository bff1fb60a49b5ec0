"""The four IDX files of an MNIST-like dataset: fetched, checked, cached and read."""

from __future__ import annotations

import hashlib
import threading
import time
import warnings
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np

from netgain.data.cache import cache_errors, cache_folder
from netgain.data.delivery import CONNECT_SECONDS, Delivery, DeliveryError
from netgain.data.source import Arrays, OnProgress
from netgain.errors import FetchError
from netgain.files import write_atomically

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


@final
@dataclass(frozen=True)
class IdxDownload:
    """A dataset that is four IDX files, kept uncompressed in a folder of the cache.

    Attributes:
        name: of the dataset and of its folder.
        checksums: file name -> SHA-256 (hex) of the uncompressed file.
        deliveries: the ways to get them, tried in this order.
    """

    name: str
    checksums: Mapping[str, str]
    deliveries: tuple[Delivery, ...]

    @property
    def folder(self) -> Path:
        """Where the files are kept."""
        return cache_folder() / self.name

    def fetch(self, on_progress: OnProgress | None) -> Path:
        """Have all files in the cache, whole; their folder.

        Raises:
            FetchError: where no delivery brings them.
            DataError: where the cache cannot be read or written.
        """
        self._contents(on_progress)
        return self.folder

    def is_cached(self) -> bool:
        """Whether the files are there; that they are whole is checked when they are loaded."""
        return all((self.folder / name).is_file() for name in FILE_NAMES)

    def load(self) -> Arrays:
        """The arrays of the four files, fetched first where that is needed.

        Raises:
            FetchError, DataError: as :meth:`fetch`.
        """
        contents = self._contents(None)
        x_train, y_train, x_test, y_test = (read_idx(contents[name]) for name in FILE_NAMES)
        return x_train, y_train, x_test, y_test

    def _contents(self, on_progress: OnProgress | None) -> dict[str, bytes]:
        cached = {name: self._read_cached(name) for name in FILE_NAMES}
        contents = {name: content for name, content in cached.items() if content is not None}
        if len(contents) < len(FILE_NAMES):
            self._fetch_missing(contents, on_progress or _ignore)
        return contents

    def _read_cached(self, name: str) -> bytes | None:
        """The file's content, or None where it is not there or not whole."""
        path = self.folder / name
        if not path.is_file():
            return None
        with cache_errors(path):
            content = path.read_bytes()
        difference = self._difference(name, content)
        if difference:
            warnings.warn(f"the cached file {str(path)!r} is damaged, {difference}; fetching it again", stacklevel=2)
            return None
        return content

    def _fetch_missing(self, contents: dict[str, bytes], on_progress: OnProgress) -> None:
        """Add to the contents, delivery by delivery, until nothing is missing."""
        with cache_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        failures = []
        for delivery, probe in [(delivery, _Probe(delivery)) for delivery in self.deliveries]:
            try:
                self._take(delivery, probe, contents, on_progress)
            except DeliveryError as error:
                failures.append(f"{delivery}: {error}")
            else:
                return
        tried = "; ".join(f"({number}) {failure}" for number, failure in enumerate(failures, start=1))
        raise FetchError(
            f"the dataset {self.name!r} could not be fetched. Tried: {tried}. Try again with a network connection, or "
            f"put the uncompressed files {', '.join(FILE_NAMES)} into {str(self.folder)!r} yourself, or work "
            "with `--data digits`, which needs no network connection."
        )

    def _take(self, delivery: Delivery, probe: _Probe, contents: dict[str, bytes], on_progress: OnProgress) -> None:
        obstacle = probe.obstacle()
        if obstacle:
            raise DeliveryError(obstacle)
        missing = [name for name in FILE_NAMES if name not in contents]
        for name, content in delivery.deliver(missing, on_progress):
            difference = self._difference(name, content)
            if difference:
                raise DeliveryError(f"{name} is not the right file, {difference}")
            with cache_errors(self.folder / name), write_atomically(self.folder / name) as file:
                file.write(content)
            contents[name] = content

    def _difference(self, name: str, content: bytes) -> str:
        """What is wrong with a file's content, as half a sentence, or nothing."""
        found = hashlib.sha256(content).hexdigest()
        expected = self.checksums[name]
        return "" if found == expected else f"its SHA-256 is {found}, expected {expected}"


class _Probe:
    """Asks a delivery for its obstacle in a separate thread, and waits for a limited time.

    All probes of a dataset start together: where no name server answers, that is waited for once.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._answer: Future[str | None] = Future()
        self._deadline = time.monotonic() + CONNECT_SECONDS
        # A daemon, because a name lookup can hang for minutes and must not hold up the end of the program.
        threading.Thread(target=self._ask, args=(delivery,), daemon=True).start()

    def obstacle(self) -> str | None:
        try:
            return self._answer.result(timeout=max(0.0, self._deadline - time.monotonic()))
        except TimeoutError:
            return f"no answer within {CONNECT_SECONDS:g} s"

    def _ask(self, delivery: Delivery) -> None:
        try:
            self._answer.set_result(delivery.obstacle())
        except BaseException as error:  # kept for the thread that waits
            self._answer.set_exception(error)


def read_idx(content: bytes) -> np.ndarray:
    """The uint8 array in an IDX file's bytes, without a copy and therefore read-only.

    The format: two zero bytes, the type (8 is uint8), the number of axes, each axis' length as four bytes
    (big end first), then the values.

    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9]))
    array([7, 8, 9], dtype=uint8)
    """
    num_axes = content[3]
    shape = np.frombuffer(content, ">u4", count=num_axes, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * num_axes).reshape(tuple(shape.tolist()))


def _ignore(name: str, done: int, total: int | None) -> None:
    """No progress is shown."""
