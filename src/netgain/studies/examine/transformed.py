"""How accurate trained networks are on rotated, shifted, blurred and noisy test images: curves with their bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.data.shifts import KINDS
from netgain.experiment.measurement import Measurement
from netgain.experiment.study import BASELINE
from netgain.results.answers import right_on
from netgain.results.findings import Figure, Findings, Statement
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import difference, mean_accuracy
from netgain.stats.rounding import signed

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import Dataset
    from netgain.tasks.classification.recipe import Recipe

ROTATED, OTHERS = "rotated-test-images", "shifted-blurred-noisy-test-images"
HARD_ANGLE = 40
"""Degrees at which the statements are put: outside what writers do."""

# Whoever changes them names MEASUREMENT anew: stores keep what was measured.
AMOUNTS: dict[str, tuple[float, ...]] = {
    "rotation": tuple(range(-90, 91, 10)),
    "translation": (0, 1, 2, 3, 4, 6),
    "blur": (0, 0.5, 1, 1.5, 2, 3),
    "noise": (0, 20, 40, 60, 80, 120),
}
"""From which the curves are drawn; 0 leaves the images as they are."""

AXES = {
    "rotation": "angle, degrees (counter-clockwise)",
    "translation": "translation, pixels (random direction)",
    "blur": "blur, σ in pixels",
    "noise": "noise, σ in grey levels of 255",
}


def examine(result: StudyResult) -> Findings:
    """Every arm's accuracy against the strength of every transform."""
    arms = {name: _finished(result, name) for name in result.runs}
    right = {name: np.stack([MEASUREMENT.of(run) for run in runs]) for name, runs in arms.items() if runs}
    rows = [
        {"transform": name, "strength": strength, **row}
        for number, (name, strength) in enumerate(changes())
        for row in _accuracies({arm: of_arm[:, number] for arm, of_arm in right.items()}, result)
    ]
    turned = [changes().index(("rotation", sign * HARD_ANGLE)) for sign in (1, -1)]
    hard = {name: np.concatenate([of_arm[:, number] for number in turned], axis=1) for name, of_arm in right.items()}
    return Findings(_statements(hard, result), _figures(rows))


