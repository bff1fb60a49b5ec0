"""The pseudo-experiments in small: `python -m validation` runs them in full."""

import dataclasses

import numpy as np
import pytest
from validation.alternatives import FORMULAS, with_formula
from validation.cells import Cell, grid, stress_cases
from validation.controls import mcnemar, peeking, welch, withheld
from validation.criteria import CRITERIA, KNOWN_MISSES, exceeded, known_misses, misses
from validation.measure import measure, simulate
from validation.planning import PLANS, plan

TOYS = 300

RARE = "type I at 0.05/30"


@pytest.fixture(scope="module")
def small_grid():
    return [measure(simulate(cell, TOYS)) for cell in grid(num_images=(1_000,))]


def test_every_cell_of_the_small_grid_meets_the_criteria(small_grid):
    # The limits allow three standard errors; one rare p-value in 300 toys says nothing of its cell alone.
    missed = {str(measured.cell): misses(measured) for measured in small_grid}
    assert not {cell: found for cell, found in missed.items() if found.keys() - {RARE}}


def test_rare_claims_are_rare_over_all_cells_that_may_have_a_verdict(small_grid):
    rates = [measured.type_one_rare for measured in small_grid if measured.cell.num_seeds[0] >= 5]
    rates = [rate for rate in rates if rate is not None]
    expected = 0.05 / 30
    assert np.mean(rates) <= expected + 3 * np.sqrt(expected / (TOYS * len(rates)))


def test_looking_four_times_keeps_the_error(small_grid):
    rates = [measured.sequential for measured in small_grid if measured.sequential is not None]
    assert len(rates) == 6
    assert np.mean(rates) <= 0.05 + 3 * np.sqrt(0.05 / (TOYS * len(rates)))
    assert np.mean(rates) > 0.01, "the checks never claim anything: they are not tested"


def test_stress_cases_meet_the_criteria():
    for cell in stress_cases(num_images=(1_000,)):
        assert misses(measure(simulate(cell, TOYS))).keys() <= {RARE}, str(cell)


@pytest.mark.parametrize(
    ("method", "cell"),
    [
        (welch, Cell((20, 20), 1_000, (0.0, 0.0))),
        (mcnemar, Cell((1, 1), 10_000)),
        (withheld, Cell((20, 20), 1_000, group_size=20)),
    ],
)
def test_negative_controls_fail(method, cell):
    control = method(cell, TOYS, high=0.87)
    assert not control.missed
    assert control.value < 0.87
    assert dataclasses.replace(control, value=0.95).missed.endswith("coverage 0.950 must be below 0.87")


def test_naive_peeking_fails():
    control = peeking(Cell((20, 20), 1_000, likeness=1.0), TOYS, low=0.12)
    assert not control.missed
    assert dataclasses.replace(control, value=0.05).missed.endswith("type I error 0.050 must be above 0.12")


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        (lambda one: {"variance": one.variance / 2}, {"95 % coverage", "68.27 % coverage", "E[V]/Var"}),
        (lambda one: {"variance": one.variance * 3}, {"pull width", "E[V]/Var"}),
        (lambda one: {"effect": one.effect + 0.002}, {"95 % coverage", "pull mean"}),
        (lambda one: {"p_value": one.p_value**2}, {"type I at 0.05", RARE}),
    ],
)
def test_the_criteria_find_what_is_wrong(change, missed):
    toys = simulate(Cell((5, 5), 1_000), TOYS)
    assert not misses(measure(toys))
    wrong = tuple(dataclasses.replace(one, **change(one)) for one in toys.differences)
    assert missed <= misses(measure(dataclasses.replace(toys, differences=wrong, sequential=None))).keys()


def test_the_formula_of_the_specification_overestimates_without_seed_variance():
    # Why `difference` has another one: docs/validation.md.
    toys = simulate(Cell((3, 3), 1_000, (0.0, 0.0), likeness=1.0), TOYS)
    assert "E[V]/Var" not in misses(measure(toys))
    for name in ("the seed variance of each recipe", "the sum of both seed variances"):
        assert "E[V]/Var" in misses(measure(with_formula(toys, name)))
    nothing = measure(with_formula(toys, "nothing"))
    assert nothing.variance_ratio == pytest.approx(1, abs=0.15)
    assert nothing.pull_width > 1.05, "without any floor V comes out at zero now and then"
    assert len(FORMULAS) == 3


def test_the_seeds_and_the_images_named_have_the_power_promised():
    for question in ("seeds", "images"):
        planned = plan(*next(one for one in PLANS if one[0] == question), num_toys=TOYS)
        assert not planned.missed
        assert planned.power <= 0.83 + 3 * np.sqrt(0.16 / TOYS)
        assert planned.pilots[0] <= planned.pilots[1] <= planned.pilots[2]
        assert dataclasses.replace(planned, power=0.6).missed


@pytest.mark.parametrize(("stress", "name"), list(KNOWN_MISSES))
def test_a_known_miss_is_told_and_counts_for_its_stress_case_only(stress, name):
    cell = next(cell for cell in stress_cases((1_000,)) if cell.stress == stress)
    measured = dataclasses.replace(measure(simulate(cell, 20)), num_toys=2000, pull_mean=0.2, type_one_rare=0.1)
    assert name in exceeded(measured)
    assert name not in misses(measured)
    assert known_misses(measured)[name].endswith(KNOWN_MISSES[stress, name])
    elsewhere = dataclasses.replace(measured, cell=dataclasses.replace(cell, stress=""))
    assert name in misses(elsewhere)
    assert not known_misses(elsewhere)


def test_few_toys_widen_the_limits_and_many_do_not_narrow_them():
    measured = measure(simulate(Cell((3, 3), 1_000), 50))
    for criterion in CRITERIA:
        few = criterion.limits(measured)
        many = criterion.limits(dataclasses.replace(measured, num_toys=20_000))
        assert few[0] < criterion.low
        assert few[1] > criterion.high
        assert many == (criterion.low, criterion.high)


def test_the_same_cell_gives_the_same_toys_and_a_repeat_gives_others():
    cell = Cell((3, 3), 1_000)
    first, again, repeat = simulate(cell, 5), simulate(cell, 5), simulate(cell, 5, repeat=1)
    assert first.differences == again.differences
    assert first.differences != repeat.differences
