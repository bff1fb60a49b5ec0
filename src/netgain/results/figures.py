"""Measured numbers beside the verdict, over the seeds of an arm."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netgain.stats.estimate import Estimate
from netgain.stats.intervals import Interval
from netgain.stats.shared_error import mean_with_errors
from netgain.stats.student import quantile
from netgain.tasks.task import YES_OR_NO, Figure


@dataclass(frozen=True, kw_only=True)
class ArmFigure:
    """A figure of an arm.

    Attributes:
        estimate: the mean over the seeds with its two errors; of yes and no, the share of the runs with yes.
        floor: the value where nothing is wrong, the mean over the runs; None where unknown.
        floor_error: its standard error.
        values: the figure of every run.
        num_items: n, how many test items each was measured on.
        meaning, unit, higher_is_better, above_floor: as :class:`netgain.tasks.task.Figure` has them.
        remarks: what speaks against the number of a run, in words, for each run of which something does.
    """

    estimate: Estimate
    floor: float | None
    floor_error: float | None
    values: tuple[float, ...]
    num_items: int
    meaning: str
    unit: str
    higher_is_better: bool | None
    above_floor: str
    remarks: tuple[str, ...]

    @property
    def scale(self) -> int:
        """What values are multiplied by to be in their unit."""
        return 100 if self.unit == "%" else 1

    @property
    def is_count(self) -> bool:
        """Whether it is yes or no for every run."""
        return self.unit == YES_OR_NO

    @property
    def over_floor(self) -> Interval | None:
        """By how much the mean is above its floor, with 95 % confidence; None where no floor is known.

        The errors of both are added as independent ones. They share the test items, so the interval is not exact.
        """
        if self.floor is None:
            return None
        above, own = self.estimate.value - self.floor, self.estimate.interval()
        half = math.hypot(own.high - self.estimate.value, quantile(own.level, math.inf) * (self.floor_error or 0.0))
        return Interval(above - half, above + half, own.level)


def figures_over_seeds(of_runs: Sequence[Mapping[str, Figure]]) -> dict[str, ArmFigure]:
    """The figures of an arm by name, from those of each run."""
    names = dict.fromkeys(name for found in of_runs for name in found)
    return {name: _over_seeds([found[name] for found in of_runs if name in found]) for name in names}


def _over_seeds(figures: Sequence[Figure]) -> ArmFigure:
    first = figures[0]
    values = [figure.value for figure in figures]
    floors = [figure.floor for figure in figures if figure.floor is not None]
    errors = [figure.floor_error for figure in figures if figure.floor_error is not None]
    return ArmFigure(
        estimate=mean_with_errors(
            values, [figure.error for figure in figures], [figure.own_error for figure in figures], first.num_items
        ),
        floor=sum(floors) / len(floors) if floors else None,
        floor_error=math.sqrt(sum(error**2 for error in errors) / len(errors)) if errors else None,
        values=tuple(values),
        num_items=first.num_items,
        meaning=first.meaning,
        unit=first.unit,
        higher_is_better=first.higher_is_better,
        above_floor=first.above_floor,
        remarks=tuple(figure.remark for figure in figures if figure.remark),
    )
