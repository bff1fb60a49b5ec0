"""What the tab Guess shows of a verdict, before and after it opens."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.experiment.study import Study
from netgain.results.study_result import StudyResult
from netgain.web.guess import CLOSED, drawn_view, guess_view, verdicts_in
from netgain.web.verdicts import NOTHING

from .made_results import made_result

NAME = "small: wider"


@pytest.fixture
def results(small_study: Study) -> dict[str, StudyResult]:
    return {"small": made_result(small_study, [200, 220, 240, 260, 280], [290, 310, 330, 350, 360])}


def test_the_verdict_is_closed_until_it_is_opened(results: dict[str, StudyResult]) -> None:
    view = guess_view(results, NAME, {})
    assert list(verdicts_in(results)) == [NAME]
    assert "Does a wider layer help?" in view.question
    assert "<code>network.hidden" in view.question
    assert "5 seeds each" in view.question
    assert view.verdict == CLOSED
    assert not view.is_open
    assert view.lottery == ""
    assert view.kept == {}


def test_a_guess_opens_it_and_is_judged(results: dict[str, StudyResult]) -> None:
    view = guess_view(results, NAME, {}, "better", opens=True)
    assert "You guessed: better. Right." in view.verdict
    assert "BETTER" in view.verdict
    assert "1 of 1 right" in view.tally
    assert "1 verdict BETTER or WORSE: 0 of 25 pairs" in view.tally
    assert "Of all 25 pairs" in view.lottery
    again = guess_view(results, NAME, view.kept, "worse", opens=True)
    assert "You have already guessed this verdict: better. A second guess does not count." in again.verdict
    assert again.kept == view.kept
    assert "1 of 1 right" in again.tally
    later = guess_view(results, NAME, view.kept)
    assert later.is_open
    assert "You guessed: better. Right." in later.verdict


def test_nobody_has_to_guess(results: dict[str, StudyResult]) -> None:
    view = guess_view(results, NAME, {}, opens=True)
    assert "Opened without a guess." in view.verdict
    assert "You have not guessed yet" in view.tally


def test_a_name_that_is_not_there_shows_nothing(results: dict[str, StudyResult]) -> None:
    assert guess_view({}, None, {}).verdict == NOTHING
    assert guess_view(results, "small: deeper", {}, "better", opens=True)[1:] == ("", "", False, "", "")
    assert drawn_view(results, "small: deeper", np.random.default_rng(0)) == ""
    assert "With these two runs alone" in drawn_view(results, NAME, np.random.default_rng(0))
