"""Where few images tell the gaps of two arms apart: how small p may become, and where the interval must reach."""

import numpy as np
import pytest

from netgain.stats import RightAnswers, gap_difference, overtraining


def few_discordant(count, seeds=5, images=1000):
    """B has `count` test images wrong that A has right; every network of an arm answers alike."""
    right, wrong = np.ones((seeds, images), bool), np.ones((seeds, images), bool)
    wrong[:, :count] = False
    return (RightAnswers(right, right, np.arange(images)), RightAnswers(right, wrong, np.arange(images)))


@pytest.mark.parametrize("count", [1, 4, 8])
def test_a_few_images_cannot_say_more_than_a_sign_test_of_as_many(count):
    measured = gap_difference(*few_discordant(count))
    assert measured.effect == pytest.approx(count / 1000)
    assert measured.effective_images == pytest.approx(count, rel=0.05)
    assert measured.p_value == pytest.approx(2.0 ** (1 - measured.effective_images))


def test_few_images_of_a_small_sample_do_not_hide_behind_many_of_a_large_one():
    # 4 of 100 test images carry the effect; 100 of 10,000 training images differ too, and weigh nothing.
    rng = np.random.default_rng(0)
    a, b = (np.ones((5, 10_000), bool) for _ in range(2))
    a[:, rng.choice(10_000, 50)], b[:, rng.choice(10_000, 50)] = False, False
    right, wrong = np.ones((5, 100), bool), np.ones((5, 100), bool)
    wrong[:, :4] = False
    measured = gap_difference(RightAnswers(a, right, np.arange(10_000)), RightAnswers(b, wrong, np.arange(10_000)))
    assert 3 < measured.effective_images < 6
    assert measured.p_value > 0.02


def test_equal_arms_tell_nothing_and_have_an_interval_of_some_length():
    rng = np.random.default_rng(0)
    a = RightAnswers(rng.random((4, 90)) < 0.8, rng.random((4, 70)) < 0.7, np.arange(90))
    measured = gap_difference(a, a)
    assert (measured.effect, measured.p_value) == (0.0, 1.0)
    same, _ = few_discordant(0)
    measured = gap_difference(same, same)
    assert (measured.effect, measured.variance, measured.effective_images, measured.p_value) == (0, 0, 0, 1)
    # What was not seen once in 1,000 images: 3.7 of 1,000, the limit of Clopper and Pearson.
    interval = measured.interval()
    assert interval.high == -interval.low == pytest.approx(1 - 0.025 ** (1 / 1000), rel=0.01)


@pytest.mark.parametrize("first_id", [0, 1000])
def test_without_any_variance_nothing_is_claimed(first_id):
    # Every network has all of one sample right and all of the other wrong: no spread, no t. The mean of 47 times 1/47
    # is not 1/47 in floating point.
    right, wrong = np.ones((5, 47), bool), np.zeros((5, 47), bool)
    a, b = RightAnswers(right, right, np.arange(47)), RightAnswers(right, wrong, np.arange(47) + first_id)
    measured = gap_difference(a, b)
    assert (measured.effect, measured.variance, measured.effective_images, measured.p_value) == (1, 0, 0, 1)
    assert measured.interval().low < 0


def test_a_variance_that_the_luck_of_the_networks_explains_is_no_evidence():
    # Both networks have half of the training images right, by chance one of them together: V comes out as zero.
    train = np.array([np.arange(10) < 5, (np.arange(10) >= 4) & (np.arange(10) < 9)])
    right = np.ones((2, 10), bool)
    a, b = RightAnswers(train, right, np.arange(10)), RightAnswers(right, ~right, np.arange(10))
    measured = gap_difference(a, b)
    assert (measured.effect, measured.variance, measured.effective_images) == (1.5, 0, pytest.approx(2))
    assert measured.p_value == 1


def test_equal_gaps_of_the_seeds_have_exactly_no_spread():
    # 0.9 - 0.8 and 0.7 - 0.6 differ in floating point.
    train = np.array([np.arange(10) < right for right in (9, 7, 5)])
    test = np.array([np.arange(10) < right for right in (8, 6, 4)])
    assert overtraining(train, test).training == 0.0


def test_a_p_of_just_1_minus_level_leaves_zero_inside():
    # One of 3 test images differs: 2/3, -1/3 and -1/3 from the mean count as 2 images, so p is at least 1/2.
    measured = gap_difference(*few_discordant(1, images=3))
    assert (measured.effective_images, measured.p_value) == pytest.approx((2, 0.5))
    level = 1 - measured.p_value
    interval = measured.interval(level)
    assert (interval.low, interval.level) == (pytest.approx(-np.log(4) / 3), level)
    assert measured.interval(0.47).low > 0


def test_no_interval_leaves_what_a_difference_of_two_gaps_can_be():
    right = np.ones((2, 3), bool)
    one_of_two = RightAnswers(right, right & [[True], [False]], np.arange(3))
    all_on_test = RightAnswers(~right, right, np.arange(3))
    assert gap_difference(all_on_test, one_of_two).interval().high == 2
    assert gap_difference(one_of_two, all_on_test).interval().low == -2
