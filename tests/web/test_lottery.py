"""What the seed lottery says of single runs is what a loop over all pairs finds."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np
import pytest

from netgain.experiment.study import Study
from netgain.stats import Outcome
from netgain.stats.rounding import signed
from netgain.web.lottery import all_in_words, all_results_in_words, draw, lottery_view, pairs_of

from .made_results import made_result

BASELINE, BETTER = [190, 210, 230, 250, 270, 290], [260, 280, 300, 320, 340, 360]
"""Better on average; some pairs say the opposite."""


def test_all_pairs_are_counted(small_study: Study) -> None:
    result = made_result(small_study, BASELINE, BETTER)
    assert result.verdicts["wider"].outcome is Outcome.BETTER
    wrong = sum(ours < others for ours in BETTER for others in BASELINE)
    pairs = pairs_of(result, "wider")
    interval = pairs.wrong_interval()
    assert interval is not None
    words = all_in_words(pairs, "test images")
    assert wrong == 3
    assert words.startswith("Of all 36 pairs (6 × 6 seeds), 3 have the wrong sign (8 %). For two new networks")
    assert words.endswith(f"95 % interval {100 * interval.low:.0f} to {100 * interval.high:.0f} %.")


@pytest.mark.parametrize(
    ("arm", "outcome", "why"),
    [
        ([200, 240, 260, 280, 310], Outcome.UNDECIDED, "The verdict is not decided, so no sign is wrong."),
        ([250] * 5, Outcome.EQUIVALENT, "The verdict is that no difference matters, so no sign is wrong."),
    ],
)
def test_without_a_decided_sign_none_is_wrong(small_study: Study, arm: list[int], outcome: Outcome, why: str) -> None:
    baseline = [250] * 5 if outcome is Outcome.EQUIVALENT else [210, 230, 250, 270, 300]
    result = made_result(small_study.change("delta", 0.05), baseline, arm)
    assert result.verdicts["wider"].outcome is outcome
    words = all_in_words(pairs_of(result, "wider"), "test images")
    assert words.endswith(why)
    assert "wrong sign" not in words + lottery_view(result, "wider", (0, 1))
    counts = [sum(np.sign(ours - others) == sign for ours in arm for others in baseline) for sign in (1, -1, 0)]
    tied = f", {counts[2]} say no difference" if counts[2] else ""
    assert f"{counts[0]} say better, {counts[1]} say worse{tied}." in words


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ((0, 0), "<b>better</b>. All seeds together say BETTER: these two runs have the right sign."),
        ((5, 0), "<b>worse</b>. All seeds together say BETTER: these two runs have the <b>wrong</b> sign."),
    ],
)
def test_the_drawn_pair_is_compared(small_study: Study, drawn: tuple[int, int], said: str) -> None:
    result = made_result(small_study, BASELINE, BETTER)
    view = lottery_view(result, "wider", drawn)
    num_images = result.data.num_test
    points = 100 * (BETTER[drawn[1]] - BASELINE[drawn[0]]) / num_images
    assert f"<b>baseline</b>, seed {drawn[0]}: {100 * BASELINE[drawn[0]] / num_images:.2f} %" in view
    assert f"With these two runs alone: {signed(points)} points, {said}" in view


def test_a_drawn_tie_has_no_sign(small_study: Study) -> None:
    view = lottery_view(made_result(small_study, BASELINE, [*BETTER[:-1], 270]), "wider", (4, 5))
    assert "+0.00 points, <b>no difference</b>. All seeds together say BETTER." in view


def test_the_picture_has_a_dot_for_every_pair_at_its_side_of_zero(small_study: Study) -> None:
    result = made_result(small_study, BASELINE, BETTER)
    found = re.search('data-specification="([^"]*)"', lottery_view(result, "wider", (5, 0)))
    assert found
    sets = json.loads(unescape(found.group(1)))["datasets"].values()
    (dots,) = [rows for rows in sets if "says" in rows[0]]
    expected = sorted(100 * (ours - others) / result.data.num_test for ours in BETTER for others in BASELINE)
    assert sorted(dot["points"] for dot in dots) == pytest.approx(expected)
    assert all(np.sign(dot["x"]) == np.sign(dot["points"]) for dot in dots)
    assert len({(dot["x"], dot["y"]) for dot in dots}) == len(dots)
    assert [dot["points"] for dot in dots if dot["drawn"]] == pytest.approx([min(expected)])


def test_every_pair_is_drawn_as_often_as_the_others(small_study: Study) -> None:
    pairs = pairs_of(made_result(small_study, [200, 210], [220, 230, 240]), "wider")
    generator = np.random.default_rng(0)
    drawn = [draw(pairs, generator) for _ in range(1200)]
    counts = [drawn.count((other, arm)) for other in range(2) for arm in range(3)]
    assert sum(counts) == 1200
    assert min(counts) > 150


def test_over_all_verdicts_single_runs_err_in_two_ways(small_study: Study) -> None:
    decided = made_result(small_study, BASELINE, BETTER)
    not_decided = made_result(small_study, [210, 230, 250, 270, 300], [200, 240, 260, 280, 310])
    assert all_results_in_words([decided, not_decided, decided]) == [
        "2 verdicts BETTER or WORSE: 6 of 72 pairs (8.3 %) have the wrong sign.",
        "1 verdict without a winner: 25 of 25 pairs (100.0 %) still name one.",
    ]
    assert all_results_in_words([]) == []
