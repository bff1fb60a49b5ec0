"""A study's result as tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas

from netgain.errors import UnknownNameError
from netgain.report.arm_tables import costs_table, gaps_table, has_training_answers
from netgain.report.figures import figure_records
from netgain.report.ratios import ratio_columns
from netgain.report.sentences import mean_seconds
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult
from netgain.stats import benjamini_hochberg, mean_accuracy
from netgain.tasks.task import PARTS

LEARNING_CURVES, LOSS_CURVES = "learning-curves", "loss-curves"


def table(result: StudyResult, name: str) -> pandas.DataFrame:
    """The table of that name.

    Raises:
        UnknownNameError: for an unknown name.
    """
    if name in TABLES:
        return TABLES[name](result)
    measurements = curve_names(result)
    if name in measurements:
        return curves_table(result, measurements[name])
    figures = result.findings.figures
    if name not in figures:
        raise UnknownNameError("table", name, dict.fromkeys([*TABLES, *measurements, *figures]))
    return figures[name].frame


def verdicts_table(result: StudyResult) -> pandas.DataFrame:
    """A row for the baseline and each arm; accuracies and effects in percent and percentage points.

    `low` and `high` hold for each arm alone, the simultaneous ones for all arms together (Bonferroni); the deciding
    ones never contradict the verdict, see :meth:`netgain.results.study_result.StudyResult.deciding_interval`. Claims
    rest on `p_adjusted` (Holm); `q_exploration` is Benjamini and Hochberg's, to see what is worth a closer look.
    """
    rows = []
    exploring = dict(zip(result.verdicts, _false_discovery_rates(result), strict=True))
    for name in result.runs:
        accuracy = result.accuracies[name]
        row: dict[str, Any] = {
            "arm": name,
            "seeds": accuracy.num_seeds,
            "accuracy": 100 * accuracy.value,
            "accuracy_test_sample": 100 * accuracy.test_sample,
            "accuracy_training": percent(accuracy.training),
            **ratio_columns(result, name),
        }
        if verdict := result.verdicts.get(name):
            interval, cost = verdict.difference.interval(1 - verdict.alpha), result.costs[name]
            deciding = result.deciding_interval(name)
            row |= {
                "against": result.study.other(name),
                "effect": 100 * verdict.difference.effect,
                "effect_test_sample": 100 * verdict.difference.test_sample,
                "effect_training": percent(verdict.difference.training),
                "low": 100 * interval.low,
                "high": 100 * interval.high,
                "deciding_low": 100 * deciding.low,
                "deciding_high": 100 * deciding.high,
                "deciding_level": 100 * deciding.level,
                "low_simultaneous": 100 * verdict.simultaneous_interval.low,
                "high_simultaneous": 100 * verdict.simultaneous_interval.high,
                "p_adjusted": verdict.p_adjusted,
                "q_exploration": exploring[name],
                "verdict": verdict.outcome.value,
                "cost": cost.ratio,
                "cost_spread": cost.spread,
            }
        row["seconds"] = mean_seconds(result, name)
        row["parameters"] = result.judged(name)[0].num_parameters
        rows.append(row)
    return pandas.DataFrame(rows)


def _false_discovery_rates(result: StudyResult) -> list[float]:
    p_values = [verdict.difference.p_value for verdict in result.verdicts.values()]
    return benjamini_hochberg(p_values).tolist() if p_values else []


def runs_table(result: StudyResult) -> pandas.DataFrame:
    """A row for each run: how it ended, its accuracies in percent, its seconds."""
    rows = [{"arm": name, **run_row(run)} for name, runs in result.runs.items() for run in runs]
    return pandas.DataFrame(rows)


def measurements_of(result: StudyResult) -> list[str]:
    """What the runs measured after every epoch, the measure of the verdicts first."""
    found = dict.fromkeys(
        name
        for arm in result.runs
        for run in result.judged(arm)
        for part in run.history.values()
        for name, values in part.items()
        if values
    )
    return sorted(found, key=lambda name: name != result.measure.name)


def curve_names(result: StudyResult) -> dict[str, str]:
    """Table and chart of each measurement by name: "learning-curves" of the measure, "loss-curves" and so on."""
    measure = result.measure.name
    return {
        LEARNING_CURVES if name == measure else f"{name}-curves".replace(" ", "-"): name
        for name in measurements_of(result)
    }


def learning_curves_table(result: StudyResult) -> pandas.DataFrame:
    """The measure, in percent, by arm, part of the data and epoch: mean, lowest and highest over the seeds.

    If runs stop at different epochs, the row of an epoch counts the `seeds` that reached it.
    """
    return curves_table(result, result.measure.name)


def loss_curves_table(result: StudyResult) -> pandas.DataFrame:
    """The loss, as the recipe defines it, by arm, part of the data and epoch, like the accuracies."""
    return curves_table(result, "loss")


def curves_table(result: StudyResult, measurement: str) -> pandas.DataFrame:
    """A measurement by arm, part of the data and epoch, as in :func:`learning_curves_table`; the measure of the
    verdicts in percent, others as they are.
    """
    scale = 100.0 if measurement == result.measure.name else 1.0
    rows = [
        {"arm": name, "part": part, "seed": run.seed, "epoch": epoch, measurement: scale * value}
        for name in result.runs
        for run in result.judged(name)
        for part in PARTS
        for epoch, value in enumerate(run.history.get(part, {}).get(measurement, ()), 1)
        if math.isfinite(value)
    ]
    frame = pandas.DataFrame(rows, columns=["arm", "part", "seed", "epoch", measurement])
    curves = frame.groupby(["arm", "part", "epoch"], sort=False)[measurement]
    return curves.agg(mean="mean", lowest="min", highest="max", seeds="count").reset_index()


def accuracies_table(result: StudyResult) -> pandas.DataFrame:
    """Accuracies in percent of each arm on test and training items, with errors, and the lecture's figure."""
    rows = []
    for name, test in result.accuracies.items():
        train = mean_accuracy(result.right(name, "train")).value if has_training_answers(result, name) else None
        both = math.hypot(test.test_sample, test.training or 0.0)
        lecture = result.study.lecture.get(name)
        rows.append(
            {
                "arm": name,
                "seeds": test.num_seeds,
                "test": 100 * test.value,
                "test_sample": 100 * test.test_sample,
                "training": percent(test.training),
                "low": 100 * (test.value - both),
                "high": 100 * (test.value + both),
                "train": percent(train),
                "lecture": percent(lecture),
                "parameters": result.judged(name)[0].num_parameters,
                "seconds": mean_seconds(result, name),
            }
        )
    return pandas.DataFrame(rows)


