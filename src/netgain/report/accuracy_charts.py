"""Charts of the statistics of right and wrong answers, each made from the result's own table."""

from __future__ import annotations

import math
from collections import Counter

import altair as alt

from netgain.report.chart_parts import (
    ALONE,
    ERROR_WORDS,
    INTERVAL_WORDS,
    QUIET,
    Rows,
    chart_of,
    in_percent,
    title,
    tooltips,
    with_errors,
)
from netgain.report.measure_words import OF_IMAGES, axis, judged_items, kind_of_items
from netgain.report.palette import INK, PAPER, SOFT, VERDICT_COLOURS
from netgain.stats.images import ChangedImages, ImageErrors
from netgain.stats.overtraining import Overtraining
from netgain.stats.sequential import CHECKS, Check
from netgain.tasks.task import Measure

MOST_COUNTS_WRITTEN = 12
"""With more seeds the counts of images do not fit above their bars."""

CHANGE_COLOURS = {
    "fixed": VERDICT_COLOURS["BETTER"],
    "broken": VERDICT_COLOURS["WORSE"],
    "fixed or broken by chance": VERDICT_COLOURS["UNDECIDED"],
}


def overtraining_chart(result: Overtraining, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    """The accuracies on training and test images with their intervals, and below them their gap."""
    rows = in_percent(result.frame(), ("value", "train_sample", "test_sample", "training", "low", "high"))
    for row in rows:
        value = f"{row['value']:{'+' if row['quantity'] == 'gap' else ''}.2f}"
        row["text"] = with_errors(value, [row["train_sample"], row["test_sample"], row["training"]], 2)
    errors = "± (training)" if result.training is not None else "(one seed: training not measured)"
    notes = [
        f"n = {result.train.num_images:,} training and {result.test.num_images:,} {judged_items(measure)}, "
        f"{_networks(result.train.num_seeds)}.",
        f"{measure.name.capitalize()} ± (their {kind_of_items(measure)}) {errors};",
        f"gap ± (train sample) ± (test sample) {errors}; bars: 95 % intervals.",
    ]
    layers = _interval_rows(rows[:2], kind_of_items(measure), axis(measure))
    accuracies = alt.layer(*layers).properties(width=520, height=alt.Step(48))
    zero = chart_of([{"zero": 0}]).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(x=alt.X("zero:Q"))
    gap = alt.layer(zero, *_interval_rows(rows[2:], "train − test", f"gap of the {measure.name}, percentage points"))
    both = alt.vconcat(accuracies, gap.properties(width=520, height=alt.Step(48)), spacing=20)
    words = f"{measure.name.capitalize()} on training and {judged_items(measure)}"
    return both.properties(title=title(words, notes))


def _networks(number: int) -> str:
    return f"{number} network{'s' if number > 1 else ''}"


def _interval_rows(rows: Rows, y_title: str, x_title: str) -> list[alt.Chart]:
    """A point with its bar and its value in words for each row, from top to bottom."""
    words = {"value": x_title, "train_sample": "± (train sample)", **ERROR_WORDS, **INTERVAL_WORDS}
    names = ["train", "test", "gap"]
    colours = alt.Scale(domain=names, range=[SOFT, ALONE, ALONE])
    base = chart_of(rows).encode(
        y=alt.Y("quantity:N", title=y_title, sort=names, axis=alt.Axis(minExtent=40)),
        color=alt.Color("quantity:N", scale=colours, legend=None),
        tooltip=tooltips(rows, words),
    )
    scale = alt.Scale(zero=False, padding=70)  # the words around a point at the border need their place
    axis = alt.Axis(tickCount=7, labelExpr="datum.value > 100 ? '' : datum.label")
    value = alt.X("value:Q", title=x_title, scale=scale, axis=axis)
    return [
        base.mark_rule(strokeWidth=2.5).encode(
            x=alt.X("low:Q", title=x_title, scale=scale, axis=axis), x2=alt.X2("high:Q")
        ),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=value),
        *_written(base.encode(x=value), dy=-13),
    ]


