"""One self-contained HTML page for a study: opens without a network, can be mailed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

import netgain
from netgain.atomic import write_atomically
from netgain.errors import OutputError
from netgain.report import charts, tables
from netgain.report.galleries import mean_wrong, wrong_images
from netgain.report.sentences import seconds_in_words, study_sentences, verdict_sentence
from netgain.result import StudyResult
from netgain.study import BASELINE

GALLERY_SIZE = 40
"""Wrong images shown of each arm."""


def write(result: StudyResult, path: str | Path) -> None:
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


def render(result: StudyResult) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("netgain.report"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("study.html").render(
        result=result,
        study=result.study,
        seconds_in_words=seconds_in_words,
        verdicts=[
            {"arm": arm, "outcome": verdict.outcome.value, "sentence": verdict_sentence(result, arm)}
            for arm, verdict in result.verdicts.items()
        ],
        remarks=[line for line in study_sentences(result) if line not in _verdict_lines(result)],
        rows=tables.verdicts_table(result).to_dict("records"),
        charts=_charts(result),
        galleries=[
            {
                "arm": name,
                "mean_wrong": mean_wrong(result, name),
                "images": wrong_images(result, name, GALLERY_SIZE),
            }
            for name in result.runs
        ],
        changes={arm: recipe_changes(result, arm) for arm in result.study.arms},
        run=next(run for run in result.judged(BASELINE)),
        version=netgain.__version__,
        vega=vl_convert.javascript_bundle(),  # pyright: ignore[reportCallIssue]
    )


def recipe_changes(result: StudyResult, arm: str) -> dict[str, tuple[Any, Any]]:
    """What an arm's recipe changes, field by field: path -> (value of what it is compared with, arm's value)."""
    recipes = result.study.recipes
    return recipes[result.study.other(arm)].differences(recipes[arm])


def _verdict_lines(result: StudyResult) -> set[str]:
    return {verdict_sentence(result, arm) for arm in result.verdicts}


def _charts(result: StudyResult) -> list[dict[str, Any]]:
    """The charts of the page: id, Vega-Lite specification, a text for who cannot see it, and its table."""
    names = dict.fromkeys([*["effects"][: len(result.verdicts)], result.study.picture, "learning-curves"])
    alternatives = {
        "loss-curves": "Loss against epoch for each arm; the table below holds the same numbers.",
        "accuracies": "Accuracy of each arm with its errors; the table below holds the same numbers.",
        "effects": "Forest plot: " + "; ".join(_effect_in_words(row) for row in _effect_rows(result)),
        "learning-curves": "Accuracy against epoch for each arm; the table below holds the same numbers.",
    }
    shown = []
    for name in names:
        picture = charts.chart(result, name)
        picture.width = "container"  # pyright: ignore[reportAttributeAccessIssue]
        specification = json.dumps(picture.to_dict()).replace("</", "<\\/")
        table = tables.table(result, name)
        thinned = table if len(table) <= 60 else _last_epochs(table)
        markup = thinned.to_html(index=False, border=0, float_format="{:.4g}".format, na_rep="")
        shown.append({"id": name, "spec": specification, "alternative": alternatives[name], "table": markup})
    return shown


def _effect_rows(result: StudyResult) -> list[dict[str, Any]]:
    return tables.effects_table(result).to_dict("records")  # pyright: ignore[reportReturnType]


def _effect_in_words(row: dict[str, Any]) -> str:
    return f"{row['arm']} {row['effect']:+.2f} points, {row['low']:+.2f} to {row['high']:+.2f}, {row['verdict']}"


def _last_epochs(curves: Any) -> Any:
    """Every tenth epoch and the last one: a table to read, not to scroll."""
    last = curves["epoch"].max()
    return curves[(curves["epoch"] % 10 == 0) | (curves["epoch"] == 1) | (curves["epoch"] == last)]
