import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, norm
from sklearn.metrics import roc_auc_score, roc_curve

from netgain.errors import StatisticsError
from netgain.stats import area_difference, mean_accuracy, roc
from netgain.stats.crossed import fraction_interval


def slow_delong(positives, negatives):
    """DeLong's variance of the area of one network, by all pairs."""
    pairs = [[1.0 if p > q else 0.5 if p == q else 0.0 for q in negatives] for p in positives]
    above, below = np.mean(pairs, axis=1), np.mean(pairs, axis=0)
    return above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000), seeds=st.integers(1, 3), ties=st.booleans())
def test_areas_and_curves_are_those_of_sklearn(seed, seeds, ties):
    rng = np.random.default_rng(seed)
    labels = np.concatenate([[0, 1, 2], rng.integers(3, size=40)])
    scores = rng.normal(size=(seeds, 43, 3)) + 1.5 * (labels[:, np.newaxis] == np.arange(3))
    scores = scores.round(0 if ties else 9)
    result = roc(scores, labels)
    for curve in result.curves:
        is_class = labels == curve.label
        single = [one[:, curve.label] for one in scores]
        areas = [roc_auc_score(is_class, one) for one in single]
        assert curve.area.value == pytest.approx(np.mean(areas))
        expected = np.zeros(len(curve.points))
        for one in single:
            false, true, _ = roc_curve(is_class, one, drop_intermediate=False)
            expected += [true[false <= point.false_positive + 1e-9].max() / seeds for point in curve.points]
        assert [point.true_positive for point in curve.points] == pytest.approx(expected)
        assert all(point.low <= point.true_positive <= point.high for point in curve.points)
        if seeds == 1:
            variance = slow_delong(single[0][is_class], single[0][~is_class]) if is_class.sum() > 1 else None
            assert variance is None or curve.area.test_sample == pytest.approx(variance**0.5)
        else:
            assert curve.area.training == pytest.approx(np.std(areas, ddof=1) / seeds**0.5)
        interval = curve.area_interval()
        assert 0 <= interval.low <= curve.area.value <= interval.high <= 1
    order = rng.permutation(43)
    again = roc(scores[::-1][:, order], labels[order])
    assert again.areas()["area_high"].tolist() == pytest.approx(result.areas()["area_high"].tolist())
    assert "nan" not in str(result)


def slow_threshold_error(rate, positives, negatives):
    """The spread of the threshold's rank, which is Beta, times the slope of the mean curve around the point."""
    count = negatives.shape[1]
    allowed = math.floor(rate * count + 1e-9)
    if allowed == count:
        return 0.0
    spread = (count + 1) * float(beta(allowed + 1, count - allowed).std())

    def recognised(number):
        fractions = [(p > sorted(q, reverse=True)[number]).mean() for p, q in zip(positives, negatives, strict=True)]
        return np.mean(fractions)

    low, high = max(0, math.floor(allowed - spread)), min(count, math.ceil(allowed + spread))
    return ((1.0 if high == count else recognised(high)) - recognised(low)) * spread / (high - low)


@pytest.mark.parametrize(("seeds", "others"), [(1, 30), (3, 30), (4, 9), (2, 400)])
def test_points_have_the_errors_of_the_class_and_of_the_threshold(seeds, others):
    rng = np.random.default_rng(others)
    labels = np.repeat([0, 1], [12, others])
    scores = rng.normal(size=(seeds, len(labels), 2)) + 1.2 * np.eye(2)[labels]
    for curve in roc(scores, labels).curves:
        positives, negatives = (
            scores[:, labels == curve.label, curve.label],
            scores[:, labels != curve.label, curve.label],
        )
        assert curve.points[-1].test_sample == 0
        for point in curve.points:
            threshold = [
                sorted(q, reverse=True)[min(int(point.false_positive * q.size + 1e-9), q.size - 1)] for q in negatives
            ]
            right = positives > np.reshape(threshold, (-1, 1)) if point.false_positive < 1 else positives < math.inf
            accuracy = mean_accuracy(right)
            images = math.hypot(accuracy.test_sample, slow_threshold_error(point.false_positive, positives, negatives))
            assert point.test_sample == pytest.approx(images)
            assert point.training == accuracy.training
            parts = [(images**2, min(right.shape[1], negatives.shape[1]) - 1)]
            parts += [(accuracy.training**2, seeds - 1)] if accuracy.training is not None else []
            total, spread = sum(v for v, _ in parts), sum(v**2 / f for v, f in parts)
            freedom = max(min(f for _, f in parts), total**2 / spread if spread else 0)
            band = fraction_interval(accuracy.value, total, freedom, (right.shape[1], right.size), 0.95)
            assert (point.low, point.high) == pytest.approx((band.low, band.high))


