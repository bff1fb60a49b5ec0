"""Priors of a shift's amount: their quadratures against integrals done otherwise, and their draws."""

import numpy as np
import pytest
from scipy import integrate, stats

from netgain.data.priors import Fixed, Normal, Prior, Uniform


def accuracy(degrees: np.ndarray | float) -> np.ndarray | float:
    """Like that of a network against the angle of the images: flat at the top, with wide shoulders."""
    return 0.1 + 0.87 / (1 + (np.abs(degrees) / 40) ** 3)


@pytest.mark.parametrize(
    ("prior", "density"),
    [
        (Normal(0, 10), stats.norm(0, 10)),
        (Normal(5, 15), stats.norm(5, 15)),
        (Uniform(-20, 45), stats.uniform(-20, 65)),
    ],
)
def test_a_quadrature_gives_the_mean_over_the_prior(prior: Prior, density: stats.rv_continuous) -> None:
    nodes = prior.nodes()
    expected = integrate.quad(lambda at: accuracy(at) * density.pdf(at), -90, 90, points=[0], limit=200)[0]
    assert nodes.weights @ accuracy(nodes.amounts) == pytest.approx(expected, abs=4e-4)  # 0.04 percentage points


@pytest.mark.parametrize("prior", [Normal(3, 2), Uniform(1, 7)])
def test_mean_and_sigma_are_those_of_the_nodes_and_of_the_draws(prior: Prior) -> None:
    nodes, drawn = prior.nodes(), prior.draw(40_000, np.random.default_rng(1))
    mean = nodes.weights @ nodes.amounts
    sigma = np.sqrt(nodes.weights @ (nodes.amounts - mean) ** 2)
    assert (prior.mean, prior.sigma) == (pytest.approx(mean), pytest.approx(sigma))
    assert (drawn.mean(), drawn.std()) == (pytest.approx(mean, abs=0.04), pytest.approx(sigma, rel=0.02))
    assert prior.steps == (pytest.approx(mean - sigma), pytest.approx(mean + sigma))
    assert prior.reach[0] <= nodes.amounts.min() < nodes.amounts.max() <= prior.reach[1]
    assert nodes.weights.sum() == pytest.approx(1)


def test_a_fixed_amount_is_one_node_without_spread() -> None:
    prior = Fixed(0.8)
    assert (prior.mean, prior.sigma, prior.steps, prior.reach) == (0.8, 0.0, (0.8,), (0.8, 0.8))
    assert prior.nodes().amounts.tolist() == [0.8]
    assert prior.draw(3, np.random.default_rng(0)).tolist() == [0.8, 0.8, 0.8]


def test_two_different_priors_are_never_written_alike() -> None:
    """What is stored is found by the text: six digits would take one measurement for another's."""
    assert str(Normal(0, 10.1234567)) != str(Normal(0, 10.1234568))
    assert str(Uniform(0, 1)) == "U(0,1)"