def _written(base: alt.Chart, dy: int) -> list[alt.Chart]:
    """The column `text` of the rows at their place, on a white rim that keeps lines from striking it through."""
    rim = base.mark_text(dy=dy, fontSize=11, lineBreak="|", stroke=PAPER, strokeWidth=4)
    return [
        rim.encode(text=alt.Text("text:N")),
        base.mark_text(dy=dy, fontSize=11, lineBreak="|").encode(text=alt.Text("text:N")),
    ]


def image_errors_chart(result: ImageErrors, colour: str = ALONE, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    """How many items are wrong in how many of the networks, on a log scale; in the arm's colour, where it is known."""
    images = result.frame()
    counts = Counter(images["wrong"].tolist())
    half = 40 / result.num_seeds  # room at both ends of the axis
    rows = [
        row | {"images": counts[row["wrong"]]}
        for row in in_percent(images.drop_duplicates("wrong").sort_values("wrong"), ("rate", "low", "high"))
    ]
    item, items = measure.item.removeprefix("test "), kind_of_items(measure)
    words = {"wrong": "networks wrong", "rate": "error rate, %", **INTERVAL_WORDS, "images": items}
    x_title = f"error rate of the {item} over {_networks(result.num_seeds)}, %"
    x_scale = alt.Scale(domain=[-1.4 * half, 100 + 1.4 * half], nice=False)
    # A log scale has no zero on which bars could stand: dots.
    y_scale = alt.Scale(type="log", domain=[0.5, 3 * max(counts.values())], nice=False)
    y_axis = alt.Axis(values=[10**power for power in range(8)], format=",d")
    y = alt.Y("images:Q", title=f"{items} (log)", scale=y_scale, axis=y_axis)
    base = chart_of(rows).encode(y=y, tooltip=tooltips(rows, words))
    x = alt.X("rate:Q", title=x_title, scale=x_scale, axis=_rate_axis(result.num_seeds))
    layers = [base.mark_point(filled=True, size=80, opacity=1, color=colour).encode(x=x)]
    if result.num_seeds <= MOST_COUNTS_WRITTEN:
        text = base.mark_text(dy=-12, fontSize=12)
        layers.append(text.encode(x=x, text=alt.Text("images:Q", format=",")))
    notes = [f"n = {len(images):,} {measure.items}.", f"The rate of one {item} has an error from training only."]
    return alt.layer(*layers).properties(width=520, height=280, title=title(f"How often each {item} is wrong", notes))


def _rate_axis(num_seeds: int) -> alt.Axis:
    """A tick at each rate that this number of networks can have, as long as there is room for them."""
    if num_seeds > MOST_COUNTS_WRITTEN:
        return alt.Axis(format=".3~f", grid=False)
    return alt.Axis(values=[100 * wrong / num_seeds for wrong in range(num_seeds + 1)], format=".1~f", grid=False)


def check_chart(result: Check, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    """The effect with its errors at each check so far, and what share of α the check may spend."""
    rows = in_percent(result.frame(), ("effect", "test_sample", "training", "share"))
    for row in rows:
        both = math.hypot(row["test_sample"], row["training"] or 0.0)
        row.update({"low": row["effect"] - both, "high": row["effect"] + both})
        row.update({"low_test": row["effect"] - row["test_sample"], "high_test": row["effect"] + row["test_sample"]})
        row["text"] = f"{_probability(row['p_value'])}|share {row['share']:g} % of α"
    low, high = min(0.0, *(row["low"] for row in rows)), max(0.0, *(row["high"] for row in rows))
    height = high - low or 1.0
    y_scale = alt.Scale(domain=[low - 0.05 * height, high + 0.25 * height], nice=False)
    words = {"num_seeds": "seeds", "effect": "effect, percentage points", **ERROR_WORDS,
             "p_value": "p of this check", "share": "share of α, %"}  # fmt: skip
    base = chart_of(rows).encode(x=_seeds_of_checks(rows), tooltip=tooltips(rows, words), color=alt.ColorValue(ALONE))

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=f"change of the {measure.name}, percentage points", scale=y_scale)

    zero = chart_of([{"zero": 0}]).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(y=y("zero"))
    layers = [
        zero,
        base.mark_rule(strokeWidth=1.5).encode(y=y("low"), y2=alt.Y2("high:Q")),
        base.mark_rule(strokeWidth=5, opacity=0.5).encode(y=y("low_test"), y2=alt.Y2("high_test:Q")),
        base.mark_point(filled=True, size=80, opacity=1).encode(y=y("effect")),
        *_written(base.encode(y=y("high"), color=alt.ColorValue(INK)), dy=-24),
    ]
    return alt.layer(*layers).properties(width=560, height=300, title=_check_title(result, measure))


def _probability(p: float) -> str:
    return f"p = {p:.2g}" if p >= 1e-4 else "p < 0.0001"


def _seeds_of_checks(rows: Rows) -> alt.X:
    """Every check has its place from the beginning, so that charts of earlier and later checks are alike."""
    ticks = sorted({*CHECKS, *(row["num_seeds"] for row in rows)})
    scale = alt.Scale(domain=[min(ticks) - 2.5, max(ticks) + 2.5], nice=False)
    axis = alt.Axis(values=ticks, format="d", grid=False)
    return alt.X("num_seeds:Q", title="seeds of the arm at the check", scale=scale, axis=axis)


def _check_title(result: Check, measure: Measure) -> alt.TitleParams:
    steps = result.steps
    thin = "thin bar: with training" if steps[-1].training is not None else "training not measured"
    notes = [
        f"n = {result.difference.num_images:,} {measure.items}. Wide bar: standard error from the test sample; {thin}.",
        f"{result.outcome} after {len(steps)} of {len(CHECKS)} checks: sequential {_probability(result.p_adjusted)} "
        "(Holm-adjusted); the p of a check is divided by its share.",
    ]
    return title(f"{result.arm} against the baseline, check by check", notes)


def changed_images_chart(result: ChangedImages, measure: Measure = OF_IMAGES) -> alt.TopLevelMixin:
    """How many items are fixed and broken, beside how many chance alone would put on both lists."""
    counts = Counter(row["change"] for row in in_percent(result.frame(), ()))
    names, items = list(CHANGE_COLOURS), kind_of_items(measure)
    values = [counts["fixed"], counts["broken"], result.expected_by_chance]
    rows: Rows = [{"change": name, "images": value} for name, value in zip(names, values, strict=True)]
    for row in rows[:2]:
        row["text"] = f"{row['images']:,}"
    rows[2]["text"] = f"{result.expected_by_chance:.1f} expected"
    base = chart_of(rows).encode(
        x=alt.X("images:Q", title=items, scale=alt.Scale(domain=[0, 1.2 * max(*values, 1)], nice=False),
                axis=alt.Axis(tickCount=min(6, max(1, int(max(values)))), format=",d", grid=False)),
        y=alt.Y("change:N", title="change", sort=names, axis=alt.Axis(labelLimit=220)),
        color=alt.Color("change:N", scale=alt.Scale(domain=names, range=list(CHANGE_COLOURS.values())), legend=None),
        tooltip=[alt.Tooltip("change:N"), *tooltips(rows, {"images": items})],
    )  # fmt: skip
    bar = base.mark_bar()
    text = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text("text:N"), color=alt.ColorValue(INK))
    seeds = " against ".join(_networks(number) for number in result.num_seeds)
    notes = [
        f"n = {len(result.wrong_a):,} {measure.items}, {seeds}; of those fixed and broken together",
        f"at most {100 * result.false_rate:g} % are expected to be false.",
    ]
    heading = title(f"{items.capitalize()} stably fixed and broken", notes)
    return alt.layer(bar, text).properties(width=420, height=alt.Step(34), title=heading)
