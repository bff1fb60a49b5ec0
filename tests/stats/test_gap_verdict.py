import numpy as np
import pytest
from scipy import stats

from netgain.errors import StatisticsError
from netgain.stats import GapOutcome, RightAnswers, gap_difference, holm, judge_gaps
from netgain.stats.rounding import signed

IMAGES = 10_000


def arm(gap, seeds=5, spread=0.0005, flicker=20, images=IMAGES):
    """Networks with that gap on average: `flicker` images wrong by turns, seeds that differ by `spread`."""
    rng = np.random.default_rng(int(1e6 * gap) + seeds)
    steps = np.round(images * spread * np.linspace(-1, 1, seeds)).astype(int)
    train, test = np.ones((2, seeds, images), bool)
    for row, step in enumerate(steps):
        test[row, : round(images * gap) + step] = False
        for part in (train, test):
            part[row, rng.choice(np.arange(images // 2, images), flicker, replace=False)] = False
    return RightAnswers(train, test, np.arange(images))


def only(a, b, **options):
    return judge_gaps({"arm": (a, b)}, **options)["arm"]


def test_a_smaller_gap_is_smaller_and_a_larger_one_is_larger():
    wide, narrow = arm(0.06), arm(0.04)
    assert only(wide, narrow).outcome is GapOutcome.SMALLER
    assert only(narrow, wide).outcome is GapOutcome.LARGER
    assert only(wide, narrow).difference == gap_difference(wide, narrow)
    # What counts is the gap, not the accuracy: an arm that loses on both samples alike has the same gap.
    train, test = (np.array(part) for part in narrow[:2])
    train[:, 400:700], test[:, 1000:1300] = False, False
    worse = RightAnswers(train, test, narrow.train_images)
    assert only(narrow, worse, delta=0.01).outcome is GapOutcome.EQUIVALENT
    assert only(wide, worse).outcome is GapOutcome.SMALLER


def test_a_change_within_delta_is_equivalent_unless_it_is_real():
    a, b = arm(0.05), arm(0.0503)
    verdict = only(a, b)
    inside = verdict.difference.interval(0.9)
    assert -0.002 < inside.low < 0 < inside.high < 0.002
    assert verdict.outcome is GapOutcome.EQUIVALENT
    assert only(a, b, delta=0.9 * inside.high).outcome is GapOutcome.UNDECIDED
    assert only(a, b, delta=1.1 * max(inside.high, -inside.low)).outcome is GapOutcome.EQUIVALENT


def test_the_seeds_decide_with_students_t_not_with_1_96():
    # Where few networks carry the error, 2 standard errors are not enough.
    a, b = arm(0.05, spread=0.004), arm(0.0455, spread=0.004)
    measured = gap_difference(a, b)
    ratio = -measured.effect / measured.variance**0.5
    assert 1.96 < ratio < stats.t(measured.degrees_of_freedom).ppf(0.975), "choose another gap"
    assert only(a, b).outcome is GapOutcome.UNDECIDED


def test_holm_over_all_arms_decides():
    a = arm(0.05, spread=0.004)
    gaps = (0.0450, 0.0447, 0.0445, 0.0443)
    pairs = {f"arm {gap}": (a, arm(gap, spread=0.004)) for gap in gaps}
    alone = {name: only(*pair) for name, pair in pairs.items()}
    together = judge_gaps(pairs)
    assert [v.p_adjusted for v in together.values()] == pytest.approx(holm([v.p_adjusted for v in alone.values()]))
    changed = [
        n for n in pairs if alone[n].outcome is GapOutcome.SMALLER and together[n].outcome is not alone[n].outcome
    ]
    assert changed, "no arm lies between the plain and the adjusted level: choose other gaps"
    assert all((together[name].arm, together[name].num_comparisons) == (name, 4) for name in pairs)
    assert "(Holm-adjusted over 4 comparisons)" in str(together[changed[0]])
    assert "Holm" not in str(alone[changed[0]])


@pytest.mark.parametrize("seeds", [(4, 5), (5, 4), (2, 2), (1, 1)])
def test_fewer_than_five_seeds_decide_nothing(seeds):
    a, b = arm(0.06, seeds[0]), arm(0.02, seeds[1])
    verdict = only(a, b)
    assert verdict.outcome is GapOutcome.UNDECIDED
    assert verdict.p_adjusted < 1e-3
    assert str(verdict).endswith("; a verdict needs at least 5 seeds each")
    same = only(a, arm(0.0601, seeds[1]), delta=0.4)
    assert same.outcome is GapOutcome.UNDECIDED


def test_a_number_of_seeds_that_the_data_chose_costs_its_share():
    a, b = arm(0.05, spread=0.004), arm(0.0446, spread=0.004)
    plain = only(a, b)
    assert plain.outcome is GapOutcome.SMALLER
    chosen = only(a, b, shares={"arm": 0.3})
    assert chosen.p_adjusted == pytest.approx(plain.p_adjusted / 0.3)
    assert chosen.outcome is GapOutcome.UNDECIDED
    assert only(a, b, shares={"arm": 1e-9}).p_adjusted == 1.0
    # The interval that must lie inside ±δ is that of the share, too.
    near = arm(0.0503)
    inside = gap_difference(arm(0.05), near).interval(0.9)
    delta = 1.2 * max(-inside.low, inside.high)
    assert only(arm(0.05), near, delta=delta).outcome is GapOutcome.EQUIVALENT
    assert only(arm(0.05), near, delta=delta, shares={"arm": 0.04}).outcome is GapOutcome.UNDECIDED


def test_a_p_value_of_just_alpha_is_not_significant():
    a, b = arm(0.05, spread=0.004), arm(0.0446, spread=0.004)
    p_value = gap_difference(a, b).p_value
    assert 0 < p_value < 0.5
    assert only(a, b, alpha=p_value).outcome is GapOutcome.UNDECIDED
    assert only(a, b, alpha=np.nextafter(p_value, 1)).outcome is GapOutcome.SMALLER


def test_an_interval_of_1_minus_2_alpha_that_reaches_delta_does_not_lie_inside():
    a, b = arm(0.05), arm(0.0503)
    for pair in ((a, b), (b, a)):
        inside = gap_difference(*pair).interval(0.9)
        delta = max(-inside.low, inside.high)
        assert only(*pair, delta=delta).outcome is GapOutcome.UNDECIDED
        assert only(*pair, delta=np.nextafter(delta, 1)).outcome is GapOutcome.EQUIVALENT
        assert only(*pair, delta=np.nextafter(delta, 1), shares={"arm": 0.5}).outcome is GapOutcome.UNDECIDED


def test_groups_reach_the_difference():
    a, b = arm(0.06), arm(0.04)
    assert only(a, b, groups=np.arange(IMAGES) // 1000).difference.num_groups == 10


def test_the_words_hold_the_numbers():
    wide, narrow = arm(0.06), arm(0.04)
    measured = gap_difference(wide, narrow)
    inside = measured.interval(0.9)
    limits = f"{signed(100 * inside.low)} to {signed(100 * inside.high)}"
    words = f"SMALLER, from +6.00 to +4.00, by {measured}; 90 % interval"
    assert str(only(wide, narrow, alpha=0.1)) == f"{words} {limits}, p < 0.0001"
    assert str(judge_gaps({"first": (wide, narrow), "second": (narrow, wide)}, alpha=0.1)["first"]) == (
        f"{words} (this comparison alone) {limits}, p < 0.0001 (Holm-adjusted over 2 comparisons)"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pairs": {}}, "`pairs` is empty"),
        ({"alpha": 0.5}, "`alpha` is 0.5, expected a number between 0 and 0.5"),
        ({"delta": 0}, "`delta` is 0"),
        ({"shares": {"arm": 0.0}}, r"`shares\['arm'\]` is 0.0, expected a number above 0 and at most 1"),
        ({"shares": {"arm": 1.01}}, r"`shares\['arm'\]` is 1.01, expected a number above 0 and at most 1"),
        ({"shares": {"other": 0.5}}, r"`shares\['other'\]` is 0.5, expected .* for one of the arms: arm"),
    ],
)
def test_impossible_questions_are_refused(options, message):
    small = arm(0.04, images=100, flicker=2)
    with pytest.raises(StatisticsError, match=message):
        judge_gaps(**({"pairs": {"arm": (small, small)}} | options))
