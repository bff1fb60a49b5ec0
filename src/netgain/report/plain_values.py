"""A study's result as plain values, for JSON."""

from __future__ import annotations

import math
from typing import Any

from netgain.report.figures import figure_records
from netgain.report.sentences import study_sentences
from netgain.report.tables import percent, run_row, verdicts_table
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult
from netgain.stats import Systematics, survival


def study_as_dict(result: StudyResult) -> dict[str, Any]:
    """The result as plain values: the study, its verdicts, its runs and what there is to say."""
    study = result.study
    records = verdicts_table(result).to_dict("records")
    return {
        "study": study.name,
        "question": study.question,
        "dataset": {
            "name": result.data.name,
            "test_images": result.data.num_test,
            "digest": result.data.digest,
        },
        **shift_as_dict(result),
        "alpha": study.alpha,
        "delta": study.delta,
        "verdicts": [{key: _plain(value) for key, value in record.items()} for record in records],
        **measures_as_dict(result),
        "runs": [
            {
                "arm": name,
                **{key: _plain(value) for key, value in run_row(run).items()},
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


def measures_as_dict(result: StudyResult) -> dict[str, Any]:
    """The measured numbers beside the accuracies, a row for each figure and arm; empty where there are none."""
    records = figure_records(result)
    if not records:
        return {}
    return {"measures": [{key: _plain(value) for key, value in record.items()} for record in records]}


def shift_as_dict(result: StudyResult) -> dict[str, Any]:
    """The shifts of the test images, and each arm's verdict without them; empty for the images as they are."""
    if not result.study.shifts:
        return {}
    without = {
        arm: {
            "verdict": verdict.outcome.value,
            "effect": 100 * verdict.difference.effect,
            "test_sample": 100 * verdict.difference.test_sample,
            "training": percent(verdict.difference.training),
            "p_adjusted": verdict.p_adjusted,
            "under_the_shift": survival(verdict, result.verdicts[arm]).value,
        }
        for arm, verdict in result.verdicts_without_shift.items()
    }
    return {"shifts": [str(shift) for shift in result.study.shifts], "without_shift": without}


def systematics_as_dict(found: Systematics) -> dict[str, Any]:
    """An evaluation as plain values; accuracies in percent, errors in percentage points."""
    interval = found.loss.interval()
    errors = found.frame().to_dict("records")
    return {
        "accuracy": 100 * found.ideal.value,
        "test_sample": 100 * found.ideal.test_sample,
        "training": percent(found.ideal.training),
        "systematics_up": 100 * found.up,
        "systematics_down": 100 * found.down,
        "over_the_shifts": 100 * found.real.value,
        "ideal_minus_real": 100 * found.loss.value,
        "ideal_minus_real_error": 100 * found.loss.standard_error,
        "ideal_minus_real_interval": [100 * interval.low, 100 * interval.high],
        "sources": [
            {str(name): 100 * value if isinstance(value, float) else value for name, value in row.items()
             if value is not None and value == value}
            for row in errors
        ],
        "images": found.ideal.num_images,
        "seeds": found.ideal.num_seeds,
        "sentences": str(found).splitlines(),
    }  # fmt: skip


def _plain_history(run: RunResult) -> dict[str, dict[str, list[Any]]]:
    return {
        part: {name: [_plain(value) for value in values] for name, values in measured.items()}
        for part, measured in run.history.items()
    }


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no infinity; pandas puts NaN where a row has no value."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
