from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

from netgain.errors import StatisticsError
from netgain.stats import mcnemar_exact, mcnemar_mid_p

COUNTS = st.integers(0, 400)


def test_oracles():
    assert mcnemar_exact(25, 10) == pytest.approx(0.0166738478, abs=1e-10)
    assert mcnemar_mid_p(25, 10) == pytest.approx(0.0113309842, abs=1e-10)


@settings(deadline=None)
@given(fixed=COUNTS, broken=COUNTS)
def test_agrees_with_statsmodels_and_has_no_direction(fixed, broken):
    exact = mcnemar_exact(fixed, broken)
    theirs: Any = mcnemar([[9, fixed], [broken, 9]], exact=True)
    assert exact == pytest.approx(1.0 if fixed == broken else theirs.pvalue, rel=1e-9)
    assert mcnemar_exact(broken, fixed) == exact
    assert mcnemar_mid_p(broken, fixed) == mcnemar_mid_p(fixed, broken) <= 1


@settings(deadline=None)
@given(fixed=COUNTS, broken=COUNTS)
def test_mid_p_counts_the_outcome_itself_half(fixed, broken):
    total, fewer = fixed + broken, min(fixed, broken)
    below = stats.binom.cdf(fewer - 1, total, 0.5)
    expected = 2 * (below + stats.binom.pmf(fewer, total, 0.5) / 2)
    assert mcnemar_mid_p(fixed, broken) == pytest.approx(expected, rel=1e-9)


def test_nothing_differs():
    assert mcnemar_exact(0, 0) == mcnemar_mid_p(0, 0) == 1.0


@pytest.mark.parametrize("test", [mcnemar_exact, mcnemar_mid_p])
@pytest.mark.parametrize("counts", [(-1, 2), (1, 2.5), (float("nan"), 2)])
def test_counts_that_cannot_be_are_refused(test, counts):
    with pytest.raises(StatisticsError, match="must be numbers of images: whole and not negative"):
        test(*counts)
