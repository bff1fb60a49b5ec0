"""Results as the page shows them: verdicts, statements and pictures, whole or in brief."""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import Any
from urllib.parse import quote

from netgain.report import charts, tables
from netgain.report.headlines import headline, next_step
from netgain.report.kinds import sentences
from netgain.report.sentences import verdict_sentence
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.study_result import StudyResult
from netgain.web import look


@singledispatch
def body_of(result: Any) -> str:
    """Everything that is shown of a finished study or demonstration, and the way to its whole report."""
    raise TypeError(f"nothing is shown of a {type(result).__name__}")


@body_of.register
def _study_body(result: StudyResult) -> str:
    words = "Accuracy against epoch for each arm; the table below has the same numbers."
    table = tables.learning_curves_table(result)
    last = table.loc[table["epoch"] == table["epoch"].max(), :]
    curves = look.picture(charts.chart(result, "learning-curves"), "curves", words, table=last)
    said = verdicts_in_words(result)
    return f"{said}{report_link(result.study.name)}{_effects(result, 'effects', 'Effect of each arm')}{curves}"


@body_of.register
def _demonstration_body(result: DemonstrationResult) -> str:
    return brief_of(result) + report_link(result.asked.name)


@singledispatch
def brief_of(result: Any) -> str:
    """What was found, for a place where there is more to read: verdicts with their effects, or statements."""
    raise TypeError(f"nothing is shown of a {type(result).__name__}")


@brief_of.register
def _study_in_brief(result: StudyResult) -> str:
    return verdicts_in_words(result) + _effects(result, "lesson-effects", "Effect of each arm with its interval.")


@brief_of.register
def _demonstration_in_brief(result: DemonstrationResult) -> str:
    said = "".join(f"<li>{escape(str(statement))}</li>" for statement in result.findings.statements)
    figures = [
        look.picture(figure.chart(), f"figure-{name}", figure.alt, table=figure.frame.head(60))
        for name, figure in result.findings.figures.items()
    ]
    return f'<ul class="statements">{said}</ul>{"".join(figures)}'


def verdicts_in_words(result: StudyResult) -> str:
    """Each arm's verdict as a badge and a sentence; what was measured where there is nothing to judge."""
    if not result.verdicts:
        return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences(result))
    return "".join(verdict_in_words(result, arm) for arm in result.verdicts)


def verdict_in_words(result: StudyResult, arm: str) -> str:
    """An arm's verdict as a badge, with its plain line, what to do next and its numbers."""
    badge, next_line = look.verdict_badge(result.verdicts[arm].outcome), next_step(result, arm, with_options=False)
    first = f'<p class="headline">{escape(headline(result, arm))} {badge}</p>'
    then = f"<p>{escape(next_line)}</p>" if next_line else ""
    return f'<div class="verdict">{first}{then}<p class="soft">{escape(verdict_sentence(result, arm))}</p></div>'


def report_link(name: str) -> str:
    """The way to a study's whole report."""
    address = f"/netgain/report/{quote(name)}"
    return f'<p><a href="{address}" target="_blank">Full report with errors, digits and recipes</a></p>'


def _effects(result: StudyResult, name: str, words: str) -> str:
    """The picture of that name of what each arm changes; empty where nothing was judged."""
    if not result.verdicts:
        return ""
    return look.picture(charts.chart(result, "effects"), name, words, table=tables.effects_table(result))
