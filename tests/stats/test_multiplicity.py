from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from netgain.errors import StatisticsError
from netgain.stats import benjamini_hochberg, holm

METHODS = [(holm, "holm"), (benjamini_hochberg, "fdr_bh")]


@pytest.mark.parametrize(("method", "name"), METHODS)
@settings(max_examples=25, deadline=None)
@given(p_values=st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.02]), min_size=1, max_size=20))
def test_agrees_with_statsmodels(method, name, p_values):
    with patch("gc.collect"):  # statsmodels collects at each call, half a second among all that the suite imports
        expected = np.asarray(multipletests(p_values, method=name)[1], dtype=float)
    np.testing.assert_allclose(method(p_values), expected, rtol=1e-12, atol=1e-300)  # smaller ones have no digits left


@pytest.mark.parametrize(("method", "name"), METHODS)
@pytest.mark.parametrize("p_values", [[], [0.1, float("nan")], [1.2], [-0.1], [[0.1, 0.2]]])
def test_anything_but_probabilities_is_refused(method, name, p_values):
    with pytest.raises(StatisticsError, match="numbers between 0 and 1"):
        method(p_values)


@pytest.mark.parametrize(("method", "name"), METHODS)
def test_whole_numbers_are_fractions_too(method, name):
    assert method([1, 0]).dtype == np.float64
