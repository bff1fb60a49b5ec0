"""A demonstration's result in words and as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netgain.experiment.question import title_of
from netgain.results.demonstration_result import DemonstrationResult
from netgain.runs.record import RunStatus


def demonstration_sentences(result: DemonstrationResult) -> list[str]:
    """The statements with tick or cross, what the lecture says, and runs that went wrong."""
    lecture = result.demonstration.lecture_says
    said = [f"The lecture: {lecture}"] if lecture else []
    return [*map(str, result.findings.statements), *said, *_what_went_wrong(result)]


def demonstration_text(result: DemonstrationResult) -> str:
    """The question, and every sentence below it."""
    return "\n".join([title_of(result.demonstration), *demonstration_sentences(result)])


def demonstration_as_dict(result: DemonstrationResult) -> dict[str, Any]:
    """The result as plain values: the demonstration, its statements and figures, and what there is to say."""
    data = result.data
    return {
        "demonstration": result.demonstration.name,
        "question": result.demonstration.question,
        "dataset": data and {"name": data.name, "test_images": data.num_test, "digest": data.digest},
        "seeds": list(result.seeds),
        "lecture_says": result.demonstration.lecture_says,
        **result.findings.as_dict(),
        "sentences": demonstration_sentences(result),
        "trained_now": result.num_trained,
        "seconds": result.seconds,
    }


def _what_went_wrong(result: DemonstrationResult) -> Iterator[str]:
    for name, runs in result.runs.items():
        for status in (RunStatus.FAILED, RunStatus.DIVERGED):
            seeds = [str(run.seed) for run in runs if run.status is status]
            if seeds:
                yield f"{name}: {len(seeds)} of {len(runs)} runs {status.value} (seed {', '.join(seeds)})."
