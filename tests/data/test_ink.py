import io

import numpy as np
import pytest
from PIL import Image
from tests.photos import photo

from netgain.data import load_dataset
from netgain.data.ink import ink_of


def grey_of(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)), np.float64) / 255


def sheet(width: int = 240, height: int = 180) -> tuple[np.ndarray, np.ndarray]:
    """A plain sheet of light 0.8, and which of its pixels are a stroke."""
    stroke = np.zeros((height, width), bool)
    stroke[40:140, 110:122] = stroke[40:52, 110:170] = True
    return np.full((height, width), 0.8), stroke


def slope(direction: float, shape: tuple[int, int]) -> np.ndarray:
    """From 1 at one end to 0 at the other."""
    rows, columns = np.indices(shape)
    along = np.cos(direction) * columns + np.sin(direction) * rows
    return 1 - (along - along.min()) / np.ptp(along)


@pytest.mark.parametrize("direction", [0.0, 1.0, 2.5, 4.0])
@pytest.mark.parametrize("falloff", [0.0, 0.25, 0.5])
def test_the_ink_is_found_in_light_that_falls_off(direction: float, falloff: float) -> None:
    paper, stroke = sheet()
    light = 1 - falloff * (1 - slope(direction, paper.shape))
    ink = ink_of(light * np.where(stroke, 0.2, paper))
    assert np.array_equal(ink.amount > 0.5, stroke)
    assert not ink.amount[~stroke].any()
    assert ink.amount.max() == 1
    assert ink.contrast == pytest.approx(0.75, abs=0.05)


def test_the_edge_of_a_shadow_is_not_ink() -> None:
    paper, stroke = sheet()
    light = 1 - 0.45 / (1 + np.exp(-(np.indices(paper.shape)[1] - 60) / 6))
    assert np.array_equal(ink_of(light * np.where(stroke, 0.2, paper)).amount > 0.5, stroke)


def test_half_of_the_sheet_in_a_sharp_shadow() -> None:
    paper, stroke = sheet()
    light = np.where(np.indices(paper.shape)[1] < 120, 0.3, 0.8)
    amount = ink_of(np.where(stroke, 0.25, 1) * light).amount
    assert amount[stroke].mean() > 0.9
    assert amount[~stroke].mean() < 0.01


def test_white_ink_on_a_board_with_a_dark_corner() -> None:
    paper, stroke = sheet()
    rows, columns = np.indices(paper.shape)
    board = np.where((columns < 100) & (rows < 80), 0.2, 0.5)
    assert np.array_equal(ink_of(np.where(stroke, 1, board)).amount > 0.5, stroke)


@pytest.mark.parametrize("ink", [0.2, 1.0])
def test_light_that_falls_off_to_all_sides(ink: float) -> None:
    paper, stroke = sheet()
    y, x = (np.linspace(-1, 1, length) for length in paper.shape)
    light = 0.7 - 0.25 * (x**2 + (y**2)[:, np.newaxis])
    assert np.array_equal(ink_of(np.where(stroke, ink * (1 if ink == 1 else light), light)).amount > 0.5, stroke)


@pytest.mark.parametrize("black", [0.0, 0.3])
def test_light_ink_on_a_dark_background(black: float) -> None:
    _, stroke = sheet()
    board = black * (0.6 + 0.4 * slope(1.0, stroke.shape))
    ink = ink_of(np.where(stroke, 0.9, board))
    assert np.array_equal(ink.amount > 0.5, stroke)


def test_lines_of_squared_paper_are_not_ink() -> None:
    paper, stroke = sheet()
    paper[::20] = paper[:, ::20] = 0.65
    found = ink_of(np.where(stroke, 0.2, paper)).amount
    assert found[stroke].min() > 0.5
    assert (found[~stroke] > 0).mean() < 0.01


@pytest.mark.parametrize("falloff", [0, 60])
def test_a_blank_sheet_has_no_ink(falloff: int) -> None:
    blank = np.zeros((28, 28), np.uint8)
    for seed in range(5):
        ink = ink_of(grey_of(photo(blank, np.random.default_rng(seed), falloff)))
        assert ink.contrast == 0
        assert not ink.amount.any()


def test_a_picture_of_one_pixel_and_of_one_row() -> None:
    for shape in ((1, 1), (1, 300), (300, 2)):
        amount = ink_of(np.full(shape, 0.5)).amount
        assert amount.shape == shape
        assert not amount.any()


def test_the_contrast_is_the_share_of_light_that_ink_takes_away() -> None:
    digit = load_dataset("mnist").x_test[0, :, :, 0]
    ink = ink_of(grey_of(photo(digit, np.random.default_rng(0), 40, ink=0.85 * 0.7)))
    assert ink.contrast == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize(("strength", "is_ink"), [(0.202, False), (0.208, True)])
