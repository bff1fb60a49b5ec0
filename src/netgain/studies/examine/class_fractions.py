"""Class fractions of pseudo-samples: answers that are counted, fitted fractions, and whether their errors are right.

A pseudo-sample has fractions far from uniform. Its images and its templates are drawn anew each time from the images
that the networks were not trained on, so that nothing is shared by all pseudo-samples but the networks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.results.analyses import normalised
from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.findings import Figure, Findings, Statement
from netgain.stats.fractions import TARGETS, Target

if TYPE_CHECKING:
    import altair
    import pandas

NUM_SAMPLES = 200
"""Pseudo-samples."""

MOST_IMAGES = 1000
"""Of a pseudo-sample."""

MOST_TEMPLATES = 200
"""Of each class."""

WORST_PULL, WIDTHS, COVERAGES = 0.25, (0.90, 1.10), (0.93, 0.97)
"""Within these, 200 pseudo-samples of ten classes agree with errors that are right."""


@dataclass(frozen=True)
class Samples:
    """What many pseudo-samples gave; every array `[samples, K]`, of fractions.

    Attributes:
        num_images: of each sample.
        population: the fractions that they were drawn with, `[K]`.
        counted, fitted: the share of the answers, and the fitted fractions.
        truth: by target the true fractions: of the population, or of the images drawn.
        error, inside: by target the total error, and whether the 95 % interval has the truth.
    """

    num_images: int
    population: np.ndarray
    counted: np.ndarray
    fitted: np.ndarray
    truth: dict[Target, np.ndarray]
    error: dict[Target, np.ndarray]
    inside: dict[Target, np.ndarray]

    def pulls(self, target: Target) -> np.ndarray:
        """Deviation over error."""
        return (self.fitted - self.truth[target]) / self.error[target]


def examine(given: DemonstrationInput) -> Findings:
    """Draw the pseudo-samples, estimate each, and compare with what they were drawn with."""
    (name,) = given.runs
    runs, parts = given.finished(name), given.classifier(name).parts_of(given.images)
    validation = np.stack([run.arrays["validation_scores"] for run in runs])
    scores = normalised(np.concatenate([validation, given.scores(name)], axis=1)).mean(axis=0)
    labels = np.concatenate([parts.y_validation, given.images.y_test])
    samples = drawn_samples(scores, labels, np.random.default_rng(given.seeds[0]))
    names = list(given.images.class_names)
    return Findings(
        (*_bias_statements(samples, names), *_error_statements(samples)),
        {
            "counted-and-fitted": Figure(_bias_frame(samples, names), _draw_bias, _BIAS_IN_WORDS),
            "fraction-pulls": Figure(_pull_frame(samples), _draw_pulls, _PULLS_IN_WORDS),
        },
    )


def drawn_samples(scores: np.ndarray, labels: np.ndarray, generator: np.random.Generator) -> Samples:
    """Pseudo-samples of images with scores `[n, K]` and labels `[n]`, each with templates of its own.

    Of every class up to one half of the images, drawn anew, are templates, and the sample comes from the other half. Of
    class k the sample has a share proportional to k + 1, on average.
    """
    from netgain.stats import class_fractions

    num_classes = scores.shape[1]
    population = np.arange(1.0, num_classes + 1) / (num_classes * (num_classes + 1) / 2)
    smallest = np.bincount(labels, minlength=num_classes).min()
    num_images = int(min(MOST_IMAGES, 0.35 * smallest / population.max()))
    rows: dict[str, list[np.ndarray]] = {"counted": [], "fitted": [], "counts": []}
    error: dict[Target, list[np.ndarray]] = {target: [] for target in TARGETS}
    inside: dict[Target, list[np.ndarray]] = {target: [] for target in TARGETS}
    for _ in range(NUM_SAMPLES):
        counts = generator.multinomial(num_images, population)
        sample, templates = _divided(labels, counts, generator)
        found = class_fractions(scores[templates], labels[templates], scores[sample])
        answers = np.bincount(scores[sample].argmax(axis=1), minlength=num_classes)
        for name, values in (("counted", answers / num_images), ("fitted", found.fractions), ("counts", counts)):
            rows[name].append(values)
        truths: dict[Target, np.ndarray] = {"population": population, "sample": counts / num_images}
        for target, truth in truths.items():
            interval = found.interval(0.95, target)
            error[target].append(found.errors(target).total)
            inside[target].append((interval.low <= truth) & (truth <= interval.high))
    realised = np.stack(rows["counts"]) / num_images
    return Samples(
        num_images,
        population,
        np.stack(rows["counted"]),
        np.stack(rows["fitted"]),
        {"population": np.broadcast_to(population, realised.shape), "sample": realised},
        {target: np.stack(of_target) for target, of_target in error.items()},
        {target: np.stack(of_target) for target, of_target in inside.items()},
    )


def _divided(labels: np.ndarray, counts: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Images for a sample with these numbers of each class, and others for templates."""
    sample, templates = [], []
    for number, count in enumerate(counts.tolist()):
        members = generator.permutation(np.flatnonzero(labels == number))
        half = len(members) // 2
        templates.append(members[: min(half, MOST_TEMPLATES)])
        sample.append(members[half : half + count])
    return np.concatenate(sample), np.concatenate(templates)


