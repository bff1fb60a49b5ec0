import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from netgain.errors import StatisticsError
from netgain.stats import mean_accuracy, overtraining
from netgain.stats.crossed import fraction_interval
from netgain.stats.rounding import signed


@st.composite
def parts(draw):
    """Right matrices of the same networks on training and test images, extremes included."""
    seeds = draw(st.integers(1, 5))
    sides = (draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    extreme = st.sampled_from([np.True_, np.False_])
    return tuple(
        draw(hnp.arrays(np.bool_, (seeds, side)) | st.builds(np.full, st.just((seeds, side)), extreme))
        for side in sides
    )


def slow_variance(train, test):
    """The two image parts and the spread of the gaps, by loops over the seeds."""
    gaps = [sum(row_a) / len(row_a) - sum(row_b) / len(row_b) for row_a, row_b in zip(train, test, strict=True)]
    mean = sum(gaps) / len(gaps)
    spread = sum((gap - mean) ** 2 for gap in gaps) / (len(gaps) - 1) / len(gaps)
    return spread + mean_accuracy(train).test_sample ** 2 + mean_accuracy(test).test_sample ** 2


def test_the_three_parts_add_up():
    rng = np.random.default_rng(0)
    train, test = rng.random((5, 300)) < 0.97, rng.random((5, 100)) < 0.9
    measured = overtraining(train, test)
    assert measured.gap == pytest.approx(train.mean() - test.mean())
    assert measured.standard_error == pytest.approx(math.sqrt(slow_variance(train, test)))


@settings(deadline=None)
@given(matrices=parts())
def test_everything_is_finite_and_swapping_the_parts_mirrors_the_interval(matrices):
    train, test = matrices
    measured, other = overtraining(train, test), overtraining(test, train)
    interval, mirrored = measured.interval(), other.interval()
    assert -1 <= interval.low <= measured.gap <= interval.high <= 1
    assert (interval.low, interval.high) == pytest.approx((-mirrored.high, -mirrored.low), abs=1e-9)
    assert "nan" not in str(measured)
    again = overtraining(train[::-1], test[::-1])
    assert again.standard_error == pytest.approx(measured.standard_error, abs=1e-12)


def test_what_training_shifts_on_both_alike_does_not_blur_the_gap():
    rng = np.random.default_rng(1)
    level = 0.9 + 0.03 * np.linspace(-1, 1, 10)[:, np.newaxis]
    train, test = rng.random((10, 20_000)) < level + 0.02, rng.random((10, 20_000)) < level
    measured = overtraining(train, test)
    assert measured.training is not None
    assert measured.training < 0.2 * (measured.train.training or 0)
    interval = measured.interval()
    assert interval.high - interval.low < 0.3 * (measured.test.interval().high - measured.test.interval().low)
    # Networks that do not belong together must show the full spread.
    shuffled = overtraining(train, test[rng.permutation(10)])
    assert (shuffled.training or 0) > 3 * measured.training


def test_coverage_of_the_gap(toy_accuracy):
    rng = np.random.default_rng(5)
    truth, toys, hits = toy_accuracy(11.0, 0.3) - toy_accuracy(9.0, 0.3), 400, 0
    for _ in range(toys):
        shift = 0.3 * rng.normal(size=(5, 1))
        train, test = (
            rng.random((5, images)) < 1 / (1 + np.exp(-(logit + 4 * rng.normal(size=images) + shift)))
            for logit, images in ((11.0, 1500), (9.0, 500))
        )
        interval = overtraining(train, test).interval()
        hits += interval.low <= truth <= interval.high
    assert 0.925 <= hits / toys <= 0.99


def test_table_and_words():
    train, test = np.ones((1, 1000), bool), np.arange(500)[np.newaxis] >= 10
    measured = overtraining(train, test)
    assert measured.training is None
    assert "± 0.63 (test sample), training not measured percentage points" in str(measured)
    frame = measured.frame().set_index("quantity")
    assert frame.loc["gap", "value"] == pytest.approx(0.02)
    assert list(frame.index) == ["train", "test", "gap"]
    assert frame.loc["gap", "low"] < 0.02 < frame.loc["gap", "high"]


def test_table_and_words_of_several_seeds():
    rng = np.random.default_rng(3)
    # Few images, hard for all networks alike: every error is so large that its first digits show.
    train, test = ((rng.random(n) < 0.8) ^ (rng.random((4, n)) < 0.1) for n in (30, 20))
    measured = overtraining(train, test)
    interval = measured.interval()
    rows = measured.frame().to_dict("records")
    assert [list(row) for row in rows] == [
        ["quantity", "value", "train_sample", "test_sample", "training", "low", "high"]
    ] * 3
    for row, quantity in zip(rows, (measured.train, measured.test, measured), strict=True):
        assert row["training"] == quantity.training
        assert (row["low"], row["high"]) == (quantity.interval().low, quantity.interval().high)
    assert [row["train_sample"] for row in rows] == pytest.approx(
        [measured.train_sample, math.nan, measured.train_sample], nan_ok=True
    )
    assert [row["test_sample"] for row in rows] == pytest.approx(
        [math.nan, measured.test_sample, measured.test_sample], nan_ok=True
    )
    assert min(measured.train_sample, measured.test_sample, abs(interval.low), interval.high) > 0.05
    assert str(measured) == (
        f"gap between training and test images {signed(100 * measured.gap)} ± {100 * measured.train_sample:.2f} (train "
        f"sample) ± {100 * measured.test_sample:.2f} (test sample) ± {100 * (measured.training or 0):.2f} (training) "
        f"percentage points; 95 % interval {signed(100 * interval.low)} to {signed(100 * interval.high)}"
    )


def slow_interval(measured, level):
    """MOVER with correlation (Zou & Donner 2008) and Satterthwaite's freedom, written out."""
    arms = (measured.train, measured.test)
    parts = [
        (arm.mean_square_images / arm.num_images / arm.num_seeds, (arm.num_groups or arm.num_images) - 1)
        for arm in arms
    ]
    if measured.training is not None:
        parts.append((measured.training**2, measured.train.num_seeds - 1))
    spread = sum(variance**2 / freedom for variance, freedom in parts)
    freedom = max(min(freedom for _, freedom in parts), measured.standard_error**4 / spread)
    limits = [
        fraction_interval(
            arm.value, arm.standard_error**2, freedom, (arm.num_images, arm.num_images * arm.num_seeds), level
        )
        for arm in arms
    ]
    both = measured.train.standard_error * measured.test.standard_error
    correlation = measured.covariance / both if both else 0
    below = (measured.train.value - limits[0].low, limits[1].high - measured.test.value)
    above = (limits[0].high - measured.train.value, measured.test.value - limits[1].low)
    low, high = (math.sqrt(a * a + b * b - 2 * correlation * a * b) for a, b in (below, above))
    return measured.gap - low, measured.gap + high


@pytest.mark.parametrize(("seeds", "of_train"), [(1, 0.9), (2, 0.9), (3, 0.9), (6, 0.9), (1, 1.0), (3, 1.0)])
@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("groups", [None, np.arange(12) // 4], ids=["alone", "groups"])
def test_interval_equals_the_formula_written_out(seeds, of_train, level, groups):
    rng = np.random.default_rng(seeds)
    shift = rng.normal(0, 0.08, (seeds, 1))  # networks good on the training images are good on the test images
    train, test = rng.random((seeds, 40)) < of_train + shift * (of_train < 1), rng.random((seeds, 12)) < 0.7 + shift
    measured = overtraining(train, test, groups)
    assert measured.test == mean_accuracy(test, groups)
    assert measured.train == mean_accuracy(train)
    interval = measured.interval(level)
    assert (interval.low, interval.high) == pytest.approx(slow_interval(measured, level))
    assert interval.level == level
    assert (measured.training is None) == (seeds == 1)
    assert (measured.covariance == 0) == (seeds == 1 or of_train == 1)
    assert measured.standard_error == pytest.approx(
        math.hypot(measured.train_sample, measured.test_sample, measured.training or 0)
    )


def test_other_networks_are_refused():
    with pytest.raises(StatisticsError, match="has 2 seeds and `test_right` has 3"):
        overtraining(np.ones((2, 5), bool), np.ones((3, 5), bool))
    with pytest.raises(StatisticsError, match="`test_right` holds int64"):
        overtraining(np.ones((2, 5), bool), np.ones((2, 5), int))
    with pytest.raises(StatisticsError, match="`level` is 95"):
        overtraining(np.ones((2, 5), bool), np.ones((2, 5), bool)).interval(95)
    with pytest.raises(StatisticsError, match="`train_right` holds int64"):
        overtraining(np.ones((2, 5), int), np.ones((2, 5), bool))
