import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import accuracy_interval, mean_accuracy
from netgain.stats.crossed import fraction_interval, sum_of_squares

MATRICES = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


def slow_mean_squares(right):
    """MS_I, MS_S and MS_IS by plain loops."""
    seeds, images = right.shape
    mean = sum(float(x) for row in right for x in row) / (seeds * images)
    of_image = [sum(float(right[s, i]) for s in range(seeds)) / seeds for i in range(images)]
    of_seed = [sum(float(right[s, i]) for i in range(images)) / images for s in range(seeds)]
    residual = sum(
        (float(right[s, i]) - of_seed[s] - of_image[i] + mean) ** 2 for s in range(seeds) for i in range(images)
    )
    return (
        seeds * sum((x - mean) ** 2 for x in of_image) / (images - 1),
        images * sum((x - mean) ** 2 for x in of_seed) / (seeds - 1),
        residual / ((images - 1) * (seeds - 1)),
    )


@pytest.fixture(params=range(4))
def right(request):
    rng = np.random.default_rng(request.param)
    easy = rng.random(9)
    return rng.random((5, 9)) < np.clip(easy + rng.normal(0, 0.2, (5, 1)), 0, 1)


def test_mean_squares_equal_plain_loops(right):
    accuracy = mean_accuracy(right)
    fast = (accuracy.mean_square_images, accuracy.mean_square_seeds, accuracy.mean_square_residual)
    assert fast == pytest.approx(slow_mean_squares(right), abs=1e-14)
    assert accuracy.value == pytest.approx(right.mean(), abs=1e-15)
    assert (accuracy.num_seeds, accuracy.num_images) == right.shape


def test_variance_equals_the_one_shot_u_statistic(right, gallas_variance):
    accuracy = mean_accuracy(right)
    assert accuracy.test_sample > 0, "the floor acts: choose another matrix"
    assert accuracy.standard_error**2 == pytest.approx(gallas_variance(right), abs=1e-12)


def test_training_part_is_the_error_of_the_seed_accuracies(right):
    accuracy = mean_accuracy(right)
    assert accuracy.training == pytest.approx(right.mean(axis=1).std(ddof=1) / math.sqrt(len(right)))
    assert accuracy.standard_error == pytest.approx(math.hypot(accuracy.test_sample, accuracy.training or 0))


def test_seed_sigma_is_the_spread_on_infinitely_many_images():
    rng = np.random.default_rng(8)
    probability = np.clip(0.9 + rng.normal(0, 0.02, (200, 1)), 0, 1)
    accuracy = mean_accuracy(rng.random((200, 500)) < probability)
    assert accuracy.seed_sigma == pytest.approx(0.02, rel=0.15)
    assert mean_accuracy(rng.random((200, 500)) < 0.9).seed_sigma == pytest.approx(0, abs=0.004)


def test_prints_as_physicists_do():
    right = np.ones((5, 1000), bool)
    right[:, :12] = False
    right[0, 12:15] = False
    assert str(mean_accuracy(right)) == "98.74 ± 0.34 (test sample) ± 0.06 (training) %"
    assert str(mean_accuracy(right[1:2])) == ("98.80 ± 0.34 (test sample) %, one seed: training not measured")
    right[0, 15:500] = False
    assert str(mean_accuracy(right)).endswith(" ± 9.76 (training) %")


def test_all_or_none_right_is_a_count_with_its_interval():
    assert str(mean_accuracy(np.ones((1, 36), bool))) == "36 of 36 right: 100 % (95 %: 90.3–100)"
    assert str(mean_accuracy(np.ones((5, 1000), bool))) == (
        "1,000 of 1,000 right with each of 5 seeds: 100 % (95 %: 99.6–100)"
    )
    assert str(mean_accuracy(np.zeros((5, 10), bool))) == "0 of 10 right with each of 5 seeds: 0 % (95 %: 0–30.8)"


def test_an_error_that_two_decimals_would_round_away_keeps_its_digits():
    right = np.ones((2, 20_000), bool)
    right[0, 0] = False
    assert str(mean_accuracy(right)) == "99.997 ± <0.01 (test sample) ± 0.003 (training) %"
    right[1, 0] = False
    assert str(mean_accuracy(right)) == "99.995 ± 0.01 (test sample) ± <0.01 (training) %"


