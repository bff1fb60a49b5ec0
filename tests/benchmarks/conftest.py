"""A sample of docs/performance.json with made-up figures."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest
from benchmarks.configurations import ALONE, CONFIGURATIONS, configurations_for
from benchmarks.limit import ALL_CORES, ONE_CORE
from benchmarks.results import Results
from benchmarks.study import EMPTY, GROUP, PEERS, WARM
from benchmarks.tasks import TASKS

from benchmarks import first, generator, growth, startup


@pytest.fixture
def empty(tmp_path: Path) -> Results:
    return Results(tmp_path / "performance.json")


@pytest.fixture
def sample(sample_file: Path, tmp_path: Path) -> Results:
    """Results with something in every part."""
    shutil.copy(sample_file, tmp_path / "performance.json")
    return Results(tmp_path / "performance.json")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tasks measured in two rounds; netgain takes 1 s, the second configuration 2 s, and so on."""
    path = tmp_path_factory.mktemp("sample") / "performance.json"
    results = Results(path)
    for part, group in (("tasks", CONFIGURATIONS), ("alone", ALONE)):
        for task in TASKS.values():
            for place, configuration in enumerate(configurations_for(task.name, group), 1):
                for round_number in (1, 2):
                    seconds = place * (1 + 0.1 * round_number)
                    networks = {"seeds": [2 * round_number, 2 * round_number + 1], "accuracies": [0.97, 0.98]}
                    values = {**networks, "peak_mb": 500.0, "epochs": task.epochs, "images": task.num_images}
                    add(results, part, task.name, configuration.name, round_number, seconds=seconds, **values)
    for name, rate in ((ONE_CORE, 2e11), (ALL_CORES, 1.5e11)):
        add(results, "limit", "rate", name, rate=rate)
    for place, name in enumerate((WARM, EMPTY, *PEERS), 1):
        add(
            results,
            "study",
            GROUP,
            name,
            seconds=10.0 * place,
            mean_accuracies={"baseline": 0.94, "dropout 0.2": 0.945},
        )
    for group in generator.RECIPES:
        for place, configuration in enumerate(generator.configurations(), 1):
            add(results, generator.PART, group, configuration.name, seconds=0.05 * place)
    for name in startup.WHAT:
        add(results, "startup", startup.GROUP, name, seconds=0.25)
    for name in (first.WORD, first.NETWORK, *first.IMPORTS):
        add(results, "first", first.GROUP, name, seconds=0.4, packages={"numpy": 0.3})
    for quantity, values in growth.STEPS.items():
        for value in values:
            add(results, "growth", quantity, str(value), seconds=value / 1000, peak_mb=400 + math.sqrt(value))
    for name, seconds, curve in (("fast-99", 4.0, [0.98, 0.9902]), ("dense-layer", 40.0, [0.97, 0.985, 0.9901, 0.99])):
        found = {"num_seeds": 10, "accuracy": curve[-1], "test_sample_error": 0.0009, "training_error": 0.0002}
        found |= {"epochs": len(curve), "run_seconds": [seconds], "compile_seconds": [1.0], "curve": curve}
        add(results, "accuracy", "recipes", name, **found)
    results.leave_out("accuracy", "recipes", "fast-994", "netgain has no recipe of this name")
    results.note("machine", {"cores": 2, "processor": "a processor", "system": "Linux"})
    results.note("versions", {"netgain": "0.1", "torch": "2.13"})
    return path


def add(results: Results, part: str, group: str, name: str, round_number: int = 1, **values: object) -> None:
    results.add(part, group, name, {"session": "2030-01-01 12:00:00", "round": round_number, **values})
