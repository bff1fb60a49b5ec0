"""What a page says of one study or demonstration: values for the templates, charts drawn, texts ready."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from netgain.data import Dataset
from netgain.errors import StatisticsError
from netgain.report import charts, tables
from netgain.report.analysis_charts import analysis_chart, narrow_chart
from netgain.report.arm_tables import has_training_answers
from netgain.report.demonstrations import demonstration_sentences
from netgain.report.figures import figure_rows, figure_sentences
from netgain.report.first_view import demonstration_view, study_view
from netgain.report.forest import forest_chart, forest_of, measure_in_words, technique_rows
from netgain.report.galleries import changed_images, mean_wrong, wrong_images, wrong_images_table
from netgain.report.generated_galleries import generated_sections
from netgain.report.headlines import headline
from netgain.report.measure_words import judged_items, training_items
from netgain.report.palette import arm_colours
from netgain.report.pictures import Picture, in_words, picture, table_html
from netgain.report.reproducing import reproducing, value_in_words
from netgain.report.sentences import seconds_in_words, study_sentences, survival_sentences, verdict_sentence
from netgain.report.string_galleries import string_sections
from netgain.results.analyses import analyse
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.findings import Findings
from netgain.results.study_result import StudyResult
from netgain.stats.rounding import signed

WRONG_SHOWN, CHANGED_SHOWN = 40, 24
"""Pictures in a gallery: wrong images of each arm, and images fixed or broken by it."""

WIDE = 860
"""The width of the axes of charts that go across the page."""

TITLES = {
    tables.LEARNING_CURVES: "Learning curves",
    tables.LOSS_CURVES: "Loss curves",
    "gaps": "Overtraining",
    "costs": "Cost",
}
"""Further curves are called by what was measured, accuracies by the measure."""

Analysis = TypeVar("Analysis")


def study_section(result: StudyResult, command: str) -> dict[str, Any]:
    """Everything that the page shows of a study.

    Args:
        result: the study's result.
        command: how to run it again on the command line; empty where no command does.
    """
    study, anchor = result.study, address(result.study.name)
    said = {arm: verdict_sentence(result, arm) for arm in result.verdicts}
    survivals = survival_sentences(result).values()
    of_figures = list(figure_sentences(result))
    shown = {*said.values(), *survivals, *of_figures, *(str(statement) for statement in result.findings.statements)}
    verdicts = [
        {
            "arm": arm,
            "outcome": result.verdicts[arm].outcome.value,
            "headline": headline(result, arm),
            "sentence": said[arm],
        }
        for arm in result.verdicts
    ]
    return {
        "kind": "study",
        "measure": result.measure,
        "has_images": shows_images(result),
        "techniques": (techniques := technique_rows(result)),
        "first": study_view(result),
        "forest": forest_picture(techniques, f"{anchor}-forest"),
        "anchor": anchor,
        "name": study.name,
        "title": study.question or study.name,
        "verdicts": verdicts,
        "remarks": [line for line in study_sentences(result) if line not in shown],
        "rows": tables.verdicts_table(result).to_dict("records"),
        "figures": figure_rows(result),
        "figure_sentences": of_figures,
        "result": result,
        "pictures": [_study_picture(result, name, anchor) for name in _study_pictures(result)],
        "findings": findings_section(result.findings, anchor),
        "arms": _arm_sections(result, anchor),
        "strings": string_sections(result, WRONG_SHOWN),
        "generated": generated_sections(result),
        "changes": _changes(result),
        "costs": _study_picture(result, "costs", anchor),
        "reproduce": reproducing(study.recipes, result.runs, command),
    }


def forest_picture(rows: Sequence[dict[str, Any]], name: str) -> Picture | None:
    """The forest plot of these techniques; None where nothing was judged."""
    table = forest_of(rows)
    if table.empty:
        return None
    change = f"Forest plot, change of the test {measure_in_words([*rows])} in percentage points."
    words = f"{change} {in_words(table, _technique_in_words)}"
    shown = table.drop(columns="networks")
    return picture(name, forest_chart(table), shown, words, forest_chart(table, narrow=True))


def _technique_in_words(row: dict[str, Any]) -> str:
    interval = f"{signed(row['deciding_low'])} to {signed(row['deciding_high'])}"
    return f"{row['arm']} {signed(row['effect'])}, {interval}, {row['verdict']}"


def demonstration_section(result: DemonstrationResult, command: str) -> dict[str, Any]:
    """Everything that the page shows of a demonstration; arguments as for a study."""
    demonstration, anchor = result.demonstration, address(result.demonstration.name)
    statements = {str(statement) for statement in result.findings.statements}
    return {
        "kind": "demonstration",
        "measure": None,
        "techniques": [],
        "first": demonstration_view(result),
        "anchor": anchor,
        "name": demonstration.name,
        "title": demonstration.question or demonstration.name,
        "remarks": [line for line in demonstration_sentences(result) if line not in statements],
        "findings": findings_section(result.findings, anchor),
        "generated": generated_sections(result),
        "result": result,
        "reproduce": reproducing(demonstration.recipes, result.runs, command),
    }


def findings_section(findings: Findings, anchor: str) -> dict[str, Any]:
    """Statements, and figures drawn; the column `picture` of a figure's table is pixels, which nobody reads."""
    figures = [
        (name, picture(f"{anchor}-{name}", figure.chart(), figure.frame.drop(columns="picture", errors="ignore"),
                       figure.alt, figure.narrow_chart()))
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


def shows_images(result: StudyResult) -> bool:
    """Whether there are images to show, and answers to them that say what was taken for what."""
    return isinstance(result.data, Dataset) and all(result.keeps(name, "test_scores") for name in result.runs)


def _study_pictures(result: StudyResult) -> list[str]:
    """The picture that answers the question as the lecture does, then curves and gaps, as far as the runs have them."""
    curves = list(tables.curve_names(result))
    if not curves:
        curves = [tables.LEARNING_CURVES]  # which then says that there is nothing to draw
    elif tables.LEARNING_CURVES in curves:
        curves = [name for name in curves if name != tables.LOSS_CURVES]
    chosen = result.study.picture
    first = [chosen] if not chosen.endswith("-curves") or chosen in tables.curve_names(result) else []
    gaps = ["gaps"] if any(has_training_answers(result, name) for name in result.runs) else []
    return list(dict.fromkeys([*first, "accuracies", *curves, *gaps]))


def _study_picture(result: StudyResult, name: str, anchor: str) -> dict[str, Any]:
    frame, title = tables.table(result, name), _title(result, name)
    if frame.empty:
        return {"title": title, "picture": None, "empty": "No network has a history to draw."}
    chart: Any = charts.chart(result, name)
    if name in {"accuracies", "gaps", "costs"}:
        chart = chart.properties(width=WIDE)
    drawn = picture(f"{anchor}-{name}", chart, frame, _alternative(result, name, title))
    return {"title": title, "picture": drawn, "empty": ""}


def _title(result: StudyResult, name: str) -> str:
    if name == "accuracies":
        return f"{result.measure.name.capitalize()}, network by network"
    return TITLES.get(name) or name.replace("-", " ").capitalize()


def _alternative(result: StudyResult, name: str, title: str) -> str:
    """What a chart of the study shows, in words."""
    measure = result.measure
    if name == "gaps":
        words = f"{measure.name.capitalize()} on {training_items(measure)} and on {judged_items(measure)}. "
        return words + in_words(
            tables.table(result, "gaps"),
            lambda row: f"{row['arm']}: {row['train']:.2f} % and {row['test']:.2f} %, gap {signed(row['gap'])} points",
        )
    if name == "costs":
        means = tables.verdicts_table(result)
        return "Training time. " + in_words(means, lambda row: f"{row['arm']}: {seconds_in_words(row['seconds'])}")
    if name == "accuracies":
        rows = tables.verdicts_table(result)
        return f"Test {measure.name}. " + in_words(rows, lambda row: f"{row['arm']}: {row['accuracy']:.2f} %")
    return f"{title}, mean and range over the seeds. " + "; ".join(_curve_ends(result, name))


def _curve_ends(result: StudyResult, name: str) -> Iterator[str]:
    """Where each curve ends, in words."""
    curves = tables.table(result, name)
    for (arm, part), curve in curves.groupby(["arm", "part"], sort=False):  # pyright: ignore[reportGeneralTypeIssues]
        last = curve.to_dict("records")[-1]
        yield f"{arm}, {part}: {last['mean']:.4g} at epoch {last['epoch']}"


def _arm_sections(result: StudyResult, anchor: str) -> list[dict[str, Any]]:
    """A section for each arm of a study of images; none for another."""
    if not shows_images(result):
        return []
    return [_arm_section(result, name, f"{anchor}-{number}") for number, name in enumerate(result.runs)]


def _arm_section(result: StudyResult, name: str, anchor: str) -> dict[str, Any]:
    """Scores, confusions and galleries of one arm."""
    wrong = wrong_images(result, name, WRONG_SHOWN)
    other = result.study.other(name) if name in result.study.arms else ""
    has_odds = result.keeps(name, "train_log_odds")
    return {
        "name": name,
        "other": other,
        "colour": arm_colours(result)[name],
        "scores": _analysis(result, name, "score-distributions", anchor) if has_odds else None,
        "confusion": _analysis(result, name, "confusion", anchor),
        "errors": _analysis(result, name, "image-errors", anchor),
        "changes": _changes_gallery(result, name, other) if other else None,
        "mean_wrong": mean_wrong(result, name),
        "wrong": wrong,
        "wrong_table": table_html(wrong_images_table(wrong)),
    }


def _analysis(result: StudyResult, arm: str, name: str, anchor: str) -> dict[str, Any]:
    """A picture of one of the analyses in the arm's colour, or why it is missing."""

    def drawn() -> Picture:
        analysis = analyse(result, name, arm)
        frame, words = analysis.frame(), f"{arm}: {analysis}".replace("\n", "; ")
        if name == "image-errors":
            frame = frame[frame["wrong"] > 0]
        chart: Any = analysis_chart(analysis, arm_colours(result)[arm], result.measure)
        return picture(f"{anchor}-{name}", chart, frame, words, narrow_chart(analysis))

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
        for path, (before, after) in recipes[other].changes(recipes[arm]).items()
    ]
