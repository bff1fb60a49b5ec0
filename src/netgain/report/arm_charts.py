"""Charts with a row for each arm: accuracy on training and test images with the gap between, and training time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt

from netgain.report import arm_tables, tables
from netgain.report.arm_tables import has_training_answers
from netgain.report.chart_parts import Rows, chart_of, in_percent, seeds_in_words, title, with_errors
from netgain.report.measure_words import axis, judged_items, kind_of_items, training_items
from netgain.report.palette import INK, arm_scale
from netgain.report.sentences import mean_seconds, seconds_in_words, trained_on
from netgain.stats.rounding import signed

if TYPE_CHECKING:
    from netgain.results.study_result import Part, StudyResult

WIDTH, ROW = 560, 58
LONGEST_LABEL = 46
"""Letters of a label that a window of 400 pixels shows in one line."""


def accuracies(result: StudyResult) -> alt.TopLevelMixin:
    """Each arm's accuracy on test items, with its errors and a dot for each network; on training items; the
    lecture's.
    """
    measure = result.measure
    rows = in_percent(tables.accuracies_table(result), ())
    for row in rows:
        row["text"] = f"{row['arm']}: " + with_errors(f"{row['test']:.2f}", [row["test_sample"], row["training"]], 2)
    named = {"test": judged_items(measure), "train": training_items(measure), "lecture": "the lecture's figure"}
    shown = [name for name in named if any(row[name] is not None for row in rows)]
    networks = _networks(result)
    values = [*(row[name] for row in rows for name in shown), *(row["value"] for row in networks)]
    base = _base(result, rows, "seeds")
    scale, words = _scale([*(value for value in values if value is not None)]), axis(measure)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", title=words, scale=scale, axis=alt.Axis(tickCount=6, gridOpacity=0.5))

    marks = {
        "test": base.mark_point(filled=True, size=90, opacity=1),
        "train": base.mark_tick(thickness=2.5, size=18, opacity=1),
        "lecture": base.mark_point(filled=False, size=90, strokeWidth=2, opacity=1, shape="diamond"),
    }
    signs = {"test": "Large dot", "train": "Stroke", "lecture": "Diamond"}
    notes = [
        f"n = {result.data.num_test:,} {measure.items}, {seeds_in_words(result)} per arm.",
        "Small dots: one per network; bar: standard error, test sample and seeds together.",
        *(f"{signs[name]}: {named[name]}." for name in shown),
    ]
    return alt.layer(
        base.mark_bar(height=7, opacity=0.3).encode(x=x("low"), x2=alt.X2("high:Q")),
        *(marks[name].encode(x=x(name)) for name in shown),
        _dots(result, networks, x("value")),
        *_label(rows),
    ).properties(width=WIDTH, height=alt.Step(ROW), title=title(f"{measure.name.capitalize()} of each arm", notes))


def _networks(result: StudyResult, part: Part = "test") -> Rows:
    """A row for each network: its arm, its seed, and its accuracy in percent."""
    return [
        {"arm": name, "seed": run.seed, "value": 100 * float(right.mean())}
        for name in result.runs
        if part == "test" or has_training_answers(result, name)
        for run, right in zip(result.judged(name), result.right(name, part), strict=True)
    ]


def _dots(result: StudyResult, rows: Rows, x: alt.X) -> alt.Chart:
    """The small dots of single networks, below the mark of their mean."""
    return _base(result, rows, "seed").mark_circle(size=30, opacity=0.6, yOffset=11).encode(x=x)


def _scale(values: Sequence[float]) -> alt.Scale:
    """From the lowest to the highest of these percentages, with some margin."""
    low, high = min(values), max(values)
    margin = max(0.05, 0.08 * (high - low))
    return alt.Scale(domain=[max(0.0, low - margin), min(100.0, high + margin)], nice=False, zero=False)


def gaps(result: StudyResult) -> alt.TopLevelMixin:
    """Each arm's accuracy on training items (ring) and on test items (dot), with the gap between them in words."""
    measure = result.measure
    rows = in_percent(arm_tables.gaps_table(result), ())
    for row in rows:
        errors = [row["train_sample"], row["test_sample"], row["training"]]
        row["text"] = f"{row['arm']}: gap " + with_errors(signed(row["gap"]), errors, 2)
    tested, trained_on = _networks(result), _networks(result, "train")
    scale = _scale([row["value"] for row in [*tested, *trained_on]])
    base = _base(result, rows, "train_items")
    test = alt.X("test:Q", title=axis(measure), scale=scale, axis=alt.Axis(tickCount=6, gridOpacity=0.5))
    train = alt.X("train:Q", title=axis(measure), scale=scale)
    training = "" if rows[0]["training"] is None else " ± (training)"
    images = sorted({row["train_items"] for row in rows})
    trained = f"{images[0]:,}" if len(images) == 1 else f"{images[0]:,} to {images[-1]:,}"
    notes = [
        f"Ring: {trained} {training_items(measure)}, dropout off.",
        f"Dot: {result.data.num_test:,} {judged_items(measure)}.",
        "Small dots: one per network, on both.",
        f"Gap: points ± (train sample) ± (test sample){training}.",
    ]
    heading = f"How much better on {kind_of_items(measure)} seen in training"
    return alt.layer(
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=test, x2=alt.X2("train:Q")),
        base.mark_point(filled=False, size=80, strokeWidth=2.5, opacity=1).encode(x=train),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=test),
        *(_dots(result, dots, alt.X("value:Q", title=axis(measure), scale=scale)) for dots in (tested, trained_on)),
        *_label(rows),
    ).properties(width=WIDTH, height=alt.Step(ROW), title=title(heading, notes))


