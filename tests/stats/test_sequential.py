import dataclasses
import itertools

import numpy as np
import pytest

from netgain.errors import StatisticsError
from netgain.stats import LOOKS, Outcome, difference, images_needed, judge_look, seeds_needed, sequential_p


def wrong_on(*images, seeds=20, total=4000):
    right = np.ones((seeds, total), bool)
    for first, last in images:
        right[:, first:last] = False
    return right


def run(baseline, arms, **options):
    """Look until every arm has stopped; all the looks."""
    history = []
    looks = None
    for seeds in LOOKS:
        still_open = [arm for arm in arms if looks is None or not looks[arm].stop]
        if still_open:
            looks = judge_look(baseline[:seeds], {arm: arms[arm][:seeds] for arm in still_open}, looks, **options)
            history.append(looks)
    return history


def noisy(rng, accuracy, seeds=20, images=30_000, spread=0.01):
    return rng.random((seeds, images)) < accuracy + spread * rng.normal(size=(seeds, 1))


def test_a_clear_effect_stops_at_the_first_look():
    looks = judge_look(wrong_on((0, 200), seeds=5), {"good": wrong_on(seeds=5), "bad": wrong_on((0, 400), seeds=5)})
    assert [looks[arm].outcome for arm in ("good", "bad")] == [Outcome.BETTER, Outcome.WORSE]
    good = looks["good"]
    assert good.stop
    assert good.next_seeds is None
    assert (good.num_seeds, good.p_value) == (5, good.difference.p_value)
    assert good.sequential_p == pytest.approx(good.p_value / 0.04)
    assert good.p_adjusted == pytest.approx(2 * good.sequential_p)
    assert str(good).startswith("good against the baseline on the same test images (5 seeds, look 1 of 4): +5.00 ± ")
    assert str(good).endswith("BETTER: the sequential p is below 0.05.")


def test_equivalence_needs_the_level_of_the_look():
    # The 90 % interval lies inside ±δ; the 1 - 2 · 0.002 interval of the first look does not.
    baseline, arm = wrong_on((0, 1000), seeds=5), wrong_on((500, 1500), seeds=5)
    measured = difference(baseline, arm)
    narrow, wide = measured.interval(0.9), measured.interval(1 - 2 * 0.002)
    between = (narrow.high + wide.high) / 2
    look = judge_look(baseline, {"arm": arm}, delta=between)["arm"]
    assert look.outcome is not Outcome.EQUIVALENT
    look = judge_look(baseline, {"arm": arm}, delta=wide.high * 1.001)["arm"]
    assert look.outcome is Outcome.EQUIVALENT
    assert look.stop
    assert look.why == (
        f"the 99.6 % interval {100 * wide.low:+.2f} to {100 * wide.high:+.2f} of this look lies inside "
        f"±{100 * wide.high * 1.001:g} percentage points"
    )


def test_an_interval_that_reaches_delta_does_not_lie_inside():
    baseline, arm = wrong_on((0, 40), seeds=5), wrong_on((20, 61), seeds=5)
    for pair in ((baseline, arm), (arm, baseline)):
        inside = difference(*pair).interval(1 - 2 * 0.05 * 0.04)
        delta = max(-inside.low, inside.high)
        assert -inside.low != inside.high
        assert judge_look(pair[0], {"arm": pair[1]}, delta=delta)["arm"].outcome is not Outcome.EQUIVALENT
        assert judge_look(pair[0], {"arm": pair[1]}, delta=np.nextafter(delta, 1))["arm"].outcome is Outcome.EQUIVALENT


