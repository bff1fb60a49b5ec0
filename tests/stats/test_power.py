import dataclasses
import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestPower

from netgain.errors import StatisticsError
from netgain.stats import difference, images_needed, seeds_needed


@pytest.fixture
def measured(toy_pair):
    """A difference with every variance component in it, measured with many seeds."""
    return difference(*toy_pair(np.random.default_rng(2), 40, 2000, tau=0.3, rho=0.99, logit=(9.0, 9.2)))


def formula(measured, effect, alpha, power):
    """Section 5 of statistics.md with normal quantiles: the number of seeds before rounding up."""
    n = measured.num_images
    arms = (measured.accuracy_a, measured.accuracy_b)
    noise = sum(arm.mean_square_residual for arm in arms)
    seed = sum(arm.seed_sigma**2 for arm in arms)
    image = measured.image_variance - sum(arm.mean_square_residual / arm.num_seeds for arm in arms)
    z = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    return (noise + n * seed) / (n * effect**2 / z**2 - image)


@pytest.mark.parametrize("effect", [0.006, 0.0065, 0.008])
@pytest.mark.parametrize(("alpha", "power"), [(0.05, 0.8), (0.01, 0.5)])
def test_seeds_follow_the_formula_and_allow_for_t(measured, effect, alpha, power):
    seeds = seeds_needed(measured, effect, alpha, power)
    exact = formula(measured, effect, alpha, power)
    assert seeds is not None
    assert math.ceil(exact) <= seeds <= math.ceil(1.05 * exact) + 2
    assert seeds == seeds_needed(measured, -effect, alpha, power)


def test_no_number_of_seeds_where_the_images_alone_are_too_uncertain(measured):
    assert formula(measured, 0.001, 0.05, 0.8) < 0
    assert seeds_needed(measured, 0.001) is None


def test_more_than_a_billion_seeds_or_a_trillion_images_are_never():
    rng = np.random.default_rng(5)
    noisy = difference(*(rng.random((5, 4000)) < 0.8 + rng.normal(0, 0.02, (5, 1)) for _ in range(2)))
    assert noisy.test_sample == 0, "only more seeds help"
    needed = [seeds_needed(noisy, effect) for effect in (1e-5, 2.6e-6, 1e-6)]
    assert needed == [pytest.approx(6.7e7, rel=0.01), pytest.approx(9.9e8, rel=0.01), None]
    same = difference(np.tile(np.arange(100) % 2 == 0, (2, 1)), np.tile(np.arange(100) % 3 == 0, (2, 1)))
    assert same.training == 0, "only more images help"
    needed = [images_needed(same, effect) for effect in (1e-5, 1.95e-6, 1e-6)]
    assert needed == [pytest.approx(3.8e10, rel=0.02), pytest.approx(9.9e11, rel=0.01), None]


def test_images_follow_the_formula(measured):
    seed = sum(arm.seed_sigma**2 / arm.num_seeds for arm in (measured.accuracy_a, measured.accuracy_b))
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    expected = measured.image_variance / ((0.004 / z) ** 2 - seed)
    assert images_needed(measured, 0.004) == pytest.approx(expected, rel=0.03)
    assert images_needed(measured, 2 * math.sqrt(seed)) is None


def test_the_present_design_is_what_it_needs(measured):
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    effect = float(z) * math.sqrt(measured.variance) * 1.02
    assert seeds_needed(measured, effect) == pytest.approx(40, rel=0.15)
    assert images_needed(measured, effect) == pytest.approx(2000, rel=0.1)