def test_bands_and_areas_cover_the_truth():
    rng = np.random.default_rng(7)
    toys, hits = 120, np.zeros(3)
    rates = (0.0199526231, 0.1258925412)
    shifts = 2.5 + 0.2 * np.random.default_rng(0).normal(size=20_000)
    labels = np.repeat([0, 1], [100, 500])
    truth = [norm.cdf(shifts / 2**0.5).mean(), *(norm.cdf(shifts - norm.isf(rate)).mean() for rate in rates)]
    for _ in range(toys):
        score = 0.84 * rng.normal(size=600) + 0.54 * rng.normal(size=(5, 600))
        score[:, :100] += 2.5 + 0.2 * rng.normal(size=(5, 1))
        curve = roc(np.stack([score, -score], axis=2), labels).curves[0]
        at = {point.false_positive: point for point in curve.points}
        intervals = [curve.area_interval(), *(at[rate] for rate in rates)]
        hits += [one.low <= value <= one.high for one, value in zip(intervals, truth, strict=True)]
    assert (hits / toys >= 0.9).all()
    assert hits[0] / toys <= 0.99


def test_perfect_separation_has_an_interval_and_no_nan():
    labels = np.repeat([0, 1], 20)
    scores = np.eye(2)[labels][np.newaxis].repeat(2, axis=0)
    result = roc(scores, labels)
    curve = result.curves[0]
    assert (curve.area.value, curve.area.standard_error) == (1, 0)
    assert 0.7 < curve.area_interval().low < 1
    assert all(point.true_positive == 1 and point.low < 1 for point in curve.points)
    opposite = roc(scores[..., ::-1], labels).curves[0]
    assert opposite.area.value == 0
    assert opposite.points[-1].true_positive == 1


def test_tables_and_words(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 3, 200)
    result = roc(scores, labels)
    frame: Any = result.frame()
    assert len(frame) == 4 * 42
    assert not frame.isna().any().any()
    assert all(of_class["true_positive"].is_monotonic_increasing for _, of_class in frame.groupby("label"))
    assert [curve.num_positives for curve in result.curves] == np.bincount(labels).tolist()
    assert result.areas().to_dict("records") == [
        {
            "label": curve.label,
            "num_positives": curve.num_positives,
            "num_negatives": 200 - curve.num_positives,
            "area": curve.area.value,
            "area_test_sample": curve.area.test_sample,
            "area_training": curve.area.training,
            "area_low": curve.area_interval().low,
            "area_high": curve.area_interval().high,
        }
        for curve in result.curves
    ]
    assert str(result).split("\n") == [
        f"{curve.label} against the rest: area {curve.area.percent()}" for curve in result.curves
    ]


def test_wrong_input_is_refused(toy_scores):
    scores, labels = toy_scores(np.random.default_rng(0), 2, 30)
    with pytest.raises(StatisticsError, match="all 30 images are of class 0"):
        roc(scores, np.zeros(30, int))
    with pytest.raises(StatisticsError, match="not finite"):
        roc(scores + np.inf, labels)
    with pytest.raises(StatisticsError, match="cannot be made an array"):
        roc([[[0.1, 0.9]], [[0.1]]], [0])
    with pytest.raises(StatisticsError, match="`level` is 2"):
        roc(scores, labels).curves[0].area_interval(2)


def test_the_difference_of_two_areas_is_paired():
    rng = np.random.default_rng(4)
    labels = rng.integers(2, size=60)
    first = rng.normal(size=(1, 60, 2)) + (labels[:, np.newaxis] == np.arange(2))
    second = first + 0.5 * rng.normal(size=first.shape)
    found = area_difference(first, second, labels, label=1)
    areas = [roc(scores, labels).curves[1].area for scores in (first, second)]
    assert found.value == pytest.approx(areas[1].value - areas[0].value)
    unpaired = math.hypot(areas[0].test_sample, areas[1].test_sample)
    assert found.test_sample < unpaired, "the images have much in common"
    pairs = [
        np.array([[1.0 if p > q else 0.0 for q in of[0, labels == 0, 1]] for p in of[0, labels == 1, 1]])
        for of in (first, second)
    ]
    more = pairs[1] - pairs[0]
    variance = sum(more.mean(axis=axis).var(ddof=1) / more.shape[1 - axis] for axis in (0, 1))
    assert found.test_sample == pytest.approx(variance**0.5)
    assert area_difference(first, first, labels, label=0).standard_error == 0


def test_the_errors_of_an_area_follow_each_image_through_all_networks():
    """With networks that agree on nothing, an image's component says little: the error shrinks with their number."""
    rng = np.random.default_rng(6)
    labels = np.arange(600) % 2
    alone, many = (rng.normal(size=(seeds, 600, 2)) for seeds in (1, 20))
    one, all_of_them = (roc(scores, labels).curves[1].area.test_sample for scores in (alone, many))
    assert all_of_them < 0.2 * one


def test_two_areas_that_cannot_be_compared():
    scores = np.ones((1, 4, 2))
    for second, labels, words in (
        (np.ones((2, 4, 2)), [0, 0, 1, 1], "same numbers of networks"),
        (scores, [0, 0, 0, 0], "0 of 4 images are of class 1"),
        (scores, [1, 1, 1, 1], "4 of 4 images are of class 1"),
    ):
        with pytest.raises(StatisticsError, match=words):
            area_difference(scores, second, labels, label=1)
