import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import RightAnswers, difference, gap_difference, overtraining
from netgain.stats.rounding import signed


def spread_arm(rng, seeds, train_easy, test_easy, step):
    """An arm whose seeds truly differ, in training and test accuracy alike."""
    steps = step * np.linspace(-1, 1, seeds)[:, np.newaxis]
    return tuple(rng.random((seeds, len(easy))) < np.clip(easy + steps, 0, 1) for easy in (train_easy, test_easy))


def arms(seed=0, seeds=(4, 6), num_train=(90, 90), num_test=70, alone=0) -> Any:
    """Two arms; B finds other images hard than A. The first `alone` images of each are the arm's own."""
    rng = np.random.default_rng(seed)
    answers = []
    for number, (count, size) in enumerate(zip(seeds, num_train, strict=True)):
        train, test = spread_arm(rng, count, rng.random(size), rng.random(num_test), 0.2 + 0.1 * number)
        ids = np.arange(size) + 1000
        ids[:alone] += 10_000 * (number + 1)
        answers.append(RightAnswers(train, test, ids))
    return tuple(answers)


def slow_residual(right):
    """MS_IS by loops."""
    seeds, images = right.shape
    rows = [sum(float(x) for x in row) / images for row in right]
    columns = [sum(float(x) for x in right[:, i]) / seeds for i in range(images)]
    mean = sum(rows) / seeds
    squares = sum((float(right[s, i]) - rows[s] - columns[i] + mean) ** 2 for s in range(seeds) for i in range(images))
    return squares / ((seeds - 1) * (images - 1))


def slow_gap_difference(a, b):
    """Effect, V, df and k by plain loops from the formulas in the docstring of `gap_difference`."""
    parts, added, sizes = [], [], [len(arm.train_images) for arm in (a, b)]
    test_size = a.test.shape[1]
    strata = {"both": [], "a": [], "b": []}
    for i, image in enumerate(a.train_images):
        mean = sum(float(x) for x in a.train[:, i]) / len(a.train) / sizes[0]
        if image in set(b.train_images.tolist()):
            other = b.train[:, b.train_images.tolist().index(image)]
            strata["both"].append(sum(float(x) for x in other) / len(other) / sizes[1] - mean)
        else:
            strata["a"].append(-mean)
    for i, image in enumerate(b.train_images):
        if image not in set(a.train_images.tolist()):
            strata["b"].append(sum(float(x) for x in b.train[:, i]) / len(b.train) / sizes[1])
    for values in strata.values():
        if values:
            mean = sum(values) / len(values)
            added += [value - mean for value in values]
            square = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
            parts.append((len(values) * square, len(values) - 1))
    train = sum(part for part, _ in parts)
    differences = [
        sum(float(x) for x in b.test[:, i]) / len(b.test) - sum(float(x) for x in a.test[:, i]) / len(a.test)
        for i in range(test_size)
    ]
    mean = sum(differences) / test_size
    added += [(value - mean) / test_size for value in differences]
    test = sum((value - mean) ** 2 for value in differences) / (test_size - 1) / test_size
    parts.append((test, test_size - 1))
    seeds_part, effects = 0.0, []
    for arm in (a, b):
        seeds, size = arm.train.shape
        train -= slow_residual(arm.train) / (size * seeds)
        test -= slow_residual(arm.test) / (test_size * seeds)
        gaps = [
            sum(map(float, one)) / size - sum(map(float, two)) / test_size
            for one, two in zip(arm.train, arm.test, strict=True)
        ]
        effects.append(sum(gaps) / seeds)
        square = sum((gap - effects[-1]) ** 2 for gap in gaps) / (seeds - 1) / seeds
        parts.append((square, seeds - 1))
        seeds_part += square
    variance = max(0.0, train) + max(0.0, test) + seeds_part
    freedom = max(min(df for _, df in parts), variance**2 / sum(part**2 / df for part, df in parts))
    effective = sum(u**2 for u in added) ** 2 / sum(u**4 for u in added)
    return effects[1] - effects[0], variance, freedom, effective


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "design",
    [
        {},
        {"seeds": (2, 5)},
        {"num_train": (40, 120)},  # A's images are among B's
        {"num_train": (50, 90), "alone": 20},  # some images are shared, each arm has others of its own
        {"num_train": (60, 80), "alone": 80},  # nothing is shared
        {"alone": 2},  # a stratum may be as small as two images
    ],
)
def test_equals_plain_loops(seed, design):
    a, b = arms(seed, **design)
    measured = gap_difference(a, b)
    effect, variance, freedom, effective = slow_gap_difference(a, b)
    assert (measured.effect, measured.variance) == pytest.approx((effect, variance), rel=1e-10)
    assert (measured.degrees_of_freedom, measured.effective_images) == pytest.approx((freedom, effective), rel=1e-10)
    t = stats.t(freedom)
    assert measured.p_value == pytest.approx(2 * t.sf(abs(effect) / math.sqrt(variance)), rel=1e-8)
    half = t.ppf(0.95) * math.sqrt(variance)
    interval = measured.interval(0.9)
    assert (interval.low, interval.high) == pytest.approx((effect - half, effect + half), abs=1e-12)


