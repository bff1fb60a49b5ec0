import numpy as np
import pytest
from scipy import special
from validation.cells import ACCURACY, Cell, grid, stress_cases
from validation.gap_cells import GapCell, gap_grid, gap_stress_cases
from validation.gap_model import draw_gaps, gap_groups
from validation.gap_truth import correlated_covariance, gap_truth
from validation.model import draw, groups
from validation.planning import population_difference
from validation.truth import HARDNESS_SPREAD, logit_of, normal_grid, truth, variance_of_effect

# Small and extreme, so that every term of the variance counts.
CELLS = [
    Cell((4, 4), 200, (0.0, 0.0), likeness=1.0),
    Cell((3, 6), 200, (0.4, 0.8), likeness=0.9, effect=0.01),
    Cell((4, 4), 200, (0.5, 0.5), likeness=0.9, group_size=10),
    Cell((3, 3), 200, (0.3, 0.3), missing=0.3),
    Cell((3, 3), 200, (0.3, 0.3), diverged=(0.1, 0.3)),
]


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_the_truth_is_what_many_toys_show(cell):
    rng, toys = np.random.Generator(np.random.SFC64(1)), 8000
    effects = np.empty(toys)
    for toy in range(toys):
        right_a, right_b = draw(cell, rng)
        effects[toy] = right_b.mean() - right_a.mean()
    deviation = effects - truth(cell).effect
    assert abs(deviation.mean()) < 4 * np.sqrt(variance_of_effect(cell) / toys)
    squares = deviation**2
    assert abs(squares.mean() - variance_of_effect(cell)) < 4 * squares.std() / np.sqrt(toys)


@pytest.mark.parametrize("tau", [0.0, 0.4])
def test_the_mean_accuracy_is_the_one_declared(tau):
    nodes, weights = np.polynomial.hermite_e.hermegauss(150)
    right = special.expit(logit_of(ACCURACY, tau) + np.hypot(HARDNESS_SPREAD, tau) * nodes)
    assert (weights * right).sum() / weights.sum() == pytest.approx(ACCURACY, abs=1e-9)


@pytest.mark.parametrize("cell", [CELLS[0], CELLS[1]], ids=str)
def test_mean_squares_on_average_make_the_true_variance(cell):
    population = population_difference(cell)
    assert population.training is not None
    assert population.test_sample**2 + population.training**2 == pytest.approx(variance_of_effect(cell))
    assert population.variance == pytest.approx(variance_of_effect(cell))


def test_the_toys_are_the_design():
    right_a, right_b = draw(Cell((3, 6), 200, group_size=10, diverged=(0.0, 1.0)), np.random.default_rng(0))
    assert (right_a.shape, right_b.shape) == ((3, 200), (6, 200))
    assert right_a.any()
    assert not right_b.any()
    ids = groups(CELLS[2])
    assert ids is not None
    assert np.bincount(ids).tolist() == [10] * 20
    assert groups(CELLS[0]) is None


def test_the_specification_has_96_cells_and_every_cell_its_own_name():
    cells = [*grid(), *stress_cases(), *gap_grid(), *gap_stress_cases()]
    assert len(grid()) == 96
    assert len({str(cell) for cell in cells}) == len(cells)


GAP_CELLS = [
    GapCell((4, 4), (200, 200), 150, (0.0, 0.0), 0.0, 1.0),
    GapCell((3, 6), (200, 100), 150, (0.8, 0.5), 0.9, 0.9, effect=0.02),
    GapCell((4, 4), (200, 200), 150, (0.8, 0.8), -0.9, 0.9, loss=0.1, num_shared=50),
    GapCell((4, 4), (100, 100), 200, (0.5, 0.5), 0.5, 0.9, group_size=10),
    GapCell((3, 3), (150, 150), 150, (0.8, 0.8), 0.9, 0.9, loss=0.1, fixed_training=True),
]


@pytest.mark.parametrize("cell", GAP_CELLS, ids=str)
def test_the_truth_about_gaps_is_what_many_toys_show(cell):
    rng, toys = np.random.Generator(np.random.SFC64(2)), 6000
    effects = np.empty(toys)
    for toy in range(toys):
        gaps = [np.asarray(arm.train).mean() - np.asarray(arm.test).mean() for arm in draw_gaps(cell, rng)]
        effects[toy] = gaps[1] - gaps[0]
    effect, variance = gap_truth(cell)
    deviation = effects - effect
    assert abs(deviation.mean()) < 4 * np.sqrt(variance / toys)
    squares = deviation**2
    assert abs(squares.mean() - variance) < 4 * squares.std() / np.sqrt(toys)


@pytest.mark.parametrize("kappa", [0.9, -0.5, 0.0, 1.0])
def test_mehlers_sum_is_the_covariance_of_correlated_seeds(kappa):
    nodes, weights = normal_grid()
    first, second = special.expit(1 + nodes), special.expit(2 - 0.5 * nodes)
    # Straight from the double integral, with v = κu + √(1-κ²) w.
    other = special.expit(2 - 0.5 * (kappa * nodes + np.sqrt(1 - kappa**2) * nodes[:, np.newaxis]))
    expected = (weights * first) @ (weights @ other) - (weights @ first) * (weights @ second)
    assert correlated_covariance(first, second, kappa) == pytest.approx(expected, abs=1e-9)


def test_the_gap_toys_are_the_design():
    a, b = draw_gaps(GAP_CELLS[2], np.random.default_rng(0))
    assert (np.shape(a.train), np.shape(b.test)) == ((4, 200), (4, 150))
    assert len(np.intersect1d(a.train_images, b.train_images)) == 50
    ids = gap_groups(GAP_CELLS[3])
    assert ids is not None
    assert np.bincount(ids).tolist() == [10] * 20
    assert gap_groups(GAP_CELLS[0]) is None
