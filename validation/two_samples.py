"""`python -m validation.two_samples`: pseudo-experiments of two samples, as the tables of docs/validation.md.

Parts: `classifier` (the two-sample test), `kid` (the kernel distance), `coverage` (density and coverage).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

import numpy as np

from netgain.stats.coverage import density_coverage
from validation.two_sample_toys import TwoSampleCell, coverage_toys, draw, kid_toys, two_sample_toys, uniform_p

TOYS = 2000

CELLS = (
    TwoSampleCell(200, 10, 0.0),
    TwoSampleCell(1000, 10, 0.0),
    TwoSampleCell(200, 10, 0.3),
    TwoSampleCell(1000, 10, 0.3),
    TwoSampleCell(1000, 10, 1.0),
)


def main(arguments: list[str]) -> int:
    """Print what was asked for; 1 where a criterion is missed."""
    parser = argparse.ArgumentParser("python -m validation.two_samples", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; all of them without it")
    parser.add_argument("--toys", type=int, default=TOYS, help=f"per cell (default {TOYS})")
    options = parser.parse_args(arguments)
    missed = [line for name in options.only or PARTS for line in PARTS[name](options.toys)]
    print(*(missed or ["Nothing is missed."]), sep="\n")
    return int(bool(missed))


def _classifier(num_toys: int) -> list[str]:
    print("| cell | p < 0.05 | p uniform | 95 % coverage | p < 0.05, both halves in turn |\n" + "|---" * 5 + "|")
    missed = []
    for cell in CELLS:
        toys = two_sample_toys(cell, num_toys)
        found, both = float((toys.p_values < 0.05).mean()), float((toys.p_of_both_halves < 0.05).mean())
        uniform = f"p = {uniform_p(toys.p_values):.2g}" if cell.is_null else ""
        print(f"| {cell} | {found:.3f} | {uniform} | {toys.coverage:.3f} | {both:.3f} |", flush=True)
        if cell.is_null and not (0.03 < found < 0.07 and uniform_p(toys.p_values) > 0.001 and both > 0.07):
            missed.append(f"{cell}: p must be uniform, and that of both halves must not be")
        if not 0.93 < toys.coverage < 0.975:
            missed.append(f"{cell}: the coverage is {toys.coverage:.3f}")
    return missed


def _kid(num_toys: int) -> list[str]:
    print("| cell | mean KID | p < 0.05 | p uniform | error / scatter | 95 % coverage |\n" + "|---" * 6 + "|")
    missed = []
    for cell in CELLS:
        toys = kid_toys(cell, num_toys if cell.num_images < 1000 else num_toys // 4)
        found = float((toys.p_values < 0.05).mean())
        uniform = f"p = {uniform_p(toys.p_values):.2g}" if cell.is_null else ""
        numbers = f"{toys.values.mean():.5f} | {found:.3f} | {uniform} | {toys.error_ratio:.2f} | {toys.coverage:.3f}"
        print(f"| {cell} | {numbers} |", flush=True)
        if cell.is_null and not (0.025 < found < 0.08 and uniform_p(toys.p_values) > 0.001):
            missed.append(f"{cell}: p must be uniform")
        if not 0.9 < toys.error_ratio < 1.4:
            missed.append(f"{cell}: the errors are {toys.error_ratio:.2f} times the scatter")
    return missed


def _coverage(num_toys: int) -> list[str]:
    print("| cell | density | coverage | expected | error / scatter, density | coverage |\n" + "|---" * 6 + "|")
    missed = []
    for cell in (TwoSampleCell(400, 10, 0.0), TwoSampleCell(400, 10, 1.0), TwoSampleCell(400, 10, 0.0, spread=0.8)):
        toys = coverage_toys(cell, num_toys // 8)
        expected = density_coverage(*draw(cell, np.random.default_rng(0))).expected_coverage
        density, coverage = toys.values.mean(axis=0)
        ratios = toys.error_ratios
        told = f"{expected:.4f}" if cell.is_null else ""
        print(f"| {cell} | {density:.3f} | {coverage:.4f} | {told} | {ratios[0]:.2f} | {ratios[1]:.2f} |", flush=True)
        if cell.is_null and abs(coverage - expected) > 0.005:
            missed.append(f"{cell}: the coverage is {coverage:.4f}, expected {expected:.4f}")
        if not (ratios.min() > 0.75 and ratios.max() < 1.4):
            missed.append(f"{cell}: the errors are {ratios.min():.2f} to {ratios.max():.2f} times the scatter")
    return missed


PARTS: dict[str, Callable[[int], list[str]]] = {"classifier": _classifier, "kid": _kid, "coverage": _coverage}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
