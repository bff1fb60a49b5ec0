"""`python -m validation`: run the pseudo-experiments and write docs/validation.md and its pictures."""

from __future__ import annotations

import argparse
import fnmatch
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy
import scipy

from validation import cells, page, pictures
from validation.cells import Design
from validation.criteria import REFERENCE_TOYS, misses
from validation.gap_cells import gap_grid, gap_stress_cases
from validation.results import Results
from validation.run import run_cells, run_controls, run_gap_cells, run_gaps, run_grid, run_plans

DOCS = Path(__file__).parents[1] / "docs"
QUICK_TOYS = 200


def main(arguments: list[str]) -> int:
    """Run what was asked for; 1 where a criterion is missed, 0 otherwise."""
    options = _options(arguments)
    if options.cells:
        return _some(options.cells, options.toys)
    images = cells.NUM_IMAGES[:1] if options.quick else cells.NUM_IMAGES
    start = time.perf_counter()
    grid, formulas = run_grid(cells.grid(images), options.toys)
    results = Results(
        command=" ".join(["python -m validation", *arguments]),
        num_toys=options.toys,
        grid=grid,
        formulas=formulas,
        stress=run_cells(cells.stress_cases(images), options.toys),
        controls=run_controls(options.toys),
        plans=run_plans(options.toys),
        gaps=run_gaps(gap_grid(images), gap_stress_cases(images), options.toys),
        versions={
            "netgain": version("netgain"),
            "Python": platform.python_version(),
            "NumPy": numpy.__version__,
            "SciPy": scipy.__version__,
        },
        seconds=time.perf_counter() - start,
    )
    if not options.quick:
        page.write(results, DOCS / "validation.md")
        pictures.write(results, DOCS / "pictures")
    known = [f"Known: {line}" for line in results.known]
    print(f"{results.seconds:.0f} seconds.", *known, *(results.missed or ["Nothing else is missed."]), sep="\n")
    return int(bool(results.missed))


def _some(pattern: str, num_toys: int) -> int:
    chosen = [cell for cell in cells.grid() + cells.stress_cases() if _matches(cell, pattern)]
    gaps = [cell for cell in gap_grid() + gap_stress_cases() if _matches(cell, pattern)]
    if not chosen and not gaps:
        print(
            f"No cell matches {pattern!r}; a cell of accuracies reads like {str(cells.grid()[0])!r}, one of gaps "
            f"like {str(gap_grid()[0])!r}."
        )
        return 2
    measured = [*run_cells(chosen, num_toys), *run_gap_cells(gaps, num_toys)]
    return int(any(misses(one) for one in measured))


def _matches(cell: Design, pattern: str) -> bool:
    return fnmatch.fnmatchcase(str(cell), f"*{pattern}*")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m validation", description=__doc__)
    parser.add_argument("--toys", type=int, help=f"toys per cell (default {REFERENCE_TOYS}, with --quick {QUICK_TOYS})")
    parser.add_argument("--quick", action="store_true", help="1,000 images only; prints, writes no page")
    parser.add_argument("--cells", metavar="PATTERN", help="only cells like 'S=5 n=1000 *'; prints, writes no page")
    options = parser.parse_args(arguments)
    options.toys = options.toys or (QUICK_TOYS if options.quick else REFERENCE_TOYS)
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
