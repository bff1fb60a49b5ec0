"""What there is to say of a result, whether of a study or of a demonstration: the only place that tells them apart."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, NoReturn, TypeAlias

from netgain.report.card import Content, demonstration_content, study_content
from netgain.report.demonstrations import demonstration_as_dict, demonstration_sentences, demonstration_text
from netgain.report.notebook import demonstration_html, demonstration_line, study_html, study_line
from netgain.report.plain_values import study_as_dict
from netgain.report.sections import demonstration_section, study_section
from netgain.report.sentences import study_sentences
from netgain.report.terminal import study_text
from netgain.results.demonstration_result import DemonstrationResult
from netgain.results.study_result import StudyResult

AnyResult: TypeAlias = StudyResult | DemonstrationResult


@singledispatch
def text(result: AnyResult) -> str:
    """The result as it is printed: a table of verdicts, where there are any, and every sentence below it."""
    _refuse(result)


@singledispatch
def as_dict(result: AnyResult) -> dict[str, Any]:
    """The result as plain values, for JSON."""
    _refuse(result)


@singledispatch
def sentences(result: AnyResult) -> list[str]:
    """Everything there is to say, a sentence or two each."""
    _refuse(result)


@singledispatch
def section(result: AnyResult, command: str) -> dict[str, Any]:
    """Everything that a page shows of the result; `command` runs it again, empty where no command does."""
    _refuse(result)


@singledispatch
def card_content(result: AnyResult) -> Content:
    """What the card of the result shows."""
    _refuse(result)


@singledispatch
def html(result: AnyResult) -> str:
    """The result as a notebook shows it."""
    _refuse(result)


@singledispatch
def line(result: AnyResult) -> str:
    """The result in one plain line."""
    _refuse(result)


def _refuse(result: object) -> NoReturn:
    raise TypeError(f"takes the result of a study or of a demonstration; received {type(result).__name__}")


text.register(StudyResult, study_text)
as_dict.register(StudyResult, study_as_dict)
sentences.register(StudyResult, study_sentences)
section.register(StudyResult, study_section)
card_content.register(StudyResult, study_content)

html.register(StudyResult, study_html)
line.register(StudyResult, study_line)

text.register(DemonstrationResult, demonstration_text)
as_dict.register(DemonstrationResult, demonstration_as_dict)
sentences.register(DemonstrationResult, demonstration_sentences)
section.register(DemonstrationResult, demonstration_section)
card_content.register(DemonstrationResult, demonstration_content)
html.register(DemonstrationResult, demonstration_html)
line.register(DemonstrationResult, demonstration_line)
