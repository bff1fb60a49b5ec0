"""Density and coverage: point by point, against the paper's expectations, and by pseudo-experiments."""

import numpy as np
import pytest
from validation.two_sample_toys import TwoSampleCell, coverage_toys

from netgain.errors import StatisticsError
from netgain.stats.coverage import density_coverage


def test_they_count_balls_one_by_one() -> None:
    generator = np.random.default_rng(0)
    real, generated, k = generator.normal(size=(30, 2)), generator.normal(0.5, 0.7, (25, 2)), 3
    radius = [sorted(np.linalg.norm(real - one, axis=1))[k] for one in real]  # the nearest is itself
    inside = [
        [np.linalg.norm(one - centre) < size for centre, size in zip(real, radius, strict=True)] for one in generated
    ]
    found = density_coverage(real, generated, neighbours=k)
    assert found.density.value == pytest.approx(np.sum(inside) / (k * len(generated)))
    assert found.coverage.value == pytest.approx(np.any(inside, axis=0).mean())


def test_for_one_distribution_they_are_what_the_paper_says_and_their_errors_are_right() -> None:
    toys = coverage_toys(TwoSampleCell(num_images=200, num_features=6, shift=0.0), 250)
    expected = density_coverage(np.random.default_rng(0).normal(size=(200, 6)), np.zeros((200, 6))).expected_coverage
    assert expected == pytest.approx(1 - 0.5**5, abs=0.003)  # its limit, as in the paper
    density, coverage = toys.values.mean(axis=0)
    assert density == pytest.approx(1, abs=0.02)
    assert coverage == pytest.approx(expected, abs=0.004)
    assert toys.error_ratios == pytest.approx([1, 1], abs=0.3)


def test_they_see_what_is_missing_and_what_is_crowded() -> None:
    generator = np.random.default_rng(3)
    real = generator.normal(size=(400, 3))
    half = generator.normal(size=(900, 3))
    half = half[half[:, 0] > 0][:400]
    lost = density_coverage(real, half)
    crowded = density_coverage(real, 0.5 * generator.normal(size=(400, 3)))
    assert 0.45 < lost.coverage.value < 0.7
    assert crowded.density.value > 1.1
    assert crowded.coverage.value < 0.85


def test_copies_of_one_image_cover_next_to_nothing() -> None:
    real = np.random.default_rng(4).normal(size=(100, 3))
    found = density_coverage(real, np.repeat(real[:1], 100, axis=0))
    assert found.coverage.value < 0.2
    assert np.isfinite([found.density.standard_error, found.coverage.standard_error]).all()


def test_too_few_images_or_neighbours_are_refused() -> None:
    with pytest.raises(StatisticsError, match="`real` has 13 images, expected at least 14"):
        density_coverage(np.zeros((13, 2)), np.zeros((20, 2)))
    with pytest.raises(StatisticsError, match="`neighbours` is 0"):
        density_coverage(np.zeros((20, 2)), np.zeros((20, 2)), neighbours=0)
