"""The tables of docs/performance.md, in Markdown, from the measurements."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks import generator, growth, startup
from benchmarks.arithmetic import training_operations
from benchmarks.configurations import ALONE, CONFIGURATIONS, NETGAIN, NETGAIN_ALONE, Configuration, configurations_for
from benchmarks.first import first_rows
from benchmarks.limit import ALL_CORES, ONE_CORE
from benchmarks.results import Measurement, Results, accuracies, mean_and_error, numbers, ratios
from benchmarks.study import EMPTY, GROUP, PEERS, WARM
from benchmarks.targets import share_of_limit, targets, task_limit
from benchmarks.tasks import NUM_IMAGES, TASKS, Task, layers_of
from benchmarks.to_accuracy import LECTURE, TARGETS, reached

NOT_YET = "not measured yet"
OTHER_RUNS = "†"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, or the words that nothing was measured yet.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *lines]) if lines else f"*{NOT_YET}*"


def number(value: float) -> str:
    """Three digits that count, and no exponent.

    >>> number(0.05312), number(12.345), number(1234.5)
    ('0.0531', '12.3', '1,234')
    """
    if value == 0 or not math.isfinite(value):
        return str(value)
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def spread(values: Sequence[float]) -> str:
    """The median, and the range where there is more than one value.

    >>> spread([2.0, 1.0, 4.0])
    '2.00 (1.00 to 4.00)'
    """
    median = number(statistics.median(values))
    return f"{median} ({number(min(values))} to {number(max(values))})" if len(values) > 1 else median


def ratio(measurements: list[Measurement], reference: list[Measurement]) -> str:
    """The ratio of seconds with its range, marked where it is not one of the same rounds."""
    found, paired = ratios(measurements, reference)
    return f"{spread(found)}{'' if paired else OTHER_RUNS}" if found else NOT_YET


def accuracy(values: Sequence[float]) -> str:
    """The mean in percent with its standard error from the networks' spread."""
    mean, error = mean_and_error([100 * value for value in values])
    return f"{mean:.2f} ± {error:.2f} %" if math.isfinite(error) else f"{mean:.2f} %"


def task_tables(results: Results) -> str:
    """A section for each task."""
    return "\n\n".join(_task_section(results, task) for task in TASKS.values())


def _task_section(results: Results, task: Task) -> str:
    header = ["configuration", "seconds per epoch, per network", "ratio to netgain",
              f"test accuracy after {task.epochs} epochs", "limit / seconds", "n"]  # fmt: skip
    rows = [_task_row(results, "tasks", task, c, NETGAIN) for c in configurations_for(task.name, CONFIGURATIONS)]
    rows = [row for row in rows if row]
    counts = {m["images"] for name in results.names("tasks", task.name)
              for m in results.measurements("tasks", task.name, name)}  # fmt: skip
    images = "".join(f" **A trial with {count:,} images.**" for count in sorted(counts - {task.num_images}))
    other = dict.fromkeys(c.other_work for c in configurations_for(task.name) if c.other_work)
    notes = "".join(f"\n\n\\* not the same work: {work}." for work in other) if rows else ""
    size = "" if task.num_images == NUM_IMAGES else f"\nAn epoch has {task.num_images:,} images.\n"
    return f"### {task.name}: {task.words}\n{size}{images}\n{table(header, rows)}{notes}"


def _task_row(results: Results, part: str, task: Task, configuration: Configuration, reference: str) -> list[str]:
    """A row, empty where nothing is known of the configuration."""
    name = configuration.name
    shown = f"**{name}**" if configuration.library == "netgain" else name + ("\\*" if configuration.other_work else "")
    measurements = results.measurements(part, task.name, name)
    if not measurements:
        why = results.left_out(part, task.name, name)
        return [shown, why, "", "", "", ""] if why else []
    seconds = numbers(measurements, "seconds")
    share = share_of_limit(results, task.name, statistics.median(seconds)) if part == "tasks" else None
    return [
        shown,
        spread(seconds),
        "1" if name == reference else ratio(measurements, results.measurements(part, task.name, reference)),
        accuracy(accuracies(measurements)),
        f"{100 * share:.0f} %" if share else NOT_YET,
        str(len(seconds)),
    ]


