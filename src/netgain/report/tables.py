"""A study's result as tables: pandas frames, plain text, plain values."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from typing import Any

import pandas

from netgain.errors import UnknownNameError
from netgain.report.arm_tables import costs_table, gaps_table
from netgain.report.sentences import mean_seconds, seconds_in_words, study_sentences
from netgain.result import RunResult, StudyResult
from netgain.stats import benjamini_hochberg, mean_accuracy
from netgain.study import BASELINE

PARTS = {"": "train", "val_": "validation", "test_": "test"}
"""The prefix of a history's columns -> the part of the images they are of."""


def table(result: StudyResult, name: str) -> pandas.DataFrame:
    """The table of that name.

    Raises:
        UnknownNameError: for a name that is none.
    """
    if name in TABLES:
        return TABLES[name](result)
    figures = result.findings.figures
    if name not in figures:
        raise UnknownNameError("table", name, [*TABLES, *figures])
    return figures[name].frame


def verdicts_table(result: StudyResult) -> pandas.DataFrame:
    """A row for the baseline and each arm; accuracies and effects in percent and percentage points.

    `low` and `high` hold for each arm alone, the simultaneous ones for all arms together (Bonferroni). Claims
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
            "accuracy_training": _percent(accuracy.training),
        }
        if verdict := result.verdicts.get(name):
            interval, cost = verdict.difference.interval(1 - verdict.alpha), result.costs[name]
            row |= {
                "against": result.study.other(name),
                "effect": 100 * verdict.difference.effect,
                "effect_test_sample": 100 * verdict.difference.test_sample,
                "effect_training": _percent(verdict.difference.training),
                "low": 100 * interval.low,
                "high": 100 * interval.high,
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
    rows = [{"arm": name, **_run_row(run)} for name, runs in result.runs.items() for run in runs]
    return pandas.DataFrame(rows)


def learning_curves_table(result: StudyResult) -> pandas.DataFrame:
    """Accuracy in percent by arm, part of the images and epoch: mean, lowest and highest over the seeds.

    Where runs stop at different epochs, an epoch's row is of the `seeds` that reached it.
    """
    return _curves(result, "accuracy", 100.0)


def loss_curves_table(result: StudyResult) -> pandas.DataFrame:
    """The loss, as the recipe defines it, by arm, part of the images and epoch, like the accuracies."""
    return _curves(result, "loss", 1.0)


def _curves(result: StudyResult, quantity: str, scale: float) -> pandas.DataFrame:
    rows = [
        {"arm": name, "part": part, "seed": run.seed, "epoch": epoch, quantity: scale * value}
        for name in result.runs
        for run in result.judged(name)
        for prefix, part in PARTS.items()
        for epoch, value in enumerate(run.history.get(f"{prefix}{quantity}", ()), 1)
        if math.isfinite(value)
    ]
    frame = pandas.DataFrame(rows, columns=["arm", "part", "seed", "epoch", quantity])
    curves = frame.groupby(["arm", "part", "epoch"], sort=False)[quantity]
    return curves.agg(mean="mean", lowest="min", highest="max", seeds="count").reset_index()


def accuracies_table(result: StudyResult) -> pandas.DataFrame:
    """Accuracies in percent of each arm on test and training images, with errors, and the lecture's figure."""
    rows = []
    for name, test in result.accuracies.items():
        train = mean_accuracy([run.train_right for run in result.judged(name)])
        both = math.hypot(test.test_sample, test.training or 0.0)
        lecture = result.study.lecture.get(name)
        rows.append(
            {
                "arm": name,
                "seeds": test.num_seeds,
                "test": 100 * test.value,
                "test_sample": 100 * test.test_sample,
                "training": _percent(test.training),
                "low": 100 * (test.value - both),
                "high": 100 * (test.value + both),
                "train": 100 * train.value,
                "lecture": _percent(lecture),
                "parameters": result.judged(name)[0].num_parameters,
                "seconds": mean_seconds(result, name),
            }
        )
    return pandas.DataFrame(rows)


def effects_table(result: StudyResult) -> pandas.DataFrame:
    """Each arm's effect in percentage points with its interval and verdict, in the study's order."""
    columns = ["arm", "against", "effect", "low", "high", "p_adjusted", "verdict", "cost"]
    rows = verdicts_table(result).reindex(columns=columns)
    return rows.loc[rows["arm"].isin(list(result.verdicts)), :]


TABLES: dict[str, Callable[[StudyResult], pandas.DataFrame]] = {
    "verdicts": verdicts_table,
    "runs": runs_table,
    "learning-curves": learning_curves_table,
    "loss-curves": loss_curves_table,
    "accuracies": accuracies_table,
    "effects": effects_table,
    "gaps": gaps_table,
    "costs": costs_table,
}


