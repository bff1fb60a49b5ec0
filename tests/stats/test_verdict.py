import itertools

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import Outcome, difference, holm, images_needed, judge, judge_pairs, mcnemar_exact, seeds_needed
from netgain.stats.verdict import p_in_words

DELTA = 0.002


def recipe(seeds, images, wrong, flicker=0, start=0):
    """Rows wrong on `wrong` images from `start`; every seed also on `flicker` more, each on its own."""
    right = np.ones((seeds, images), bool)
    right[:, start : start + wrong] = False
    for seed, row in enumerate(right):
        first = images // 2 + seed * flicker
        row[first : first + flicker] = False
    return right


@pytest.fixture(scope="module")
def baseline():
    return recipe(5, 10_000, wrong=150, flicker=20)


def only(baseline, arm, **options):
    return judge(baseline, {"arm": arm}, **options)["arm"]


@pytest.mark.parametrize(("wrong", "outcome"), [(60, Outcome.BETTER), (240, Outcome.WORSE), (155, Outcome.EQUIVALENT)])
def test_outcomes_that_are_decided(baseline, wrong, outcome):
    verdict = only(baseline, recipe(5, 10_000, wrong, flicker=20))
    assert verdict.outcome is outcome
    assert verdict.seeds_needed is verdict.images_needed is None
    assert verdict.difference == difference(baseline, recipe(5, 10_000, wrong, flicker=20))
    assert verdict.p_adjusted == verdict.difference.p_value


def noisy(rng, seeds, images, accuracy, spread):
    """Seeds that truly differ in accuracy, on images that do not: only more seeds help."""
    levels = accuracy + spread * np.linspace(-1, 1, seeds)[:, np.newaxis]
    return rng.random((seeds, images)) < levels


def test_undecided_names_the_seeds_that_find_the_larger_of_effect_and_delta():
    rng = np.random.default_rng(0)
    a, b = noisy(rng, 6, 40_000, 0.95, 0.02), noisy(rng, 6, 40_000, 0.953, 0.02)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    measured = verdict.difference
    assert abs(measured.effect) > DELTA
    assert verdict.seeds_needed == seeds_needed(measured, abs(measured.effect))
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 6
    larger = only(a, b, delta=0.01)
    assert larger.seeds_needed == seeds_needed(measured, 0.01)
    assert f"UNDECIDED: about {verdict.seeds_needed:,} seeds each would decide." in verdict.sentence("b", "i")


def test_undecided_asks_for_the_bonferroni_level(baseline):
    rng = np.random.default_rng(0)
    a, b = noisy(rng, 6, 40_000, 0.95, 0.02), noisy(rng, 6, 40_000, 0.953, 0.02)
    several = judge(a, {"first": b, "second": b, "third": b})["first"]
    assert several.seeds_needed == seeds_needed(several.difference, abs(several.difference.effect), 0.05 / 3)


def test_seeds_enough_for_delta_but_an_effect_in_between():
    # The seeds would find δ, the effect measured is smaller, yet too near to δ to be called equivalent.
    rng = np.random.default_rng(1)
    a, b = noisy(rng, 6, 40_000, 0.95, 0.01), noisy(rng, 6, 40_000, 0.957, 0.01)
    measured = difference(a, b)
    delta = 0.014
    enough = seeds_needed(measured, delta)
    assert enough is not None
    assert enough <= 6
    verdict = only(a, b, delta=delta)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed == seeds_needed(measured, abs(measured.effect))
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 6


def test_undecidable_here_names_the_images(baseline):
    # Identical seeds: nothing but the choice of images is uncertain, and it is too much so.
    a, b = recipe(5, 2000, wrong=60), recipe(5, 2000, wrong=60, start=55)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.seeds_needed is None
    assert verdict.images_needed == images_needed(verdict.difference, DELTA)
    assert verdict.images_needed is not None
    assert verdict.images_needed > 2000
    sentence = verdict.sentence("baseline", "images")
    assert sentence.endswith(f"about {verdict.images_needed:,} such test images are needed.")


def test_undecidable_here_where_seeds_and_images_are_both_too_few():
    rng = np.random.default_rng(3)
    a, b = (rng.random((5, 300)) < 0.9 + rng.normal(0, 0.02, (5, 1)) for _ in range(2))
    a[:, :20], b[:, :20] = False, True
    a[:, 20:40], b[:, 20:40] = True, False
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.images_needed is None
    assert verdict.sentence("baseline", "images").endswith("more images and more seeds are needed.")


