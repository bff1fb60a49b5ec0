"""Generators without classes, a healthy and a provoked one: which digits they write, and how much of the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.results.demonstration_result import DemonstrationInput
from netgain.results.figures import ArmFigure, figures_over_seeds
from netgain.results.findings import OPEN, Figure, Findings, Statement
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import mean_accuracy
from netgain.stats.intervals import Interval
from netgain.tasks.generation.figures import COLLAPSED, COVERAGE, FRACTIONS, figures

if TYPE_CHECKING:
    import altair
    import pandas

HEALTHY, PROVOKED = "healthy", "provoked"


def examine(given: DemonstrationInput) -> Findings:
    """The shares of the digits that each network writes, and the figures that a collapse changes."""
    runs = {name: _judged(given, name) for name in (HEALTHY, PROVOKED)}
    measured = {name: figures_over_seeds([figures(run.arrays) for run in of_arm]) for name, of_arm in runs.items()}
    return Findings(
        (_fewer_kinds(measured), _uneven(measured), _counted(measured), _named(given, runs)),
        {"shares-of-the-digits": Figure(_frame(given, runs), _draw, _IN_WORDS)},
    )


_IN_WORDS = (
    "Share of each digit among the images that every network wrote, one dot per network, healthy and provoked "
    "networks; a line at a tenth, where every digit is written equally often."
)


def _judged(given: DemonstrationInput, name: str) -> list[RunResult]:
    """Diverged and collapsed networks count with what they wrote; only failed ones wrote nothing."""
    return [run for run in given.runs[name] if run.status is not RunStatus.FAILED]


Measured = dict[str, dict[str, ArmFigure]]


def _fewer_kinds(measured: Measured) -> Statement:
    healthy, provoked = (measured[name][COVERAGE] for name in (HEALTHY, PROVOKED))
    return Statement(
        "A collapsed generator reaches fewer of the real digits: its coverage is smaller",
        healthy.estimate.interval().is_above(provoked.estimate.interval()),
        f"coverage {_told(provoked)} provoked, {_told(healthy)} healthy{_floor(healthy)}"
        f"{_undecided(provoked.estimate.interval(), healthy.estimate.interval())}",
    )


def _uneven(measured: Measured) -> Statement:
    healthy, provoked = (measured[name][FRACTIONS] for name in (HEALTHY, PROVOKED))
    return Statement(
        "A collapsed generator writes some digits too often and others too rarely",
        provoked.estimate.interval().is_above(healthy.estimate.interval()),
        f"largest deviation of a class fraction {_told(provoked)} provoked, {_told(healthy)} healthy"
        f"{_undecided(provoked.estimate.interval(), healthy.estimate.interval())}",
    )


def _counted(measured: Measured) -> Statement:
    healthy, provoked = (measured[name][COLLAPSED].values for name in (HEALTHY, PROVOKED))
    return Statement(
        "A collapse is counted by a rule on coverage and class fractions, and the healthy generator passes it",
        sum(provoked) == len(provoked) and sum(healthy) == 0,
        f"collapsed: {sum(provoked):.0f} of {len(provoked)} provoked networks, {sum(healthy):.0f} of {len(healthy)} "
        "healthy ones",
    )


def _named(given: DemonstrationInput, runs: dict[str, list[RunResult]]) -> Statement:
    groups = given.images.test_groups
    means = {name: mean_accuracy(np.stack([run.right for run in of_arm]), groups) for name, of_arm in runs.items()}
    healthy, provoked = (means[name].interval() for name in (HEALTHY, PROVOKED))
    return Statement(
        "A collapsed generator teaches a classifier less: the digits that it never writes are never named",
        healthy.is_above(provoked),
        f"of {given.images.num_test:,} real test digits are named {means[PROVOKED]} after the provoked ones and "
        f"{means[HEALTHY]} after the healthy ones{_undecided(healthy, provoked)}. Their classes come from a network "
        "that was trained on real digits",
    )


def _undecided(first: Interval, second: Interval) -> str:
    return "" if first.is_above(second) or second.is_above(first) else OPEN


def _told(figure: ArmFigure) -> str:
    scale, unit = (100, " %") if figure.unit == "%" else (1, "")
    value, test, training = (
        None if each is None else f"{scale * each:.3g}"
        for each in (figure.estimate.value, figure.estimate.test_sample, figure.estimate.training)
    )
    return f"{value} ± {test}{f' ± {training}' if training else ''}{unit}"


def _floor(figure: ArmFigure) -> str:
    scale, unit = (100, " %") if figure.unit == "%" else (1, "")
    return "" if figure.floor is None else f"; real against real digits {scale * figure.floor:.3g}{unit}"


def _frame(given: DemonstrationInput, runs: dict[str, list[RunResult]]) -> pandas.DataFrame:
    import pandas

    names = given.images.class_names
    rows: list[dict[str, Any]] = []
    for recipe, of_arm in runs.items():
        for run in of_arm:
            shares = np.bincount(run.arrays["generated_labels"], minlength=len(names)) / len(
                run.arrays["generated_labels"]
            )
            rows += [
                {"generator": recipe, "seed": run.seed, "digit": name, "share, %": 100 * float(share)}
                for name, share in zip(names, shares, strict=True)
            ]
    return pandas.DataFrame(rows)


def _draw(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    import altair as alt

    from netgain.report.palette import ARM_COLOURS

    names = [HEALTHY, PROVOKED]
    colours = alt.Scale(domain=names, range=list(ARM_COLOURS[:2]))
    shapes = alt.Scale(domain=names, range=["circle", "diamond"])
    legend = alt.Legend(orient="bottom", title=None)
    dots = (
        alt.Chart(frame)
        .mark_point(filled=True, size=70, opacity=0.8)
        .encode(
            x=alt.X("digit:N", title="digit, as a network trained on real ones names it", axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("generator:N", sort=names),
            y=alt.Y("share, %:Q", title="share of the generated images, %"),
            color=alt.Color("generator:N", scale=colours, legend=legend, sort=names),
            shape=alt.Shape("generator:N", scale=shapes, legend=legend, sort=names),
            tooltip=["generator:N", "seed:N", "digit:N", alt.Tooltip("share, %:Q", format=".1f")],
        )
    )
    number = frame["digit"].nunique()
    even = (
        alt.Chart(alt.Data(values=[{"at": 100 / number}]))
        .mark_rule(color="#777777", strokeDash=[4, 4])
        .encode(y="at:Q")
    )
    title = alt.TitleParams(
        "How often each digit is written",
        subtitle=["One dot per network. Dashed: every digit equally often."],
        anchor="start",
        subtitleColor="#666",
    )
    return (even + dots).properties(width=600, height=300, title=title)