def costs(result: StudyResult) -> alt.TopLevelMixin:
    """The seconds of each run as a dot, arm by arm, with their mean as a bar."""
    runs = in_percent(arm_tables.costs_table(result), ())
    rows = []
    for name in result.runs:
        weights, seconds = result.judged(name)[0].num_parameters, mean_seconds(result, name)
        text = f"{name}: {seconds_in_words(seconds)}, {weights:,} weights"
        rows.append({"arm": name, "mean": seconds, "weights": weights, "seconds": seconds, "text": text})
    axis_title = "seconds to train and score a network, without compiling"
    scale = alt.Scale(domain=[0, 1.06 * max(row["seconds"] for row in runs)], nice=False)

    def x(name: str) -> alt.X:
        return alt.X(f"{name}:Q", title=axis_title, scale=scale, axis=alt.Axis(tickCount=6, gridOpacity=0.5))

    bar = _base(result, rows, "weights").mark_bar(height=8, opacity=0.35).encode(x=x("mean"))
    dots = _dots(result, runs, x("seconds"))
    counts = sorted({len(result.judged(name)) for name in result.runs})
    seeds = " to ".join(str(count) for count in dict.fromkeys([counts[0], counts[-1]]))
    notes = [f"Bar: mean; small dots: {seeds} network{'s' if counts != [1] else ''} per arm, {trained_on(result)}."]
    chart = alt.layer(bar, dots, *_label(rows)).properties(width=WIDTH, height=alt.Step(ROW))
    return chart.properties(title=title("Training time", notes))


def _base(result: StudyResult, rows: Rows, shown: str) -> alt.Chart:
    return chart_of(rows).encode(
        y=alt.Y("arm:N", axis=None, sort=list(result.runs)),
        color=alt.Color("arm:N", scale=arm_scale(result), legend=None),
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip(f"{shown}:Q", format=",")],
    )


def _label(rows: Rows) -> list[alt.Chart]:
    """The arm and its numbers above its row: in two lines where one would be longer than a narrow window is wide."""
    broken = [{**row, "text": row["text"].replace(f"{row['arm']}: ", f"{row['arm']}:\n", 1)} for row in rows]
    is_long = [len(row["text"]) > LONGEST_LABEL for row in rows]
    y = alt.Y("arm:N", axis=None, sort=[str(row["arm"]) for row in rows])

    def words(shown: Rows, dy: int) -> alt.Chart:
        text = chart_of(shown).mark_text(align="left", fontSize=13, dx=2, dy=dy, lineBreak="\n", color=INK)
        return text.encode(y=y, x=alt.XValue(0), text=alt.Text("text:N"))

    one_line = [row for row, long in zip(rows, is_long, strict=True) if not long]
    two_lines = [row for row, long in zip(broken, is_long, strict=True) if long]
    return [words(shown, dy) for shown, dy in ((one_line, -18), (two_lines, -32)) if shown]