def test_with_no_image_telling_the_recipes_apart_enough_images_show_equivalence():
    same = [recipe(5, images, wrong=10) for images in (100, 1496, 1497)]
    verdicts = [only(right, right) for right in same]
    assert [v.outcome for v in verdicts] == [
        Outcome.UNDECIDABLE_HERE,
        Outcome.UNDECIDABLE_HERE,
        Outcome.EQUIVALENT,
    ]
    assert [v.images_needed for v in verdicts] == [1497, 1497, None]


@pytest.mark.parametrize(("delta", "seeds_by_t"), [(0.05, None), (0.065, 2)])
def test_few_images_telling_the_recipes_apart_ask_for_25_of_them(delta, seeds_by_t):
    # 4 of 100 images differ; whatever t says, the exact test wants 25 that differ.
    verdict = only(recipe(5, 100, wrong=10), recipe(5, 100, wrong=10, start=2), delta=delta)
    assert verdict.difference.num_discordant == 4
    assert seeds_needed(verdict.difference, delta) == seeds_by_t
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert (verdict.seeds_needed, verdict.images_needed) == (None, 625)


def test_a_significant_difference_inside_delta_is_better_and_said_to_be_small(baseline):
    better = recipe(5, 10_000, wrong=144, flicker=20)
    better[:, 140:150] = True
    verdict = only(baseline, better)
    assert verdict.difference.p_value < 0.05
    inside = verdict.difference.interval(0.9)
    assert inside.low > 0
    assert inside.high < DELTA
    assert verdict.outcome is Outcome.BETTER
    small = "lies inside ±0.2 percentage points: real, and smaller than what the study declared to matter."
    assert verdict.sentence("baseline", "images").endswith(f"higher than the baseline's, but it {small}")
    worse = only(better, baseline)
    assert worse.outcome is Outcome.WORSE
    assert worse.sentence("better", "images").endswith(f"lower than that of better, but it {small}")
    large = only(baseline, better, delta=0.0005)
    assert large.outcome is Outcome.BETTER
    assert large.sentence("baseline", "images").endswith("BETTER: the accuracy is higher than the baseline's.")


@pytest.mark.parametrize("seeds", list(itertools.product([2, 4, 5], [2, 4, 5])))
def test_fewer_than_five_seeds_decide_nothing(seeds):
    first, second = seeds
    verdict = only(recipe(first, 10_000, 150, 20), recipe(second, 10_000, 60, 20))
    assert verdict.difference.p_value < 1e-9
    if min(seeds) == 5:
        assert verdict.outcome is Outcome.BETTER
        return
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed == 5
    assert verdict.sentence("baseline", "images").endswith("a verdict needs at least 5 seeds each.")


def test_few_seeds_say_when_five_will_not_do():
    rng = np.random.default_rng(4)
    a, b = noisy(rng, 3, 40_000, 0.95, 0.02), noisy(rng, 3, 40_000, 0.96, 0.02)
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.seeds_needed is not None
    assert verdict.seeds_needed > 5
    assert f"at least 5 seeds each, this one about {verdict.seeds_needed}." in verdict.sentence("b", "i")


def test_one_seed_each_speaks_of_two_networks():
    a = np.arange(10_000)[np.newaxis] >= 300
    b = a.copy()
    b[0, :25], b[0, 1000:1010] = True, False
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.p_adjusted == mcnemar_exact(25, 10)
    assert verdict.sentence("baseline", "10,000 test images") == (
        "arm against baseline on 10,000 test images (one seed each): +0.15 ± 0.06 (test sample) percentage "
        "points, training not measured; 95 % interval +0.02 to +0.34, p = 0.017. UNDECIDED: the numbers "
        "speak of these two networks, not of the recipes; a verdict needs at least 5 seeds each."
    )


