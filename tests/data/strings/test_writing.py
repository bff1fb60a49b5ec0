"""The line of writing is cut out of the ink, and placed at its size."""

from __future__ import annotations

import numpy as np
import pytest

from netgain.data.strings.placing import scaled_line, stroke_width
from netgain.data.strings.writing import cut_line


def with_boxes(*boxes: tuple[int, int, int, int], shape: tuple[int, int] = (100, 200)) -> np.ndarray:
    """Ink 1 in boxes (top, bottom, left, right)."""
    ink = np.zeros(shape)
    for top, bottom, left, right in boxes:
        ink[top:bottom, left:right] = 1
    return ink


def test_marks_that_share_rows_are_one_line() -> None:
    cut = cut_line(with_boxes((20, 50, 30, 36), (25, 55, 60, 66), (18, 30, 90, 96)), 0.8)
    assert cut.ink.shape == (37, 66)
    assert cut.ink.sum() == 6 * (30 + 30 + 12)
    assert cut.doubts == ()


def test_the_line_with_the_most_ink_is_cut_out() -> None:
    one, other = (20, 40, 30, 36), [(60, 90, left, left + 6) for left in (30, 60, 90)]
    cut = cut_line(with_boxes(one, *other), 0.8)
    assert cut.ink.shape == (30, 66)
    assert cut.doubts == ()
    (doubt,) = cut_line(with_boxes(one, (20, 40, 60, 66), *other), 0.8).doubts
    assert doubt.startswith("there are 2 lines of writing on it")


def test_nothing_is_cut_out_of_nothing() -> None:
    assert cut_line(np.zeros((50, 80)), 0.0).ink.size == 0


@pytest.mark.parametrize(("contrast", "doubted"), [(0.26, False), (0.24, True)])
def test_a_low_contrast_is_said(contrast: float, doubted: bool) -> None:
    doubts = cut_line(with_boxes((20, 50, 30, 36)), contrast).doubts
    assert [f"only {100 * contrast:.0f} %" in doubt for doubt in doubts] == [True] * doubted


@pytest.mark.parametrize("edge", [(20, 50, 0, 6), (20, 50, 194, 200), (0, 50, 90, 96), (20, 100, 90, 96)])
def test_ink_at_any_border_that_may_belong_to_the_line_is_said(edge: tuple[int, int, int, int]) -> None:
    (doubt,) = cut_line(with_boxes((20, 50, 30, 36), (20, 50, 60, 66), edge), 0.8).doubts
    assert doubt.startswith("what was read touches the border")


def test_a_digit_that_the_border_cuts_is_kept_and_a_bar_along_the_border_is_not() -> None:
    line = (20, 50, 30, 36), (20, 50, 60, 66)
    assert cut_line(with_boxes(*line, (20, 50, 0, 4)), 0.8).ink.shape == (30, 66)
    assert cut_line(with_boxes(*line, (0, 100, 0, 4)), 0.8).ink.shape == (30, 36)


def test_all_at_the_border_is_read_all_the_same() -> None:
    cut = cut_line(with_boxes((0, 100, 30, 36), (0, 100, 60, 66)), 0.8)
    assert cut.ink.shape == (100, 36)
    assert len(cut.doubts) == 1


@pytest.mark.parametrize("slope", [0.1, -0.15])
def test_a_line_that_climbs_is_made_level(slope: float) -> None:
    tops = [round(50 + slope * (left - 100)) for left in (30, 70, 110, 150)]
    boxes = [(top, top + 30, left, left + 6) for top, left in zip(tops, (30, 70, 110, 150), strict=True)]
    assert 30 <= cut_line(with_boxes(*boxes, shape=(140, 200)), 0.8).ink.shape[0] <= 33


def test_two_lines_are_not_taken_for_one_that_climbs() -> None:
    boxes = [(20, 50, 30, 36), (20, 50, 60, 66), (80, 110, 120, 126), (80, 110, 150, 156)]
    cut = cut_line(with_boxes(*boxes, shape=(140, 200)), 0.8)
    assert cut.ink.shape == (30, 36)
    assert "2 lines" in cut.doubts[0]


@pytest.mark.parametrize("width", [2, 3, 4, 6])
def test_the_width_of_a_stroke(width: int) -> None:
    ink = np.pad(np.ones((60, width)), 6)
    assert stroke_width(ink, 8) == pytest.approx(width, rel=0.12)
    assert stroke_width(np.pad(np.zeros((4, 4)), 2)) == 0


def test_thin_strokes_are_widened_and_wide_ones_stay() -> None:
    def line(width: int) -> np.ndarray:
        return with_boxes((0, 80, 0, width), (0, 80, 60, 60 + width), shape=(80, 60 + width))

    for width in (2, 4, 8):
        assert stroke_width(np.pad(scaled_line(line(width), 20, 3.0), 3) / 255, 8) == pytest.approx(3, abs=0.6)
    wide = scaled_line(line(24), 20, 3.0)
    assert wide.shape == (20, 21)
    assert stroke_width(np.pad(wide, 3) / 255, 8) == pytest.approx(6, abs=0.8)
