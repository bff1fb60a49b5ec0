"""`python -m validation.class_fractions`: pseudo-experiments of class fractions, as the tables of docs/validation.md.

Parts: `toys` (scores of which everything is known), `published` (the protocol on MNIST, with the other estimators),
`coverage` (intervals on MNIST images that do not repeat),
`nuisances` (rotated and blurred images), `training` (templates from the training images), `unknown` (images of a class
that the network does not know), `other-fit` (the errors of a fit with Poisson templates), `speed`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from netgain.stats import class_fractions
from netgain.stats.fractions import TARGETS, Target
from validation.fraction_cells import FractionCell, draw_fractions, fraction_grid
from validation.fraction_controls import doubted_with_unknown, template_cost_widths
from validation.fraction_measure import REFERENCE_TOYS, FractionMeasured, FractionResult, judge_both, measure_fractions
from validation.fraction_networks import TRAIN_SIZE, scored_images
from validation.fraction_nuisances import CHANGES, nuisance_coverage, scored
from validation.fraction_protocol import PUBLISHED, ProtocolCell, coverage, fresh_trials, squared_errors, training_bias
from validation.measure import generator_of

PUBLISHED_TRIALS = 100
HEAD = (
    "| cell | target | toys | pull mean | pull width | 68 % coverage | 95 % coverage | doubted |\n" + "|---" * 8 + "|"
)


def main(arguments: list[str]) -> int:
    """Print what was asked for; 1 where a criterion is missed."""
    parser = argparse.ArgumentParser("python -m validation.class_fractions", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="a part; all of them without it")
    parser.add_argument("--toys", type=int, default=REFERENCE_TOYS, help=f"per cell (default {REFERENCE_TOYS})")
    parser.add_argument("--scores", type=Path, default=Path("fraction-scores.npz"), help="where scores are kept")
    options = parser.parse_args(arguments)
    missed = [line for name in options.only or PARTS for line in PARTS[name](options)]
    print(*(missed or ["Nothing is missed."]), sep="\n")
    return int(bool(missed))


def measure_cell(cell: FractionCell, num_toys: int) -> dict[Target, FractionMeasured]:
    """The toys of a cell, for both targets."""
    rng = generator_of(cell)
    results: dict[Target, list[FractionResult]] = {target: [] for target in TARGETS}
    for _ in range(num_toys):
        toy = draw_fractions(cell, rng)
        found = class_fractions(toy.template_scores, toy.template_labels, toy.sample_scores)
        for target, result in judge_both(found, toy.population, toy.realised).items():
            results[target].append(result)
    return {target: measure_fractions(found) for target, found in results.items()}


def _toys(options: argparse.Namespace) -> list[str]:
    print(HEAD)
    return [line for cell in fraction_grid() for line in _told(str(cell), measure_cell(cell, options.toys))]


def _published(options: argparse.Namespace) -> list[str]:
    images, missed = scored_images(options.scores), []
    print(f"Networks: {100 * images.accuracy.min():.1f} to {100 * images.accuracy.max():.1f} % right.")
    for number, cell in enumerate(PUBLISHED):
        errors = {name: np.array(found) for name, found in squared_errors(cell, images, PUBLISHED_TRIALS).items()}
        if not number:
            print(f"| cell | {' | '.join(errors)} |\n" + "|---" * (len(errors) + 1) + "|")
        print(f"| {cell} | {' | '.join(f'{found.mean():.5f}' for found in errors.values())} |", flush=True)
        if errors["netgain"].mean() > errors["EM + BCTS"].mean():
            missed.append(f"{cell}: the error is larger than that of EM + BCTS")
    return missed


def _coverage(options: argparse.Namespace) -> list[str]:
    images = scored_images(options.scores)
    print(HEAD)
    cells = [*PUBLISHED, *(ProtocolCell(cell.alpha, cell.num_images, 10_000) for cell in PUBLISHED)]
    return [
        line for cell in cells for line in _told(str(cell), coverage(fresh_trials(cell, images, options.toys), images))
    ]


def _training(options: argparse.Namespace) -> list[str]:
    images = scored_images(options.scores)
    held_out, trained = training_bias(images, ProtocolCell(1.0, 8_000, TRAIN_SIZE), min(options.toys, 50))
    print(f"Error over named error: {held_out:.2f} with held-out templates, {trained:.2f} with training images.")
    return [] if held_out < 1.2 < trained else ["templates from training images must fail, held-out ones must not"]


def _nuisances(options: argparse.Namespace) -> list[str]:
    print(HEAD)
    missed = []
    for change in CHANGES:
        found = nuisance_coverage(change, scored(change), options.toys)
        missed += _told(f"{change.name} in the fit", found.fits["in the fit"])
        _told(f"{change.name} left out", found.fits["left out"])
        covered = float((np.abs(found.pulls) < 1.96).mean())
        print(
            f"Amount of the {change.name}: pull width {found.pulls.std():.2f}, 95 % coverage {covered:.3f}", flush=True
        )
        if found.fits["left out"]["sample"].coverage_95 > 0.9:
            missed.append(f"{change.name} left out: the coverage must be below 0.9")
    return missed


def _unknown(options: argparse.Namespace) -> list[str]:
    found = doubted_with_unknown(options.toys)
    for (size, share), doubted in found.items():
        print(f"{share:.0%} unknown among {size:,} images: {doubted:.3f} of {options.toys} samples doubted", flush=True)
    right = found[2_000, 0.0] <= 0.02 and found[2_000, 0.05] > 0.5 and found[10_000, 0.05] > 0.95
    return [] if right else ["5 % of an unknown class must be noticed, and familiar samples must not be doubted"]


def _other_fit(options: argparse.Namespace) -> list[str]:
    cell = FractionCell(2_000, 2_000, 10.0)
    ours, theirs = template_cost_widths(cell, options.toys)
    print(f"{cell}: pull width {ours:.2f} here, {theirs:.2f} by a fit with Poisson templates", flush=True)
    return (
        [] if 0.93 < ours < 1.07 and theirs < 0.9 else ["the errors of Poisson templates must be too large, ours not"]
    )


def _speed(options: argparse.Namespace) -> list[str]:
    rng, seconds = np.random.default_rng(0), []
    for size in (10_000, 20_000, 40_000):
        toy = draw_fractions(FractionCell(size, size, 1.0), rng)
        start = time.process_time()
        class_fractions(toy.template_scores, toy.template_labels, toy.sample_scores).interval()
        seconds.append(time.process_time() - start)
        print(f"{size:,} template and as many sample images: {seconds[-1]:.2f} seconds of processor time", flush=True)
    return [] if seconds[0] < 2 and seconds[2] < 6 * seconds[0] else ["too slow, or not linear in images"]


PARTS: dict[str, Callable[[argparse.Namespace], list[str]]] = {
    "toys": _toys,
    "published": _published,
    "coverage": _coverage,
    "nuisances": _nuisances,
    "training": _training,
    "unknown": _unknown,
    "other-fit": _other_fit,
    "speed": _speed,
}


def _told(cell: str, found: dict[Target, FractionMeasured]) -> list[str]:
    missed = []
    for target, one in found.items():
        values = f"{one.pull_mean:+.2f} | {one.pull_width:.2f} | {one.coverage_68:.3f} | {one.coverage_95:.3f}"
        print(f"| {cell} | {target} | {one.num_toys} | {values} | {one.doubted:.3f} |", flush=True)
        missed += [f"{cell}, {target}: {text}" for text in one.missed]
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
