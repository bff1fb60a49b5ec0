import numpy as np
import pytest

from netgain.stats import Outcome, Survival, Verdict, judge, survival, survival_sentence


def verdict(outcome: Outcome) -> Verdict:
    right = np.random.default_rng(0).random((5, 400)) < 0.9
    found = judge(right, {"arm": right.copy()})["arm"]
    return Verdict(**{**vars(found), "outcome": outcome})


@pytest.mark.parametrize(
    ("without", "with_shift", "became"),
    [
        (Outcome.BETTER, Outcome.BETTER, Survival.SURVIVES),
        (Outcome.BETTER, Outcome.WORSE, Survival.LOST),
        (Outcome.BETTER, Outcome.EQUIVALENT, Survival.LOST),
        (Outcome.BETTER, Outcome.UNDECIDED, Survival.OPEN),
        (Outcome.BETTER, Outcome.UNDECIDABLE_HERE, Survival.OPEN),
        (Outcome.UNDECIDED, Outcome.BETTER, Survival.ONLY_WITH),
        (Outcome.WORSE, Outcome.BETTER, Survival.ONLY_WITH),
        (Outcome.WORSE, Outcome.WORSE, Survival.STILL_WORSE),
        (Outcome.UNDECIDED, Outcome.WORSE, Survival.NO_GAIN),
        (Outcome.EQUIVALENT, Outcome.UNDECIDED, Survival.NO_GAIN),
    ],
)
def test_what_becomes_of_a_gain(without: Outcome, with_shift: Outcome, became: Survival) -> None:
    assert survival(verdict(without), verdict(with_shift)) is became


def test_both_verdicts_are_told() -> None:
    said = survival_sentence(verdict(Outcome.BETTER), verdict(Outcome.EQUIVALENT), "blur=1")
    assert said == (
        "arm: BETTER +0.00 ± 1.59 points without the shift, EQUIVALENT +0.00 ± 1.59 points with blur=1: "
        "the gain does not survive."
    )
