import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgain.errors import StatisticsError
from netgain.stats import CHECKS, sequential_p
from netgain.stats.sequential import LOOK_SHARES


@given(p_values=st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_sequential_p_is_the_formula_of_the_specification_and_only_falls(p_values):
    alpha, levels = 0.05, (0.002, 0.008, 0.015, 0.025)
    slow = 1.0
    for p, level in zip(p_values, levels, strict=False):
        slow = min(slow, p * alpha / level)
    assert sequential_p(p_values) == pytest.approx(slow)
    assert all(sequential_p(p_values) <= sequential_p(p_values[:k]) for k in range(1, len(p_values)))
    # Below α exactly when one check is below its own level.
    assert (sequential_p(p_values) < alpha - 1e-9) <= any(p < a for p, a in zip(p_values, levels, strict=False))


def test_the_shares_spend_alpha_and_no_more():
    assert CHECKS == (5, 8, 12, 20)
    assert sum(LOOK_SHARES) == pytest.approx(1)
    assert len(LOOK_SHARES) == len(CHECKS)


@pytest.mark.parametrize("p_values", [[], [0.1] * 5, [1.1], [float("nan")]])
def test_anything_but_the_p_values_of_looks_is_refused(p_values):
    with pytest.raises(StatisticsError, match="`p_values` is"):
        sequential_p(p_values)
