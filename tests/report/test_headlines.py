"""The first lines of a verdict stand alone, and say what to do next only where something is open."""

from dataclasses import replace

import numpy as np
import pytest

from netgain.data import load_dataset
from netgain.experiment.study import Study
from netgain.report.headlines import PLAIN, headline, headlines, next_step
from netgain.report.kinds import text
from netgain.results.study_result import StudyResult
from netgain.runs.record import RunResult, RunStatus
from netgain.stats import Outcome, judge_check
from netgain.stats.rounding import signed

N = 360


def result_of(study: Study, wrong_before: int, wrong_after: int, seeds: int = 5, spread: int = 1) -> StudyResult:
    """Networks that are wrong on the first so many digits, a few more with each seed."""

    def networks(name: str, wrong: int) -> list[RunResult]:
        rights = [np.arange(N) >= wrong + spread * seed for seed in range(seeds)]
        return [
            RunResult(
                recipe_digest=name, seed=seed, dataset_digest="d", engine_version="3", status=RunStatus.FINISHED,
                right=right, arrays={"train_right": right}, run_seconds=1.0,
            )
            for seed, right in enumerate(rights)
        ]  # fmt: skip

    runs = {"baseline": networks("a", wrong_before), "wider": networks("b", wrong_after)}
    return StudyResult(study=study, data=load_dataset("digits"), runs=runs, num_trained=0, seconds=0.0)


def test_a_decided_arm_has_one_plain_line(small_study: Study) -> None:
    result = result_of(small_study, 90, 30)
    interval = result.verdicts["wider"].difference.interval()
    expected = f"Better. wider: +16.67 points, plausibly {signed(100 * interval.low)} to {signed(100 * interval.high)}."
    assert headline(result, "wider") == expected
    assert next_step(result, "wider") == ""
    assert headlines(result) == [expected]
    assert headline(result_of(small_study, 30, 90), "wider").startswith("Worse. wider: −16.67 points, plausibly −")


def test_an_open_arm_says_how_many_seeds_may_do(small_study: Study) -> None:
    result = result_of(small_study, 40, 38, seeds=2, spread=9)
    assert headline(result, "wider").startswith("Too few seeds for a verdict. wider: +0.56 points, plausibly −")
    needed = result.verdicts["wider"].seeds_needed
    assert needed
    advice = next_step(result, "wider")
    assert f"about {max(5, needed):,} seeds" in advice
    assert "80 % power if the true effect is 0.56 points" in advice
    assert "--until-known" in advice if needed <= 20 else "--seeds" in advice


def test_steps_that_are_compared_with_each_other_get_a_number_of_seeds(small_study: Study) -> None:
    ladder = small_study.with_arms({**small_study.arms, "next": small_study.baseline.change("network.hidden", [5])})
    result = result_of(ladder, 40, 38, seeds=2, spread=9)
    runs = {**result.runs, "next": result.runs["baseline"]}
    against = replace(result, study=ladder.change("against", {"wider": "next"}), runs=runs)
    assert headline(against, "wider").startswith("Too few seeds for a verdict. wider against next: ")
    assert "until" not in next_step(against, "wider")


def test_after_a_check_the_interval_is_that_of_its_share(small_study: Study) -> None:
    result = result_of(small_study, 90, 78, spread=3)
    checks = judge_check(result.right("baseline"), {"wider": result.right("wider")})
    checked = replace(result, checks=checks)
    interval = checks["wider"].difference.interval(1 - 0.05 * 0.04)  # the first check may spend .002 of .05
    assert headline(checked, "wider").endswith(f"{signed(100 * interval.low)} to {signed(100 * interval.high)}.")
    assert headline(checked, "wider") != headline(result, "wider")


def test_too_few_images_ask_for_more(small_study: Study) -> None:
    result = result_of(small_study, 40, 38)
    verdict = replace(result.verdicts["wider"], outcome=Outcome.UNDECIDABLE_HERE, images_needed=12_345)
    result.verdicts["wider"] = verdict
    assert headline(result, "wider").startswith("Too few test items to decide. wider: ")
    assert next_step(result, "wider") == (
        "Next: test on more items (about 12,345 test images); more seeds alone do not help."
    )


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    assert PLAIN[outcome]
    assert PLAIN[outcome].upper() != PLAIN[outcome]


def test_they_come_first_on_the_terminal(small_study: Study) -> None:
    result = result_of(small_study, 90, 30)
    assert text(result).splitlines()[:2] == [small_study.question, headline(result, "wider")]
