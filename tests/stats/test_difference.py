import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import INDEPENDENT_ITEMS, Difference, difference
from netgain.stats.rounding import signed


@st.composite
def pairs(draw):
    """Two matrices on the same images: both of one seed, or both of more."""
    images = draw(st.integers(1, 40))
    one = draw(st.booleans())
    seeds = st.just(1) if one else st.integers(2, 6)
    extreme = st.sampled_from([np.True_, np.False_])
    return tuple(
        draw(hnp.arrays(np.bool_, (draw(seeds), images)) | st.builds(np.full, st.just((draw(seeds), images)), extreme))
        for _ in range(2)
    )


def slow_difference(right_a, right_b):
    """Effect, V and df by plain loops from the formulas in the docstring of `difference`."""
    images = right_a.shape[1]

    def column(right, i):
        return sum(float(x) for x in right[:, i]) / len(right)

    d = [column(right_b, i) - column(right_a, i) for i in range(images)]
    effect = sum(d) / images
    image_part = sum((x - effect) ** 2 for x in d) / (images - 1) / images
    test_sample, training, spread = image_part, 0.0, image_part**2 / (images - 1)
    for right in (right_a, right_b):
        seeds = len(right)
        accuracy = [sum(float(x) for x in row) / images for row in right]
        mean = sum(accuracy) / seeds
        s2_acc = sum((x - mean) ** 2 for x in accuracy) / (seeds - 1)
        residual = sum(
            (float(right[s, i]) - accuracy[s] - column(right, i) + mean) ** 2
            for s in range(seeds)
            for i in range(images)
        ) / ((images - 1) * (seeds - 1))
        test_sample -= residual / (images * seeds)
        training += s2_acc / seeds
        spread += (s2_acc / seeds) ** 2 / (seeds - 1)
    variance = max(0.0, test_sample) + training
    return effect, variance, max(min(len(right_a), len(right_b)) - 1, variance**2 / spread)


def gallas_covariance(right_a, right_b):
    """Covariance of two mean accuracies on the same images, independent seeds, over explicit pairs."""
    same, other = [], []
    for row_a in right_a.astype(float):
        for row_b in right_b.astype(float):
            for i, x in enumerate(row_a):
                for j, y in enumerate(row_b):
                    (same if i == j else other).append(x * y)
    return (np.mean(same) - np.mean(other)) / right_a.shape[1]


def spread_pair(seed, seeds=(4, 6), images=80):
    """Two recipes whose seeds truly differ and that find other images hard, so that nothing is clipped."""
    rng = np.random.default_rng(seed)
    easy = rng.random((2, images))
    steps = [np.linspace(-0.3, 0.3, count)[:, np.newaxis] for count in seeds]
    return tuple(
        rng.random((len(step), images)) < np.clip(level + step, 0, 1) for level, step in zip(easy, steps, strict=True)
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("seeds", [(4, 6), (2, 2), (20, 3)])
def test_equals_plain_loops(seed, seeds):
    a, b = spread_pair(seed, seeds)
    measured = difference(a, b)
    effect, variance, freedom = slow_difference(a, b)
    assert measured.method == "crossed t"
    assert (measured.effect, measured.variance) == pytest.approx((effect, variance), abs=1e-14)
    assert measured.degrees_of_freedom == pytest.approx(freedom, rel=1e-10)
    t = stats.t(freedom)
    assert measured.p_value == pytest.approx(2 * t.sf(abs(effect) / math.sqrt(variance)), rel=1e-8)
    half = t.ppf(0.975) * math.sqrt(variance)
    interval = measured.interval(0.95)
    expected = (max(-1, effect - half), min(1, effect + half))
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_variance_is_the_u_statistic_and_its_parts_add_up(seed, gallas_variance):
    a, b = spread_pair(seed)
    measured = difference(a, b)
    expected = gallas_variance(a) + gallas_variance(b) - 2 * gallas_covariance(a, b)
    assert measured.test_sample > 0, "the floor acts: choose other matrices"
    assert measured.variance == pytest.approx(expected, abs=1e-12)
    assert measured.training is not None
    seeds_part = sum(right.mean(axis=1).var(ddof=1) / len(right) for right in (a, b))
    assert measured.training**2 == pytest.approx(seeds_part, abs=1e-14)
    assert measured.test_sample**2 == pytest.approx(measured.variance - seeds_part, abs=1e-14)


def test_a_test_sample_part_below_zero_counts_as_zero():
    # Every image is right for one of two seeds: the means over seeds never differ, whatever images come next.
    a = np.array([np.arange(40) < 20, np.arange(40) >= 20])
    b = np.array([np.arange(40) % 4 == 0, np.arange(40) % 4 > 0])
    b[0, 1:12:4] = True
    measured = difference(a, b)
    assert measured.test_sample == 0
    assert measured.training is not None
    assert measured.training > 0
    assert measured.variance == pytest.approx(measured.training**2)
    assert measured.variance == pytest.approx(slow_difference(a, b)[1])


def test_a_seed_variance_below_zero_is_not_made_zero():
    # Every seed of A is equally often right on other images: its s²_acc is 0 and stays 0.
    a = np.array([np.roll(np.arange(40) < 20, shift) for shift in (0, 7, 13)])
    b = np.array([np.arange(40) % 4 > 0, np.arange(40) % 3 > 0, np.arange(40) % 5 > 0])
    measured = difference(a, b)
    assert measured.accuracy_a.training == measured.accuracy_a.seed_sigma == 0
    assert measured.training == measured.accuracy_b.training
    assert measured.variance == pytest.approx(slow_difference(a, b)[1])


def test_groups_replace_the_image_part():
    a, b = spread_pair(3)
    groups = np.arange(80) // 8
    plain, grouped = difference(a, b), difference(a, b, groups)
    deviations = b.mean(axis=0) - a.mean(axis=0) - plain.effect
    clustered = sum(deviations[groups == c].sum() ** 2 for c in range(10)) / 80**2
    seeds_part = plain.variance - plain.image_variance / 80
    assert grouped.variance == pytest.approx(clustered + seeds_part, rel=1e-10)
    assert grouped.effect == plain.effect
    assert grouped.num_groups == 10
    parts = [(clustered, 9)] + [(r.mean(axis=1).var(ddof=1) / len(r), len(r) - 1) for r in (a, b)]
    freedom = grouped.variance**2 / sum(variance**2 / df for variance, df in parts)
    assert grouped.degrees_of_freedom == pytest.approx(max(3, freedom), rel=1e-10)
    names = np.array([f"writer {c}" for c in groups])
    assert difference(a, b, names) == grouped
    assert plain.assumption == INDEPENDENT_ITEMS.format(items="images")
    assert "10 groups" in grouped.assumption


def test_one_image_a_group_is_no_grouping():
    a, b = spread_pair(2, images=400)
    plain, grouped = difference(a, b), difference(a, b, np.arange(400))
    assert grouped.image_variance == pytest.approx(plain.image_variance * 399 / 400, rel=1e-12)
    assert grouped.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom, rel=1e-2)


