"""The pseudo-experiments of class fractions in small: `python -m validation.class_fractions` runs them in full."""

import dataclasses

import numpy as np
import pytest
from validation.fraction_cells import FractionCell, draw_fractions, fraction_grid
from validation.fraction_measure import judge_both, measure_fractions
from validation.measure import generator_of

from netgain.stats import class_fractions
from netgain.stats.fractions import TARGETS

TOYS = 60
CELL = FractionCell(2_000, 1_000, 1.0, num_classes=4)


@pytest.fixture(scope="module")
def judged():
    rng = generator_of(CELL)
    found = []
    for _ in range(TOYS):
        toy = draw_fractions(CELL, rng)
        fit = class_fractions(toy.template_scores, toy.template_labels, toy.sample_scores)
        found.append(judge_both(fit, toy.population, toy.realised))
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_the_criteria_hold(judged, target):
    assert not measure_fractions(one[target] for one in judged).missed


def test_the_errors_of_the_sample_are_too_short_for_the_population():
    rng = np.random.default_rng(0)
    pulls = []
    for _ in range(20):
        toy = draw_fractions(CELL, rng)
        fit = class_fractions(toy.template_scores, toy.template_labels, toy.sample_scores)
        pulls.append((fit.signed - toy.population) / fit.errors("sample").total)
    assert np.std(pulls) > 1.3


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        (lambda one: {"pulls": one.pulls + 1.0}, "pull mean"),
        (lambda one: {"pulls": one.pulls * 1.6}, "pull width"),
        (lambda one: {"covered_95": one.covered_95 & (np.abs(one.pulls) < 1)}, "95 % coverage"),
        (lambda one: {"covered_68": one.covered_68 & (np.abs(one.pulls) < 0.5)}, "68 % coverage"),
        (lambda one: {"p_value": one.p_value / 100}, "doubted"),
    ],
)
def test_the_criteria_find_what_is_wrong(judged, change, missed):
    wrong = [dataclasses.replace(one["sample"], **change(one["sample"])) for one in judged]
    assert any(text.startswith(missed) for text in measure_fractions(wrong).missed)


def test_every_cell_has_its_own_name_and_its_design():
    cells = fraction_grid()
    assert len({str(cell) for cell in cells}) == len(cells)
    toy = draw_fractions(CELL, np.random.default_rng(0))
    assert toy.template_scores.shape == (2_000, 4)
    assert np.bincount(toy.template_labels).tolist() == [500] * 4
    assert toy.realised.sum() == pytest.approx(1)
    assert (toy.template_scores.argmax(axis=1) == toy.template_labels).mean() == pytest.approx(0.95, abs=0.04)
