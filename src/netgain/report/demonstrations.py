"""A demonstration's result in words, as plain values, and as one self-contained HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

import netgain
from netgain.atomic import write_atomically
from netgain.demonstration import DemonstrationResult
from netgain.errors import OutputError
from netgain.findings import Figure
from netgain.result import RunStatus

MOST_ROWS = 60
"""Rows of a figure's table that the page shows; :meth:`DemonstrationResult.frame` gives all."""


def demonstration_sentences(result: DemonstrationResult) -> list[str]:
    """The statements with tick or cross, what the lecture says, and runs that went wrong."""
    lecture = result.demonstration.lecture_says
    said = [f"The lecture: {lecture}"] if lecture else []
    return [*map(str, result.findings.statements), *said, *_what_went_wrong(result)]


def as_dict(result: DemonstrationResult) -> dict[str, Any]:
    """The result as plain values: the demonstration, its statements and figures, and what there is to say."""
    dataset = result.dataset
    return {
        "demonstration": result.demonstration.name,
        "question": result.demonstration.question,
        "dataset": dataset and {"name": dataset.name, "test_images": dataset.num_test, "digest": dataset.digest},
        "seeds": list(result.seeds),
        "lecture_says": result.demonstration.lecture_says,
        **result.findings.as_dict(),
        "sentences": result.sentences,
        "trained_now": result.num_trained,
        "seconds": result.seconds,
    }


def write(result: DemonstrationResult, path: str | Path) -> None:
    """Write the page to a file, whole or not at all.

    Raises:
        OutputError: where the file cannot be written.
    """
    page = render(result)
    try:
        with write_atomically(Path(path)) as file:
            file.write(page.encode())
    except OSError as error:
        raise OutputError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error


def render(result: DemonstrationResult) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netgain.report"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("demonstration.html").render(
        result=result,
        demonstration=result.demonstration,
        statements=result.findings.statements,
        notes=[line for line in result.sentences if line[0] not in "✓✗"],
        figures=[_figure(name, figure) for name, figure in result.findings.figures.items()],
        version=netgain.__version__,
        vega=vl_convert.javascript_bundle(),  # pyright: ignore[reportCallIssue]
    )


def _figure(name: str, figure: Figure) -> dict[str, Any]:
    """A figure for the page: its specification, a text for who cannot see it, and its table."""
    shown = figure.frame.drop(columns="picture", errors="ignore").head(MOST_ROWS)
    return {
        "id": name,
        "spec": json.dumps(figure.chart().to_dict()).replace("</", "<\\/"),
        "alternative": figure.alt,
        "table": shown.to_html(index=False, border=0, float_format="{:.4g}".format, na_rep=""),
        "num_rows": len(figure.frame),
        "num_shown": len(shown),
    }


def _what_went_wrong(result: DemonstrationResult) -> Iterator[str]:
    for name, runs in result.runs.items():
        for status in (RunStatus.FAILED, RunStatus.DIVERGED):
            seeds = [str(run.seed) for run in runs if run.status is status]
            if seeds:
                yield f"{name}: {len(seeds)} of {len(runs)} runs {status.value} (seed {', '.join(seeds)})."
