import numpy as np
import pytest
from PIL import Image

from netgain.data import load_dataset
from netgain.data.ink import ink_of
from netgain.data.strokes import AT_BORDER, SEVERAL, cut_digit

DIGITS = load_dataset("mnist").x_test[:, :, :, 0]


def enlarged(number: int) -> np.ndarray:
    """A test image at seven times its size, without its margin, 0..1."""
    values = np.asarray(Image.fromarray(DIGITS[number]).resize((196, 196), Image.Resampling.BICUBIC)) / 255
    rows, columns = np.nonzero(values > 0.3)
    return values[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def side_by_side(first: int, second: int, gap: int) -> np.ndarray:
    """Two digits on one line, with a margin of 40 pixels."""
    digits = [enlarged(number) for number in (first, second)]
    height = max(len(digit) for digit in digits)
    digits = [np.pad(digit, ((height - len(digit), 0), (0, 0))) for digit in digits]
    return np.pad(np.hstack([digits[0], np.zeros((height, gap)), digits[1]]), 40)


def doubts_of(grey: np.ndarray) -> tuple[str, ...]:
    ink = ink_of(grey)
    return cut_digit(ink.amount, ink.contrast).doubts


def test_few_single_digits_are_doubted() -> None:
    doubted = sum(bool(doubts_of(np.pad(enlarged(number), 40))) for number in range(300))
    assert doubted <= 6


@pytest.mark.parametrize("gap", [8, 20, 60])
def test_two_digits_are_doubted(gap: int) -> None:
    doubted = [doubts_of(side_by_side(number, number + 50, gap)) for number in range(50)]
    assert sum(map(bool, doubted)) >= 49


def bars(*boxes: tuple[int, int, int, int], size: int = 200) -> np.ndarray:
    ink = np.zeros((size, size))
    for top, bottom, left, right in boxes:
        ink[top:bottom, left:right] = 1
    return ink


def test_the_detached_bar_of_a_five_belongs_to_it() -> None:
    cut = cut_digit(bars((50, 150, 80, 92), (50, 60, 98, 140)), 0.8)
    assert cut.ink.shape == (100, 60)
    assert cut.doubts == ()


def test_a_speck_is_left_out_without_a_word() -> None:
    cut = cut_digit(bars((50, 150, 80, 92), (10, 12, 10, 12)), 0.8)
    assert cut.ink.shape == (100, 12)
    assert cut.doubts == ()


def test_of_several_objects_the_largest_is_read_and_that_is_said() -> None:
    cut = cut_digit(bars((50, 150, 40, 52), (60, 120, 140, 152), (20, 60, 180, 190)), 0.8)
    assert cut.ink.shape == (100, 12)
    assert cut.doubts == ("there are 3 separate objects on it, and only the largest was read",)


def test_what_stands_at_the_border_gives_way_to_what_does_not() -> None:
    cut = cut_digit(bars((0, 200, 0, 25), (50, 150, 100, 112)), 0.8)
    assert cut.ink.shape == (100, 12)
    assert cut.doubts == (
        "there are 2 separate objects on it, and only the largest that does not touch the border was read",
    )


BAR = (50, 150, 80, 92)
"""100 high, 1200 pixels."""


@pytest.mark.parametrize(
    ("other", "shape"),
    [
        ((50, 60, 106, 140), (100, 60)),  # 14 pixels away, within 15 % of the height
        ((50, 60, 107, 140), (100, 12)),
        ((50, 54, 98, 104), (100, 24)),  # 24 pixels, 2 % of the bar
        ((50, 51, 98, 121), (100, 12)),
    ],
)
def test_what_belongs_to_a_digit(other: tuple[int, int, int, int], shape: tuple[int, int]) -> None:
    assert cut_digit(bars(BAR, other), 0.8).ink.shape == shape


@pytest.mark.parametrize(("other", "is_object"), [((10, 20, 10, 22), True), ((10, 17, 10, 27), False)])
def test_a_tenth_of_the_digits_ink_is_another_object(other: tuple[int, int, int, int], is_object: bool) -> None:
    doubts = cut_digit(bars(BAR, other), 0.8).doubts
    assert [doubt.startswith("there are 2 separate objects") for doubt in doubts] == [True] * is_object


def test_what_lies_within_the_box_but_apart_is_not_cut_out() -> None:
    ink = 0.5 * bars((50, 150, 40, 52), (138, 150, 40, 150), (60, 75, 130, 145))
    cut = cut_digit(ink, 0.8)
    assert cut.ink.shape == (100, 110)
    assert cut.ink.sum() == 0.5 * (1200 + 12 * 98)
    assert np.unique(cut.ink).tolist() == [0, 0.5]
    assert cut.doubts == ()


@pytest.mark.parametrize("turns", range(4))
def test_the_border_on_every_side(turns: int) -> None:
    inside = (50, 75, 100, 120)  # 500 pixels
    small, large = (np.rot90(bars((0, *box), inside), turns) for box in ((200, 0, 25), (167, 0, 30)))  # 5000, 5010
    cut = cut_digit(small, 0.8)
    assert sorted(cut.ink.shape) == [20, 25]
    assert cut.doubts == (
        "there are 2 separate objects on it, and only the largest that does not touch the border was read",
    )
    cut = cut_digit(large, 0.8)
    assert sorted(cut.ink.shape) == [30, 167]
    assert cut.doubts[-1] == AT_BORDER
    assert not any("separate" in doubt for doubt in cut.doubts)


@pytest.mark.parametrize("turns", range(4))
def test_only_the_outermost_pixels_are_the_border(turns: int) -> None:
    inside = (50, 75, 130, 150)
    touching, close = (np.rot90(bars((top, 150, 60, 90), inside), turns) for top in (0, 1))
    assert sorted(cut_digit(touching, 0.8).ink.shape) == [20, 25]
    assert sorted(cut_digit(close, 0.8).ink.shape) == [30, 149]


@pytest.mark.parametrize("turns", range(4))
def test_the_border_of_a_picture_that_is_not_square(turns: int) -> None:
    ink = np.rot90(bars((100, 200, 50, 60))[:, :120], turns)
    assert cut_digit(ink, 0.8).doubts[-1:] == (AT_BORDER,)


def test_a_thin_slanting_line_hangs_together_at_its_corners() -> None:
    cut = cut_digit(np.pad(np.eye(100), 20), 0.8)
    assert cut.ink.shape == (100, 100)
    assert cut.doubts == ()


@pytest.mark.parametrize(
    ("boxes", "contrast", "doubted"),
    [
        ([(1, 199, 90, 100)], 0.8, None),
        ([(90, 100, 1, 15)], 0.8, None),
        ([BAR], 0.25, None),
        ([BAR], 0.249, "the contrast is low: the ink differs from its background by only 25 %"),
        ([(50, 150, 20, 160)], 0.8, None),  # 1.4 times as wide as high
        ([(50, 150, 20, 161)], 0.8, SEVERAL),
        ([BAR, (90, 150, 100, 112)], 0.8, None),  # 60 % of the height
        ([BAR, (89, 150, 100, 112)], 0.8, SEVERAL),
        ([BAR, (50, 150, 100, 103)], 0.8, None),  # a quarter of the ink
        ([BAR, (50, 150, 100, 104)], 0.8, SEVERAL),
        ([(50, 150, 76, 79), BAR, (50, 150, 100, 104)], 0.8, SEVERAL),
    ],
)
def test_where_doubt_begins(boxes: list[tuple[int, int, int, int]], contrast: float, doubted: str | None) -> None:
    assert cut_digit(bars(*boxes), contrast).doubts == (() if doubted is None else (doubted,))


def test_touching_the_border() -> None:
    for box in ((0, 60, 90, 100), (140, 200, 90, 100), (50, 150, 0, 10), (50, 150, 190, 200)):
        assert cut_digit(bars(box), 0.8).doubts == (AT_BORDER,)


def test_two_bars_close_together_may_be_two_digits() -> None:
    assert cut_digit(bars((50, 150, 80, 92), (50, 150, 100, 112)), 0.8).doubts == (SEVERAL,)
    assert cut_digit(bars((80, 100, 40, 140)), 0.8).doubts == (SEVERAL,)


def test_low_contrast() -> None:
    assert "differs from its background by only 18 %" in cut_digit(bars((50, 150, 80, 92)), 0.18).doubts[0]


def test_no_ink_at_all() -> None:
    cut = cut_digit(np.zeros((10, 10)), 0.0)
    assert cut.ink.shape == (0, 0)
    assert cut.doubts == ()
