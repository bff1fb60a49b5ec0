import dataclasses
import itertools

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import CHECKS, Outcome, difference, images_needed, judge_check, seeds_needed, sequential_p
from netgain.stats.rounding import signed


def wrong_on(*images, seeds=20, total=4000):
    right = np.ones((seeds, total), bool)
    for first, last in images:
        right[:, first:last] = False
    return right


def run(baseline, arms, **options):
    """Check until every arm has stopped; all the checks."""
    history = []
    checks = None
    for seeds in CHECKS:
        still_open = [arm for arm in arms if checks is None or not checks[arm].stop]
        if still_open:
            checks = judge_check(baseline[:seeds], {arm: arms[arm][:seeds] for arm in still_open}, checks, **options)
            history.append(checks)
    return history


def noisy(rng, accuracy, seeds=20, images=30_000, spread=0.01):
    return rng.random((seeds, images)) < accuracy + spread * rng.normal(size=(seeds, 1))


def test_a_clear_effect_stops_at_the_first_check():
    checks = judge_check(wrong_on((0, 200), seeds=5), {"good": wrong_on(seeds=5), "bad": wrong_on((0, 400), seeds=5)})
    assert [checks[arm].outcome for arm in ("good", "bad")] == [Outcome.BETTER, Outcome.WORSE]
    good = checks["good"]
    assert good.stop
    assert good.next_seeds is None
    assert (good.num_seeds, good.p_value) == (5, good.difference.p_value)
    assert good.sequential_p == pytest.approx(good.p_value / 0.04)
    assert good.p_adjusted == pytest.approx(2 * good.sequential_p)
    assert str(good).startswith("good against the baseline on the same test images (5 seeds, check 1 of 4): +5.00 ± ")
    assert str(good).endswith("BETTER: the sequential p is below 0.05.")


def test_equivalence_needs_the_level_of_the_check():
    # The 90 % interval lies inside ±δ; the 1 - 2 · 0.002 interval of the first check does not.
    baseline, arm = wrong_on((0, 1000), seeds=5), wrong_on((500, 1500), seeds=5)
    measured = difference(baseline, arm)
    narrow, wide = measured.interval(0.9), measured.interval(1 - 2 * 0.002)
    between = (narrow.high + wide.high) / 2
    check = judge_check(baseline, {"arm": arm}, delta=between)["arm"]
    assert check.outcome is not Outcome.EQUIVALENT
    check = judge_check(baseline, {"arm": arm}, delta=wide.high * 1.001)["arm"]
    assert check.outcome is Outcome.EQUIVALENT
    assert check.stop
    assert check.why == (
        f"the 99.6 % interval {signed(100 * wide.low)} to {signed(100 * wide.high)} of this check lies inside "
        f"±{100 * wide.high * 1.001:g} percentage points"
    )


def test_an_interval_that_reaches_delta_does_not_lie_inside():
    baseline, arm = wrong_on((0, 40), seeds=5), wrong_on((20, 61), seeds=5)
    for pair in ((baseline, arm), (arm, baseline)):
        inside = difference(*pair).interval(1 - 2 * 0.05 * 0.04)
        delta = max(-inside.low, inside.high)
        assert -inside.low != inside.high
        assert judge_check(pair[0], {"arm": pair[1]}, delta=delta)["arm"].outcome is not Outcome.EQUIVALENT
        assert judge_check(pair[0], {"arm": pair[1]}, delta=np.nextafter(delta, 1))["arm"].outcome is Outcome.EQUIVALENT


def test_an_equivalent_arm_asks_for_no_images():
    # With 20 arms the last check's level is below this check's, at which the interval still lies inside.
    baseline, arm = wrong_on((0, 40), seeds=5), wrong_on((20, 60), seeds=5)
    measured = difference(baseline, arm)
    narrow, wide = measured.interval(1 - 2 * 0.05 * 0.04), measured.interval(1 - 2 * 0.05 * 0.5 / 20)
    assert narrow.high < wide.high
    checks = judge_check(baseline, {str(i): arm for i in range(20)}, delta=(narrow.high + wide.high) / 2)
    assert {(check.outcome, check.images_needed) for check in checks.values()} == {(Outcome.EQUIVALENT, None)}


