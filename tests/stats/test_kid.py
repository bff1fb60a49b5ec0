"""The kernel distance: pair by pair, and by pseudo-experiments."""

import numpy as np
import pytest
from validation.two_sample_toys import TwoSampleCell, kid_toys, uniform_p

from netgain.errors import StatisticsError
from netgain.stats import samples
from netgain.stats.kid import kid

NULL = TwoSampleCell(num_images=120, num_features=8, shift=0.0)
PLANTED = TwoSampleCell(num_images=120, num_features=8, shift=1.0)


def test_it_is_the_mean_over_all_pairs() -> None:
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(12, 3)), generator.normal(0.5, 1, size=(15, 3))

    def mean(first: np.ndarray, second: np.ndarray, *, is_same: bool) -> float:
        pairs = [
            (1 + sum(a * b for a, b in zip(one, other, strict=True)) / 3) ** 3
            for i, one in enumerate(first)
            for j, other in enumerate(second)
            if not (is_same and i == j)
        ]
        return sum(pairs) / len(pairs)

    slow = mean(x, x, is_same=True) + mean(y, y, is_same=True) - 2 * mean(x, y, is_same=False)
    assert kid(x, y).value == pytest.approx(slow)


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=(50, 3)), generator.normal(0.2, 1, size=(41, 3))
    whole = kid(x, y)
    monkeypatch.setattr("netgain.stats.kid.ROWS", 7)
    parts = kid(x, y)
    assert samples.ROWS == 1000
    assert (parts.value, parts.first_error, parts.second_error, parts.p_value) == pytest.approx(
        (whole.value, whole.first_error, whole.second_error, whole.p_value)
    )


def test_for_one_distribution_it_is_unbiased_and_p_is_uniform() -> None:
    toys = kid_toys(NULL, 500)
    assert abs(toys.values.mean()) < 3.5 * toys.values.std() / np.sqrt(len(toys.values))
    assert uniform_p(toys.p_values) > 0.001
    assert float((toys.p_values < 0.05).mean()) == pytest.approx(0.05, abs=0.03)
    assert 1 < toys.error_ratio < 1.35  # never too small; the linear part is not estimated below zero


def test_a_planted_difference_is_found_with_the_right_error() -> None:
    toys = kid_toys(PLANTED, 500)
    assert float((toys.p_values < 0.05).mean()) > 0.9
    assert toys.error_ratio == pytest.approx(1, abs=0.1)
    assert toys.coverage > 0.88  # few images and a steep kernel; 0.94 for 400 images


def test_each_error_is_that_of_its_sample() -> None:
    generator = np.random.default_rng(2)
    small, large = generator.normal(0.8, 1, (60, 4)), generator.normal(size=(600, 4))
    found = kid(small, large)
    assert found.first_error > 2 * found.second_error
    swapped = kid(large, small)
    assert (swapped.value, swapped.second_error) == pytest.approx((found.value, found.first_error))


def test_equal_points_have_no_distance_and_no_error() -> None:
    same = kid(np.ones((20, 3)), np.ones((20, 3)))
    assert same.value == pytest.approx(0)
    assert same.p_value >= 0.5


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (np.zeros((9, 2)), np.zeros((20, 2)), "`first` has 9 images, expected at least 10"),
        (np.zeros((20, 2)), np.zeros((20, 3)), "`first` has 2 and `second` has 3 numbers per image"),
        (np.zeros(20), np.zeros((20, 3)), r"`first` has shape \(20,\)"),
        (np.full((20, 2), np.inf), np.zeros((20, 2)), "not finite"),
    ],
)
def test_what_are_no_features_is_refused(first: np.ndarray, second: np.ndarray, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        kid(first, second)
