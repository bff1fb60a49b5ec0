import pytest

from netgain.errors import StatisticsError
from netgain.stats.spending import spent_level


def test_the_levels_of_all_attempts_sum_to_alpha():
    levels = [spent_level(attempt, 0.025) for attempt in range(1, 20_000)]
    assert sum(levels) == pytest.approx(0.025, rel=1e-3)
    assert sum(levels) < 0.025
    assert levels == sorted(levels, reverse=True)


def test_what_is_no_attempt_is_refused():
    with pytest.raises(StatisticsError, match="attempt"):
        spent_level(0)
