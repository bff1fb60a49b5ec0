"""The pseudo-experiments on gaps in small: `python -m validation` runs them in full."""

import dataclasses

import pytest
from validation.cells import Cell
from validation.criteria import exceeded, misses
from validation.fitted import CASES, fitted_controls
from validation.gap_cells import FIXED_TRAINING, GapCell, gap_grid, gap_stress_cases
from validation.gap_controls import (
    INDEPENDENT,
    JUDGED,
    PAIRED,
    WITHOUT_HOLM,
    WITHOUT_T,
    coverage,
    false_claims,
    found,
    planted,
)
from validation.gap_model import simulate_gaps
from validation.measure import measure, simulate

TOYS = 200
RARE = "type I at 0.05/30"


def test_every_cell_of_gaps_meets_the_criteria():
    # One rare p-value in 100 toys says nothing of its cell alone. As in the full run, a second one decides.
    for cell in gap_grid((1_000,)) + gap_stress_cases((1_000,)):
        if misses(measure(simulate_gaps(cell, 100))).keys() - {RARE}:
            assert misses(measure(simulate_gaps(cell, 1000, repeat=1))).keys() <= {RARE}, str(cell)


def test_given_training_images_have_bars_that_are_too_long_and_may_be():
    cell = next(cell for cell in gap_stress_cases((1_000,)) if "B loses" in cell.stress and cell.fixed_training)
    measured = measure(simulate_gaps(cell, TOYS))
    assert measured.variance_ratio > 1.3
    assert measured.coverage_95 > 0.95
    assert not misses(measured)
    assert misses(dataclasses.replace(measured, cell=GapCell((5, 5), (1_000, 1_000), 1_000)))
    assert exceeded(dataclasses.replace(measured, coverage_95=0.85, num_toys=2000))
    assert FIXED_TRAINING in cell.stress


SAME_IMAGES = GapCell((20, 20), (1_000, 1_000), 1_000, (0.0, 0.0), 0.0, 1.0)


def test_two_independent_gaps_are_wrong_in_either_direction():
    few_seeds = GapCell((5, 5), (10_000, 10_000), 10_000, (0.0, 0.8), -0.9)
    writers = GapCell((5, 5), (2_000, 2_000), 2_000, likeness=0.9, group_size=20)
    for control in (
        coverage(INDEPENDENT, few_seeds, TOYS, high=0.93),
        coverage(WITHOUT_T, few_seeds, TOYS, high=0.93),
        coverage(INDEPENDENT, writers, TOYS, high=0.87),
        coverage(INDEPENDENT, SAME_IMAGES, TOYS, low=0.985),
    ):
        assert not control.missed
        assert dataclasses.replace(control, value=0.95).missed


def test_only_the_paired_variance_finds_the_gap():
    smaller = dataclasses.replace(SAME_IMAGES, effect=-0.005)
    assert not found(INDEPENDENT, smaller, TOYS, high=0.2).missed
    assert not found(PAIRED, smaller, TOYS, low=0.7).missed


def test_without_holm_a_study_claims_too_much():
    usual = GapCell((5, 5), (1_000, 1_000), 1_000)
    assert not false_claims(WITHOUT_HOLM, usual, TOYS, low=0.15).missed
    assert not false_claims(JUDGED, usual, TOYS, high=0.1).missed


def test_planted_gaps_are_found_with_their_sign():
    rows = planted(40)
    assert [row.quantity for row in rows] == ["called SMALLER", "called LARGER", "called LARGER", "called SMALLER"]
    assert not any(row.missed for row in rows)
    turned = [dataclasses.replace(row, value=1 - row.value) for row in rows]
    assert all(row.missed for row in turned)


def test_a_wrong_sign_or_a_wrong_variance_is_found_by_the_criteria():
    toys = simulate_gaps(GapCell((5, 5), (1_000, 1_000), 1_000, effect=-0.01), TOYS)
    assert not misses(measure(toys))
    gaps = [dataclasses.replace(one, gap_a=one.gap_b, gap_b=one.gap_a) for one in toys.differences]
    assert "pull mean" in misses(measure(dataclasses.replace(toys, differences=tuple(gaps))))
    halved = [dataclasses.replace(one, train_sample=0.0, test_sample=0.0) for one in toys.differences]
    assert "E[V]/Var" in misses(measure(dataclasses.replace(toys, differences=tuple(halved))))


def test_fitted_models_show_what_one_training_sample_cannot():
    rows = fitted_controls(30)
    assert len(rows) == 2 * len(CASES)
    with_part, without = (sum(row.value for row in rows[first::2]) for first in (0, 1))
    assert with_part >= without
    assert all(row.required == "for comparison" and not row.missed for row in rows)


def test_the_same_cell_gives_the_same_toys_and_a_repeat_gives_others():
    cell = GapCell((5, 5), (100, 100), 100)
    first, again, repeat = (simulate_gaps(cell, 3, number).differences for number in (0, 0, 1))
    assert first == again
    assert first != repeat
    assert simulate(Cell((3, 3), 100), 1).true_effect == pytest.approx(0, abs=1e-12)
