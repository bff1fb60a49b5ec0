"""What netgain promises about its speed, checked against what was measured."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from typing import NamedTuple

from benchmarks import first, generator, startup
from benchmarks.arithmetic import limit_of
from benchmarks.configurations import CONFIGURATIONS, NETGAIN, Configuration, configurations_for
from benchmarks.limit import ALL_CORES
from benchmarks.results import Results, numbers, ratios
from benchmarks.study import EMPTY, GROUP, PEERS, WARM
from benchmarks.tasks import TASKS


class Target(NamedTuple):
    """A promise: in words, what was measured (None: not yet), and the number that it must reach or stay below."""

    words: str
    measured: float | None
    wanted: float
    unit: str
    at_least: bool = True

    @property
    def met(self) -> bool | None:
        """Whether it is kept; None where it was not measured."""
        if self.measured is None:
            return None
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted


def targets(results: Results) -> list[Target]:
    """Every promise, in the order of the page."""
    return [
        *_against_peers(results),
        *_generator(results),
        *_against_limit(results),
        *_study(results),
        *_startup(results),
        *_first(results),
        *_memory(results),
    ]


def speed_up(results: Results, task: str, configuration: str) -> float | None:
    """How many times longer a configuration takes for an epoch of a network than netgain; None if not measured."""
    found, _ = ratios(results.measurements("tasks", task, configuration), results.measurements("tasks", task, NETGAIN))
    return statistics.median(found) if found else None


def share_of_limit(results: Results, task: str, seconds: float) -> float | None:
    """The arithmetic limit over the measured seconds: two networks at once on the cores that measured the rate."""
    limit = task_limit(results, task)
    return limit / seconds if limit else None


def task_limit(results: Results, task: str) -> float | None:
    """Seconds an epoch of a network, of two trained at once, at the rate of products with all cores busy."""
    rates = numbers(results.measurements("limit", "rate", ALL_CORES), "rate")
    return limit_of(TASKS[task], 2 * statistics.median(rates)) if rates else None


def _slowest_margin(results: Results, task: str, chosen: Callable[[Configuration], bool]) -> float | None:
    """The speed-up over the fastest of the chosen peers; None if none was measured."""
    margins = [
        margin
        for configuration in configurations_for(task, CONFIGURATIONS)
        if chosen(configuration) and (margin := speed_up(results, task, configuration.name)) is not None
    ]
    return min(margins, default=None)


def _against_peers(results: Results) -> Iterator[Target]:
    def eager(c: Configuration) -> bool:
        return c.name.startswith("PyTorch eager") and not c.options.get("compile")

    def single(c: Configuration) -> bool:
        return c.library == "PyTorch" and c.processes == 1

    def bf16(c: Configuration) -> bool:
        return bool(c.options.get("bf16"))

    for words, task, chosen, wanted in (
        ("T1: PyTorch eager, its fastest single process", "T1", lambda c: eager(c) and single(c), 8.0),
        ("T1: Keras on TensorFlow, default", "T1", lambda c: c.name == "Keras on TensorFlow, default", 30.0),
        ("T2: PyTorch eager, its fastest single process", "T2", lambda c: eager(c) and single(c), 3.0),
        ("T3: PyTorch, its fastest single process", "T3", single, 1.8),
        ("T4: PyTorch float32, its fastest single process", "T4", lambda c: single(c) and not bf16(c), 1.8),
        ("T4: PyTorch bf16, two one-thread processes", "T4", lambda c: bf16(c) and c.processes == 2, 1.0),
        ("T5: its fastest peer", "T5", lambda c: c.library != "netgain", 1.3),
        ("T6: its fastest peer", "T6", lambda c: c.library != "netgain", 2.0),
        *((f"{task}: Keras, its fastest of all", task, lambda c: c.library.startswith("Keras"), 1.0) for task in TASKS),
    ):
        yield Target(f"{words}, over netgain", _slowest_margin(results, task, chosen), wanted, "×")


def _generator(results: Results) -> Iterator[Target]:
    for group in generator.RECIPES:
        own = results.measurements(generator.PART, group, NETGAIN)
        peers = (c.name for c in generator.configurations() if c.library != "netgain")
        found = [ratios(results.measurements(generator.PART, group, name), own)[0] for name in peers]
        best = min((statistics.median(values) for values in found if values), default=None)
        yield Target(f"{group}: PyTorch, its fastest, over netgain", best, 1.5, "×")


def _against_limit(results: Results) -> Iterator[Target]:
    for task, wanted in (("T2", 75.0), ("T4", 60.0), ("T5", 75.0)):
        seconds = numbers(results.measurements("tasks", task, NETGAIN), "seconds")
        share = share_of_limit(results, task, statistics.median(seconds)) if seconds else None
        yield Target(f"{task}: share of the arithmetic limit", share and 100 * share, wanted, "%")


def _study(results: Results) -> Iterator[Target]:
    for cache, own in (("empty", EMPTY), ("warm", WARM)):
        reference = results.measurements("study", GROUP, own)
        found = {name: ratios(results.measurements("study", GROUP, name), reference)[0] for name in PEERS}
        medians = {name: statistics.median(values) for name, values in found.items() if values}
        best, plain = min(medians.values(), default=None), medians.get(PEERS[0])
        yield Target(f"A study, cache {cache}: the fastest peer script over netgain", best, 2.0, "×")
        yield Target(f"A study, cache {cache}: PyTorch eager as people write it, over netgain", plain, 5.0, "×")


def _startup(results: Results) -> Iterator[Target]:
    for name, wanted in ((startup.HELP, 0.3), (startup.WORKER, 3.0), (startup.COLD, 3.0), (startup.COMPILED, 0.3)):
        seconds = numbers(results.measurements("startup", startup.GROUP, name), "seconds")
        yield Target(name, statistics.median(seconds) if seconds else None, wanted, "s", at_least=False)


def _first(results: Results) -> Iterator[Target]:
    for name, wanted in ((first.WORD, 0.5), (first.NETWORK, 3.0)):
        seconds = numbers(results.measurements("first", first.GROUP, name), "seconds")
        yield Target(f"{name} (shortest)", min(seconds, default=None), wanted, "s", at_least=False)


def _memory(results: Results) -> Iterator[Target]:
    peak = {
        value: numbers(results.measurements("growth", "images", str(value)), "peak_mb") for value in (60_000, 600_000)
    }
    median = {value: statistics.median(values) if values else None for value, values in peak.items()}
    small, large = median[60_000], median[600_000]
    yield Target("Peak memory of a worker on MNIST", small, 700.0, "MB", at_least=False)
    data = 60_000 * 784 / 1e6
    extra = (large - small) / data if large is not None and small is not None else None
    yield Target("Ten times the images: extra memory, in units of MNIST's bytes", extra, 10.0, "×", at_least=False)