@pytest.mark.parametrize(
    ("design", "shared"),
    [
        ({"num_train": (40, 120)}, 40),
        ({"num_train": (50, 90), "alone": 20}, 30),
        ({"num_train": (60, 80), "alone": 80}, 0),
    ],
)
def test_the_training_images_shared_are_counted_by_their_ids(design, shared):
    a, b = arms(0, **design)
    assert gap_difference(a, b).num_shared == shared
    order = np.random.default_rng(1).permutation(len(b.train_images))
    mixed = RightAnswers(b.train[:, order], b.test, b.train_images[order])
    assert gap_difference(a, mixed).train_sample == pytest.approx(gap_difference(a, b).train_sample, rel=1e-12)


def test_the_gap_of_one_sample_is_the_difference_of_the_accuracies():
    # Every network has every training image right: what is left is the difference on the test images, turned round.
    a, b = arms(0)
    a, b = (RightAnswers(np.ones_like(arm.train), arm.test, arm.train_images) for arm in (a, b))
    measured, other = gap_difference(a, b), difference(a.test, b.test)
    assert measured.effect == pytest.approx(-other.effect)
    assert (measured.variance, measured.p_value) == pytest.approx((other.variance, other.p_value))
    assert measured.train_sample == 0
    # And the same where the test images take the place of the training images.
    a, b = (RightAnswers(arm.test, arm.train, np.arange(70)) for arm in (a, b))
    swapped = gap_difference(a, b)
    assert swapped.effect == pytest.approx(other.effect)
    assert swapped.variance == pytest.approx(other.variance)


def jackknife_over_images(a, b, part):
    """Variance of Δ from leaving out one image of a sample at a time, networks as they are."""
    num_images = getattr(a, part).shape[1]
    effects = []
    for left_out in range(num_images):
        fewer = [
            RightAnswers(**{**arm._asdict(), part: np.delete(getattr(arm, part), left_out, axis=1)}) for arm in (a, b)
        ]
        gaps = [np.asarray(arm.train).mean() - np.asarray(arm.test).mean() for arm in fewer]
        effects.append(gaps[1] - gaps[0])
    return (num_images - 1) / num_images * float(np.square(np.array(effects) - np.mean(effects)).sum())


def test_the_image_parts_are_those_of_a_jackknife_less_the_luck_of_the_networks():
    a, b = arms(2)
    measured = gap_difference(a, b)
    for part, error in (("train", measured.train_sample), ("test", measured.test_sample)):
        luck = sum(slow_residual(getattr(arm, part)) / getattr(arm, part).size for arm in (a, b))
        assert error**2 == pytest.approx(jackknife_over_images(a, b, part) - luck, rel=1e-9)


def test_training_and_test_accuracy_of_a_network_belong_together():
    rng = np.random.default_rng(1)
    level = 0.9 + 0.05 * np.linspace(-1, 1, 10)[:, np.newaxis]
    both = [[rng.random((10, 20_000)) < level + shift for shift in (0.02, 0.0)] for _ in range(2)]
    a, b = (RightAnswers(train, test, np.arange(20_000)) for train, test in both)
    measured = gap_difference(a, b)
    assert measured.training == pytest.approx(
        math.hypot(*(overtraining(arm.train, arm.test).training or 0 for arm in (a, b)))
    )
    assert (measured.training or 0) < 0.002
    # Networks that do not belong together show the full spread of both accuracies.
    shuffled = RightAnswers(b.train, np.asarray(b.test)[rng.permutation(10)], b.train_images)
    assert (gap_difference(a, shuffled).training or 0) > 5 * (measured.training or 0)