def alone_table(results: Results) -> str:
    """One network on one core, all tasks in one table."""
    header = ["task", "configuration", "seconds per epoch", "ratio to netgain", "test accuracy", "n"]
    rows = [
        [task.name, *row[:4], row[5]]
        for task in TASKS.values()
        for configuration in configurations_for(task.name, ALONE)
        if (row := _task_row(results, "alone", task, configuration, NETGAIN_ALONE))
    ]
    return table(header, rows)


def generator_tables(results: Results) -> str:
    """T7 without and with R1."""
    return "\n\n".join(f"### {group}\n\n{_generator_table(results, group)}" for group in generator.RECIPES)


def _generator_table(results: Results, group: str) -> str:
    reference = results.measurements(generator.PART, group, NETGAIN)
    rows = []
    for configuration in generator.configurations():
        name = configuration.name
        shown = f"**{name}**" if configuration.library == "netgain" else name
        if measurements := results.measurements(generator.PART, group, name):
            seconds = numbers(measurements, "seconds")
            compared = "1" if name == NETGAIN else ratio(measurements, reference)
            rows.append([shown, spread(seconds), compared, str(len(seconds))])
        elif why := results.left_out(generator.PART, group, name):
            rows.append([shown, why, "", ""])
    return table(["configuration", "seconds per step, per pair of networks", "ratio to netgain", "n"], rows)


def limit_table(results: Results) -> str:
    """The computer's rate and the tasks' arithmetic."""
    rows = [
        [f"float32 matrix product, {name}", f"{spread([rate / 1e9 for rate in rates])} GFLOP/s per core"]
        for name in (ONE_CORE, ALL_CORES)
        if (rates := numbers(results.measurements("limit", "rate", name), "rate"))
    ]
    for task in TASKS.values():
        if (limit := task_limit(results, task.name)) is not None:
            operations = training_operations(layers_of(task.recipe), task.image_shape)
            rows.append(
                [f"{task.name}: {operations / 1e6:.3g} MFLOP per image", f"{number(limit)} s per epoch, per network"]
            )
    return table(["arithmetic", "rate or limit"], rows)


def study_table(results: Results) -> str:
    """The study from a cold process: each peer beside netgain with its cache empty and warm."""
    header = ["program", "seconds, start to verdict", "ratio to netgain, cache empty", "cache warm",
              "mean accuracy without / with dropout", "n"]  # fmt: skip
    rows = []
    for name in (EMPTY, WARM, *PEERS):
        measurements = results.measurements("study", GROUP, name)
        if not measurements:
            if why := results.left_out("study", GROUP, name):
                rows.append([name, why, "", "", "", ""])
            continue
        arms = measurements[0]["mean_accuracies"]
        means = [statistics.fmean(m["mean_accuracies"][arm] for m in measurements) for arm in arms]
        rows.append(
            [
                f"**{name}**" if name in (EMPTY, WARM) else name,
                spread(numbers(measurements, "seconds")),
                *(ratio(measurements, results.measurements("study", GROUP, own)) for own in (EMPTY, WARM)),
                " / ".join(f"{100 * mean:.2f} %" for mean in means),
                str(len(measurements)),
            ]
        )
    return table(header, rows)


def startup_table(results: Results) -> str:
    """Seconds until something happens."""
    rows = [
        [name, spread(seconds), str(len(seconds))]
        for name in startup.WHAT
        if (seconds := numbers(results.measurements("startup", startup.GROUP, name), "seconds"))
    ]
    return table(["what", "seconds", "n"], rows)


def first_table(results: Results) -> str:
    """Seconds until the first word and the first network, and of the imports before them."""
    return table(["what", "seconds, the shortest", "the longest", "n"], first_rows(results))


