"""Accuracies with their three errors under declared shifts, and which gains are still there with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from netgain.data.shifts import as_shifts
from netgain.experiment.measurement import Measurement
from netgain.experiment.study import BASELINE
from netgain.results.answers import right_on
from netgain.results.evaluating import Plan
from netgain.results.findings import Figure, Findings, Statement
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import Outcome, Systematics, Verdict, judge_pairs, survival_sentence

if TYPE_CHECKING:
    import altair
    import pandas

    from netgain.data import Dataset
    from netgain.tasks.classification.recipe import Recipe

DEEP, SMALL, DROPOUT, TRIPLED = "convnet-deep", "10,000 images", "10,000 images, dropout 0.2", "10,000 images, tripled"
NETWORKS = (BASELINE, "convnet", DEEP)
"""Whose errors are drawn."""

CHANGES = ("convnet", DEEP, DROPOUT, TRIPLED)
"""Whose gains are followed to the shifted images."""

SHIFTS = as_shifts(["rotation=N(0,10)", "translation=U(0,2)", "blur=U(0,1)"])
IN_WORDS = ", ".join(map(str, SHIFTS))
ERRORS, GAINS = "errors-by-source", "gains-with-and-without-the-shift"


def examine(result: StudyResult) -> Findings:
    """Of every network the systematic errors, and each arm's verdict with and without the shifts."""
    finished = {name: runs for name in result.runs if (runs := _finished(result, name))}
    right = {name: np.stack([run.right for run in runs]) for name, runs in finished.items()}
    measured = {name: np.stack([MEASUREMENT.of(run) for run in runs]) for name, runs in finished.items()}
    plan, groups, drawn = Plan(SHIFTS), result.data.test_groups, [name for name in NETWORKS if name in finished]
    found = {name: plan.systematics(right[name], measured[name], groups) for name in drawn}
    own = {name: of_arm[:, -1] for name, of_arm in measured.items()}
    arms = [arm for arm in CHANGES if _can_be_judged(own, arm, result.study.other(arm))]
    verdicts = [_judged(answers, arms, result) for answers in (right, own)] if arms else [{}, {}]
    figures = {ERRORS: _errors(found)} if found else {}
    if arms:
        figures[GAINS] = _drawn_gains(*verdicts)
    return Findings((*_lost(found), *_gains(*verdicts)), figures)


def right_on_shifted_images(runs: Sequence[tuple[RunResult, Recipe]], dataset: Dataset) -> list[np.ndarray]:
    """Which images each network has right, bool `[sets, n]` a run: the last with amounts of each image's own."""
    return right_on(runs, dataset, Plan(SHIFTS).image_sets(dataset.x_test))


MEASUREMENT = Measurement("right-ideal-vs-real", right_on_shifted_images)


def _finished(result: StudyResult, name: str) -> list[RunResult]:
    return [run for run in result.runs[name] if run.status not in {RunStatus.FAILED, RunStatus.DIVERGED}]


def _can_be_judged(right: dict[str, np.ndarray], arm: str, other: str) -> bool:
    return arm in right and other in right and (len(right[arm]) == 1) == (len(right[other]) == 1)


def _judged(right: dict[str, np.ndarray], arms: list[str], result: StudyResult) -> dict[str, Verdict]:
    study = result.study
    pairs = {arm: (right[study.other(arm)], right[arm]) for arm in arms}
    return judge_pairs(pairs, alpha=study.alpha, delta=study.delta, groups=result.data.test_groups)


def _lost(found: dict[str, Systematics]) -> list[Statement]:
    return [
        Statement(
            f"{name} is less accurate over the shifts {IN_WORDS} than on the test images",
            one.loss.interval().low > 0,
            "; ".join(str(one).splitlines()),
        )
        for name, one in found.items()
    ]


def _gains(without: dict[str, Verdict], shifted: dict[str, Verdict]) -> list[Statement]:
    return [
        Statement(
            f"{arm} is better on the test images and on shifted ones",
            without[arm].outcome is shifted[arm].outcome is Outcome.BETTER,
            survival_sentence(without[arm], shifted[arm], IN_WORDS),
        )
        for arm in without
    ]


def _errors(found: dict[str, Systematics]) -> Figure:
    from netgain.report.systematics_chart import shares_table, systematics_chart

    return Figure(
        shares_table(found),
        lambda _: systematics_chart(found),
        "Errors of each network's accuracy upwards and downwards, stacked by source.",
    )


def _drawn_gains(without: dict[str, Verdict], shifted: dict[str, Verdict]) -> Figure:
    import pandas

    rows = [
        {
            "arm": arm,
            "test images": which,
            "effect": 100 * verdict.difference.effect,
            "low": 100 * verdict.difference.interval().low,
            "high": 100 * verdict.difference.interval().high,
            "verdict": verdict.outcome.value,
        }
        for which, verdicts in (("as they are", without), ("shifted", shifted))
        for arm, verdict in verdicts.items()
    ]
    return Figure(pandas.DataFrame(rows), _draw_gains, "What each arm gains with and without the shifts.")


def _draw_gains(frame: pandas.DataFrame) -> altair.TopLevelMixin:
    """For each arm its effect and its 95 % interval, on the test images as they are and shifted."""
    import altair as alt

    from netgain.report.chart_parts import QUIET, chart_of, in_percent, title
    from netgain.report.palette import ARM_COLOURS

    rows: list[dict[str, Any]] = in_percent(frame, ())
    arms, kinds = (list(dict.fromkeys(row[name] for row in rows)) for name in ("arm", "test images"))
    legend = alt.Legend(orient="bottom", title="test images", symbolType="stroke", symbolStrokeWidth=3)
    colours = alt.Scale(domain=kinds, range=list(ARM_COLOURS[: len(kinds)]))
    base = chart_of(rows).encode(
        y=alt.Y("arm:N", sort=arms, title=None, axis=alt.Axis(labelLimit=220)),
        yOffset=alt.YOffset("test images:N", sort=kinds),
        color=alt.Color("test images:N", sort=kinds, scale=colours, legend=legend),
        tooltip=[alt.Tooltip("arm:N"), alt.Tooltip("test images:N"), alt.Tooltip("verdict:N"),
                 *(alt.Tooltip(f"{name}:Q", format="+.2f") for name in ("effect", "low", "high"))],
    )  # fmt: skip
    x_title = "change of the test accuracy, percentage points"
    bars = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=x_title), x2=alt.X2("high:Q"))
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.X("effect:Q", title=x_title))
    zero = chart_of([{"zero": 0}]).mark_rule(color=QUIET, strokeDash=[4, 3]).encode(x=alt.X("zero:Q"))
    heading = title("Gains with and without the shifts", [f"Shifts: {IN_WORDS}. Bars: 95 % intervals."])
    return alt.layer(zero, bars, points).properties(width=460, height=alt.Step(22), title=heading)
