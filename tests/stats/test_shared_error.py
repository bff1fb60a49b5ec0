"""The mean over seeds of numbers with errors: by runs that share their test items."""

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats.shared_error import mean_with_errors

SHARED, OWN, TRAINING, NUM_SEEDS = 0.4, 0.3, 0.5, 5


def test_intervals_cover_where_runs_share_the_test_items_and_shrinking_errors_do_not() -> None:
    generator, covered, control = np.random.default_rng(0), [], []
    for _ in range(1500):
        common = generator.normal(0, SHARED)
        values = common + generator.normal(0, np.hypot(OWN, TRAINING), NUM_SEEDS)
        found = mean_with_errors(values, np.full(NUM_SEEDS, SHARED), np.full(NUM_SEEDS, OWN), 1000)
        interval = found.interval()
        covered.append(interval.low < 0 < interval.high)
        each = np.sqrt(SHARED**2 + OWN**2) / np.sqrt(NUM_SEEDS)
        control.append(abs(values.mean()) < 1.96 * each)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)
    assert np.mean(control) < 0.7


def test_one_run_has_both_errors_and_no_training_error() -> None:
    found = mean_with_errors([0.7], [0.03], [0.04], 100)
    assert found.test_sample == pytest.approx(0.05)
    assert found.training is None


@pytest.mark.parametrize(
    ("values", "shared", "own", "message"),
    [
        ([], [], [], "received"),
        ([1.0, 2.0], [0.1], [0.1, 0.1], r"\(2,\), \(1,\) and \(2,\)"),
        ([1.0], [-0.1], [0.1], "not below zero"),
        ([np.nan], [0.1], [0.1], "finite"),
    ],
)
def test_what_are_no_errors_is_refused(values: object, shared: object, own: object, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        mean_with_errors(values, shared, own, 10)  # pyright: ignore[reportArgumentType]