def accuracy_table(results: Results) -> str:
    """Each fast recipe beside the lecture's recipe for the same accuracy."""
    header = ["recipe", "mean test accuracy ± test sample ± training", "networks", "seconds, one core",
              "to compile", "seconds of the lecture's recipe over these"]  # fmt: skip
    rows = []
    for fast, target in TARGETS.items():
        own = (results.measurements("accuracy", "recipes", fast) or [None])[0]
        lecture = (results.measurements("accuracy", "recipes", LECTURE[fast]) or [None])[0]
        for name, found, compared in ((fast, own, _lecture_ratio(own, lecture, target)), (LECTURE[fast], lecture, "")):
            if found:
                rows.append(_accuracy_row(name, found, compared))
            elif why := results.left_out("accuracy", "recipes", name):
                rows.append([name, why, "", "", "", ""])
    return table(header, rows)


def _accuracy_row(name: str, found: dict[str, Any], compared: str) -> list[str]:
    errors = (found["test_sample_error"], found["training_error"])
    shown = "".join(f" ± {100 * error:.3f}" for error in errors if error is not None)
    return [
        f"`{name}`, {found['epochs']} epochs",
        f"{100 * found['accuracy']:.3f}{shown} %",
        str(found["num_seeds"]),
        spread(found["run_seconds"]),
        spread(found["compile_seconds"]),
        compared,
    ]


def _lecture_ratio(own: dict[str, Any] | None, lecture: dict[str, Any] | None, target: float) -> str:
    """How many times longer the lecture's recipe takes until its mean test accuracy reaches the target."""
    if not own or not lecture:
        return NOT_YET
    seconds, there = statistics.median(own["run_seconds"]), reached(lecture, target)
    if there.seconds is None:
        whole = statistics.median(lecture["run_seconds"]) / seconds
        best = 100 * max(lecture["curve"])
        return f"over {number(whole)}: it reaches {best:.2f} % in {lecture['epochs']} epochs, not to {100 * target:g} %"
    return f"{number(there.seconds / seconds)} (it is at {100 * target:g} % after epoch {there.epoch})"


def growth_table(results: Results) -> str:
    """Every value of every quantity with its seconds and memory, and the slopes."""
    header = ["quantity", "values", "seconds", "slope", "peak MB", "slope"]
    rows = []
    for quantity in growth.STEPS:
        points = growth_points(results, quantity)
        if points:
            x, seconds, memory = zip(*points, strict=True)
            slopes = [f"{growth.slope(x, y):.2f}" if len(points) > 2 else "" for y in (seconds, memory)]
            shown = [" · ".join(map(form, column)) for form, column in
                     ((lambda v: f"{v:,}", x), (number, seconds), (number, memory))]  # fmt: skip
            rows.append(
                [quantity, shown[0], f"{shown[1]} ({growth.SECONDS_OF[quantity]})", slopes[0], shown[2], slopes[1]]
            )
    return table(header, rows)


def growth_points(results: Results, quantity: str) -> list[tuple[int, float, float]]:
    """Value, median seconds and median peak memory, in order."""
    points = []
    for value in growth.STEPS[quantity]:
        if measurements := results.measurements("growth", quantity, str(value)):
            medians = [statistics.median(numbers(measurements, key)) for key in ("seconds", "peak_mb")]
            points.append((value, medians[0], medians[1]))
    return points


def target_table(results: Results) -> str:
    """What is promised and what was measured."""
    words = {True: "yes", False: "**no**", None: NOT_YET}
    rows = [
        [
            target.words,
            f"{'at least' if target.at_least else 'at most'} {target.wanted:g} {target.unit}",
            f"{number(target.measured)} {target.unit}" if target.measured is not None else "",
            words[target.met],
        ]
        for target in targets(results)
    ]
    return table(["what", "wanted", "measured", "met"], rows)
