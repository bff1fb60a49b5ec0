import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import difference, mean_accuracy
from netgain.stats.arrays import check_fraction, group_numbers, right_matrix


@pytest.mark.parametrize(
    ("right", "message"),
    [
        ([True, False], r"shape \(2,\).*right\[np.newaxis, :\]"),
        (np.zeros((2, 3, 4), bool), r"shape \(2, 3, 4\)"),
        (np.zeros((0, 3), bool), "at least one seed and one test image"),
        (np.zeros((3, 0), bool), "at least one seed and one test image"),
        ([[0, 1], [1, 1]], "holds int64, expected booleans"),
        ([[0.0, np.nan]], "holds float64, expected booleans"),
        ([[True], [True, False]], "same test images"),
    ],
)
def test_anything_but_a_boolean_matrix_is_refused(right, message):
    with pytest.raises(StatisticsError, match=message):
        right_matrix(right)
    with pytest.raises(StatisticsError, match="`right`"):
        mean_accuracy(right)
    with pytest.raises(StatisticsError, match="`right_b`"):
        difference(np.ones((2, 2), bool), right)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([1, 2], r"shape \(2,\), expected \(3,\)"),
        ([], r"shape \(0,\)"),
        ([[1, 2, 3]], r"shape \(1, 3\)"),
        ([1.0, 2.0, float("nan")], "holds float64"),
        ([7, 7, 7], "all 3 test images in one group"),
    ],
)
def test_unusable_groups_are_refused(groups, message):
    with pytest.raises(StatisticsError, match=message):
        group_numbers(groups, 3)
    with pytest.raises(StatisticsError, match=message):
        difference(np.ones((2, 3), bool), np.ones((2, 3), bool), groups)


def test_group_ids_may_be_numbers_or_names():
    assert group_numbers([30, -1, 30], 3).tolist() == [1, 0, 1]
    assert group_numbers(["w2", "w1", "w2"], 3).tolist() == [1, 0, 1]


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 95, float("nan")])
def test_a_fraction_lies_strictly_between_its_ends(value):
    with pytest.raises(StatisticsError, match=r"`level` is .*, expected a number between 0 and 1\."):
        check_fraction(value, "level")