def effects_table(result: StudyResult) -> pandas.DataFrame:
    """Each arm's effect in percentage points with its interval and verdict, in the study's order."""
    columns = [
        "arm", "against", "effect", "low", "high", "deciding_low", "deciding_high", "p_adjusted", "verdict", "cost",
    ]  # fmt: skip
    rows = verdicts_table(result).reindex(columns=columns)
    return rows.loc[rows["arm"].isin(list(result.verdicts)), :]


def measures_table(result: StudyResult) -> pandas.DataFrame:
    """A row for each measured number of each arm, such as the coverage of a generator, with its errors, its 95 %
    interval, and the floor; empty where no arm has one.
    """
    return pandas.DataFrame(figure_records(result))


TABLES: dict[str, Callable[[StudyResult], pandas.DataFrame]] = {
    "verdicts": verdicts_table,
    "runs": runs_table,
    LEARNING_CURVES: learning_curves_table,
    LOSS_CURVES: loss_curves_table,
    "accuracies": accuracies_table,
    "effects": effects_table,
    "gaps": gaps_table,
    "costs": costs_table,
    "measures": measures_table,
}


def run_row(run: RunResult) -> dict[str, Any]:
    """How a run ended, its accuracies in percent, its epochs and seconds, by name; None for what it has not."""
    scored = run.right.size > 0
    return {
        "seed": run.seed,
        "status": run.status.value,
        "test_accuracy": 100 * run.test_accuracy if scored else None,
        "train_accuracy": 100 * run.train_accuracy if "train_right" in run.arrays else None,
        "epochs": run.num_epochs,
        "best_epoch": run.best_epoch,
        "run_seconds": run.run_seconds,
        "compile_seconds": run.compile_seconds,
        "failure": run.failure,
    }


def percent(fraction: float | None) -> float | None:
    """A fraction in percent, where there is one."""
    return None if fraction is None else 100 * fraction
