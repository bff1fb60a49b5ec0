"""Which test decides a difference, and whose limits its interval has: Student's t, the exact sign test, or both."""

import math

import numpy as np
import pytest
from scipy import stats

from netgain.stats import clopper_pearson, difference, mcnemar_exact


def test_one_seed_each_is_mcnemar():
    a = np.arange(1000)[np.newaxis] >= 40
    b = a.copy()
    b[0, :25], b[0, 100:110] = True, False
    measured = difference(a, b)
    assert (measured.num_fixed, measured.num_broken, measured.num_discordant) == (25, 10, 35)
    assert measured.method == "exact McNemar"
    assert measured.p_value == mcnemar_exact(25, 10)
    assert measured.effect == 0.015
    assert measured.training is None
    assert measured.test_sample == pytest.approx(math.sqrt((0.035 - 0.015**2) / 999))
    # By hand: limits of 25/35 and of 35/1000, each of them exact.
    share, fraction = clopper_pearson(25, 35), clopper_pearson(35, 1000)
    interval = measured.interval()
    assert interval.low == pytest.approx((2 * share.low - 1) * fraction.low)
    assert interval.high == pytest.approx((2 * share.high - 1) * fraction.high)
    assert str(measured) == "+1.50 ± 0.59 (test sample) percentage points, training not measured"


@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("fixed", [9, 5])
def test_one_seed_each_takes_the_exact_limits_alone(fixed, level):
    # 9 of 10 images differ. Where all of them are fixed, Student's interval would reach 1, the exact one does not.
    a, b = np.arange(10)[np.newaxis] >= fixed, np.arange(10)[np.newaxis] < fixed
    a[0, 9] = b[0, 9] = False
    measured = difference(a, b)
    assert (measured.num_fixed, measured.num_broken, measured.discordant_rms) == (fixed, 9 - fixed, 1)
    share, fraction = clopper_pearson(fixed, 9, level), clopper_pearson(9, 10, level)
    # Each limit takes the limit of the fraction that makes the interval wider.
    of_low = fraction.low if share.low > 0.5 else fraction.high
    interval = measured.interval(level)
    expected = ((2 * share.low - 1) * of_low, (2 * share.high - 1) * fraction.high)
    assert (interval.low, interval.high, interval.level) == pytest.approx((*expected, level))
    swapped = difference(b, a)
    assert swapped.p_value == measured.p_value == mcnemar_exact(fixed, 9 - fixed)
    mirrored = swapped.interval(level)
    assert (mirrored.low, mirrored.high) == pytest.approx((-interval.high, -interval.low))


def test_many_images_that_differ_take_the_t_limits_alone():
    # Identical seeds: the spread of the images is all there is, and the exact limits would be wider.
    one = np.arange(400) >= 60
    other = one.copy()
    other[:40], other[100:115] = True, False
    measured = difference(np.tile(one, (5, 1)), np.tile(other, (5, 1)))
    assert measured.method == "crossed t"
    changes = other.astype(float) - one
    half = stats.t.ppf(0.975, 399) * changes.std(ddof=1) / 20
    interval = measured.interval()
    assert (interval.low, interval.high) == pytest.approx((changes.mean() - half, changes.mean() + half))


def test_few_images_that_differ_take_the_wider_of_both_limits():
    a, b = np.zeros((2, 50), bool), np.zeros((2, 50), bool)
    b[:, :4], b[0, 4:10], a[0, 10:13] = True, True, True
    measured = difference(a, b)
    assert (measured.num_fixed, measured.num_broken) == (10, 3)
    assert measured.discordant_rms == pytest.approx(math.sqrt((4 + 9 * 0.25) / 13))
    share, fraction = clopper_pearson(10, 13), clopper_pearson(13, 50)
    half = stats.t.ppf(0.975, measured.degrees_of_freedom) * math.sqrt(measured.variance)
    low, high = ((2 * limit - 1) * measured.discordant_rms * fraction.high for limit in (share.low, share.high))
    interval = measured.interval()
    expected = (min(low, measured.effect - half), max(high, measured.effect + half))
    assert (interval.low, interval.high) == pytest.approx(expected)


def test_one_seed_each_with_groups_takes_the_larger_p():
    a = np.zeros((1, 1000), bool)
    b = np.arange(1000)[np.newaxis] < 30
    alone, together = np.arange(1000), np.arange(1000) // 30
    assert difference(a, b, alone).p_value < 1e-4
    # Student's p would be the larger one here too, and has no say without groups.
    assert difference(a, b).p_value == pytest.approx(mcnemar_exact(30, 0), rel=1e-12)
    measured = difference(a, b, together)
    assert measured.method == "exact McNemar with clustered t"
    assert measured.p_value > 0.1
    assert measured.interval().low < 0


def test_few_discordant_images_get_the_exact_sign_test():
    a = np.ones((5, 2000), bool)
    a[:, :24] = False
    b = np.ones((5, 2000), bool)
    b[:, :18] = False
    few = difference(a, b)
    assert few.num_discordant == 6
    assert few.method == "crossed t with exact sign test"
    assert few.p_value == pytest.approx(2 / 2**6)
    a[:, :30], b[:, :5] = False, False
    b[:, 5:30] = True
    assert difference(a, b).num_discordant == 25
    assert difference(a, b).method == "crossed t"


def test_a_majority_against_the_effect_is_no_evidence_for_it():
    # 5 images always fixed outweigh 19 images broken once in 100 seeds: t alone would call it real.
    a = np.zeros((100, 1000), bool)
    a[0, 5:24] = True
    b = np.zeros((100, 1000), bool)
    b[:, :5] = True
    measured = difference(a, b)
    assert measured.effect > 0
    assert measured.num_broken == 19
    assert measured.p_value == 1.0


@pytest.mark.parametrize("seeds", [1, 5])
def test_identical_arms(seeds):
    right = np.random.default_rng(0).random((seeds, 500)) < 0.9
    measured = difference(right, right)
    assert (measured.effect, measured.p_value, measured.num_discordant) == (0.0, 1.0, 0)
    interval = measured.interval()
    assert interval.high == -interval.low == pytest.approx(1 - 0.025 ** (1 / 500), abs=0.05)
    assert measured.discordant_rms == 1
    if seeds == 1:
        assert interval.high == pytest.approx(1 - 0.025 ** (1 / 500))
        assert measured.degrees_of_freedom == 499


def test_a_shift_of_every_image_has_a_length():
    measured = difference(np.zeros((5, 100), bool), np.ones((5, 100), bool))
    assert measured.variance == 0
    assert 0 < measured.p_value < 1e-20
    assert 0.8 < measured.interval().low < measured.interval().high == 1