def test_the_sentence_of_one_arm_among_several(baseline):
    arms = {"wide": recipe(5, 10_000, 60, 20), "same": recipe(8, 10_000, 152, 20)}
    verdicts = judge(baseline, arms)
    assert verdicts["wide"].sentence("baseline", "10,000 test images") == (
        "wide against baseline on 10,000 test images (5 seeds each): +0.90 ± 0.09 (test sample) "
        "± 0.00 (training) percentage points; 95 % interval (this comparison alone) +0.72 to +1.08, "
        "p < 0.0001 (Holm-adjusted over 2 comparisons). BETTER: the accuracy is higher than the baseline's."
    )
    same = verdicts["same"].sentence("baseline", "10,000 test images")
    assert "(8 seeds against 5)" in same
    inside = verdicts["same"].difference.interval(0.9)
    assert same.endswith(
        f"EQUIVALENT: the 90 % interval {100 * inside.low:+.2f} to {100 * inside.high:+.2f} "
        "lies inside ±0.2 percentage points, the smallest that matters."
    )
    worse = only(arms["wide"], baseline)
    assert worse.sentence("b", "i").endswith("WORSE: the accuracy is lower than that of b.")


def test_holm_over_the_arms_decides(baseline):
    rng = np.random.default_rng(9)
    arms = {}
    for name in "abcdef":
        arm = baseline.copy()
        fixed = rng.integers(20, 36)
        arm[:, :fixed], arm[:, 9000 : 9000 + fixed // 2] = True, False
        arms[name] = arm
    verdicts = judge(baseline, arms, delta=0.0001)
    raw = [verdicts[name].difference.p_value for name in arms]
    assert [verdicts[name].p_adjusted for name in arms] == pytest.approx(holm(raw))
    assert all(verdicts[name].arm == name and verdicts[name].num_comparisons == 6 for name in arms)
    marginal = [v for v in verdicts.values() if v.difference.p_value < 0.05 <= v.p_adjusted]
    assert marginal, "no arm lies between the plain and the adjusted level: choose other arms"
    assert all(v.outcome not in {Outcome.BETTER, Outcome.WORSE} for v in marginal)
    v = verdicts["a"]
    assert v.simultaneous_interval == v.difference.interval(1 - 0.05 / 6)


def test_groups_reach_the_difference(baseline):
    arm = recipe(5, 10_000, wrong=60, flicker=20)
    verdict = only(baseline, arm, groups=np.arange(10_000) // 100)
    assert verdict.difference.num_groups == 100
    assert verdict.outcome is not Outcome.BETTER


def test_outcomes_read_as_words():
    assert [str(outcome) for outcome in Outcome] == [
        "BETTER",
        "WORSE",
        "EQUIVALENT",
        "UNDECIDED",
        "UNDECIDABLE HERE",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"arms": {}}, "`arms` is empty"),
        ({"alpha": 0.5}, r"`alpha` is 0\.5, expected a number between 0 and 0\.5"),
        ({"delta": 0}, "`delta` is 0"),
        ({"delta": 2}, "`delta` is 2"),
    ],
)
def test_impossible_studies_are_refused(options, message):
    right = np.ones((5, 10), bool)
    with pytest.raises(StatisticsError, match=message):
        judge(right, **({"arms": {"arm": right}} | options))


def test_frames_hold_the_numbers():
    rng = np.random.default_rng(0)
    verdict = judge(rng.random((5, 400)) < 0.7, {"arm": rng.random((6, 400)) < 0.9})["arm"]
    assert list(verdict.frame())[:4] == ["arm", "outcome", "p_adjusted", "effect"]
    row, measured = verdict.frame().iloc[0], verdict.difference
    assert (row["arm"], row["outcome"], row["p_adjusted"]) == ("arm", verdict.outcome, verdict.p_adjusted)
    assert (row["effect"], row["test_sample"], row["training"]) == (
        measured.effect,
        measured.test_sample,
        measured.training,
    )
    assert (row["low"], row["high"]) == (measured.interval().low, measured.interval().high)
    accuracy = measured.accuracy_b.frame().iloc[0]
    assert (accuracy["accuracy"], accuracy["seeds"]) == (measured.accuracy_b.value, 6)


def test_pairs_are_judged_each_against_its_own_partner():
    low, middle, high = recipe(5, 2000, wrong=400), recipe(5, 2000, wrong=200), recipe(5, 2000, wrong=100)
    steps = judge_pairs({"first": (low, middle), "second": (middle, high)})
    alone = judge(middle, {"second": high})["second"]
    assert steps["second"].difference.effect == alone.difference.effect == pytest.approx(0.05)
    assert [steps[name].outcome for name in steps] == [Outcome.BETTER] * 2
    assert steps["second"].num_comparisons == 2
    assert steps["second"].sentence("first", "images").endswith("the accuracy is higher than that of first.")
    with pytest.raises(StatisticsError, match="at least one arm"):
        judge_pairs({})


