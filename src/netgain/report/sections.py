"""What a page says of one study or demonstration: values for the templates, charts drawn, texts ready."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from netgain.demonstration import DemonstrationResult
from netgain.errors import StatisticsError
from netgain.findings import Findings
from netgain.report import charts, tables
from netgain.report.accuracy_charts import image_errors_chart
from netgain.report.galleries import changed_images, mean_wrong, wrong_images, wrong_images_table
from netgain.report.palette import arm_colours
from netgain.report.pictures import Picture, in_words, picture, table_html
from netgain.report.reproducing import reproducing, value_in_words
from netgain.report.sentences import seconds_in_words, study_sentences, verdict_sentence
from netgain.report.statistics_charts import confusion_chart, score_distributions_chart
from netgain.result import StudyResult

WRONG_SHOWN, CHANGED_SHOWN = 40, 24
"""Pictures in a gallery: wrong images of each arm, and images fixed or broken by it."""

WIDE, NARROW = {"width": 860, "height": 380}, {"width": 260, "height": 240}
"""Learning curves across the page, and in a window as narrow as a telephone; other charts take the width."""

TITLES = {
    "learning-curves": "Learning curves",
    "loss-curves": "Loss curves",
    "accuracies": "Accuracies",
    "gaps": "Overtraining",
    "costs": "Cost",
}

ANALYSIS_CHARTS: dict[str, Callable[[Any, str], Any]] = {
    "score-distributions": score_distributions_chart,
    "confusion": lambda analysis, _: confusion_chart(analysis),
    "image-errors": image_errors_chart,
}
"""Those that a page shows of each arm, from the analysis and the arm's colour."""

Analysis = TypeVar("Analysis")


def study_section(result: StudyResult, command: str) -> dict[str, Any]:
    """Everything that the page shows of a study.

    Args:
        result: the study's result.
        command: how to run it again on the command line; empty where no command does.
    """
    study, anchor = result.study, address(result.study.name)
    said = {arm: verdict_sentence(result, arm) for arm in result.verdicts}
    shown = {*said.values(), *(str(statement) for statement in result.findings.statements)}
    verdicts = [
        {"arm": arm, "outcome": result.verdicts[arm].outcome.value, "sentence": said[arm]} for arm in result.verdicts
    ]
    return {
        "kind": "study",
        "anchor": anchor,
        "name": study.name,
        "title": study.question or study.name,
        "verdicts": verdicts,
        "remarks": [line for line in study_sentences(result) if line not in shown],
        "rows": tables.verdicts_table(result).to_dict("records"),
        "result": result,
        "pictures": [_study_picture(result, name, anchor) for name in _study_pictures(result)],
        "findings": findings_section(result.findings, anchor),
        "arms": [_arm_section(result, name, f"{anchor}-{number}") for number, name in enumerate(result.runs)],
        "changes": _changes(result),
        "costs": _study_picture(result, "costs", anchor),
        "reproduce": reproducing(study.recipes, result.runs, command),
    }


def demonstration_section(result: DemonstrationResult, command: str) -> dict[str, Any]:
    """Everything that the page shows of a demonstration; arguments as for a study."""
    demonstration, anchor = result.demonstration, address(result.demonstration.name)
    statements = {str(statement) for statement in result.findings.statements}
    return {
        "kind": "demonstration",
        "anchor": anchor,
        "name": demonstration.name,
        "title": demonstration.question or demonstration.name,
        "remarks": [line for line in result.sentences if line not in statements],
        "findings": findings_section(result.findings, anchor),
        "result": result,
        "reproduce": reproducing(demonstration.recipes, result.runs, command),
    }


def findings_section(findings: Findings, anchor: str) -> dict[str, Any]:
    """Statements, and figures drawn; the column `picture` of a figure's table is pixels, which nobody reads."""
    figures = [
        (name, picture(f"{anchor}-{name}", figure.chart(), figure.frame.drop(columns="picture", errors="ignore"),
                       figure.alt))
        for name, figure in findings.figures.items()
    ]  # fmt: skip
    shown = [{"title": name.replace("-", " ").capitalize(), "picture": drawn} for name, drawn in figures]
    return {"statements": findings.statements, "figures": shown}


