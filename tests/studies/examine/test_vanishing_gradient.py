import numpy as np

from netgain.studies.examine.vanishing_gradient import BOUND, chain_ratios


def test_chains_keep_the_bound_and_the_product() -> None:
    ratios, deviation = chain_ratios(np.random.default_rng(0))
    assert 0 < ratios.max() < BOUND
    assert ratios.max() > 0.3 * BOUND  # the bound is not an empty one
    assert deviation < 1e-5