def right_on_changed_images(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
    """Which of the changed test images each network has right: bool `[changes, n]` a run."""
    return right_on(runs, dataset, (KINDS[name].change(dataset.x_test, amount) for name, amount in changes()))


MEASUREMENT = Measurement("right-on-changed-images", right_on_changed_images)


def changes() -> list[tuple[str, float]]:
    """Every kind of change with every amount, in the order of what is measured."""
    return [(name, amount) for name, amounts in AMOUNTS.items() for amount in amounts]


def _finished(result: StudyResult, name: str) -> list[RunResult]:
    return [run for run in result.runs[name] if run.status not in {RunStatus.FAILED, RunStatus.DIVERGED}]


def _accuracies(right: dict[str, np.ndarray], result: StudyResult) -> list[dict[str, Any]]:
    """One row per arm: the mean accuracy in percent, its two errors and its 95 % interval."""
    rows = []
    for name, of_arm in right.items():
        accuracy = mean_accuracy(of_arm, result.dataset.test_groups)
        interval = accuracy.interval()
        row = {"accuracy": accuracy.value, "test_sample": accuracy.test_sample, "training": accuracy.training,
               "low": interval.low, "high": interval.high}  # fmt: skip
        percent = {column: None if value is None else 100 * value for column, value in row.items()}
        rows.append({"arm": name, **percent, "seeds": accuracy.num_seeds, "images": accuracy.num_images})
    return rows


def _statements(hard: dict[str, np.ndarray], result: StudyResult) -> tuple[Statement, ...]:
    """At ±40°: what rotation costs the baseline, and what each arm gains on it."""
    if BASELINE not in hard:
        return ()
    groups = result.dataset.test_groups
    image = np.arange(result.dataset.num_test) if groups is None else np.unique(groups, return_inverse=True)[1]
    both = np.tile(image, 2)  # the same image turned both ways is no independent image
    upright = mean_accuracy(result.right(BASELINE), groups)
    turned = mean_accuracy(hard[BASELINE], both)
    lost = Statement(
        f"A network that never saw rotated digits loses accuracy when they are rotated by ±{HARD_ANGLE}°",
        turned.interval().high < upright.interval().low,
        f"upright {upright}, turned {turned}",
    )
    gains = []
    for name in result.study.arms:
        if name in hard and (len(hard[name]) == 1) == (len(hard[BASELINE]) == 1):
            gain = difference(hard[BASELINE], hard[name], both)
            interval = gain.interval()
            ends = f"95 % interval {signed(100 * interval.low, 1)} to {signed(100 * interval.high, 1)}"
            measured = f"{signed(100 * gain.effect, 1)} percentage points, {ends}"
            text = f"Training with augmentation ({name}) raises the accuracy on these rotated digits"
            gains.append(Statement(text, interval.low > 0, measured))
    return (lost, *gains)


def _figures(rows: list[dict[str, Any]]) -> dict[str, Figure]:
    import pandas

    rotated = [row for row in rows if row["transform"] == "rotation"]
    others = [row for row in rows if row["transform"] != "rotation"]
    return {
        ROTATED: Figure(
            pandas.DataFrame(rotated),
            lambda table: _draw(table, (640, 360)),
            "Accuracy of each arm against the angle of the test images from -90 to 90 degrees, with 95 % bands.",
        ),
        OTHERS: Figure(
            pandas.DataFrame(others),
            lambda table: _draw(table, (300, 260)),
            "Accuracy of each arm against translation, blur and noise of the test images, with 95 % bands.",
        ),
    }


def _draw(frame: pandas.DataFrame, size: tuple[int, int]) -> altair.TopLevelMixin:
    """A panel for each transform: mean accuracy as a line, its 95 % interval as a band."""
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    rows = frame.to_dict("records")
    names = list(dict.fromkeys(row["arm"] for row in rows))
    colours = alt.Scale(domain=names, range=[ARM_COLOURS[i % len(ARM_COLOURS)] for i in range(len(names))])
    stroke = {"symbolType": "stroke", "symbolSize": 300, "symbolOpacity": 1, "symbolStrokeWidth": 3}
    legend = alt.Legend(orient="bottom", direction="vertical", labelLimit=420, **stroke)
    y_scale = alt.Scale(domain=[max(0.0, min(row["low"] for row in rows) - 2), 100], nice=False)
    panels = []
    for name in dict.fromkeys(frame["transform"]):
        base = alt.Chart(frame[frame["transform"] == name]).encode(
            x=alt.X("strength:Q", title=AXES[name], scale=alt.Scale(nice=False)),
            color=alt.Color("arm:N", title=None, sort=names, scale=colours, legend=legend),
            tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("strength:Q"), *(alt.Tooltip(f"{column}:Q", format=".2f")
                     for column in ("accuracy", "test_sample", "training", "low", "high"))],
        )  # fmt: skip
        title = "accuracy on test images, %"
        band = base.mark_area(opacity=0.2).encode(y=alt.Y("low:Q", title=title, scale=y_scale), y2=alt.Y2("high:Q"))
        line = base.mark_line(strokeWidth=2, point=True).encode(y=alt.Y("accuracy:Q", title=title, scale=y_scale))
        panels.append(alt.layer(band, line).properties(width=size[0], height=size[1]))
    seeds = " to ".join(f"{count}" for count in sorted({row["seeds"] for row in rows}))
    count = f"n = {rows[0]['images']:,} test images, {seeds} seeds per arm"
    notes = [f"{count}; band: 95 % interval (test sample and training)."]
    heading = alt.TitleParams("Accuracy on changed test images", subtitle=notes, anchor="start", subtitleColor="#666")
    return panels[0].properties(title=heading) if len(panels) == 1 else alt.hconcat(*panels).properties(title=heading)