def address(name: str) -> str:
    """A name as an address inside the page.

    >>> address("L2 0.01")
    'l2-0-01'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "study"


def _study_pictures(result: StudyResult) -> list[str]:
    """The picture that answers the question as the lecture does, then curves and gaps, which every study has."""
    return list(dict.fromkeys([result.study.picture, "learning-curves", "gaps"]))


def _study_picture(result: StudyResult, name: str, anchor: str) -> dict[str, Any]:
    frame = tables.table(result, name)
    if frame.empty:
        return {"title": TITLES[name], "picture": None, "empty": "No network kept a history to draw."}
    chart: Any = charts.chart(result, name)
    wide, narrow = chart, None
    if name in {"learning-curves", "loss-curves"}:
        wide, narrow = chart.properties(**WIDE), chart.properties(**NARROW)
    elif name in {"gaps", "costs"}:
        wide, narrow = chart.properties(width=WIDE["width"]), chart.properties(width=NARROW["width"])
    drawn = picture(f"{anchor}-{name}", wide, frame, _alternative(result, name), narrow)
    return {"title": TITLES[name], "picture": drawn, "empty": ""}


def _alternative(result: StudyResult, name: str) -> str:
    """What a chart of the study shows, in words."""
    if name == "gaps":
        return "Accuracy on training and test images. " + in_words(
            tables.table(result, "gaps"),
            lambda row: f"{row['arm']}: {row['train']:.2f} % and {row['test']:.2f} %, gap {row['gap']:+.2f} points",
        )
    if name == "costs":
        means = tables.verdicts_table(result)
        return "Training time. " + in_words(means, lambda row: f"{row['arm']}: {seconds_in_words(row['seconds'])}")
    if name == "accuracies":
        rows = tables.verdicts_table(result)
        return "Test accuracy. " + in_words(rows, lambda row: f"{row['arm']}: {row['accuracy']:.2f} %")
    return f"{TITLES[name]}, mean and range over the seeds. " + "; ".join(_curve_ends(result, name))


def _curve_ends(result: StudyResult, name: str) -> Iterator[str]:
    """Where each curve ends, in words."""
    curves = tables.table(result, name)
    for (arm, part), curve in curves.groupby(["arm", "part"], sort=False):  # pyright: ignore[reportGeneralTypeIssues]
        last = curve.to_dict("records")[-1]
        yield f"{arm}, {part}: {last['mean']:.4g} at epoch {last['epoch']}"


def _arm_section(result: StudyResult, name: str, anchor: str) -> dict[str, Any]:
    """Scores, confusions and galleries of one arm."""
    wrong = wrong_images(result, name, WRONG_SHOWN)
    other = result.study.other(name) if name in result.study.arms else ""
    return {
        "name": name,
        "other": other,
        "colour": arm_colours(result)[name],
        "scores": _analysis(result, name, "score-distributions", anchor),
        "confusion": _analysis(result, name, "confusion", anchor),
        "errors": _analysis(result, name, "image-errors", anchor),
        "changes": _changes_gallery(result, name, other) if other else None,
        "mean_wrong": mean_wrong(result, name),
        "wrong": wrong,
        "wrong_table": table_html(wrong_images_table(wrong)),
    }


def _analysis(result: StudyResult, arm: str, name: str, anchor: str) -> dict[str, Any]:
    """A picture of one of the analyses in the arm's colour, or why there is none."""

    def drawn() -> Picture:
        analysis = result.analyse(name, arm)
        frame, words = analysis.frame(), f"{arm}: {analysis}".replace("\n", "; ")
        if name == "image-errors":
            frame = frame[frame["wrong"] > 0]
        chart = ANALYSIS_CHARTS[name](analysis, arm_colours(result)[arm])
        narrow = chart.properties(width=NARROW["width"]) if name == "image-errors" else None
        return picture(f"{anchor}-{name}", chart, frame, words, narrow)

    made, why = _or_why_not(drawn)
    return {"picture": made, "empty": why}


def _changes_gallery(result: StudyResult, arm: str, other: str) -> dict[str, Any]:
    changes, why = _or_why_not(lambda: changed_images(result, arm, other, CHANGED_SHOWN))
    return {"found": changes, "empty": why, "table": table_html(changes.frame()) if changes else ""}


def _or_why_not(make: Callable[[], Analysis]) -> tuple[Analysis | None, str]:
    """What is made, or the sentence that says why it cannot be."""
    try:
        return make(), ""
    except StatisticsError as error:
        return None, str(error)


def _changes(result: StudyResult) -> list[dict[str, Any]]:
    """What each arm changes, field by field, against what it is compared with."""
    recipes = result.study.recipes
    return [
        {"arm": arm, "other": other, "field": path, "before": value_in_words(before), "after": value_in_words(after)}
        for arm, other in ((arm, result.study.other(arm)) for arm in result.study.arms)
        for path, (before, after) in recipes[other].differences(recipes[arm]).items()
    ]