def test_an_equivalent_arm_asks_for_no_images():
    # With 20 arms the last look's level is below this look's, at which the interval still lies inside.
    baseline, arm = wrong_on((0, 40), seeds=5), wrong_on((20, 60), seeds=5)
    measured = difference(baseline, arm)
    narrow, wide = measured.interval(1 - 2 * 0.05 * 0.04), measured.interval(1 - 2 * 0.05 * 0.5 / 20)
    assert narrow.high < wide.high
    looks = judge_look(baseline, {str(i): arm for i in range(20)}, delta=(narrow.high + wide.high) / 2)
    assert {(look.outcome, look.images_needed) for look in looks.values()} == {(Outcome.EQUIVALENT, None)}


def test_no_number_of_seeds_stops_and_names_the_images():
    look = judge_look(wrong_on((0, 40), seeds=5), {"arm": wrong_on((30, 70), seeds=5)})["arm"]
    assert (look.outcome, look.stop) == (Outcome.UNDECIDABLE_HERE, True)
    assert look.images_needed is not None
    assert look.images_needed == images_needed(look.difference, 0.002, 0.05 * 0.5)
    assert look.why == (
        f"no number of seeds can decide on these images; about {look.images_needed:,} such test images are needed"
    )
    arms = {name: wrong_on((30, 70), seeds=5) for name in "ab"}
    assert judge_look(wrong_on((0, 40), seeds=5), arms)["a"].images_needed == images_needed(
        look.difference, 0.002, 0.05 * 0.5 / 2
    )


def test_no_number_of_seeds_and_no_number_of_images():
    rng = np.random.default_rng(3)
    a, b = (rng.random((5, 300)) < 0.9 + rng.normal(0, 0.02, (5, 1)) for _ in range(2))
    a[:, :20], b[:, :20] = False, True
    a[:, 20:40], b[:, 20:40] = True, False
    look = judge_look(a, {"arm": b})["arm"]
    assert (look.outcome, look.images_needed) == (Outcome.UNDECIDABLE_HERE, None)
    assert look.why == "no number of seeds can decide on these images; more images and more seeds are needed"


