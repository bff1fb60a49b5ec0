"""What every measured program does alike: read its job, time its epochs, answer. Standard library and NumPy only.

The job is one line of JSON on standard input. A program whose job says `wait` prints "ready" after its first
epoch and goes on when it reads a line, so that two programs train at the same time. The answer is the last line
it prints, as JSON.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

READY = "ready"


class Images(NamedTuple):
    """float32 pixels 0..1 `[N, H, W, 1]`, int64 labels `[N]`, of strings `[N, L]`, and the test images and labels."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def read_job() -> dict[str, Any]:
    """The job on standard input."""
    return json.loads(sys.stdin.readline())


def load_images(job: dict[str, Any]) -> Images:
    """The first `num_images` training images of the job's .npz file, and all its test images.

    Where they have texts of digits, digit d has the label d + 1, and 0 fills up to the longest.
    """
    data, number = np.load(job["images"]), job["num_images"]
    x, x_test = (data[part].astype(np.float32) / 255 for part in ("x_train", "x_test"))
    if "texts_train" in data:
        longest = max(len(text) for part in ("texts_train", "texts_test") for text in data[part])
        y, y_test = (labels_of(data[part], longest) for part in ("texts_train", "texts_test"))
    else:
        y, y_test = (data[part].astype(np.int64) for part in ("y_train", "y_test"))
    return Images(x[:number], y[:number], x_test, y_test)


def labels_of(texts: np.ndarray, longest: int) -> np.ndarray:
    """int64 `[N, longest]`."""
    return np.array([[int(digit) + 1 for digit in text] + [0] * (longest - len(text)) for text in texts])


def read_right(scores: np.ndarray, labels: np.ndarray) -> float:
    """The fraction of strings read right from scores `[N, T, K + 1]`: the best label at each step, repeats merged."""
    best = scores.argmax(-1)
    best[:, 1:][best[:, 1:] == best[:, :-1].copy()] = 0
    return float(np.mean([[*row[row > 0]] == [*label[label > 0]] for row, label in zip(best, labels, strict=True)]))


class Clock:
    """Keeps when each epoch began and ended, on the machine's common clock."""

    def __init__(self, wait: bool) -> None:
        self.epochs: list[tuple[float, float]] = []
        self._wait = wait
        self._began = 0.0

    def begin(self) -> None:
        """An epoch begins; the second one when all programs are ready."""
        if self._wait and len(self.epochs) == 1:
            print(READY, flush=True)
            sys.stdin.readline()
        self._began = time.perf_counter()

    def end(self) -> None:
        """The epoch has ended."""
        self.epochs.append((self._began, time.perf_counter()))

    @contextlib.contextmanager
    def epoch(self) -> Iterator[None]:
        """Around an epoch."""
        self.begin()
        yield
        self.end()


def peak_megabytes() -> float:
    """The most memory that this process ever had resident, in MB of 10⁶ bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise OSError("/proc/self/status names no VmHWM: memory is measured on Linux only")


def answer(clock: Clock, accuracies: list[float], packages: list[str]) -> None:
    """Print what came out."""
    print(
        json.dumps(
            {
                "epochs": clock.epochs,
                "accuracies": accuracies,
                "peak_mb": peak_megabytes(),
                "versions": {name: version(name) for name in packages},
            }
        ),
        flush=True,
    )