def _mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Over the samples, `[K]` each."""
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


def _bias_statements(samples: Samples, names: list[str]) -> Iterator[Statement]:
    truth = samples.truth["sample"]
    (counted, counted_error), (fitted, fitted_error) = (
        _mean_and_error(values - truth) for values in (samples.counted, samples.fitted)
    )
    worst = int(np.abs(counted / counted_error).argmax())
    told = f"{100 * counted[worst]:+.2f} ± {100 * counted_error[worst]:.2f} points"
    setting = f"{NUM_SAMPLES} pseudo-samples of {samples.num_images:,} images"
    yield Statement(
        "Counting the answers of a classifier gives biased class fractions",
        abs(counted[worst]) > 5 * counted_error[worst],
        f"class {names[worst]}, of which the samples have {100 * samples.population[worst]:.2f} %, is counted with a "
        f"mean deviation of {told}; over all classes it is {100 * np.abs(counted).mean():.2f} points ({setting})",
    )
    yield Statement(
        "The fit of the scores is less biased than counting",
        bool(np.abs(fitted).mean() < np.abs(counted).mean()),
        f"over all classes the mean deviation is {100 * np.abs(fitted).mean():.2f} points, that of counting "
        f"{100 * np.abs(counted).mean():.2f} points; for class {names[worst]} it is "
        f"{100 * abs(fitted[worst]):.2f} ± {100 * fitted_error[worst]:.2f} points",
    )


def _error_statements(samples: Samples) -> Iterator[Statement]:
    for target in TARGETS:
        pulls, inside = samples.pulls(target), samples.inside[target].mean()
        means, width = pulls.mean(axis=0), pulls.std(ddof=1)
        worst = float(np.abs(means).max())
        words = "of where the images come from" if target == "population" else "of these images"
        yield Statement(
            f"The errors of the fractions {words} ({target}) are right",
            worst < WORST_PULL and WIDTHS[0] < width < WIDTHS[1] and COVERAGES[0] < inside < COVERAGES[1],
            f"pulls: width {width:.2f}, mean {worst:.2f} at most in any class; {100 * inside:.1f} % of the 95 % "
            "intervals have the truth",
        )
    population, sample = (samples.error[target].mean() for target in TARGETS)
    yield Statement(
        "The fractions of these images are known better than those of where they come from",
        sample < population,
        f"mean error {100 * sample:.2f} points against {100 * population:.2f} points",
    )


_BIAS_IN_WORDS = (
    "For each class the mean deviation of counted answers and of fitted fractions from the truth, with errors: counted "
    "answers deviate, fitted ones lie at zero."
)
_PULLS_IN_WORDS = "How often each pull occurs, for both targets, beside the normal curve that right errors give."


def _bias_frame(samples: Samples, names: list[str]) -> pandas.DataFrame:
    import pandas

    rows: list[dict[str, Any]] = []
    for method, values in (("counted answers", samples.counted), ("fitted fractions", samples.fitted)):
        mean, error = (100 * of_class for of_class in _mean_and_error(values - samples.truth["sample"]))
        rows += [
            {"class": name, "method": method, "true": 100 * true, "bias": bias, "error": own, "low": bias - own,
             "high": bias + own}
            for name, true, bias, own in zip(names, samples.population, mean, error, strict=True)
        ]  # fmt: skip
    return pandas.DataFrame(rows)


def _draw_bias(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    methods = list(dict.fromkeys(frame["method"]))
    scale = alt.Scale(domain=methods, range=list(ARM_COLOURS[1::-1]))
    shapes = alt.Scale(domain=methods, range=["circle", "square"])
    legend = alt.Legend(title=None, orient="top", symbolOpacity=1)
    base = alt.Chart(frame).encode(
        x=alt.X("class:N", title="class", sort=list(dict.fromkeys(frame["class"])), axis=alt.Axis(labelAngle=0)),
        xOffset=alt.XOffset("method:N", sort=methods),
        color=alt.Color("method:N", scale=scale, legend=legend),
        tooltip=[
            "class:N",
            "method:N",
            *(alt.Tooltip(f"{name}:Q", format=".3f") for name in ("true", "bias", "error")),
        ],
    )
    title = "mean deviation from the truth, points"
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=alt.Y("bias:Q", title=title), shape=alt.Shape("method:N", scale=shapes, legend=legend)
    )
    bars = base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", title=title), y2=alt.Y2("high:Q"))
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(color="#888").encode(y=alt.Y("zero:Q", title=title))
    )
    notes = [f"{NUM_SAMPLES} pseudo-samples; bars: standard error of the mean."]
    heading = alt.TitleParams("Counted and fitted fractions", subtitle=notes, anchor="start", subtitleColor="#666")
    return alt.layer(zero, bars, points).properties(width=640, height=300, title=heading)


def _pull_frame(samples: Samples) -> pandas.DataFrame:
    import pandas

    edges, rows = np.arange(-4, 4.01, 0.5), []
    for target in TARGETS:
        counts, _ = np.histogram(samples.pulls(target), edges)
        share = counts / samples.fitted.size / 0.5
        normal = np.exp(-(edges**2) / 2) / np.sqrt(2 * np.pi)
        rows += [
            {"target": target, "from": float(low), "to": float(high), "density": float(density), "normal": float(curve)}
            for low, high, density, curve in zip(edges[:-1], edges[1:], share, normal[:-1], strict=True)
        ]
    return pandas.DataFrame(rows)


def _draw_pulls(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS, INK

    pull, density, panels = "pull: (fitted − true) / error", "density", []
    for number, target in enumerate(TARGETS):
        base = alt.Chart(frame[frame["target"] == target])
        bars = base.mark_rect(opacity=0.6, color=ARM_COLOURS[number], stroke="white").encode(
            x=alt.X("from:Q", title=pull),
            x2=alt.X2("to:Q"),
            y=alt.Y("density:Q", title=density),
            y2=alt.Y2Datum(0),
        )
        curve = base.mark_line(color=INK, interpolate="monotone").encode(
            x=alt.X("from:Q", title=pull), y=alt.Y("normal:Q", title=density)
        )
        panels.append(alt.layer(bars, curve).properties(width=310, height=240, title=f"target: {target}"))
    notes = ["Bars: all classes of all pseudo-samples; line: the normal curve that right errors give."]
    heading = alt.TitleParams("Pulls of the fractions", subtitle=notes, anchor="start", subtitleColor="#666")
    return alt.hconcat(*panels).properties(title=heading)
