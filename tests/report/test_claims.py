"""Claims of the lecture against verdicts: results made by hand, with gaps that are known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from netgain.api import StudyResult
from netgain.data import Dataset, load_dataset
from netgain.experiment.study import Claim, Study
from netgain.report.claims import claim_sentence
from netgain.results.claims import judged_claims
from netgain.runs.record import RunResult
from netgain.stats import Check, GapOutcome, Outcome, RightAnswers, gap_difference, holm, judge_check
from netgain.tasks.classification.recipe import Recipe

DIGITS = load_dataset("digits")
TRAIN = 600

Making = Callable[..., StudyResult]


def networks(make: Making, gap: float, seeds: int = 5, spread: float = 0.0, size: int = TRAIN) -> list[RunResult]:
    """Networks that have all training images right, and test images wrong by the gap; the seeds differ by ±spread."""
    rng, template = np.random.default_rng([seeds, int(1e6 * gap)]), make(seeds).runs["wider"]
    runs = []
    for run, step in zip(template, np.linspace(-spread, spread, seeds), strict=True):
        right = np.arange(DIGITS.num_test) >= round((gap + step) * DIGITS.num_test)
        right[rng.choice(np.arange(180, 360), 3, replace=False)] = False
        runs.append(trained_right(replace(run, right=right), np.ones(size, bool)))
    return runs


def trained_right(run: RunResult, right: np.ndarray) -> RunResult:
    """The run with these answers to its training images."""
    return replace(run, arrays={**run.arrays, "train_right": right})


def result_of(
    make: Making,
    runs: dict[str, list[RunResult]],
    claim: Claim = "smaller gap",
    recipes: dict[str, Recipe] | None = None,
    **fields: object,
) -> StudyResult:
    """A study of these runs, in which the lecture says that of every arm."""
    made = make(1)
    base = made.study.baseline
    arms = {name: base.change("network.hidden", [13 + number]) for number, name in enumerate(list(runs)[1:])}
    arms |= recipes or {}
    study = Study("gaps", baseline=base, arms=arms, claims=dict.fromkeys(arms, claim))
    return replace(made, study=study, runs=runs, **fields)


def holds(result: StudyResult) -> list[bool | None]:
    return [claim.holds for claim in judged_claims(result)]


def sentence(result: StudyResult) -> str:
    """What is said of the only claim."""
    (claim,) = judged_claims(result)
    return claim_sentence(result, claim)


def test_a_smaller_gap_holds_and_a_larger_one_does_not(make_result: Making) -> None:
    wide, narrow = networks(make_result, 0.20), networks(make_result, 0.05)
    smaller = result_of(make_result, {"baseline": wide, "dropout": narrow})
    larger = result_of(make_result, {"baseline": narrow, "dropout": wide})
    assert (holds(smaller), holds(larger)) == ([True], [False])
    said = sentence(smaller)
    verdict = smaller.gap_verdicts["dropout"]
    assert said == f"The lecture’s claim that dropout has a smaller gap than the baseline holds: {verdict}."
    assert "holds: SMALLER, from +20.8" in said
    assert "to +5.83, by −15.00 ± <0.01 (train sample) ± 1.8" in said
    said = sentence(larger)
    assert "does not hold: LARGER, from +5.83 to +20.83, by +15.00" in said
    assert said in larger.sentences


def test_a_gap_that_is_the_same_refutes_a_smaller_one(make_result: Making) -> None:
    runs = {"baseline": networks(make_result, 0.10), "same": networks(make_result, 0.1001)}
    result = result_of(make_result, runs)
    assert holds(result) == [None]
    coarse = replace(result, study=Study(**{**result.study._values(), "delta": 0.1}))
    assert holds(coarse) == [False]
    assert "does not hold: EQUIVALENT, from" in sentence(coarse)


def test_it_is_the_gap_that_counts_and_not_the_accuracy(make_result: Making) -> None:
    # The arm answers more test images right, and more training images by as much again.
    wide, narrow = networks(make_result, 0.20), networks(make_result, 0.10)
    right = np.arange(TRAIN) >= 0.15 * TRAIN
    result = result_of(make_result, {"baseline": [trained_right(run, right) for run in wide], "arm": narrow})
    assert result.verdicts["arm"].outcome is Outcome.BETTER
    assert result.gap_verdicts["arm"].outcome is GapOutcome.LARGER
    assert holds(result) == [False]


@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_fewer_than_five_seeds_leave_the_claim_open(make_result: Making, seeds: int) -> None:
    runs = {"baseline": networks(make_result, 0.20, seeds), "dropout": networks(make_result, 0.05, seeds)}
    result = result_of(make_result, runs)
    assert holds(result) == [None]
    assert "stays open: UNDECIDED, from" in sentence(result)
    assert sentence(result).endswith("a verdict needs at least 5 seeds each.")


def test_few_seeds_are_judged_by_students_t(make_result: Making) -> None:
    runs = {"baseline": networks(make_result, 0.20, spread=0.1), "arm": networks(make_result, 0.095, spread=0.1)}
    result = result_of(make_result, runs)
    measured = result.gap_verdicts["arm"].difference
    ratio = -measured.effect / measured.variance**0.5
    assert 1.96 < ratio < stats.t(measured.degrees_of_freedom).ppf(0.975), "choose another gap"
    assert holds(result) == [None]


def test_claims_on_several_arms_pay_for_each_other(make_result: Making) -> None:
    base = networks(make_result, 0.20, spread=0.1)
    arms = {f"arm {gap}": networks(make_result, gap, spread=0.1) for gap in (0.06, 0.065, 0.07)}
    alone = [result_of(make_result, {"baseline": base, name: runs}) for name, runs in arms.items()]
    together = result_of(make_result, {"baseline": base, **arms})
    assert [holds(one) for one in alone] == [[True]] * 3
    assert None in holds(together), "choose arms nearer to the level"
    raw = [next(iter(one.gap_verdicts.values())).p_adjusted for one in alone]
    assert [verdict.p_adjusted for verdict in together.gap_verdicts.values()] == pytest.approx(holm(raw))
    # A claim about an accuracy is no claim about a gap: it does not count among them.
    mixed = replace(
        together,
        study=Study(**{**together.study._values(), "claims": {"arm 0.06": "smaller gap", "arm 0.07": "better"}}),
    )
    assert list(mixed.gap_verdicts) == ["arm 0.06"]
    assert mixed.gap_verdicts["arm 0.06"].p_adjusted == pytest.approx(raw[0])


def test_training_images_are_paired_where_both_arms_have_them(make_result: Making, small_recipe: Recipe) -> None:
    base = small_recipe
    rng = np.random.default_rng(0)
    hard = rng.random(1000) < 0.1  # the same training images are wrong for every network

    def trained(gap: float, places: np.ndarray) -> list[RunResult]:
        return [trained_right(run, ~hard[places]) for run in networks(make_result, gap)]

    for recipe, num_shared in (
        (base.change("network.hidden", [13]), 600),
        (base.change("train_size", 900), 600),
        (base.change("train_size", 300), 300),
        (base.change("split", "stratified"), None),
    ):
        places = recipe.parts_of(DIGITS).train_images
        runs = {"baseline": trained(0.2, np.arange(600)), "arm": trained(0.05, np.asarray(places) % 1000)}
        result = result_of(make_result, runs, recipes={"arm": recipe})
        measured = result.gap_verdicts["arm"].difference
        assert measured.num_shared == (num_shared or np.sum(places < 600))
        answers = [
            RightAnswers([run.arrays["train_right"] for run in runs[name]], result.right(name), images)
            for name, images in (("baseline", np.arange(600)), ("arm", places))
        ]
        assert measured == gap_difference(answers[0], answers[1])
        if num_shared == 600 == len(places):
            assert measured.train_sample == 0
            apart = gap_difference(answers[0], answers[1]._replace(train_images=places + 10_000))
            assert apart.train_sample > 0.01


def test_groups_of_test_images_reach_the_claim(make_result: Making) -> None:
    grouped = Dataset(DIGITS.x_train, DIGITS.y_train, DIGITS.x_test, DIGITS.y_test, test_groups=np.arange(360) // 60)
    runs = {"baseline": networks(make_result, 0.20), "dropout": networks(make_result, 0.05)}
    result = result_of(make_result, runs, data=grouped)
    assert result.gap_verdicts["dropout"].difference.num_groups == 6
    assert result.analyse("overtraining", "dropout").test.num_groups == 6


def test_a_study_that_ran_until_it_was_known_pays_for_its_checks(make_result: Making) -> None:
    base, arm = networks(make_result, 0.20, 8, 0.05), networks(make_result, 0.11, 5, 0.05)
    checks: dict[str, Check] = judge_check(
        np.stack([run.right for run in base]), {"arm": np.stack([run.right for run in arm])}
    )
    plain = result_of(make_result, {"baseline": base[:5], "arm": arm})
    known = result_of(make_result, {"baseline": base, "arm": arm}, checks=checks)
    verdict = known.gap_verdicts["arm"]
    assert verdict.difference.num_seeds == (5, 5)
    assert verdict.difference == plain.gap_verdicts["arm"].difference
    assert verdict.p_adjusted == pytest.approx(plain.gap_verdicts["arm"].p_adjusted / 0.04)
    assert (holds(plain), holds(known)) == ([True], [None])


@pytest.mark.parametrize(
    ("claim", "baseline", "arm", "expected"),
    [
        ("better", 0.20, 0.05, True),
        ("better", 0.05, 0.20, False),
        ("worse", 0.05, 0.20, True),
        ("worse", 0.20, 0.05, False),
        ("as good", 0.20, 0.05, False),
        ("better", 0.10, 0.1001, None),
    ],
)
def test_claims_on_accuracies(make_result: Making, claim: Claim, baseline: float, arm: float, expected) -> None:
    runs = {"baseline": networks(make_result, baseline), "arm": networks(make_result, arm)}
    result = result_of(make_result, runs, claim)
    assert holds(result) == [expected]
    assert result.gap_verdicts == {}
    word = {True: "holds", False: "does not hold", None: "stays open"}[expected]
    than = "as" if claim == "as good" else "than"
    assert sentence(result).startswith(f"The lecture’s claim that arm is {claim} {than} the baseline {word}: ")
