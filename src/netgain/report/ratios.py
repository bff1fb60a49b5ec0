"""Figures beside the accuracy, such as the label error of a reader: as cells, columns and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netgain.report.numbers import ratio_cell
from netgain.results.study_result import StudyResult


def ratio_names(result: StudyResult) -> list[str]:
    """The figures that an arm of the result has, each once."""
    return list(dict.fromkeys(name for arm in result.runs for name in result.ratios(arm)))


def ratio_cells(result: StudyResult, arm: str) -> list[str]:
    """A cell for each of :func:`ratio_names`, such as `0.61 ± 0.08 ± 0.02`; empty where the arm has no such figure."""
    of_arm = result.ratios(arm)
    return [ratio_cell(of_arm[name]) if name in of_arm else "" for name in ratio_names(result)]


def ratio_columns(result: StudyResult, arm: str) -> dict[str, Any]:
    """The figures of an arm with their errors, in percent and percentage points, as columns of a table."""
    row: dict[str, Any] = {}
    for name, ratio in result.ratios(arm).items():
        column, training = name.replace(" ", "_"), ratio.training
        row |= {
            column: 100 * ratio.value,
            f"{column}_test_sample": 100 * ratio.test_sample,
            f"{column}_training": None if training is None else 100 * training,
        }
    return row


def ratio_sentences(result: StudyResult) -> Iterator[str]:
    """A sentence for each figure, with that of every arm and what it counts."""
    for name in ratio_names(result):
        told = []
        for arm in result.runs:
            if name not in (of_arm := result.ratios(arm)):
                continue
            label = f"{result.study.label(arm)} " if result.study.arms else ""
            told.append(f"{label}{of_arm[name].percent()}")
        yield f"{name[0].upper()}{name[1:]} ({result.ratio_meaning(name)}): {', '.join(told)}."