def test_one_seed_has_no_training_part_and_the_binomial_interval():
    right = np.arange(1000)[np.newaxis] >= 30
    accuracy = mean_accuracy(right)
    assert accuracy.training is None
    assert accuracy.seed_sigma is None
    assert accuracy.standard_error == accuracy.test_sample == pytest.approx(math.sqrt(0.97 * 0.03 / 999))
    interval = accuracy.interval()
    expected = accuracy_interval(970, 1000)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_identical_seeds_are_one_network():
    one = np.random.default_rng(1).random((1, 2000)) < 0.9
    many = mean_accuracy(np.repeat(one, 5, axis=0))
    assert many.training == 0
    assert many.test_sample == pytest.approx(mean_accuracy(one).test_sample)
    wide, single = many.interval(), mean_accuracy(one).interval()
    assert (wide.low, wide.high) == pytest.approx((single.low, single.high), abs=1e-4)


@settings(deadline=None)
@given(right=MATRICES, level=st.floats(0.5, 0.999), order=st.randoms(use_true_random=False))
def test_order_changes_no_digit_and_everything_is_finite(right, level, order):
    accuracy = mean_accuracy(right)
    seeds, images = list(range(len(right))), list(range(right.shape[1]))
    order.shuffle(seeds)
    order.shuffle(images)
    assert mean_accuracy(right[seeds][:, images]) == accuracy
    assert math.isfinite(accuracy.standard_error)
    assert "nan" not in str(accuracy)
    interval = accuracy.interval(level)
    assert 0 <= interval.low <= accuracy.value <= interval.high <= 1
    assert interval.low < interval.high
    opposite = mean_accuracy(~right)
    assert opposite.standard_error == pytest.approx(accuracy.standard_error, abs=1e-12)


@pytest.mark.parametrize("seeds", [2, 3, 20])
def test_interval_is_wilson_for_the_images_worth_the_variance(seeds):
    rng = np.random.default_rng(seeds)
    right = rng.random((seeds, 400)) < np.clip(rng.random(400) + rng.normal(0, 0.1, (seeds, 1)), 0, 1)
    accuracy = mean_accuracy(right)
    images_part, seeds_part, _ = (x / right.size for x in slow_mean_squares(right))
    variance = accuracy.standard_error**2
    freedom = variance**2 / (images_part**2 / 399 + seeds_part**2 / (seeds - 1))
    t, p = stats.t.ppf(0.95, max(seeds - 1, freedom)), right.mean()
    # Wilson's limits are where (p - limit)² = t² · variance · limit(1 - limit) / (p(1 - p)).
    interval = accuracy.interval(0.9)
    for limit in (interval.low, interval.high):
        assert (p - limit) ** 2 == pytest.approx(t**2 * variance * limit * (1 - limit) / (p * (1 - p)), rel=1e-6)


def test_a_single_image_is_one_trial_however_many_seeds():
    accuracy = mean_accuracy([[True], [True], [False], [True]])
    assert (accuracy.mean_square_images, accuracy.mean_square_residual) == (0, 0)
    assert accuracy.interval() == accuracy_interval(0.75, 1)
    assert accuracy.interval(0.5) == accuracy_interval(0.75, 1, 0.5)


def test_two_images_have_a_spread():
    accuracy = mean_accuracy([[True, False], [True, False], [True, True]])
    assert accuracy.mean_square_images == pytest.approx(2 / 3)
    assert accuracy.test_sample == pytest.approx(math.sqrt((2 / 3 - 1 / 6) / 6))


def test_a_fraction_of_all_or_none_has_the_interval_of_the_fewest_trials():
    """Such a fraction may have a variance from elsewhere, as that of a threshold."""
    assert fraction_interval(1.0, 1e-4, 10, (50, 100), 0.9) == accuracy_interval(50, 50, 0.9)
    assert fraction_interval(0.0, 1e-4, 10, (50, 100), 0.9) == accuracy_interval(0, 50, 0.9)


def test_squares_of_small_integers_do_not_overflow():
    assert sum_of_squares(np.array([2**20], np.int32)) == 2**40


