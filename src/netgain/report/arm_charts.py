"""Charts with a row for each arm: accuracy on training and test images with the gap between, and training time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from netgain.report import arm_tables
from netgain.report.chart_parts import chart_of, in_percent, title, with_errors
from netgain.report.measure_words import axis, judged_items, kind_of_items, training_items
from netgain.report.palette import INK, arm_scale
from netgain.report.sentences import mean_seconds, seconds_in_words

if TYPE_CHECKING:
    from netgain.results.study_result import StudyResult

WIDTH, ROW = 560, 46


def gaps(result: StudyResult) -> alt.TopLevelMixin:
    """Each arm's accuracy on training items (ring) and on test items (dot), with the gap between them in words."""
    measure = result.measure
    rows = in_percent(arm_tables.gaps_table(result), ())
    for row in rows:
        errors = [row["train_sample"], row["test_sample"], row["training"]]
        row["text"] = f"{row['arm']}: gap " + with_errors(f"{row['gap']:+.2f}", errors, 2).replace("-", "−")
    low = min(min(row["train"], row["test"]) for row in rows)
    high = max(max(row["train"], row["test"]) for row in rows)
    margin = max(0.05, 0.08 * (high - low))
    scale = alt.Scale(domain=[max(0.0, low - margin), min(100.0, high + margin)], nice=False, zero=False)
    base = _base(result, rows, "train_items")
    test = alt.X("test:Q", title=axis(measure), scale=scale, axis=alt.Axis(tickCount=6, gridOpacity=0.5))
    train = alt.X("train:Q", title=axis(measure), scale=scale)
    training = "" if rows[0]["training"] is None else " ± (training)"
    images = sorted({row["train_items"] for row in rows})
    trained = f"{images[0]:,}" if len(images) == 1 else f"{images[0]:,} to {images[-1]:,}"
    notes = [
        f"Ring: {trained} {training_items(measure)}, dropout off.",
        f"Dot: {result.data.num_test:,} {judged_items(measure)}.",
        f"Gap: points ± (train sample) ± (test sample){training}.",
    ]
    heading = f"How much better on {kind_of_items(measure)} seen in training"
    return alt.layer(
        base.mark_rule(strokeWidth=2, opacity=0.6).encode(x=test, x2=alt.X2("train:Q")),
        base.mark_point(filled=False, size=80, strokeWidth=2.5, opacity=1).encode(x=train),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=test),
        _label(rows),
    ).properties(width=WIDTH, height=alt.Step(ROW), title=title(heading, notes))


def costs(result: StudyResult) -> alt.TopLevelMixin:
    """The seconds of each run, arm by arm, with their mean as a bar."""
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
    tick = _base(result, runs, "seed").mark_tick(thickness=2, size=16, opacity=1).encode(x=x("seconds"))
    counts = sorted({len(result.judged(name)) for name in result.runs})
    seeds = " to ".join(str(count) for count in dict.fromkeys([counts[0], counts[-1]]))
    notes = [f"Bar: mean; ticks: {seeds} network{'s' if counts != [1] else ''} per arm, one thread each."]
    chart = alt.layer(bar, tick, _label(rows)).properties(width=WIDTH, height=alt.Step(ROW))
    return chart.properties(title=title("Training time", notes))


def _base(result: StudyResult, rows: list[dict[str, object]], shown: str) -> alt.Chart:
    return chart_of(rows).encode(
        y=alt.Y("arm:N", axis=None, sort=list(result.runs)),
        color=alt.Color("arm:N", scale=arm_scale(result), legend=None),
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip(f"{shown}:Q", format=",")],
    )


def _label(rows: list[dict[str, object]]) -> alt.Chart:
    """The arm and its numbers above its row, where a long name has room in a narrow window too."""
    text = chart_of(rows).mark_text(align="left", fontSize=12, dx=5, dy=-15, color=INK)
    y = alt.Y("arm:N", axis=None, sort=[str(row["arm"]) for row in rows])
    return text.encode(y=y, x=alt.XValue(0), text=alt.Text("text:N"))
