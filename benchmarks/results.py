"""docs/performance.json: everything measured, written after each measurement so that a killed run loses nothing."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path
from typing import Any

from netgain.files import write_atomically

DOCS = Path(__file__).parents[1] / "docs"
RESULTS = DOCS / "performance.json"

Measurement = dict[str, Any]
"""What one repeat found: `session` and `round`, and numbers by name."""


class Results:
    """Measurements by part, group (a task) and name (a configuration)."""

    def __init__(self, path: Path = RESULTS) -> None:
        self._path = path
        self.data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def measurements(self, part: str, group: str, name: str) -> list[Measurement]:
        """The repeats of a configuration, none where it was not measured."""
        return self._entry(part, group, name).get("repeats", [])

    def left_out(self, part: str, group: str, name: str) -> str:
        """Why a configuration has no measurements, or an empty text."""
        return self._entry(part, group, name).get("left_out", "")

    def names(self, part: str, group: str) -> list[str]:
        """What a group holds, in the order in which it was measured."""
        return list(self.data.get(part, {}).get(group, {}))

    def add(self, part: str, group: str, name: str, measurement: Measurement) -> None:
        """Keep one repeat."""
        entry = self._make_entry(part, group, name)
        entry.pop("left_out", None)
        entry.setdefault("repeats", []).append(measurement)
        self._save()

    def leave_out(self, part: str, group: str, name: str, why: str) -> None:
        """Say why there is nothing to keep."""
        self._make_entry(part, group, name)["left_out"] = why
        self._save()

    def forget(self, part: str, group: str, name: str) -> None:
        """Make room for new repeats; written with the next of them."""
        self.data.get(part, {}).get(group, {}).pop(name, None)

    def note(self, name: str, value: Any) -> None:
        """Keep a fact about the whole, such as the machine; a dictionary is merged into what is there."""
        known = self.data.get(name)
        self.data[name] = known | value if isinstance(known, dict) and isinstance(value, dict) else value
        self._save()

    def _entry(self, part: str, group: str, name: str) -> dict[str, Any]:
        return self.data.get(part, {}).get(group, {}).get(name, {})

    def _make_entry(self, part: str, group: str, name: str) -> dict[str, Any]:
        return self.data.setdefault(part, {}).setdefault(group, {}).setdefault(name, {})

    def _save(self) -> None:
        with write_atomically(self._path) as file:
            file.write((json.dumps(self.data, indent=1, ensure_ascii=False) + "\n").encode())


def numbers(measurements: list[Measurement], key: str) -> list[float]:
    """One number of every repeat that has it."""
    return [measurement[key] for measurement in measurements if key in measurement]


def accuracies(measurements: list[Measurement]) -> list[float]:
    """The accuracy of every network, told apart by seed: one that was trained again to be timed is no other network.

    >>> accuracies([{"seeds": [2, 3], "accuracies": [0.9, 0.8]}, {"seeds": [3, 4], "accuracies": [0.8, 0.7]}])
    [0.9, 0.8, 0.7]
    """
    found: dict[int, float] = {}
    for measurement in measurements:
        for seed, accuracy in zip(measurement["seeds"], measurement["accuracies"], strict=True):
            found.setdefault(seed, accuracy)
    return list(found.values())


def ratios(
    measurements: list[Measurement], reference: list[Measurement], key: str = "seconds"
) -> tuple[list[float], bool]:
    """The number over the reference's, repeat by repeat of the same round, and whether there was such a pair.

    Where the two were never measured in one round, the single ratio of their medians.

    >>> ratios([{"session": "a", "round": 1, "seconds": 6.0}], [{"session": "a", "round": 1, "seconds": 2.0}])
    ([3.0], True)
    """
    by_round = {(m["session"], m["round"]): m[key] for m in reference}
    paired = [
        m[key] / by_round[m["session"], m["round"]] for m in measurements if (m["session"], m["round"]) in by_round
    ]
    if paired or not measurements or not reference:
        return paired, True
    return [statistics.median(numbers(measurements, key)) / statistics.median(numbers(reference, key))], False


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """The mean and its standard error; the error of a single value is unknown (nan).

    >>> mean_and_error([1.0, 3.0])
    (2.0, 1.0)
    """
    mean = statistics.fmean(values)
    return mean, statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.nan
