"""What one call of `python -m benchmarks` was asked for, and where its results go."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import LEFT_OUT
from benchmarks.results import Measurement, Results
from benchmarks.tasks import NUM_IMAGES, STRING_SHAPE, TASKS
from netgain.data import StringDataset, load_dataset, load_strings


@dataclass(frozen=True)
class Session:
    """What to measure and how often.

    Attributes:
        results: where it is kept.
        rounds: repeats that everything shall have in the end; what is there counts, unless `again`.
        again: measure anew, instead of what is there.
        only: measure what has this in its name; empty for everything. netgain is always measured beside it.
        tasks: of T1 to T6.
        images: training images of the tasks.
        name: of this session; ratios are taken within its rounds.
    """

    results: Results
    rounds: int
    again: bool = False
    only: str = ""
    tasks: tuple[str, ...] = tuple(TASKS)
    images: int = NUM_IMAGES
    name: str = ""

    def prepare(self, part: str, group: str, names: list[str]) -> dict[str, int]:
        """The repeats that each of these still needs: those asked for less those there, none if too slow."""
        needed = {}
        for name in names:
            if self.only not in name:
                continue
            if self.again:
                self.results.forget(part, group, name)
            there = len(self.results.measurements(part, group, name))
            too_slow = self.results.left_out(part, group, name).startswith(LEFT_OUT)
            needed[name] = 0 if too_slow else max(0, self.rounds - there)
        return needed

    def keep(self, part: str, group: str, name: str, round_number: int, values: Measurement) -> None:
        """Keep a measurement of this session, and say it."""
        self.results.add(part, group, name, {"session": self.name, "round": round_number, **values})
        shown = {key: round(value, 3) for key, value in values.items() if isinstance(value, float)}
        say(f"{part} {group} | {name} | round {round_number}: {shown}")

    def leave_out(self, part: str, group: str, name: str, why: object) -> None:
        """Keep why something has no measurement, and say it."""
        self.results.leave_out(part, group, name, str(why))
        say(f"{part} {group} | {name}: {why}")


def say(line: str) -> None:
    """A line with the time of day."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


@contextlib.contextmanager
def images_file(num_images: int = NUM_IMAGES) -> Iterator[Path]:
    """MNIST as an .npz file for programs to read, gone afterwards; more than 60,000 images by repetition."""
    from netgain.data import Dataset

    dataset = load_dataset("mnist")
    if num_images > dataset.num_train:
        index = [number % dataset.num_train for number in range(num_images)]
        dataset = Dataset(
            dataset.x_train[index], dataset.y_train[index], dataset.x_test, dataset.y_test, name="mnist repeated"
        )
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:
        yield dataset.save(Path(folder) / "images.npz")


@contextlib.contextmanager
def strings_file(tasks: tuple[str, ...]) -> Iterator[Path]:
    """The strings of T6 as an .npz file, gone afterwards; not written where T6 is not among the tasks.

    Those of `digit-strings` that are not wider than 128 pixels, all filled up to this width: netgain would train
    strings of like width together, and the peers would have to do more.
    """
    with tempfile.TemporaryDirectory(prefix="netgain-bench-") as folder:
        path = Path(folder) / "strings.npz"
        if "T6" in tasks:
            _narrow(load_strings("digit-strings")).save(path)
        yield path


def _narrow(strings: StringDataset) -> StringDataset:
    width = STRING_SHAPE[1]
    parts: dict[str, tuple[Any, list[str]]] = {}
    for part, most in (("train", TASKS["T6"].num_images), ("test", 500)):
        images, texts, widths = (getattr(strings, f"{what}_{part}") for what in ("x", "texts", "widths"))
        kept = (widths <= width).nonzero()[0][:most]
        parts[part] = images[kept, :, :width], [texts[number] for number in kept]
    return StringDataset(*parts["train"], *parts["test"], alphabet=strings.alphabet, name="narrow digit-strings")
