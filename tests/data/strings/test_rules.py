"""Rules of paper are taken out of the ink, and strokes are not."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.data.strings.rules import sheared, without_rules


def ruled(
    height: int = 120, width: int = 240, *, dark: float = 0.5, rows: tuple[int, ...] = (30, 60, 90)
) -> np.ndarray:
    sheet = np.zeros((height, width))
    for row in rows:
        sheet[row : row + 2] = dark
    return sheet


def test_rules_are_taken_out_whole() -> None:
    for slope in (0.0, 0.05, -0.09):
        assert without_rules(sheared(ruled(), slope)).max() < 0.25, "too pale to be a stroke"


def test_upright_rules_are_taken_out_of_squared_paper_only() -> None:
    upright = ruled(240, 120, rows=(40, 80)).T
    assert np.array_equal(without_rules(upright), upright), "without rules across, it is a long stroke"
    squared = np.maximum(ruled(120, 240), upright)
    assert without_rules(squared).max() < 0.1


@pytest.mark.parametrize("dark", [0.3, 0.6, 0.9])
def test_a_stroke_stays_where_a_rule_crosses_it(dark: float) -> None:
    sheet = ruled(dark=dark)
    sheet[20:100, 100:106] = 1
    left = without_rules(sheet)
    assert left[20:100, 100:106].min() > 0.6
    assert left[:, :95].max() < 0.1
    assert left[:, 111:].max() < 0.1


@pytest.mark.parametrize(
    "sheet",
    [
        ruled(rows=(60,), height=200, width=200),
        ruled(rows=()),
        np.pad(ruled(120, 100), ((0, 0), (70, 70))),
        np.pad(np.full((100, 240), 0.5), ((10, 10), (0, 0))),
    ],
    ids=["one line across a square", "nothing", "short ones", "a broad band"],
)
def test_what_is_no_rule_stays(sheet: np.ndarray) -> None:
    assert np.array_equal(without_rules(sheet), sheet)


def test_one_rule_across_a_long_strip() -> None:
    assert without_rules(ruled(60, 240, rows=(40,))).max() < 0.1


def test_shearing_there_and_back() -> None:
    picture = np.zeros((60, 100))
    picture[25:35] = np.random.default_rng(0).random((10, 100))
    assert np.array_equal(sheared(sheared(picture, 0.1), -0.1), picture)
    climbing = np.zeros((60, 101))
    climbing[np.rint(30 - 0.1 * (np.arange(101) - 50)).astype(int), np.arange(101)] = 1
    assert (np.flatnonzero(sheared(climbing, 0.1).any(axis=1)) >= 29).all()
