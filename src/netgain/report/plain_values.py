"""A study's result as plain values, for JSON."""

from __future__ import annotations

import math
from typing import Any

from netgain.report.sentences import study_sentences
from netgain.report.tables import run_row, verdicts_table
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult


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
        "alpha": study.alpha,
        "delta": study.delta,
        "verdicts": [{key: _plain(value) for key, value in record.items()} for record in records],
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


def _plain_history(run: RunResult) -> dict[str, dict[str, list[Any]]]:
    return {
        part: {name: [_plain(value) for value in values] for name, values in measured.items()}
        for part, measured in run.history.items()
    }


def _plain(value: Any) -> Any:
    """JSON knows no NaN and no infinity; pandas puts NaN where a row has no value."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
