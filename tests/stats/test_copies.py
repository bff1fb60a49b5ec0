"""Memorisation: nearest training images one by one, and generators that copy all, some or none."""

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats.copies import copies, nearest

NUM_TOYS = 400


def samples(generator: np.random.Generator, size: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    train, test, new = generator.normal(size=(3, size, 3))
    return train, test, new


def test_the_nearest_are_found_and_an_image_is_not_its_own_neighbour() -> None:
    generator = np.random.default_rng(0)
    points, others = generator.normal(size=(20, 4)), generator.normal(size=(30, 4))
    slow = np.linalg.norm(points[:, np.newaxis] - others, axis=2)
    distances, which = nearest(points, others)
    assert which.tolist() == slow.argmin(axis=1).tolist()
    assert distances == pytest.approx(slow.min(axis=1), abs=1e-5)
    own = np.arange(5)
    assert nearest(others[own], others)[0] == pytest.approx(np.zeros(5), abs=1e-3)
    slow = np.linalg.norm(others[own][:, np.newaxis] - others, axis=2)
    slow[own, own] = np.inf
    assert nearest(others[own], others, same=own)[1].tolist() == slow.argmin(axis=1).tolist()


def test_new_images_pass_and_copies_do_not() -> None:
    train, test, new = samples(np.random.default_rng(1))
    of_test = nearest(test, train)[0]
    fresh = copies(nearest(new, train)[0], of_test)
    copied = copies(nearest(train + 0.01, train)[0], of_test)
    assert abs(fresh.nearer.area - 0.5) < 3 * fresh.nearer.standard_error
    assert fresh.near_copies < 0.05
    assert copied.nearer.area > 0.95
    assert copied.near_copies > 0.5
    assert "near copies" in str(copied)


def test_a_few_copies_among_poor_images_are_seen_by_near_copies_only() -> None:
    train, test, new = samples(np.random.default_rng(2))
    mixed = np.concatenate([train[:60] + 0.001, 2.5 * new[60:]])
    found = copies(nearest(mixed, train)[0], nearest(test, train)[0])
    assert found.nearer.area < 0.5
    assert found.near_copies - 0.01 > 3 * found.near_error


def test_without_memorisation_p_is_uniform_and_errors_are_right() -> None:
    generator, values, p_values, errors = np.random.default_rng(3), [], [], []
    train = generator.normal(size=(100, 2))
    for _ in range(NUM_TOYS):
        one, other = generator.normal(size=(2, 400, 2))
        found = copies(nearest(one, train)[0], nearest(other, train)[0])
        values.append([found.nearer.area, found.near_copies])
        errors.append([found.nearer.standard_error, found.near_error])
        p_values.append(found.nearer.p_value)
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.033)
    scatter = np.std(values, axis=0)
    assert np.sqrt(np.square(errors).mean(axis=0)) == pytest.approx(scatter, rel=0.2)


def test_what_are_no_distances_is_refused() -> None:
    with pytest.raises(StatisticsError, match=r"`test` has shape \(1,\)"):
        copies([1.0, 2.0], [1.0])
    with pytest.raises(StatisticsError, match="`generated` has shape"):
        copies([1.0, np.nan], [1.0, 2.0])