def test_table_of_one_row():
    accuracy = mean_accuracy([[True, True, False, True], [True, False, False, True]])
    interval = accuracy.interval()
    assert accuracy.frame().to_dict("records") == [
        {
            "accuracy": 0.625,
            "test_sample": accuracy.test_sample,
            "training": accuracy.training,
            "low": interval.low,
            "high": interval.high,
            "seeds": 2,
            "images": 4,
        }
    ]


def test_seeds_that_make_up_for_each_other_count_as_no_more_than_all_their_trials():
    # Every image is right for exactly one of two seeds, but for one image: almost no spread at all.
    first = np.arange(400) % 2 == 0
    right = np.array([first, ~first])
    right[:, 0] = True
    accuracy = mean_accuracy(right)
    assert accuracy.test_sample == 0, "MS_I is below MS_IS: the part counts as zero"
    assert accuracy.standard_error == accuracy.training == 0.00125
    interval, all_trials = accuracy.interval(), accuracy_interval(401, 800)
    assert interval.high - interval.low >= all_trials.high - all_trials.low - 1e-9


def test_coverage_of_the_mean_accuracy(toy_pair, toy_accuracy):
    rng = np.random.default_rng(5)
    truth, toys = toy_accuracy(9.0, 0.3), 400
    hits = naive = 0
    for _ in range(toys):
        right = toy_pair(rng, seeds=5, images=1000, tau=0.3)[0]
        interval = mean_accuracy(right).interval()
        hits += interval.low <= truth <= interval.high
        naive += abs(right.mean() - truth) < 1.96 * right.mean(axis=1).std(ddof=1) / math.sqrt(5)
    assert 0.92 <= hits / toys <= 0.985
    assert naive / toys < 0.87, "the spread of the seeds alone must not cover"


def test_an_impossible_level_is_refused():
    with pytest.raises(StatisticsError, match="`level` is 1"):
        mean_accuracy([[True, False]]).interval(1)


def test_groups_widen_the_test_sample_part():
    rng = np.random.default_rng(0)
    of_writers = (rng.random(60) < 0.8) ^ (rng.random((5, 60)) < 0.02)  # hard for all networks alike
    right, writers = np.repeat(of_writers, 50, axis=1), np.repeat(np.arange(60), 50)
    alone, together = mean_accuracy(right), mean_accuracy(right, writers)
    by_writer = mean_accuracy(of_writers)
    assert together.value == alone.value
    assert together.training == alone.training
    assert together.test_sample > 5 * alone.test_sample
    assert together.standard_error == pytest.approx(by_writer.standard_error, rel=0.1)
    assert together.interval().high - together.interval().low > 3 * (alone.interval().high - alone.interval().low)
    one = mean_accuracy(right[:1], writers)
    assert one.interval().high - one.interval().low > 0.1


@pytest.mark.parametrize("seeds", [1, 3])
def test_interval_with_groups_is_wilson_with_as_many_degrees_of_freedom_as_groups_less_one(seeds):
    rng = np.random.default_rng(seeds)
    writers = np.repeat(np.arange(30), np.arange(30) % 4 + 1)
    right = rng.random((seeds, len(writers))) < np.clip(0.6 + rng.normal(0, 0.2, 30), 0, 1)[writers]
    accuracy = mean_accuracy(right, writers)
    of_images, p = right.mean(axis=0), right.mean()
    images_part = sum(sum(of_images[writers == one] - p) ** 2 for one in range(30)) / len(writers) ** 2
    seeds_part = right.mean(axis=1).var(ddof=1) / seeds if seeds > 1 else 0
    variance = accuracy.standard_error**2
    freedom = variance**2 / (images_part**2 / 29 + seeds_part**2 / max(seeds - 1, 1))
    t = stats.t.ppf(0.95, max(seeds - 1, freedom))
    assert (accuracy.num_groups, accuracy.num_images) == (30, len(writers))
    interval = accuracy.interval(0.9)
    for limit in (interval.low, interval.high):
        assert (p - limit) ** 2 == pytest.approx(t**2 * variance * limit * (1 - limit) / (p * (1 - p)), rel=1e-6)
    if seeds == 1:
        assert variance == pytest.approx(images_part)