def test_a_p_value_of_just_alpha_is_not_significant(baseline):
    rng = np.random.default_rng(2)
    arm = rng.random((5, 10_000)) < 0.985
    p_value = difference(baseline, arm).p_value
    assert 0 < p_value < 0.5
    assert only(baseline, arm, alpha=p_value).outcome not in {Outcome.BETTER, Outcome.WORSE}
    assert only(baseline, arm, alpha=np.nextafter(p_value, 1)).outcome in {Outcome.BETTER, Outcome.WORSE}


def test_an_interval_that_reaches_delta_does_not_lie_inside(baseline):
    arm = recipe(5, 10_000, 155, flicker=20)
    for pair in ((baseline, arm), (arm, baseline)):
        inside = difference(*pair).interval(0.9)
        delta = max(-inside.low, inside.high)
        assert only(*pair, delta=delta).outcome is not Outcome.EQUIVALENT
        assert only(*pair, delta=np.nextafter(delta, 1)).outcome is Outcome.EQUIVALENT


def test_five_seeds_are_enough_to_name_how_many_would_decide():
    rng = np.random.default_rng(0)
    verdict = only(noisy(rng, 5, 40_000, 0.95, 0.02), noisy(rng, 5, 40_000, 0.953, 0.02))
    assert verdict.sentence("b", "i").endswith(f"UNDECIDED: about {verdict.seeds_needed:,} seeds each would decide.")


@pytest.mark.parametrize("seeds", [3, 6])
@pytest.mark.parametrize("delta", [0.002, 0.014])
def test_seeds_of_several_arms_are_for_the_bonferroni_level(seeds, delta):
    rng = np.random.default_rng(1)
    a, b = noisy(rng, seeds, 40_000, 0.95, 0.01), noisy(rng, seeds, 40_000, 0.956, 0.01)
    verdict = judge(a, {"first": b, "second": b, "third": b}, delta=delta)["first"]
    measured = verdict.difference
    assert verdict.outcome is Outcome.UNDECIDED
    target = max(abs(measured.effect), delta)
    if seeds == 6 and (seeds_needed(measured, target, 0.05 / 3) or 7) <= 6:
        target = abs(measured.effect)
    needed = seeds_needed(measured, target, 0.05 / 3)
    assert needed is not None
    assert needed != seeds_needed(measured, target)
    assert verdict.seeds_needed == max(5, needed)


def test_images_of_several_arms_are_for_the_bonferroni_level():
    a, b = recipe(5, 2000, wrong=60), recipe(5, 2000, wrong=60, start=55)
    verdict = judge(a, {"first": b, "second": b, "third": b})["first"]
    assert verdict.outcome is Outcome.UNDECIDABLE_HERE
    assert verdict.images_needed == images_needed(verdict.difference, DELTA, 0.05 / 3)
    assert verdict.images_needed != images_needed(verdict.difference, DELTA)


def test_with_25_images_that_differ_t_has_the_last_word():
    a = recipe(5, 1000, wrong=30)
    b = a.copy()
    b[:, :17], b[:, 100:108] = True, False
    verdict = only(a, b, delta=0.0145)
    assert verdict.difference.num_discordant == 25
    assert seeds_needed(verdict.difference, 0.0145) == 2
    assert verdict.images_needed == images_needed(verdict.difference, verdict.difference.effect) == 2419


def test_few_images_that_differ_and_no_number_of_images_that_would_decide():
    rng = np.random.default_rng(14)
    a, b = (rng.random((5, 20)) < 0.8 + rng.normal(0, 0.1, (5, 1)) for _ in range(2))
    verdict = only(a, b, delta=0.01)
    assert verdict.difference.num_discordant < 25
    assert (verdict.outcome, verdict.images_needed) == (Outcome.UNDECIDABLE_HERE, None)


def test_small_p_values_in_words():
    assert (p_in_words(1e-4), p_in_words(9.9e-5)) == ("p = 0.0001", "p < 0.0001")
