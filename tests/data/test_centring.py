import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from netgain.data import load_dataset
from netgain.data.centring import MORE_FRAMES, MOST_PIXELS, centred_digit, picture_size
from netgain.errors import DataError


def encoded(image: Image.Image, kind: str = "png") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def stroke(size: tuple[int, int], paper: int = 0, ink: int = 255) -> Image.Image:
    image = Image.new("L", size, paper)
    width, height = size
    points = [(0.2 * width, 0.2 * height), (0.6 * width, 0.2 * height), (0.3 * width, 0.7 * height)]
    ImageDraw.Draw(image).line(points, fill=ink, width=max(2, width // 14))
    return image


def test_an_image_of_mnist_stays_what_it_is() -> None:
    for image in load_dataset("mnist").x_test[:20, :, :, 0]:
        centred = centred_digit(encoded(Image.fromarray(image))).image
        agreement = np.corrcoef(centred.ravel(), image.ravel())[0, 1]
        assert agreement > 0.99


def test_centred_by_mass_in_a_box_of_20() -> None:
    digit = centred_digit(encoded(stroke((280, 280)))).image.astype(float)
    rows, columns = np.nonzero(digit)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    mass = digit.sum()
    for axis in (0, 1):
        assert 14 <= (digit.sum(axis=axis) * (np.arange(28) + 0.5)).sum() / mass < 15


def test_place_size_and_paper_do_not_matter() -> None:
    plain = centred_digit(encoded(stroke((280, 280)))).image.astype(float)
    others = [encoded(stroke((280, 280), paper=210, ink=30)), encoded(stroke((560, 560))),
              encoded(stroke((7300, 5500), paper=255, ink=0).resize((5500, 5500)), "jpeg")]  # fmt: skip
    for other in others:
        assert np.corrcoef(centred_digit(other).image.ravel(), plain.ravel())[0, 1] > 0.9


def test_the_longer_side_fills_the_box() -> None:
    for box in (20, 28, 9):
        rows, columns = np.nonzero(centred_digit(encoded(stroke((280, 280))), box=box).image)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == box


def test_what_touches_the_border_is_doubted() -> None:
    picture = Image.new("L", (280, 280))
    picture.paste(255, (130, 0, 150, 200))
    assert "touches the border" in centred_digit(encoded(picture)).doubts[0]
    assert centred_digit(encoded(stroke((280, 280)))).doubts == ()


def test_white_ink_of_little_contrast() -> None:
    (doubt,) = centred_digit(encoded(stroke((280, 280), ink=50))).doubts
    assert "differs from its background by only 20 %" in doubt


def test_what_is_left_out() -> None:
    content = encoded(stroke((280, 280)))
    np.testing.assert_array_equal(centred_digit(content).image, centred_digit(content, box=20, angle=0).image)
    with pytest.raises(DataError, match="^nothing on the picture differs from its background"):
        centred_digit(encoded(Image.new("L", (28, 28))))
    with pytest.raises(DataError, match=r"^my\.png cannot be read"):
        centred_digit(b"no image", label="my.png")


def test_turned() -> None:
    upright = Image.new("L", (100, 100))
    upright.paste(255, (45, 10, 55, 90))
    rows, columns = np.nonzero(centred_digit(encoded(upright), angle=90).image)
    assert np.ptp(columns) > 15 > np.ptp(rows)
    plain, turned = (centred_digit(encoded(stroke((280, 280))), angle=angle).image for angle in (0, 90))
    moved = [np.roll(np.rot90(plain), (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    assert max(np.corrcoef(turned.ravel(), each.ravel())[0, 1] for each in moved) > 0.99, "counter-clockwise"


def test_turned_by_less_than_a_right_angle_it_still_fills_the_box() -> None:
    upright = Image.new("L", (300, 300))
    upright.paste(255, (140, 50, 160, 250))
    rows, columns = np.nonzero(centred_digit(encoded(upright), angle=45).image > 20)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 >= 19
    assert np.corrcoef(rows, columns)[0, 1] > 0.9, "its upper end goes to the left"


def test_turned_nothing_is_cut_off() -> None:
    """25 of 200 pixels are 3.5 of 28, which Python rounds to 4; 23 would be 3."""
    upright = Image.new("L", (300, 300))
    upright.paste(255, (140, 50, 165, 250))
    for angle in (0, 90, 180, 270):
        rows, columns = np.nonzero(centred_digit(encoded(upright), box=28, angle=angle).image)
        assert sorted((np.ptp(rows) + 1, np.ptp(columns) + 1)) == [4, 28]


@pytest.mark.parametrize(
    ("size", "expected"), [((40, 160), (5, 20)), ((160, 40), (20, 5)), ((4, 200), (1, 20)), ((200, 4), (20, 1))]
)
def test_proportions_are_kept(size: tuple[int, int], expected: tuple[int, int]) -> None:
    picture = Image.new("L", (300, 300))
    picture.paste(255, (60, 60, 60 + size[0], 60 + size[1]))
    rows, columns = np.nonzero(centred_digit(encoded(picture)).image > 100)
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == expected


def test_a_digit_with_its_mass_at_one_side_stays_within_the_image() -> None:
    picture = Image.new("L", (300, 300))
    picture.paste(255, (50, 50, 60, 250))
    picture.paste(255, (50, 200, 250, 250))
    for turns, ends in enumerate([(0, 19), (0, 19), (8, 27), (8, 27)]):
        image = centred_digit(encoded(picture.rotate(90 * turns))).image
        rows = np.flatnonzero(image.any(axis=1 - turns % 2))
        assert (rows.min(), rows.max()) == ends
        assert image.dtype == np.uint8


def test_of_several_frames_the_first_is_read() -> None:
    buffer = io.BytesIO()
    stroke((280, 280)).save(buffer, "gif", save_all=True, append_images=[stroke((280, 280)).rotate(90)])
    first, alone = centred_digit(buffer.getvalue()), centred_digit(encoded(stroke((280, 280))))
    assert first.doubts == (MORE_FRAMES,)
    np.testing.assert_allclose(first.image, alone.image, atol=2)


def test_the_largest_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netgain.data.centring.MOST_PIXELS", 100 * 100)
    assert centred_digit(encoded(stroke((100, 100)))).image.any()
    with pytest.raises(DataError, match=r"my\.png has 0 megapixels"):
        centred_digit(encoded(stroke((100, 101))), label="my.png")


def test_the_size_of_a_picture() -> None:
    assert picture_size(encoded(Image.new("L", (30, 20)))) == (30, 20)
    assert picture_size(b"no image") == (0, 0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"print('no image')", "cannot be read as an image"),
        (b"", "cannot be read as an image"),
        (encoded(Image.new("L", (28, 28))), "draw a digit first"),
        (encoded(Image.new("RGB", (28, 28), "white")), "draw a digit first"),
        (encoded(Image.new("1", (10_000, MOST_PIXELS // 10_000 + 1))), "megapixels"),
    ],
)
def test_refused(content: bytes, said: str) -> None:
    with pytest.raises(DataError, match=said):
        centred_digit(content)
