import itertools

import numpy as np
import pytest
from tests.stats.recipes import recipe

from netgain.errors import StatisticsError
from netgain.stats import Outcome, difference, holm, judge, judge_pairs, mcnemar_exact
from netgain.stats.rounding import signed
from netgain.stats.verdict import p_in_words

DELTA = 0.002


def only(baseline, arm, **options):
    return judge(baseline, {"arm": arm}, **options)["arm"]


@pytest.fixture(scope="module")
def baseline():
    return recipe(5, 10_000, wrong=150, flicker=20)


@pytest.mark.parametrize(("wrong", "outcome"), [(60, Outcome.BETTER), (240, Outcome.WORSE), (155, Outcome.EQUIVALENT)])
def test_outcomes_that_are_decided(baseline, wrong, outcome):
    verdict = only(baseline, recipe(5, 10_000, wrong, flicker=20))
    assert verdict.outcome is outcome
    assert verdict.seeds_needed is verdict.images_needed is None
    assert verdict.difference == difference(baseline, recipe(5, 10_000, wrong, flicker=20))
    assert verdict.p_adjusted == verdict.difference.p_value


def test_a_significant_difference_inside_delta_is_better_and_said_to_be_small(baseline):
    better = recipe(5, 10_000, wrong=144, flicker=20)
    better[:, 140:150] = True
    verdict = only(baseline, better)
    assert verdict.difference.p_value < 0.05
    inside = verdict.difference.interval(0.9)
    assert inside.low > 0
    assert inside.high < DELTA
    assert verdict.outcome is Outcome.BETTER
    small = "by less than 0.2 percentage points, the smallest difference that matters."
    assert verdict.sentence("baseline", "images").endswith(f"higher than the baseline's, but {small}")
    worse = only(better, baseline)
    assert worse.outcome is Outcome.WORSE
    assert worse.sentence("better", "images").endswith(f"lower than that of better, but {small}")
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


def test_one_seed_each_describes_two_networks():
    a = np.arange(10_000)[np.newaxis] >= 300
    b = a.copy()
    b[0, :25], b[0, 1000:1010] = True, False
    verdict = only(a, b)
    assert verdict.outcome is Outcome.UNDECIDED
    assert verdict.p_adjusted == mcnemar_exact(25, 10)
    assert verdict.sentence("baseline", "10,000 test images") == (
        "arm against baseline on 10,000 test images (one seed each): +0.15 ± 0.06 (test sample) percentage "
        "points, training not measured; 95 % interval +0.02 to +0.34, p = 0.017. UNDECIDED: this only "
        "describes these two networks, not the recipes; a verdict needs at least 5 seeds each."
    )


def test_the_sentence_of_one_arm_among_several(baseline):
    arms = {"wide": recipe(5, 10_000, 60, 20), "same": recipe(8, 10_000, 152, 20)}
    verdicts = judge(baseline, arms)
    assert verdicts["wide"].sentence("baseline", "10,000 test images") == (
        "wide against baseline on 10,000 test images (5 seeds each): +0.90 ± 0.09 (test sample) "
        "± <0.01 (training) percentage points; 95 % interval (this comparison alone) +0.72 to +1.08, "
        "p < 0.0001 (Holm-adjusted over 2 comparisons). BETTER: the accuracy is higher than the baseline's."
    )
    same = verdicts["same"].sentence("baseline", "10,000 test images")
    assert "(8 seeds against 5)" in same
    inside = verdicts["same"].difference.interval(0.9)
    assert same.endswith(
        f"EQUIVALENT: the 90 % interval {signed(100 * inside.low)} to {signed(100 * inside.high)} "
        "is inside ±0.2 percentage points, the smallest difference that matters."
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


def test_small_p_values_in_words():
    assert (p_in_words(1e-4), p_in_words(9.9e-5)) == ("p = 0.0001", "p < 0.0001")