def test_no_number_of_seeds_stops_and_names_the_images():
    check = judge_check(wrong_on((0, 40), seeds=5), {"arm": wrong_on((30, 70), seeds=5)})["arm"]
    assert (check.outcome, check.stop) == (Outcome.UNDECIDABLE_HERE, True)
    assert check.images_needed is not None
    assert check.images_needed == images_needed(check.difference, 0.002, 0.05 * 0.5)
    assert check.why == (
        "too few test images to decide, however many seeds; "
        f"about {check.images_needed:,} test images of this kind are needed"
    )
    assert check.sentence("plain", "4,000 images").endswith(f"UNDECIDABLE HERE: {check.why}.")
    of_words = check.sentence("plain", "4,000 words", "words")
    assert of_words.endswith(f"UNDECIDABLE HERE: {check.why.replace('images', 'words')}.")
    arms = {name: wrong_on((30, 70), seeds=5) for name in "ab"}
    assert judge_check(wrong_on((0, 40), seeds=5), arms)["a"].images_needed == images_needed(
        check.difference, 0.002, 0.05 * 0.5 / 2
    )


def test_no_number_of_seeds_and_no_number_of_images():
    rng = np.random.default_rng(3)
    a, b = (rng.random((5, 300)) < 0.9 + rng.normal(0, 0.02, (5, 1)) for _ in range(2))
    a[:, :20], b[:, :20] = False, True
    a[:, 20:40], b[:, 20:40] = True, False
    check = judge_check(a, {"arm": b})["arm"]
    assert (check.outcome, check.images_needed) == (Outcome.UNDECIDABLE_HERE, None)
    assert check.why == "too few test images to decide, however many seeds; more images and more seeds are needed"


