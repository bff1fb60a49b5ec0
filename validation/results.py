"""What one run of `python -m validation` found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.cells import NUM_SEEDS, Cell, Design
from validation.controls import Control
from validation.criteria import known_misses, misses
from validation.gap_cells import GapCell
from validation.measure import Measured
from validation.planning import Planned

Span = tuple[float, float]

NOT_OF_THE_FORMULA = {"type I at 0.05/30"}
"""With 2000 toys chance alone decides about this limit, and the other formulas get no second run."""


@dataclass(frozen=True)
class FormulaSummary:
    """One formula for V over the cells of the grid with one S: the lowest and the highest of each quantity."""

    name: str
    num_seeds: int
    variance_ratio: Span
    coverage_95: Span
    pull_width: Span
    type_one: Span
    type_one_rare: Span
    num_missing: int
    num_cells: int


@dataclass(frozen=True)
class GapResults:
    """What was found of gaps: the grid, the stress cases, and the controls."""

    grid: tuple[Measured[GapCell], ...]
    stress: tuple[Measured[GapCell], ...]
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Results:
    """Everything that the page is made from.

    Attributes:
        command: as it was typed.
        num_toys: toys per cell, where no cell was run again.
        seconds: the whole run.
        versions: of what was tested and of what it stands on.
        grid: the cells of the specification.
        stress: the stress cases.
        formulas: all formulas for V, the adopted one first.
        controls: the negative controls.
        plans: the seeds and images named, with their power.
        gaps: the same for gaps between training and test accuracy.
    """

    command: str
    num_toys: int
    seconds: float
    versions: dict[str, str]
    grid: tuple[Measured[Cell], ...]
    stress: tuple[Measured[Cell], ...]
    formulas: tuple[FormulaSummary, ...]
    controls: tuple[Control, ...]
    plans: tuple[Planned, ...]
    gaps: GapResults

    @property
    def cells(self) -> tuple[Measured[Design], ...]:
        """The grids and the stress cases."""
        return self.grid + self.stress + self.gaps.grid + self.gaps.stress

    @property
    def missed(self) -> list[str]:
        """Every criterion missed, in words, but for the known misses."""
        lines = [f"{measured.cell}: {text}" for measured in self.cells for text in misses(measured).values()]
        return lines + [item.missed for item in (*self.controls, *self.gaps.controls, *self.plans) if item.missed]

    @property
    def known(self) -> list[str]:
        """The known misses, with their reasons."""
        return [f"{measured.cell}: {text}" for measured in self.cells for text in known_misses(measured).values()]


def summarise(name: str, grid: Sequence[Measured[Cell]]) -> list[FormulaSummary]:
    """The grid as one formula has it, a summary for each S."""
    summaries = []
    for seeds in NUM_SEEDS:
        group = [measured for measured in grid if measured.cell.num_seeds == (seeds, seeds)]
        if not group:
            continue
        missing = [measured for measured in group if misses(measured).keys() - NOT_OF_THE_FORMULA]
        summaries.append(
            FormulaSummary(
                name=name,
                num_seeds=seeds,
                variance_ratio=_span([measured.variance_ratio for measured in group]),
                coverage_95=_span([measured.coverage_95 for measured in group]),
                pull_width=_span([measured.pull_width for measured in group]),
                type_one=_span([measured.type_one for measured in group]),
                type_one_rare=_span([measured.type_one_rare for measured in group]),
                num_missing=len(missing),
                num_cells=len(group),
            )
        )
    return summaries


def _span(values: Sequence[float | None]) -> Span:
    numbers = [value for value in values if value is not None]
    return (min(numbers), max(numbers))
