"""Runs the cells one after the other and says how each came out."""

from __future__ import annotations

from collections.abc import Sequence

from validation.alternatives import ADOPTED, FORMULAS, with_formula
from validation.cells import Cell
from validation.controls import Control, controls
from validation.criteria import REPEAT_FACTOR, exceeded
from validation.measure import Measured, Toys, measure, simulate
from validation.planning import PLANS, Planned, plan
from validation.results import FormulaSummary, summarise


def run_cells(cells: Sequence[Cell], num_toys: int) -> tuple[Measured, ...]:
    """The cells as `difference` has them."""
    return tuple(_judged(simulate(cell, num_toys)) for cell in cells)


def run_grid(cells: Sequence[Cell], num_toys: int) -> tuple[tuple[Measured, ...], tuple[FormulaSummary, ...]]:
    """The cells as `difference` has them, and as every formula for V has the same toys."""
    adopted: list[Measured] = []
    by_formula: dict[str, list[Measured]] = {ADOPTED: [], **{name: [] for name in FORMULAS}}
    for cell in cells:
        toys = simulate(cell, num_toys)
        by_formula[ADOPTED].append(measure(toys))
        adopted.append(_judged(toys))
        for name in FORMULAS:
            by_formula[name].append(measure(with_formula(toys, name)))
    summaries = [summary for name, measured in by_formula.items() for summary in summarise(name, measured)]
    return tuple(adopted), tuple(summaries)


def run_controls(num_toys: int) -> tuple[Control, ...]:
    """The negative controls."""
    found = tuple(controls(num_toys))
    for item in found:
        print(f"{item.method}, {item.cell}: {item.quantity} {item.value:.3f} ({item.required})", flush=True)
    return found


def run_plans(num_toys: int) -> tuple[Planned, ...]:
    """The power of the seeds and images that netgain names."""
    found = []
    for question, cell in PLANS:
        found.append(plan(question, cell, num_toys))
        print(f"{found[-1].named:,} {question} named, {found[-1].cell}: power {found[-1].power:.3f}", flush=True)
    return tuple(found)


def _judged(toys: Toys) -> Measured:
    """The result of a cell; one outside a limit is run again with ten times the toys, which then count."""
    measured = measure(toys)
    _report(measured)
    if not exceeded(measured):
        return measured
    measured = measure(simulate(toys.cell, REPEAT_FACTOR * len(toys.differences), repeat=1))
    _report(measured)
    return measured


def _report(measured: Measured) -> None:
    values = (
        f"95 % {measured.coverage_95:.3f}, 68 % {measured.coverage_68:.3f}, pulls {measured.pull_mean:+.2f} ± "
        f"{measured.pull_width:.2f}, E[V]/Var {measured.variance_ratio:.2f}"
    )
    missed = "; ".join(exceeded(measured).values())
    line = f"{measured.cell} ({measured.num_toys:,} toys): {values}"
    print(f"{line}; MISSED: {missed}" if missed else line, flush=True)
