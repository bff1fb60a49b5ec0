"""Galleries of test strings that readers read wrongly, as pictures in the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas

from netgain.data import StringDataset
from netgain.data.samples import data_url
from netgain.report.galleries import mean_wrong
from netgain.report.palette import arm_colours
from netgain.report.pictures import table_html
from netgain.results.study_result import StudyResult

NOTHING_READ = "nothing"
"""The answer of a reader that sees no character."""


class WrongString(NamedTuple):
    """A test string that an arm's networks read wrongly.

    Attributes:
        number: its place in the test sample.
        picture: a PNG as a data URL.
        text: what it says.
        answer: the wrong text that most of the networks read.
        edits: how many characters must be replaced, added or removed to make the text of the answer.
        num_same: how many of the arm's networks read this answer.
        num_wrong: how many read any wrong text.
        num_networks: how many there are.
    """

    number: int
    picture: str
    text: str
    answer: str
    edits: int
    num_same: int
    num_wrong: int
    num_networks: int


def shows_strings(result: StudyResult) -> bool:
    """Whether there are strings to show, and what was read of them."""
    return isinstance(result.data, StringDataset) and all(result.keeps(name, "test_answers") for name in result.runs)


def wrong_strings(result: StudyResult, name: str, limit: int) -> list[WrongString]:
    """The test strings that an arm's networks read wrongly: those first for which most networks read the same wrong
    text, which are surest of it; then by index.
    """
    data, runs = result.data, result.judged(name)
    assert isinstance(data, StringDataset), "only readers read strings"
    wrong = ~result.right(name)
    found = []
    for index in np.flatnonzero(wrong.any(axis=0)):
        answers = [_text(run.arrays["test_answers"][index], data.alphabet) for run in runs]
        given = Counter(answer for answer, is_wrong in zip(answers, wrong[:, index], strict=True) if is_wrong)
        answer, num_same = given.most_common(1)[0]
        edits = int(runs[answers.index(answer)].arrays["test_edits"][index])
        found.append((int(index), answer, edits, num_same, int(wrong[:, index].sum())))
    found.sort(key=lambda each: (-each[3], -each[4], each[0]))
    return [
        WrongString(
            number=index,
            picture=data_url(data.x_test[index][:, : data.widths_test[index]]),
            text=data.texts_test[index],
            answer=answer or NOTHING_READ,
            edits=edits,
            num_same=num_same,
            num_wrong=num_wrong,
            num_networks=len(runs),
        )
        for index, answer, edits, num_same, num_wrong in found[:limit]
    ]


def wrong_strings_table(strings: Iterable[WrongString]) -> pandas.DataFrame:
    """The table of those pictures."""
    rows = [
        {"string": each.number, "text": each.text, "answer": each.answer, "edits": each.edits,
         "networks with this answer": each.num_same, "networks wrong": each.num_wrong, "of": each.num_networks}
        for each in strings
    ]  # fmt: skip
    return pandas.DataFrame(rows)


def string_sections(result: StudyResult, limit: int) -> list[dict[str, Any]]:
    """A gallery for each arm of a study of readers; none for another study."""
    if not shows_strings(result):
        return []
    sections = []
    for name in result.runs:
        wrong = wrong_strings(result, name, limit)
        sections.append(
            {
                "name": name,
                "colour": arm_colours(result)[name],
                "mean_wrong": mean_wrong(result, name),
                "num_networks": len(result.judged(name)),
                "num_ever_wrong": int((~result.right(name)).any(axis=0).sum()),
                "wrong": wrong,
                "wrong_table": table_html(wrong_strings_table(wrong)),
            }
        )
    return sections


def _text(labels: np.ndarray, alphabet: str) -> str:
    """The text of labels `[L]` from 1 on, which 0 fills up."""
    return "".join(alphabet[label - 1] for label in labels if label)
