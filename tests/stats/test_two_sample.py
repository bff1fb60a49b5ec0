"""The classifier two-sample test: by pairs one at a time, and by pseudo-experiments with classifiers that learn."""

import numpy as np
import pytest
from validation.two_sample_toys import TwoSampleCell, two_sample_toys, uniform_p

from netgain.errors import StatisticsError
from netgain.stats import roc
from netgain.stats.two_sample import two_sample_test

NUM_TOYS = 600
NULL = TwoSampleCell(num_images=200, num_features=4, shift=0.0)


def test_the_area_counts_pairs() -> None:
    generator = np.random.default_rng(0)
    first, second = generator.integers(0, 5, (2, 30)), generator.integers(1, 7, (2, 40))
    by_pairs = [
        np.mean([(high > low) + (high == low) / 2 for high in of_second for low in of_first])
        for of_first, of_second in zip(first, second, strict=True)
    ]
    assert two_sample_test(first, second).area == pytest.approx(np.mean(by_pairs))


def test_errors_are_those_of_a_roc_curve() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.normal(0, 1, (3, 50)), generator.normal(1, 1, (3, 60))
    found = two_sample_test(first, second)
    scores = np.concatenate([first, second], axis=1)
    area = roc(np.stack([-scores, scores], axis=2), np.repeat([0, 1], [50, 60])).curves[1].area
    assert found.area == pytest.approx(area.value)
    assert np.hypot(found.first_error, found.second_error) == pytest.approx(area.test_sample)
    assert found.classifier_error == pytest.approx(area.training)
    assert found.interval().low < found.area < found.interval().high


def test_p_is_uniform_for_one_distribution_though_a_classifier_has_learnt_and_the_halves_are_random() -> None:
    toys = two_sample_toys(NULL, NUM_TOYS)
    assert uniform_p(toys.p_values) > 0.001
    assert float((toys.p_values < 0.05).mean()) == pytest.approx(0.05, abs=0.027)
    # The control: both halves in turn, as if they were independent, find differences that are not there.
    assert float((toys.p_of_both_halves < 0.05).mean()) > 0.08


def test_intervals_cover_and_a_planted_difference_is_found() -> None:
    planted = two_sample_toys(TwoSampleCell(num_images=200, num_features=4, shift=0.7), NUM_TOYS)
    assert float((planted.p_values < 0.05).mean()) > 0.9
    assert planted.coverage == pytest.approx(0.95, abs=0.03)


def test_scores_without_any_difference_have_a_p_of_one_half_and_perfect_ones_an_interval() -> None:
    assert two_sample_test(np.zeros(20), np.zeros(30)).p_value == 0.5
    perfect = two_sample_test(np.zeros(20), np.ones(30))
    assert perfect.area == 1
    assert perfect.interval().low < 0.95
    assert perfect.p_value < 1e-6


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1.0], [1.0, 2.0], r"`first` has shape \(1,\)"),
        ([1.0, 2.0], [1.0, np.nan], "`second` holds values that are not finite"),
        ([[1.0, 2.0]], [[1.0, 2.0], [1.0, 2.0]], "1 classifiers and `second` of 2"),
    ],
)
def test_what_are_no_scores_is_refused(first: object, second: object, message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        two_sample_test(first, second)  # pyright: ignore[reportArgumentType]
