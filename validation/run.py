"""Runs the cells one after the other and says how each came out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol, TypeVar

from validation.alternatives import ADOPTED, FORMULAS, with_formula
from validation.cells import Cell, Design
from validation.controls import Control, controls
from validation.criteria import REPEAT_FACTOR, exceeded
from validation.fitted import fitted_controls
from validation.gap_cells import GapCell
from validation.gap_controls import gap_controls
from validation.gap_model import simulate_gaps
from validation.measure import Comparison, Measured, Toys, measure, simulate
from validation.planning import PLANS, Planned, plan
from validation.results import FormulaSummary, GapResults, summarise

AnyCell = TypeVar("AnyCell", bound=Design)
DrawnCell = TypeVar("DrawnCell", bound=Design, contravariant=True)


def run_cells(cells: Sequence[Cell], num_toys: int) -> tuple[Measured[Cell], ...]:
    """The cells as `difference` has them."""
    return tuple(_judged(simulate(cell, num_toys), simulate) for cell in cells)


def run_gap_cells(cells: Sequence[GapCell], num_toys: int) -> tuple[Measured[GapCell], ...]:
    """The cells as `gap_difference` has them."""
    return tuple(_judged(simulate_gaps(cell, num_toys), simulate_gaps) for cell in cells)


def run_gaps(grid: Sequence[GapCell], stress: Sequence[GapCell], num_toys: int) -> GapResults:
    """Everything about gaps: the cells, and the controls."""
    return GapResults(
        run_gap_cells(grid, num_toys),
        run_gap_cells(stress, num_toys),
        _told((*gap_controls(num_toys), *fitted_controls(num_toys))),
    )


def run_grid(cells: Sequence[Cell], num_toys: int) -> tuple[tuple[Measured[Cell], ...], tuple[FormulaSummary, ...]]:
    """The cells as `difference` has them, and as every formula for V has the same toys."""
    adopted: list[Measured[Cell]] = []
    by_formula: dict[str, list[Measured[Cell]]] = {ADOPTED: [], **{name: [] for name in FORMULAS}}
    for cell in cells:
        toys = simulate(cell, num_toys)
        by_formula[ADOPTED].append(measure(toys))
        adopted.append(_judged(toys, simulate))
        for name in FORMULAS:
            by_formula[name].append(measure(with_formula(toys, name)))
    summaries = [summary for name, measured in by_formula.items() for summary in summarise(name, measured)]
    return tuple(adopted), tuple(summaries)


def run_controls(num_toys: int) -> tuple[Control, ...]:
    """The negative controls."""
    return _told(tuple(controls(num_toys)))


def run_plans(num_toys: int) -> tuple[Planned, ...]:
    """The power of the seeds and images that netgain names."""
    found = []
    for question, cell in PLANS:
        found.append(plan(question, cell, num_toys))
        print(f"{found[-1].named:,} {question} named, {found[-1].cell}: power {found[-1].power:.3f}", flush=True)
    return tuple(found)


def _told(found: tuple[Control, ...]) -> tuple[Control, ...]:
    for item in found:
        print(f"{item.method}, {item.cell}: {item.quantity} {item.value:.3f} ({item.required})", flush=True)
    return found


class Simulation(Protocol[DrawnCell]):
    """Draws the toys of a cell; with another `repeat`, other ones."""

    def __call__(self, cell: DrawnCell, num_toys: int, repeat: int = 0) -> Toys[Design, Comparison]: ...


def _judged(toys: Toys[AnyCell, Comparison], simulation: Simulation[AnyCell]) -> Measured[AnyCell]:
    """The result of a cell; one outside a limit is run again with ten times the toys, which then count."""
    measured = measure(toys)
    _report(measured)
    if not exceeded(measured):
        return measured
    again = simulation(toys.cell, REPEAT_FACTOR * len(toys.differences), repeat=1)
    measured = measure(dataclasses.replace(toys, differences=again.differences, sequential=again.sequential))
    _report(measured)
    return measured


def _report(measured: Measured[Design]) -> None:
    values = (
        f"95 % {measured.coverage_95:.3f}, 68 % {measured.coverage_68:.3f}, pulls {measured.pull_mean:+.2f} ± "
        f"{measured.pull_width:.2f}, E[V]/Var {measured.variance_ratio:.2f}"
    )
    missed = "; ".join(exceeded(measured).values())
    line = f"{measured.cell} ({measured.num_toys:,} toys): {values}"
    print(f"{line}; MISSED: {missed}" if missed else line, flush=True)