def test_groups_count_as_fewer_images(toy_pair):
    a, b = toy_pair(np.random.default_rng(6), 10, 2000, tau=0.1, rho=0.9, group_size=10)
    independent = images_needed(difference(a, b), 0.01)
    grouped = images_needed(difference(a, b, np.arange(2000) // 10), 0.01)
    assert independent is not None
    assert grouped is not None
    assert grouped > 1.5 * independent


def test_few_groups_cost_degrees_of_freedom(measured):
    few = dataclasses.replace(measured, num_groups=6)
    images, plain = images_needed(few, 0.008), images_needed(measured, 0.008)
    assert images is not None
    assert plain is not None
    assert images > 1.2 * plain


def test_an_image_variance_below_zero_counts_as_zero(measured):
    nothing = dataclasses.replace(measured, image_variance=0.0)
    arms = (measured.accuracy_a, measured.accuracy_b)
    noise = sum(arm.mean_square_residual / arm.num_seeds for arm in arms)
    zero = dataclasses.replace(measured, image_variance=noise)
    assert seeds_needed(nothing, 0.003) == seeds_needed(zero, 0.003)


def test_the_seeds_named_have_the_power_promised(toy_pair, toy_accuracy):
    rng = np.random.default_rng(21)
    effect = toy_accuracy(9.5, 0.15) - toy_accuracy(9.0, 0.15)
    model = {"images": 1000, "tau": 0.15, "rho": 1.0, "logit": (9.0, 9.5)}
    pilots = [seeds_needed(difference(*toy_pair(rng, 100, **model)), effect) for _ in range(9)]
    seeds = sorted(math.inf if needed is None else needed for needed in pilots)[4]
    assert 6 <= seeds <= 14
    toys = 600
    found = sum(difference(*toy_pair(rng, int(seeds), **model)).p_value < 0.05 for _ in range(toys))
    assert 0.75 <= found / toys <= 0.87


@pytest.mark.parametrize("alpha", [0.05, 0.002])
def test_few_seeds_have_the_power_promised_where_normal_quantiles_have_not(alpha):
    # Training decides everything here (no image differs but by seed), so df is small and z is too bold.
    rng = np.random.default_rng(22)

    def pair(seeds):
        level = [centre + 0.02 * rng.normal(size=(seeds, 1)) for centre in (0.80, 0.85)]
        return [rng.random((seeds, 20_000)) < accuracy for accuracy in level]

    pilot = difference(*pair(60))
    seeds = seeds_needed(pilot, 0.05, alpha)
    assert seeds is not None
    assert seeds > math.ceil(formula(pilot, 0.05, alpha, 0.8))
    toys = 200
    found = sum(difference(*pair(seeds)).p_value < alpha for _ in range(toys))
    assert found / toys >= 0.74


def slow_power(measured, effect, alpha, seeds, images):
    """The power of a design with Student's noncentral t, every variance and freedom written out."""
    arms = (measured.accuracy_a, measured.accuracy_b)
    image = measured.image_variance - sum(arm.mean_square_residual / arm.num_seeds for arm in arms)
    assert image > 0, "the floor acts: choose other matrices"
    of_images = image / images + sum(arm.mean_square_residual / images / s for arm, s in zip(arms, seeds, strict=True))
    of_seeds = [arm.seed_sigma**2 / s for arm, s in zip(arms, seeds, strict=True)]
    parts = [
        (of_seed + arm.mean_square_residual / images / s, s - 1)
        for of_seed, arm, s in zip(of_seeds, arms, seeds, strict=True)
    ]
    parts.append((of_images, images - 1))
    variance = of_images + sum(of_seeds)
    freedom = max(min(f for _, f in parts), variance**2 / sum(v**2 / f for v, f in parts))
    return 1 - stats.nct.cdf(stats.t.isf(alpha / 2, freedom), freedom, effect / math.sqrt(variance))


@pytest.fixture
def uneven():
    """Few images, and recipes that differ in everything: seeds, spread from seed to seed, spread of the images."""
    rng = np.random.default_rng(3)
    hard = rng.random(60) < 0.3
    a = rng.random((6, 60)) < np.where(hard, 0.4, 0.9) + rng.normal(0, 0.06, (6, 1))
    b = rng.random((4, 60)) < np.where(hard, 0.9, 0.95) + rng.normal(0, 0.01, (4, 1))
    return difference(a, b)


@pytest.mark.parametrize("effect", [0.14, 0.16, 0.2, 0.25, 0.4])
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_the_numbers_named_are_the_smallest_with_the_power(uneven, effect, alpha):
    seeds = seeds_needed(uneven, effect, alpha)
    assert type(seeds) is int
    powers = [slow_power(uneven, effect, alpha, (s, s), 60) for s in (seeds - 1, seeds) if s > 1]
    assert powers[-1] >= 0.8
    assert seeds == 2 or powers[0] < 0.8
    images = images_needed(uneven, effect, alpha)
    if images is None:
        assert slow_power(uneven, effect, alpha, (6, 4), 10**9) < 0.8
    else:
        assert slow_power(uneven, effect, alpha, (6, 4), images) >= 0.8
        assert images == 2 or slow_power(uneven, effect, alpha, (6, 4), images - 1) < 0.8


@pytest.mark.parametrize("effect", [0.2, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize(("alpha", "power"), [(0.05, 0.8), (0.01, 0.9)])
def test_where_training_is_not_random_the_images_are_those_of_the_paired_t_test(effect, alpha, power):
    right, changed = np.arange(100) < 50, np.arange(100) % 3 == 0
    measured = difference(np.tile(right, (5, 1)), np.tile(right ^ changed, (5, 1)))
    size = effect / math.sqrt(measured.image_variance)
    expected = TTestPower().solve_power(effect_size=size, alpha=alpha, power=power)
    assert images_needed(measured, effect, alpha, power) == math.ceil(expected)


@pytest.mark.parametrize("needed", [seeds_needed, images_needed])
def test_impossible_questions_are_refused(measured, needed):
    with pytest.raises(StatisticsError, match="`effect` is 0"):
        needed(measured, 0)
    with pytest.raises(StatisticsError, match="`effect` is 1.5"):
        needed(measured, 1.5)
    assert needed(measured, -1) == 2
    with pytest.raises(StatisticsError, match="`alpha` is 5"):
        needed(measured, 0.01, alpha=5)
    with pytest.raises(StatisticsError, match="`power` is 1"):
        needed(measured, 0.01, power=1.0)
    single = difference([[True, False]], [[True, True]])
    with pytest.raises(StatisticsError, match="at least 2 seeds each"):
        needed(single, 0.01)


def test_without_any_variance_two_seeds_are_enough():
    right = np.ones((5, 100), bool)
    assert seeds_needed(difference(right, right), 0.01) == 2
