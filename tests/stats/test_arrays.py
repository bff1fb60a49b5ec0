import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import difference, mean_accuracy
from netgain.stats.arrays import (
    answer_matrix,
    check_fraction,
    group_numbers,
    label_array,
    probability_array,
    right_matrix,
    score_array,
    two_samples,
)


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
    with pytest.raises(StatisticsError, match=r"`alpha` is 0\.5, expected a number between 0 and 0\.5\."):
        check_fraction(0.5, "alpha", below=0.5)
    check_fraction(1e-9, "level")
    check_fraction(0.499, "alpha", below=0.5)


def test_scores_of_any_precision_are_taken_in_double():
    assert score_array(np.ones((1, 2, 3), np.float32)).dtype == np.float64
    assert score_array([[["1", "2"]]]).tolist() == [[[1.0, 2.0]]]


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([[0.5, 0.5]], r"`scores` has shape \(1, 2\), expected \[S, n, K\]"),
        (np.zeros((1, 0, 2)), r"`scores` has shape \(1, 0, 2\), expected at least one seed, one image and two classes"),
        (np.zeros((2, 3, 1)), r"`scores` has shape \(2, 3, 1\), expected at least one seed, one image and two classes"),
        ([[[0.5, 0.6]], [[0.5, np.nan]]], r"`scores` holds values that are not finite, in rows \[1\]"),
        ([[[0.5, 0.6], [0.5]]], r"`scores` cannot be made an array of numbers \(.*\); give every seed the same images"),
    ],
)
def test_scores_that_cannot_be_are_refused(scores, message):
    for check in (score_array, probability_array):
        with pytest.raises(StatisticsError, match=message):
            check(scores)
        with pytest.raises(StatisticsError, match=message.replace("scores", "of_mine")):
            check(scores, "of_mine")


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1], r"has shape \(2,\), expected \(3,\): one label for each image"),
        ([0.0, 1.0, 2.0], "holds float64, expected whole numbers, a class for each image"),
        ([-1, 0, 3], "reaches from -1 to 3, expected classes from 0 to 3"),
        ([0, 1, 4], "reaches from 0 to 4, expected classes from 0 to 3"),
    ],
)
def test_labels_that_cannot_be_are_refused(labels, message):
    with pytest.raises(StatisticsError, match=f"`labels` {message}"):
        label_array(labels, 3, 4)
    with pytest.raises(StatisticsError, match=f"`mine` {message}"):
        label_array(labels, 3, 4, "mine")


@pytest.mark.parametrize("kind", [np.uint8, np.int64])
def test_labels_are_whole_numbers_that_index(kind):
    labels = label_array(np.array([3, 0, 1], kind), 3, 4)
    assert (labels.tolist(), labels.dtype) == ([3, 0, 1], np.intp)


def test_probabilities_may_leave_their_range_by_rounding_only():
    assert probability_array([[[-1e-4, 1 + 1e-4]]]).tolist() == [[[0.0, 1.0]]]
    with pytest.raises(StatisticsError, match="`scores` reaches from -0.0002 to 1"):
        probability_array([[[-2e-4, 1.0]]])
    with pytest.raises(StatisticsError, match="`of_mine` reaches from 0 to 1.0002"):
        probability_array([[[0.0, 1.0002]]], "of_mine")


@pytest.mark.parametrize("answers", [[0, 1], [[0.0, 1.0]], np.zeros((2, 0), int)])
def test_answers_that_cannot_be_are_refused(answers):
    with pytest.raises(StatisticsError, match="`answers` has shape .* and holds .*, expected whole numbers"):
        answer_matrix(answers, 2)
    with pytest.raises(StatisticsError, match="`mine` reaches from 0 to 2, expected classes from 0 to 1"):
        answer_matrix([[0, 2]], 2, "mine")


def test_answers_are_whole_numbers_that_index():
    assert answer_matrix(np.zeros((1, 2), np.uint8), 2).dtype == np.intp


def test_two_samples_of_the_same_networks():
    first, second = np.full((2, 3, 4), 0.25), np.full((2, 5, 4), 0.2)
    samples = two_samples((first, [0, 1, 2]), (second, [3, 2, 1, 0, 0]), ("a", "b"))
    assert [scores.tolist() for scores, _ in samples] == [first.tolist(), second.tolist()]
    assert [labels.tolist() for _, labels in samples] == [[0, 1, 2], [3, 2, 1, 0, 0]]


def test_two_samples_are_named_in_what_is_refused():
    first, second = np.full((2, 3, 4), 0.25), np.full((2, 5, 4), 0.25)
    labels = np.zeros(3, int), np.zeros(5, int)
    with pytest.raises(StatisticsError, match=r"`a_scores` has shape \(1, 3, 4\) and `b_scores` \(2, 5, 4\)"):
        two_samples((first[:1], labels[0]), (second, labels[1]), ("a", "b"))
    with pytest.raises(StatisticsError, match=r"`a_scores` has shape \(2, 3, 3\) and `b_scores` \(2, 5, 4\)"):
        two_samples((first[:, :, :3], labels[0]), (second, labels[1]), ("a", "b"))
    with pytest.raises(StatisticsError, match="`b_scores` reaches"):
        two_samples((first, labels[0]), (5 * second, labels[1]), ("a", "b"))
    with pytest.raises(StatisticsError, match="`a_labels` has shape"):
        two_samples((first, labels[1]), (second, labels[1]), ("a", "b"))
