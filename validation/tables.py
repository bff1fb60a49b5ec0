"""The results as Markdown, in the order of docs/validation.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from validation.cells import NUM_SEEDS, Design
from validation.controls import Control
from validation.criteria import exceeded
from validation.gap_cells import NUM_SEEDS as GAP_SEEDS
from validation.measure import Measured
from validation.planning import Planned
from validation.results import FormulaSummary, Results

Value = Callable[[Measured[Design]], float | None]

QUANTITIES: tuple[tuple[str, Value, int], ...] = (
    ("68.27 % coverage", lambda m: m.coverage_68, 3),
    ("95 % coverage", lambda m: m.coverage_95, 3),
    ("pull mean", lambda m: m.pull_mean, 2),
    ("pull width", lambda m: m.pull_width, 2),
    ("E[V]/Var", lambda m: m.variance_ratio, 2),
    ("type I at 0.05", lambda m: m.type_one, 3),
    ("type I at 0.05/30", lambda m: m.type_one_rare, 4),
    ("sequential type I", lambda m: m.sequential, 3),
)
"""What every cell has: the criterion's name, the value and its digits."""

DESIGN = ("S", "n", "τ", "ρ", "Δ, %")
GAP_DESIGN = ("S", "N", "n", "τ", "κ", "ρ", "Δ, %")
"""What the name of a cell says, in its order."""


BY_SEEDS_NOTE = "Lowest to highest of the cells with that S."
FORMULA_NOTE = (
    "Lowest to highest of the cells with that S, first runs only; at 0.05/30, where these decide nothing, a miss is "
    "not counted."
)


def markdown(results: Results) -> str:
    """Everything that the command found, as the generated part of the page."""
    sections = [
        _header(results),
        _verdict(results),
        _section("The grid by number of seeds", _by_seeds(results.grid, NUM_SEEDS), BY_SEEDS_NOTE),
        _section("Stress cases", _stress_table(results.stress, DESIGN)),
        _section("Negative controls", _control_table(results.controls)),
        _section("Formulas for V", _formula_table(results.formulas), FORMULA_NOTE),
        _section("Seeds and images named", _plan_table(results.plans)),
        _section("Gaps: the grid by number of seeds", _by_seeds(results.gaps.grid, GAP_SEEDS), BY_SEEDS_NOTE),
        _section("Gaps: stress cases", _stress_table(results.gaps.stress, GAP_DESIGN)),
        _section("Gaps: controls", _control_table(results.gaps.controls)),
        _folded("Every cell of the grid", _cell_table(results.grid, DESIGN)),
        _folded("Every cell of the grid of gaps", _cell_table(results.gaps.grid, GAP_DESIGN)),
    ]
    return "\n\n".join(sections)


def _header(results: Results) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return f"`{results.command}`: {results.num_toys:,} toys per cell, {results.seconds:,.0f} seconds; {versions}."


def _verdict(results: Results) -> str:
    repeated = sum(measured.num_toys > results.num_toys for measured in results.cells)
    parts = [f"All criteria hold in {len(results.cells)} cells, except the misses listed here."]
    for title, lines in (("Missed:", results.missed), ("Missed, known and explained above:", results.known)):
        if lines:
            parts += [title, "\n".join(f"- {line}" for line in lines)]
    if len(parts) == 1:
        parts = [f"All criteria hold in all {len(results.cells)} cells."]
    parts.append(f"{repeated} cells were outside a limit at first and were run again with ten times the toys.")
    return "\n\n".join(parts)


def _by_seeds(grid: Sequence[Measured[Design]], numbers: Sequence[int]) -> str:
    rows = []
    for seeds in numbers:
        group = [measured for measured in grid if measured.cell.num_seeds[0] == seeds]
        rows.append([str(seeds), *(_range(value, group, digits) for _, value, digits in QUANTITIES)])
    return _table(["S", *(name for name, _, _ in QUANTITIES)], rows)


def _cell_table(grid: Sequence[Measured[Design]], design: Sequence[str]) -> str:
    headers = [*design, *(name for name, _, _ in QUANTITIES)]
    rows = ([*_design(measured.cell, len(design)), *_values(measured)] for measured in grid)
    return _table(headers, rows)


def _stress_table(stress: Sequence[Measured[Design]], design: Sequence[str]) -> str:
    # No stress case has the checks of a sequence.
    headers = ["case", *design, *(name for name, _, _ in QUANTITIES[:-1])]
    rows = (
        [measured.cell.stress, *_design(measured.cell, len(design)), *_values(measured)[:-1]] for measured in stress
    )
    return _table(headers, rows)


def _control_table(controls: Iterable[Control]) -> str:
    headers = ["method", "cell", "quantity", "measured", "must be"]
    return _table(
        headers,
        ([item.method, str(item.cell), item.quantity, f"{item.value:.3f}", item.required] for item in controls),
    )


def _formula_table(formulas: Iterable[FormulaSummary]) -> str:
    headers = [
        "kept from below zero",
        "S",
        "E[V]/Var",
        "95 % coverage",
        "pull width",
        "type I 0.05",
        "type I 0.05/30",
        "cells that miss",
    ]
    rows = (
        [
            item.name, str(item.num_seeds), _span(item.variance_ratio, 2), _span(item.coverage_95, 3),
            _span(item.pull_width, 2), _span(item.type_one, 3), _span(item.type_one_rare, 4),
            f"{item.num_missing} of {item.num_cells}",
        ]
        for item in formulas
    )  # fmt: skip
    return _table(headers, rows)


def _plan_table(plans: Iterable[Planned]) -> str:
    headers = ["asked for", "n", "S", "τ", "ρ", "Δ, %", "named", "power", "pilots name"]
    rows = []
    for item in plans:
        cell = item.cell
        seeds, images = str(cell.num_seeds[0]), f"{cell.num_images:,}"
        low, middle, high = (f"{number:,.0f}" for number in item.pilots)
        design = ["", seeds] if item.question == "images" else [images, ""]
        truth = [f"{cell.seed_spreads[0]:g}", f"{cell.likeness:g}", f"{100 * cell.effect:g}"]
        pilots = f"{middle} ({low} to {high})"
        rows.append([item.question, *design, *truth, f"{item.named:,}", f"{item.power:.3f}", pilots])
    return _table(headers, rows)


def _design(cell: Design, length: int) -> list[str]:
    return [part.split("=")[1].rstrip("%") for part in str(cell).split(" ")[:length]]


def _values(measured: Measured[Design]) -> list[str]:
    missed = exceeded(measured)
    values = []
    for name, value, digits in QUANTITIES:
        number = value(measured)
        text = "" if number is None else f"{number:.{digits}f}"
        values.append(f"**{text}**" if name in missed else text)
    return values


def _range(value: Value, group: Sequence[Measured[Design]], digits: int) -> str:
    numbers = [number for measured in group if (number := value(measured)) is not None]
    return _span((min(numbers), max(numbers)), digits) if numbers else ""


def _span(ends: tuple[float, float], digits: int) -> str:
    low, high = ends
    return f"{low:.{digits}f} to {high:.{digits}f}"


def _section(title: str, table: str, note: str = "") -> str:
    return "\n\n".join(part for part in (f"### {title}", note, table) if part)


def _folded(title: str, table: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{table}\n\n</details>"


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(headers)]
    lines.append(["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in [*lines, *(list(row) for row in rows)])