def test_groups_reach_the_difference():
    look = judge_look(wrong_on((0, 200), seeds=5), {"arm": wrong_on(seeds=5)}, groups=np.arange(4000) // 100)["arm"]
    assert look.difference.num_groups == 40


def test_seeds_are_added_until_it_is_known():
    rng = np.random.default_rng(2)
    history = run(noisy(rng, 0.90), {"arm": noisy(rng, 0.914)}, delta=0.004)
    looks = [looks["arm"] for looks in history]
    assert 1 < len(looks) <= 4
    assert [look.next_seeds for look in looks[:-1]] == list(LOOKS[1 : len(looks)])
    assert all(look.outcome is Outcome.UNDECIDED and not look.stop for look in looks[:-1])
    assert looks[-1].outcome is Outcome.BETTER
    assert looks[-1].sequential_p == sequential_p([step.p_value for step in looks[-1].steps])
    frame = looks[-1].frame()
    assert frame["num_seeds"].tolist() == list(LOOKS[: len(looks)])
    assert frame["effect"].iloc[-1] == looks[-1].difference.effect


def test_the_last_look_stops_whatever_it_sees():
    rng = np.random.default_rng(5)
    base = noisy(rng, 0.90, spread=0.02)
    history = run(base, {"arm": noisy(rng, 0.905, spread=0.02)}, delta=0.006)
    last = history[-1]["arm"]
    assert (len(last.steps), last.outcome, last.stop) == (4, Outcome.UNDECIDED, True)
    needed = seeds_needed(last.difference, max(abs(last.difference.effect), 0.006), 0.05 * 0.5)
    assert needed is not None
    assert last.why == f"this was the last look; about {needed:,} seeds each would decide"


def test_a_last_look_with_too_few_seeds_names_no_number():
    rng = np.random.default_rng(5)
    few = noisy(rng, 0.9, 2, images=200)
    first = judge_look(few, {"arm": few})["arm"]
    earlier = dataclasses.replace(first, steps=first.steps * 3)
    last = judge_look(few, {"arm": few[::-1]}, {"arm": earlier})["arm"]
    assert (last.stop, last.outcome) == (True, Outcome.UNDECIDED)
    assert last.why.startswith("this was the last look")


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
    first = judge_look(noisy(rng, 0.9, 5), {"x": noisy(rng, 0.9, 5), "y": noisy(rng, 0.9, 5)}, delta=1e-4)
    turned = [step._replace(p_value=1e-9, effect=0.5) for step in first["x"].steps]
    earlier = {
        "x": dataclasses.replace(first["x"], steps=tuple(turned), stop=False),
        "y": dataclasses.replace(first["y"], stop=True),
    }
    base, worse = noisy(rng, 0.9, 8), noisy(rng, 0.89, 8)
    assert difference(base, worse).effect < 0
    look = judge_look(base, {"x": worse}, earlier, delta=1e-4)["x"]
    assert look.p_adjusted < 0.05
    assert look.outcome not in {Outcome.BETTER, Outcome.WORSE}
    # By the last look alone the arm is worse: no number of seeds is left to name.
    last = dataclasses.replace(first["x"], steps=(turned[0]._replace(p_value=1e-300),) * 3, stop=False)
    base, worse = noisy(rng, 0.9), noisy(rng, 0.8)
    look = judge_look(base, {"x": worse}, {"x": last}, delta=1e-4)["x"]
    assert (look.outcome, look.why) == (Outcome.UNDECIDED, "this was the last look")


def test_no_effect_at_this_look_is_no_claim():
    rng = np.random.default_rng(0)
    right = noisy(rng, 0.9, 8, images=500)
    first = judge_look(right[:5], {"x": right[:5]}, delta=1e-4)["x"]
    strong = dataclasses.replace(first, steps=(first.steps[0]._replace(p_value=1e-9, effect=0.5),), stop=False)
    look = judge_look(right, {"x": right}, {"x": strong}, delta=1e-4)["x"]
    assert look.p_adjusted < 1e-6
    assert look.outcome not in {Outcome.BETTER, Outcome.WORSE}


def test_the_direction_is_that_of_the_look_with_the_smallest_p_for_its_share():
    rng = np.random.default_rng(0)
    base, better = noisy(rng, 0.9, 8), noisy(rng, 0.925, 8)
    measured = difference(base, better)
    assert 0 < measured.p_value < 0.005
    first = judge_look(base[:5], {"x": better[:5]}, delta=1e-4)["x"]
    other_way = first.steps[0]._replace(p_value=measured.p_value, effect=-0.5)  # p/share is four times as large here
    earlier = dataclasses.replace(first, steps=(other_way,), stop=False)
    assert judge_look(base, {"x": better}, {"x": earlier}, delta=1e-4)["x"].outcome is Outcome.BETTER


def test_a_sequential_p_of_just_alpha_is_not_significant():
    rng = np.random.default_rng(4)
    base, arm = noisy(rng, 0.9, 5), noisy(rng, 0.925, 5)
    p_adjusted = judge_look(base, {"x": arm})["x"].p_adjusted
    assert 0 < p_adjusted < 0.5
    assert judge_look(base, {"x": arm}, alpha=p_adjusted)["x"].outcome is not Outcome.BETTER
    assert judge_look(base, {"x": arm}, alpha=np.nextafter(p_adjusted, 1))["x"].outcome is Outcome.BETTER


def test_a_step_holds_what_the_look_saw():
    rng = np.random.default_rng(4)
    look = judge_look(noisy(rng, 0.9, 5), {"x": noisy(rng, 0.925, 5)})["x"]
    seen = look.difference
    assert look.steps == ((5, seen.effect, seen.test_sample, seen.training, seen.p_value, 0.04),)


@pytest.mark.parametrize(
    ("p_adjusted", "words"),
    [(0.0123, "sequential p = 0.012"), (1e-4, "sequential p = 0.0001"), (9e-5, "sequential p < 0.0001")],
)
def test_sentence(p_adjusted, words):
    look = judge_look(wrong_on((0, 40), seeds=5), {"arm": wrong_on((30, 70), seeds=5)})["arm"]
    look = dataclasses.replace(look, p_adjusted=p_adjusted)
    assert look.sentence("plain", "4,000 images") == (
        f"arm against plain on 4,000 images (5 seeds, look 1 of 4): {look.difference}; {words} (Holm-adjusted). "
        f"{look.outcome}: {look.why}."
    )


@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_too_few_seeds_spend_the_look_and_decide_nothing(seeds):
    look = judge_look(wrong_on((0, 200), seeds=seeds), {"arm": wrong_on(seeds=seeds)})["arm"]
    assert (look.outcome, look.stop, look.p_value) == (Outcome.UNDECIDED, False, 1.0)
    assert look.next_seeds == 8
    assert "nan" not in str(look)
    assert f" ({seeds} seed{'s' if seeds > 1 else ''}, look 1 of 4): " in str(look)


@pytest.mark.parametrize(("first", "second"), [(True, True), (False, False), (True, False)])
@pytest.mark.parametrize("images", [1, 50])
def test_extremes_end_without_a_nan(first, second, images):
    right = np.full((20, images), first), np.full((20, images), second)
    for look in run(right[0], {"arm": right[1], "same": right[0]})[-1].values():
        assert look.stop
        assert "nan" not in f"{look} {look.frame()}"


def test_arms_that_stopped_may_still_be_passed():
    rng = np.random.default_rng(2)
    base, arms = noisy(rng, 0.90), {"clear": noisy(rng, 0.99), "open": noisy(rng, 0.914)}
    first = judge_look(base[:5], {arm: right[:5] for arm, right in arms.items()}, delta=0.004)
    all_arms = judge_look(base[:8], {arm: right[:8] for arm, right in arms.items()}, first, delta=0.004)
    assert all_arms == judge_look(base[:8], {"open": arms["open"][:8]}, first, delta=0.004)


def test_looks_in_between_and_other_arms_are_refused():
    right = wrong_on((0, 100))
    with pytest.raises(StatisticsError, match="has 7 seeds, expected at most 5 at look 1"):
        judge_look(right[:7], {"arm": right[:7]})
    with pytest.raises(StatisticsError, match=r"`arms\['arm'\]` holds int64"):
        judge_look(right[:5], {"arm": right[:5].astype(int)})
    with pytest.raises(StatisticsError, match="expected at least one"):
        judge_look(right[:5], {})
    rng = np.random.default_rng(2)
    earlier = judge_look(noisy(rng, 0.9, 5), {"arm": noisy(rng, 0.914, 5)}, delta=0.004)
    assert not earlier["arm"].stop
    with pytest.raises(StatisticsError, match="names \\['other'\\], expected \\['arm'\\]"):
        judge_look(noisy(rng, 0.9, 8), {"other": noisy(rng, 0.9, 8)}, earlier)
    with pytest.raises(StatisticsError, match="`alpha` is 0.7"):
        judge_look(right[:5], {"arm": right[:5]}, alpha=0.7)


def test_the_family_of_all_looks_and_arms_keeps_its_level(toy_pair):
    rng = np.random.default_rng(12)
    toys, claims, naive = 250, 0, 0
    for _ in range(toys):
        base, first = toy_pair(rng, 20, 600, tau=0.4)
        second = toy_pair(rng, 20, 600, tau=0.4)[0][:, rng.permutation(600)]
        final = run(base, {"first": first, "second": second}, delta=1e-3)[-1]
        claims += any(look.outcome in {Outcome.BETTER, Outcome.WORSE} for look in final.values())
        naive += any(
            difference(base[:seeds], arm[:seeds]).p_value < 0.05
            for seeds, arm in itertools.product(LOOKS, (first, second))
        )
    assert claims / toys <= 0.055
    assert naive / toys > 0.08, "peeking at 5 % must be seen to fail"