def test_groups_reach_the_difference():
    check = judge_check(wrong_on((0, 200), seeds=5), {"arm": wrong_on(seeds=5)}, groups=np.arange(4000) // 100)["arm"]
    assert check.difference.num_groups == 40


def test_seeds_are_added_until_it_is_known():
    rng = np.random.default_rng(2)
    history = run(noisy(rng, 0.90), {"arm": noisy(rng, 0.914)}, delta=0.004)
    checks = [checks["arm"] for checks in history]
    assert 1 < len(checks) <= 4
    assert [check.next_seeds for check in checks[:-1]] == list(CHECKS[1 : len(checks)])
    assert all(check.outcome is Outcome.UNDECIDED and not check.stop for check in checks[:-1])
    assert checks[-1].outcome is Outcome.BETTER
    assert checks[-1].sequential_p == sequential_p([step.p_value for step in checks[-1].steps])
    frame = checks[-1].frame()
    assert frame["num_seeds"].tolist() == list(CHECKS[: len(checks)])
    assert frame["effect"].iloc[-1] == checks[-1].difference.effect


def test_the_last_look_stops_whatever_it_sees():
    rng = np.random.default_rng(5)
    base = noisy(rng, 0.90, spread=0.02)
    history = run(base, {"arm": noisy(rng, 0.905, spread=0.02)}, delta=0.006)
    last = history[-1]["arm"]
    assert (len(last.steps), last.outcome, last.stop) == (4, Outcome.UNDECIDED, True)
    needed = seeds_needed(last.difference, max(abs(last.difference.effect), 0.006), 0.05 * 0.5)
    assert needed is not None
    power = "with 80 % power if the true effect is 0.60 points"
    assert last.why == f"this was the last check; about {needed:,} seeds each would decide, {power}"


def test_a_last_look_with_too_few_seeds_names_no_number():
    rng = np.random.default_rng(5)
    few = noisy(rng, 0.9, 2, images=200)
    first = judge_check(few, {"arm": few})["arm"]
    earlier = dataclasses.replace(first, steps=first.steps * 3)
    last = judge_check(few, {"arm": few[::-1]}, {"arm": earlier})["arm"]
    assert (last.stop, last.outcome) == (True, Outcome.UNDECIDED)
    assert last.why.startswith("this was the last check")


def test_an_arm_that_stopped_stays_and_still_counts_in_holm():
    rng = np.random.default_rng(2)
    arms = {"clear": noisy(rng, 0.99), "open": noisy(rng, 0.914)}
    history = run(noisy(rng, 0.90), arms, delta=0.004)
    assert history[0]["clear"].stop
    assert not history[0]["open"].stop
    assert history[1]["clear"] is history[0]["clear"]
    assert history[0]["open"].p_adjusted == pytest.approx(history[0]["open"].sequential_p)
    assert history[0]["clear"].p_adjusted == pytest.approx(2 * history[0]["clear"].sequential_p)


def test_an_effect_that_turned_round_is_no_claim():
    rng = np.random.default_rng(0)
    first = judge_check(noisy(rng, 0.9, 5), {"x": noisy(rng, 0.9, 5), "y": noisy(rng, 0.9, 5)}, delta=1e-4)
    turned = [step._replace(p_value=1e-9, effect=0.5) for step in first["x"].steps]
    earlier = {
        "x": dataclasses.replace(first["x"], steps=tuple(turned), stop=False),
        "y": dataclasses.replace(first["y"], stop=True),
    }
    base, worse = noisy(rng, 0.9, 8), noisy(rng, 0.89, 8)
    assert difference(base, worse).effect < 0
    check = judge_check(base, {"x": worse}, earlier, delta=1e-4)["x"]
    assert check.p_adjusted < 0.05
    assert check.outcome not in {Outcome.BETTER, Outcome.WORSE}
    # By the last check alone the arm is worse: no number of seeds is left to name.
    last = dataclasses.replace(first["x"], steps=(turned[0]._replace(p_value=1e-300),) * 3, stop=False)
    base, worse = noisy(rng, 0.9), noisy(rng, 0.8)
    check = judge_check(base, {"x": worse}, {"x": last}, delta=1e-4)["x"]
    assert (check.outcome, check.why) == (Outcome.UNDECIDED, "this was the last check")


def test_no_effect_at_this_look_is_no_claim():
    rng = np.random.default_rng(0)
    right = noisy(rng, 0.9, 8, images=500)
    first = judge_check(right[:5], {"x": right[:5]}, delta=1e-4)["x"]
    strong = dataclasses.replace(first, steps=(first.steps[0]._replace(p_value=1e-9, effect=0.5),), stop=False)
    check = judge_check(right, {"x": right}, {"x": strong}, delta=1e-4)["x"]
    assert check.p_adjusted < 1e-6
    assert check.outcome not in {Outcome.BETTER, Outcome.WORSE}


def test_the_direction_is_that_of_the_look_with_the_smallest_p_for_its_share():
    rng = np.random.default_rng(0)
    base, better = noisy(rng, 0.9, 8), noisy(rng, 0.925, 8)
    measured = difference(base, better)
    assert 0 < measured.p_value < 0.005
    first = judge_check(base[:5], {"x": better[:5]}, delta=1e-4)["x"]
    other_way = first.steps[0]._replace(p_value=measured.p_value, effect=-0.5)  # p/share is four times as large here
    earlier = dataclasses.replace(first, steps=(other_way,), stop=False)
    assert judge_check(base, {"x": better}, {"x": earlier}, delta=1e-4)["x"].outcome is Outcome.BETTER


def test_a_sequential_p_of_just_alpha_is_not_significant():
    rng = np.random.default_rng(4)
    base, arm = noisy(rng, 0.9, 5), noisy(rng, 0.925, 5)
    p_adjusted = judge_check(base, {"x": arm})["x"].p_adjusted
    assert 0 < p_adjusted < 0.5
    assert judge_check(base, {"x": arm}, alpha=p_adjusted)["x"].outcome is not Outcome.BETTER
    assert judge_check(base, {"x": arm}, alpha=np.nextafter(p_adjusted, 1))["x"].outcome is Outcome.BETTER


def test_a_step_holds_what_the_look_saw():
    rng = np.random.default_rng(4)
    check = judge_check(noisy(rng, 0.9, 5), {"x": noisy(rng, 0.925, 5)})["x"]
    seen = check.difference
    assert check.steps == ((5, seen.effect, seen.test_sample, seen.training, seen.p_value, 0.04, seen),)


@pytest.mark.parametrize(
    ("p_adjusted", "words"),
    [(0.0123, "sequential p = 0.012"), (1e-4, "sequential p = 0.0001"), (9e-5, "sequential p < 0.0001")],
)
def test_sentence(p_adjusted, words):
    check = judge_check(wrong_on((0, 40), seeds=5), {"arm": wrong_on((30, 70), seeds=5)})["arm"]
    check = dataclasses.replace(check, p_adjusted=p_adjusted)
    assert check.sentence("plain", "4,000 images") == (
        f"arm against plain on 4,000 images (5 seeds, check 1 of 4): {check.difference}; {words} (Holm-adjusted). "
        f"{check.outcome}: {check.why}."
    )


@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_too_few_seeds_spend_the_look_and_decide_nothing(seeds):
    check = judge_check(wrong_on((0, 200), seeds=seeds), {"arm": wrong_on(seeds=seeds)})["arm"]
    assert (check.outcome, check.stop, check.p_value) == (Outcome.UNDECIDED, False, 1.0)
    assert check.next_seeds == 8
    assert "nan" not in str(check)
    assert f" ({seeds} seed{'s' if seeds > 1 else ''}, check 1 of 4): " in str(check)


@pytest.mark.parametrize(("first", "second"), [(True, True), (False, False), (True, False)])
@pytest.mark.parametrize("images", [1, 50])
def test_extremes_end_without_a_nan(first, second, images):
    right = np.full((20, images), first), np.full((20, images), second)
    for check in run(right[0], {"arm": right[1], "same": right[0]})[-1].values():
        assert check.stop
        assert "nan" not in f"{check} {check.frame()}"


def test_arms_that_stopped_may_still_be_passed():
    rng = np.random.default_rng(2)
    base, arms = noisy(rng, 0.90), {"clear": noisy(rng, 0.99), "open": noisy(rng, 0.914)}
    first = judge_check(base[:5], {arm: right[:5] for arm, right in arms.items()}, delta=0.004)
    all_arms = judge_check(base[:8], {arm: right[:8] for arm, right in arms.items()}, first, delta=0.004)
    assert all_arms == judge_check(base[:8], {"open": arms["open"][:8]}, first, delta=0.004)


def test_looks_in_between_and_other_arms_are_refused():
    right = wrong_on((0, 100))
    with pytest.raises(StatisticsError, match="has 7 seeds, expected at most 5 at check 1"):
        judge_check(right[:7], {"arm": right[:7]})
    with pytest.raises(StatisticsError, match=r"`arms\['arm'\]` holds int64"):
        judge_check(right[:5], {"arm": right[:5].astype(int)})
    with pytest.raises(StatisticsError, match="expected at least one"):
        judge_check(right[:5], {})
    rng = np.random.default_rng(2)
    earlier = judge_check(noisy(rng, 0.9, 5), {"arm": noisy(rng, 0.914, 5)}, delta=0.004)
    assert not earlier["arm"].stop
    with pytest.raises(StatisticsError, match="names \\['other'\\], expected \\['arm'\\]"):
        judge_check(noisy(rng, 0.9, 8), {"other": noisy(rng, 0.9, 8)}, earlier)
    with pytest.raises(StatisticsError, match="`alpha` is 0.7"):
        judge_check(right[:5], {"arm": right[:5]}, alpha=0.7)


def test_the_family_of_all_looks_and_arms_keeps_its_level(toy_pair):
    rng = np.random.default_rng(12)
    toys, claims, naive = 250, 0, 0
    for _ in range(toys):
        base, first = toy_pair(rng, 20, 600, tau=0.4)
        second = toy_pair(rng, 20, 600, tau=0.4)[0][:, rng.permutation(600)]
        final = run(base, {"first": first, "second": second}, delta=1e-3)[-1]
        claims += any(check.outcome in {Outcome.BETTER, Outcome.WORSE} for check in final.values())
        naive += any(
            difference(base[:seeds], arm[:seeds]).p_value < 0.05
            for seeds, arm in itertools.product(CHECKS, (first, second))
        )
    assert claims / toys <= 0.055
    assert naive / toys > 0.08, "peeking at 5 % must be seen to fail"