def text(result: StudyResult, width: int = 118) -> str:
    """The verdicts as a table for a terminal, and every sentence below it."""
    from rich.console import Console

    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(rich_table(result))
    for sentence in study_sentences(result):
        console.print(sentence, soft_wrap=False, highlight=False, markup=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip()


def rich_table(result: StudyResult) -> Any:
    """The verdicts as a Rich table."""
    from rich import box
    from rich.table import Table

    shown = Table(title=result.study.question or result.study.name, box=box.SIMPLE_HEAD, title_justify="left")
    shown.add_column("", overflow="fold", min_width=12)
    shown.add_column("test accuracy\n[dim]± sample ± training, %", justify="right", no_wrap=True)
    if result.verdicts:
        shown.add_column("effect\n[dim]± sample ± training, points", justify="right", no_wrap=True)
        shown.add_column("p\n[dim]Holm", justify="right", no_wrap=True)
        shown.add_column("verdict\n", no_wrap=True)
        other = "other" if result.study.against else BASELINE
        shown.add_column(f"cost\n[dim]× {other}", justify="right", no_wrap=True)
    else:
        shown.add_column("train accuracy\n[dim]%", justify="right", no_wrap=True)
        shown.add_column("time\n[dim]a network", justify="right", no_wrap=True)
    for name in result.runs:
        shown.add_row(*_text_row(result, name))
    return shown


def as_dict(result: StudyResult) -> dict[str, Any]:
    """The result as plain values: the study, its verdicts, its runs and what there is to say."""
    study = result.study
    records = verdicts_table(result).to_dict("records")
    return {
        "study": study.name,
        "question": study.question,
        "dataset": {
            "name": result.dataset.name,
            "test_images": result.dataset.num_test,
            "digest": result.dataset.digest,
        },
        "alpha": study.alpha,
        "delta": study.delta,
        "verdicts": [{key: _plain(value) for key, value in record.items()} for record in records],
        "runs": [
            {
                "arm": name,
                **{key: _plain(value) for key, value in _run_row(run).items()},
                "history": _plain_history(run),
            }
            for name, runs in result.runs.items()
            for run in runs
        ],
        "sentences": study_sentences(result),
        **result.findings.as_dict(),
        "trained_now": result.num_trained,
        "seconds": result.seconds,
    }


def _run_row(run: RunResult) -> dict[str, Any]:
    scored = run.test_right.size > 0
    return {
        "seed": run.seed,
        "status": run.status.value,
        "test_accuracy": 100 * run.test_accuracy if scored else None,
        "train_accuracy": 100 * run.train_accuracy if scored else None,
        "epochs": len(run.history.get("loss", ())),
        "best_epoch": run.best_epoch,
        "run_seconds": run.run_seconds,
        "compile_seconds": run.compile_seconds,
        "failure": run.failure,
    }


def _plain_history(run: RunResult) -> dict[str, list[Any]]:
    return {column: [_plain(value) for value in values] for column, values in run.history.items()}


def _text_row(result: StudyResult, name: str) -> list[str]:
    accuracy = result.accuracies[name]
    other = result.study.against.get(name)
    first_column = f"{name}\n[dim]against {other}" if other else result.study.label(name)
    row = [first_column, _two_errors(100 * accuracy.value, 100 * accuracy.test_sample, _percent(accuracy.training))]
    if not result.verdicts:
        trained = sum(run.train_accuracy for run in result.judged(name)) / accuracy.num_seeds
        return [*row, f"{100 * trained:.2f}", seconds_in_words(mean_seconds(result, name))]
    if name not in result.verdicts:
        return [*row, "", "", "" if name == BASELINE else "not judged", ""]
    verdict, cost = result.verdicts[name], result.costs[name]
    effect = verdict.difference
    spread = f" ± {cost.spread:.2f}" if cost.spread is not None else ""
    return [
        *row,
        _two_errors(100 * effect.effect, 100 * effect.test_sample, _percent(effect.training), sign="+"),
        "< 0.0001" if verdict.p_adjusted < 1e-4 else f"{verdict.p_adjusted:.2g}",
        verdict.outcome.value,
        f"{cost.ratio:.2f}{spread}",
    ]


def _two_errors(value: float, test_sample: float, training: float | None, sign: str = "") -> str:
    first = f"{value:{sign}.2f} ± {test_sample:.2f}"
    return first if training is None else f"{first} ± {training:.2f}"


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no infinity; pandas puts NaN where a row has no value."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
