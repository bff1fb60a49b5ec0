"""A study whose networks were trained on several kinds of hardware says so; one of one kind says nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from netgain.report.sentences import study_sentences
from netgain.results.study_result import StudyResult


def with_machines(result: StudyResult, *processors: str) -> StudyResult:
    """The same with the processors of the seeds in turn."""
    runs = {
        arm: [
            dataclasses.replace(one, machine={"processor": processors[number % len(processors)], "cores": 2 + number})
            for number, one in enumerate(of_arm)
        ]
        for arm, of_arm in result.runs.items()
    }
    return dataclasses.replace(result, runs=runs)


def test_the_report_names_the_kinds_of_hardware(make_result: Callable[..., StudyResult]) -> None:
    result = make_result()

    def said(*processors: str) -> list[str]:
        return [line for line in study_sentences(with_machines(result, *processors)) if "hardware" in line]

    assert said("Xeon") == []
    (line,) = said("Xeon", "EPYC")
    assert "trained on 2 kinds of hardware: Xeon (" in line
    assert "of baseline" in line
    assert "differ by rounding" in line
