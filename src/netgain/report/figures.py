"""Measured numbers beside the accuracy, such as the coverage of a generator: as rows of a table, and in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from netgain.report.numbers import figure_cell, floor_cell
from netgain.results.figures import ArmFigure
from netgain.results.study_result import StudyResult
from netgain.stats.rounding import signed

BETTER = {True: "higher is better", False: "lower is better", None: "the floor is best"}


class FigureRow(NamedTuple):
    """A figure of an arm as a table shows it: `0.9870 ± 0.0030 ± 0.0012`, the floor, and the number of test items.

    `place` counts the arms of one figure, from 0, of `num_arms`.
    """

    figure: str
    unit: str
    better: str
    arm: str
    value: str
    floor: str
    num_items: str
    place: int
    num_arms: int


def figure_rows(result: StudyResult) -> list[FigureRow]:
    """The rows of all figures, arm by arm; empty where no arm has one."""
    return [
        FigureRow(
            figure=name,
            unit="" if found.is_count else found.unit,
            better=BETTER[found.higher_is_better],
            arm=result.study.label(arm),
            value=figure_cell(found),
            floor=floor_cell(found),
            num_items=f"{found.num_items:,}",
            place=place,
            num_arms=len(of_arms),
        )
        for name, of_arms in _by_name(result).items()
        for place, (arm, found) in enumerate(of_arms.items())
    ]


def figure_records(result: StudyResult) -> list[dict[str, Any]]:
    """A row for each figure and arm with plain values, in the unit named."""
    return [_record(name, arm, found) for name, arms in _by_name(result).items() for arm, found in arms.items()]


def figure_sentences(result: StudyResult) -> Iterator[str]:
    """What each figure is, how many runs it is true of where it is yes or no, and what speaks against numbers of it."""
    for name, arms in _by_name(result).items():
        title, meaning = f"{name[0].upper()}{name[1:]}", next(iter(arms.values())).meaning
        labels = {arm: result.study.label(arm) for arm in arms}
        counted = [f"{labels[arm]} {figure_cell(found)}" for arm, found in arms.items() if found.is_count]
        told = f" {', '.join(counted)}; these runs are in all means." if counted else ""
        yield f"{title}: {meaning}.{told}"
        for arm, found in arms.items():
            for remark in dict.fromkeys(found.remarks):
                runs = f"{found.remarks.count(remark)} of {len(found.values)} runs of {labels[arm]}"
                yield f"{title} of {runs}: {remark}."
        if against := [_against_floor(labels[arm], found) for arm, found in arms.items() if found.above_floor]:
            yield f"{title}, minus the floor (95 % interval): {'; '.join(against)}."


def _against_floor(label: str, found: ArmFigure) -> str:
    """Whether an arm is above the floor, by how much, and what that would be called."""
    above = found.over_floor
    if above is None:
        return f"{label}: no floor is known"
    said = f"no {found.above_floor} seen"
    if above.low > 0:
        said = found.above_floor
    elif above.high > 0:
        said = f"{found.above_floor} neither shown nor excluded"
    low, high = (signed(found.scale * end) for end in (above.low, above.high))
    return f"{label} {low} to {high}{found.unit and f' {found.unit}'}, {said}"


def _by_name(result: StudyResult) -> dict[str, dict[str, ArmFigure]]:
    """The figures of every arm that has them, by the figure's name and then by arm."""
    found: dict[str, dict[str, ArmFigure]] = {}
    for arm in result.runs:
        for name, figure in result.figures(arm).items():
            found.setdefault(name, {})[arm] = figure
    return found


def _record(name: str, arm: str, found: ArmFigure) -> dict[str, Any]:
    scale, estimate, interval = found.scale, found.estimate, found.estimate.interval()
    return {
        "figure": name,
        "arm": arm,
        "seeds": len(found.values),
        "value": scale * estimate.value,
        "test_sample": scale * estimate.test_sample,
        "training": None if estimate.training is None else scale * estimate.training,
        "low": scale * interval.low,
        "high": scale * interval.high,
        "floor": None if found.floor is None else scale * found.floor,
        "floor_error": None if found.floor_error is None else scale * found.floor_error,
        "unit": found.unit,
        "higher_is_better": found.higher_is_better,
        "items": found.num_items,
    }