def test_one_image_has_no_spread():
    measured = difference([[True], [False]], [[True], [True]])
    assert measured.image_variance == 0


def test_table_and_words():
    a, b = spread_pair(1)
    measured = difference(a, b)
    interval = measured.interval()
    assert str(measured) == (
        f"{signed(100 * measured.effect)} ± {100 * measured.test_sample:.2f} (test sample) "
        f"± {100 * (measured.training or 0):.2f} (training) percentage points"
    )
    assert measured.frame().to_dict("records") == [
        {
            "effect": measured.effect,
            "test_sample": measured.test_sample,
            "training": measured.training,
            "low": interval.low,
            "high": interval.high,
            "p_value": measured.p_value,
            "degrees_of_freedom": measured.degrees_of_freedom,
            "fixed": measured.num_fixed,
            "broken": measured.num_broken,
            "method": "crossed t",
        }
    ]


@pytest.mark.parametrize("shapes", [(1, 5), (5, 1)])
def test_one_seed_against_more_is_refused(shapes):
    with pytest.raises(
        StatisticsError, match=rf"\({shapes[0]} and {shapes[1]}\).*at least 2 seeds each, or one seed each"
    ):
        difference(*(np.ones((seeds, 9), bool) for seeds in shapes))


def test_different_images_are_refused():
    with pytest.raises(StatisticsError, match="`right_a` has 9 test images and `right_b` has 8"):
        difference(np.ones((2, 9), bool), np.ones((2, 8), bool))
    with pytest.raises(StatisticsError, match="`right_a` holds int64"):
        difference(np.ones((2, 9), int), np.ones((2, 9), bool))
    with pytest.raises(StatisticsError, match="`right_b` holds int64"):
        difference(np.ones((2, 9), bool), np.ones((2, 9), int))
    with pytest.raises(StatisticsError, match="`level` is 95"):
        difference(np.ones((2, 9), bool), np.ones((2, 9), bool)).interval(95)


def values(measured: Difference) -> list[float]:
    return [v for v in dataclasses.astuple(measured) if isinstance(v, float)]


@settings(deadline=None)
@given(pair=pairs(), level=st.floats(0.5, 0.999), order=st.randoms(use_true_random=False), data=st.data())
def test_order_sign_and_consistency(pair, level, order, data):
    a, b = pair
    images = a.shape[1]
    ids = st.lists(st.integers(0, 5), min_size=images, max_size=images).filter(lambda x: len(set(x)) > 1)
    groups = data.draw(st.none() | ids) if images > 1 else None
    measured = difference(a, b, groups)
    assert all(math.isfinite(v) for v in values(measured))
    interval = measured.interval(level)
    assert -1 <= interval.low <= measured.effect <= interval.high <= 1
    assert interval.low < interval.high
    if abs(measured.p_value - (1 - level)) > 1e-9:
        assert (interval.low > 0 or interval.high < 0) == (measured.p_value < 1 - level)

    columns = list(range(images))
    order.shuffle(columns)
    permuted = None if groups is None else np.array(groups)[columns]
    shuffled = difference(a[::-1][:, columns], b[::-1][:, columns], permuted)
    assert values(shuffled) == pytest.approx(values(measured), rel=1e-12, abs=1e-15)

    swapped = difference(b, a, groups)
    assert swapped.effect == -measured.effect
    assert swapped.p_value == measured.p_value
    assert (swapped.num_fixed, swapped.num_broken) == (measured.num_broken, measured.num_fixed)
    mirrored = swapped.interval(level)
    assert (-mirrored.high, -mirrored.low) == pytest.approx((interval.low, interval.high), abs=1e-12)