def test_images_that_both_arms_find_hard_cancel_only_where_they_are_the_same_images():
    rng = np.random.default_rng(3)
    on_train, on_test = rng.random((2, 3000))
    drawn = [spread_arm(rng, 5, on_train, on_test, 0.1) for _ in range(2)]
    a, b = (RightAnswers(train, test, np.arange(3000)) for train, test in drawn)
    paired, apart = gap_difference(a, b), gap_difference(a, b._replace(train_images=np.arange(3000) + 3000))
    assert (paired.num_shared, apart.num_shared) == (3000, 0)
    assert apart.train_sample > 5 * paired.train_sample
    assert (apart.effect, apart.test_sample, apart.training) == (paired.effect, paired.test_sample, paired.training)


def test_groups_of_test_images_reach_the_test_part_alone():
    a, b = arms(4)
    groups = np.arange(70) // 7
    plain, grouped, on_test = gap_difference(a, b), gap_difference(a, b, groups), difference(a.test, b.test, groups)
    assert grouped.num_groups == 10
    assert grouped.test_sample == on_test.test_sample != plain.test_sample
    assert (grouped.train_sample, grouped.training, grouped.effect) == (
        plain.train_sample,
        plain.training,
        plain.effect,
    )
    parts = [(on_test.image_variance / 70, 9)]
    parts += [(((arm.train.mean(axis=1) - arm.test.mean(axis=1)).var(ddof=1) / len(arm.train)), len(arm.train) - 1)
              for arm in (a, b)]  # fmt: skip
    deviations = b.train.mean(axis=0) - a.train.mean(axis=0)
    parts.append((deviations.var(ddof=1) / 90, 89))
    freedom = grouped.variance**2 / sum(part**2 / df for part, df in parts)
    assert grouped.degrees_of_freedom == pytest.approx(max(3, freedom), rel=1e-10)
    assert (grouped.gap_a, grouped.gap_b) == tuple(overtraining(arm.train, arm.test, groups) for arm in (a, b))


def test_words():
    a, b = arms(0, seeds=(1, 1))
    measured = gap_difference(a, b)
    assert measured.training is None
    assert measured.num_seeds == (1, 1)
    assert str(measured).endswith("(test sample) percentage points, training not measured")
    assert measured.variance == pytest.approx(measured.train_sample**2 + measured.test_sample**2)
    of_images = (b.train[0].astype(float) - a.train[0]).std(ddof=1) / math.sqrt(90)
    assert measured.train_sample == pytest.approx(of_images)
    several = gap_difference(*arms(0))
    assert str(several) == (
        f"{signed(100 * several.effect)} ± {100 * several.train_sample:.2f} (train sample) "
        f"± {100 * several.test_sample:.2f} (test sample) "
        f"± {100 * (several.training or 0):.2f} (training) percentage points"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train_images": np.arange(5)}, r"`b.train_images` has shape \(5,\) .* expected \(90,\)"),
        ({"train_images": np.arange(90) / 2}, "holds float64, expected"),
        ({"train_images": np.arange(90) // 2}, "has 45 distinct ids for 90 training images"),
        ({"test": np.ones((6, 60), bool)}, "`right_a` has 70 test images and `right_b` has 60"),
        ({"test": np.ones((5, 70), bool)}, "has 6 seeds and `test_right` has 5"),
        ({"train": np.ones((6, 90), int)}, "`train_right` holds int64"),
        ({"train": np.ones((1, 90), bool), "test": np.ones((1, 70), bool)}, "one seed and the other has more"),
    ],
)
def test_what_does_not_belong_together_is_refused(change, message):
    a, b = arms(0)
    with pytest.raises(StatisticsError, match=message):
        gap_difference(a, b._replace(**change))
    with pytest.raises(StatisticsError, match=r"`a.train_images` has shape \(90, 1\) and holds int64"):
        gap_difference(a._replace(train_images=np.arange(90)[:, np.newaxis]), b)
    with pytest.raises(StatisticsError, match="`level` is 1"):
        gap_difference(a, b).interval(1)


def test_string_ids_will_do():
    a, b = arms(0)
    named = [arm._replace(train_images=np.array([f"{i}.png" for i in arm.train_images])) for arm in (a, b)]
    assert gap_difference(*named) == gap_difference(a, b)