def test_what_stands_out_less_than_six_times_as_far_as_the_noise_is_no_ink(strength: float, is_ink: bool) -> None:
    paper = 1 + 0.04 * np.random.default_rng(0).standard_normal((80, 80))
    paper[20:60, 38:42] = 1 - strength
    assert ink_of(0.8 * paper).amount.any() == is_ink


def test_the_noise_of_a_large_photo_is_smoothed_out() -> None:
    light = 0.8 + 0.1 * np.random.default_rng(0).standard_normal((600, 800))
    light[200:400, 380:420] -= 0.6
    ink = ink_of(np.clip(light, 0, 1))
    assert ink.contrast == pytest.approx(0.79, abs=0.02)
    assert (ink.amount > 0).mean() == pytest.approx(200 * 40 / light.size, rel=0.1)


def test_full_ink_is_that_of_the_strong_pixels_however_few() -> None:
    sheet = np.full((80, 80), 0.8)
    sheet[20:60, 38:42] = 0.8 * 0.7
    sheet[30:32, 38:40] = 0.8 * 0.2
    ink = ink_of(sheet)
    assert ink.contrast == pytest.approx(0.8)
    assert np.argwhere(ink.amount == 1).tolist() == [[30, 38], [30, 39], [31, 38], [31, 39]]


def test_soft_edges_are_ink_right_beside_it_and_across_a_corner() -> None:
    sheet = np.full((60, 60), 0.8)
    sheet[20:40, 28:32] = 0.2
    across = [19, 19, 40, 40], [27, 32, 27, 32]
    further = [18, 18, 41, 41, 18, 41, 30, 30], [26, 33, 26, 33, 30, 30, 26, 33]
    sheet[across] = sheet[further] = 0.65
    amount = ink_of(sheet).amount
    assert amount[across] == pytest.approx(0.25)
    assert not amount[further].any()


Y, X = np.meshgrid(np.linspace(-1, 1, 90), np.linspace(-1, 1, 120), indexing="ij")


def strokes(shape: str) -> np.ndarray:
    """Which pixels of a sheet of 90x120 are a stroke."""
    ring = np.hypot((Y + 0.1) * 45, (X - 0.1) * 60)
    if shape == "0":
        return (ring > 22) & (ring < 28)
    found = np.zeros(Y.shape, bool)
    boxes = {"T": [(20, 70, 55, 61), (20, 26, 55, 85)], "C": [(8, 80, 20, 34), (8, 22, 20, 100), (66, 80, 20, 100)]}
    for top, bottom, left, right in boxes.get(shape, [(60, 84, 90, 94)]):
        found[top:bottom, left:right] = True
    return found


LIGHTS = {
    "even": 0.8 + 0 * X,
    "from a corner": 0.9 - 0.6 * (X + Y + 2) / 4,
    "round": 0.9 - 0.4 * (X**2 + Y**2) / 1.2,
    "a strip": 0.9 - 0.3 * X**2,
    "two corners": 0.65 + 0.3 * X * Y,
    "beside the middle": 0.95 - 0.4 * ((X - 0.5) ** 2 + (Y + 0.5) ** 2) / 2.5,
    "a dark quarter": np.where((X < 0) & (Y < 0), 0.3, 0.85),
    "a shadow aslant": np.where(X + Y < -0.6, 0.3, 0.85),
    "a shadow on the left": np.where(X < -0.6, 0.3, 0.85),
}


@pytest.mark.parametrize("shape", ["T", "C", "0", "1"])
@pytest.mark.parametrize("light", LIGHTS)
def test_which_is_the_ink_in_light_of_any_shape(light: str, shape: str) -> None:
    """Dark on pale paper and light on a dark board, strong and weak; not weak dark ink across the edge of a shadow."""
    paper, stroke = LIGHTS[light], strokes(shape)
    dark = [np.where(stroke, share * paper, paper) for share in ((0.25,) if "shadow" in light else (0.25, 0.6))]
    light_ink = [np.where(stroke, paper / 2 + share / 2, paper / 2) for share in (0.5, 1.0)]
    for picture in (*dark, *light_ink):
        amount = ink_of(picture).amount
        assert amount[stroke].mean() > 0.5 > amount[~stroke].mean()


@pytest.mark.parametrize("shape", ["T", "C"])
def test_dark_ink_where_a_shadow_lies_aslant_over_one_half(shape: str) -> None:
    """No surface fits both halves: what differs most from its surroundings says which is the ink."""
    light, stroke = np.where(X + Y < 0.3, 0.3, 0.85), strokes(shape)
    amount = ink_of(np.where(stroke, light / 4, light)).amount
    assert amount[stroke].mean() > 0.5 > amount[~stroke].mean()
