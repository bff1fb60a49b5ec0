"""Photos of a number become what a reader was trained on."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.line_photos import line_photo

from netgain.data import LineForm, StringDataset, load_strings, prepare_line
from netgain.errors import DataError

FORM = LineForm(width=150)


def encoded(image: Image.Image, kind: str = "png", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two images, the one moved by a few pixels where that makes it larger."""
    moves = [np.roll(one, (down, right), axis=(0, 1)) for down in (-1, 0, 1) for right in range(-3, 4)]
    return max(float(np.corrcoef(moved.ravel(), other.ravel())[0, 1]) for moved in moves)


PLAIN: dict[str, Any] = {"rules": None, "falloff": 0.0}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"rules": "grey", "ink": "pencil"},
        {"rules": "dark"},
        {"squared": True},
        {"squared": True, "rules": "grey", "tilt": 2},
        {"tilt": -3},
        {"rules": None, "is_dark": True},
        {"is_dark": True},
        {"falloff": 0.5},
        {"size": (480, 640), "high": 0.1},
        {"size": (960, 720), "high": 0.07},
    ],
    ids=str,
)
def test_a_photo_on_any_paper_gives_the_number_without_its_paper(how: dict[str, Any]) -> None:
    plain = prepare_line(line_photo("2026", np.random.default_rng(1), **PLAIN), FORM)
    found = prepare_line(line_photo("2026", np.random.default_rng(1), **how), FORM)
    assert found.doubts == ()
    assert found.image.shape == (32, 150, 1)
    assert likeness(found.image[..., 0], plain.image[..., 0]) > 0.8


def test_it_is_as_large_and_its_strokes_are_as_wide_as_in_training() -> None:
    from netgain.data.strings.placing import stroke_width

    for number in range(4):
        image = prepare_line(line_photo("2026", np.random.default_rng(number)), FORM).image[..., 0]
        rows, columns = np.flatnonzero(image.max(axis=1) >= 64), np.flatnonzero(image.max(axis=0) >= 64)
        assert abs(rows[0] - FORM.top) <= 1
        assert abs(rows[-1] + 1 - FORM.bottom) <= 1
        assert abs(columns[0] - FORM.margin) <= 1
        assert stroke_width(image / 255, 4) > 0.7 * FORM.stroke
    thin = Image.new("L", (600, 200), 255)
    for left in range(100, 500, 60):
        thin.paste(0, (left, 40, left + 2, 160))
    image = prepare_line(encoded(thin), FORM).image[..., 0]
    assert stroke_width(image / 255, 4) == pytest.approx(FORM.stroke, abs=0.8)


def test_rules_do_not_make_a_line_longer() -> None:
    content = line_photo("11", np.random.default_rng(0))
    image = prepare_line(content, LineForm()).image
    assert image.shape[1] < 50


def test_the_form_is_that_of_the_training_images() -> None:
    strings = load_strings("digit-strings")
    form = LineForm.of(strings)
    assert (form.height, form.width, form.takes_longer) == (32, 192, True)
    assert (form.top, form.bottom, form.margin) == (4, 27, 4)
    assert form.stroke == pytest.approx(LineForm().stroke, abs=0.15)
    assert not LineForm.of(strings, takes_longer=False).takes_longer
    moved = np.zeros((4, 40, 60), np.uint8)
    moved[:, 10:30, 7:10] = moved[:, 10:30, 20:23] = 255
    form = LineForm.of(StringDataset(moved, ["11"] * 4, moved[:1], ["11"]))
    assert (form.height, form.width, form.top, form.bottom, form.margin) == (40, 60, 10, 30, 7)
    assert form.stroke == pytest.approx(3, abs=0.3)


def test_training_images_stay_as_they_are() -> None:
    strings = load_strings("digit-strings")
    form = LineForm.of(strings)
    same = 0
    for image, width in zip(strings.x_test[:100, :, :, 0], strings.widths_test, strict=False):
        found = prepare_line(encoded(Image.fromarray(image[:, :width])), form)
        same += np.array_equal(found.image[..., 0], image)
    assert same >= 95


def test_an_image_of_that_height_but_on_white_is_prepared() -> None:
    image = load_strings("digit-strings").x_test[0, :, :, 0]
    found = prepare_line(encoded(Image.fromarray(255 - image)), LineForm(width=192)).image[..., 0]
    assert likeness(found, image) > 0.6, "a little smaller or larger"


def test_a_long_line_stays_long_unless_the_network_takes_none() -> None:
    content = line_photo("20262026", np.random.default_rng(0), high=0.1)
    long = prepare_line(content, LineForm(width=60))
    assert long.image.shape[1] > 100
    assert long.doubts == ()
    squeezed = prepare_line(content, LineForm(width=60, takes_longer=False))
    assert squeezed.image.shape == (32, 60, 1)
    (doubt,) = squeezed.doubts
    assert "takes no longer ones: it was squeezed" in doubt


def test_writing_that_climbs_is_made_level() -> None:
    level = prepare_line(line_photo("2026", np.random.default_rng(2), **PLAIN), FORM).image[..., 0]
    climbing = prepare_line(line_photo("2026", np.random.default_rng(2), **PLAIN, tilt=9), FORM).image[..., 0]
    assert likeness(climbing, level) > 0.6


def sheet(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (400, 300), grey: int = 40) -> bytes:
    """White paper with dark rectangles (left, top, right, bottom)."""
    image = Image.new("L", size, 230)
    for box in boxes:
        image.paste(grey, box)
    return encoded(image)


ONE = ((100, 100, 110, 150), (130, 100, 140, 150), (160, 100, 170, 150))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (sheet(*ONE), ()),
        (sheet(*ONE, (200, 200, 210, 240), (230, 200, 240, 240)), ("there are 2 lines of writing on it",)),
        (sheet(*ONE, (200, 200, 204, 210)), ()),
        (sheet((0, 100, 10, 150), *ONE), ("touches the border",)),
        (sheet(*ONE, (390, 100, 400, 150)), ("touches the border",)),
        (sheet(*ONE, (0, 280, 400, 300)), ()),
        (sheet(*ONE, grey=190), ("the contrast is low",)),
    ],
)
def test_doubts(content: bytes, words: tuple[str, ...]) -> None:
    doubts = prepare_line(content, FORM).doubts
    assert len(doubts) == len(words), doubts
    assert all(word in doubt for word, doubt in zip(words, doubts, strict=True))


def test_a_shadow_at_the_border_is_not_read() -> None:
    plain = prepare_line(sheet(*ONE), FORM).image
    assert np.array_equal(prepare_line(sheet(*ONE, (0, 285, 400, 300)), FORM).image, plain)
    assert np.array_equal(prepare_line(sheet(*ONE, (60, 10, 63, 13)), FORM).image, plain), "a speck"


def test_nothing_written() -> None:
    with pytest.raises(DataError, match="^nothing on the picture differs from its background: write on it first"):
        prepare_line(sheet(), FORM)
    with pytest.raises(DataError, match="^nothing on 'a' differs"):
        prepare_line(encoded(Image.new("L", (150, 32))), FORM, label="'a'")
    ruled = np.full((300, 400), 230, np.uint8)
    ruled[20::40] = ruled[21::40] = 150
    with pytest.raises(DataError, match="differs from its background"):
        prepare_line(encoded(Image.fromarray(ruled)), FORM)


def test_what_is_no_picture() -> None:
    with pytest.raises(DataError, match="^'a' cannot be read as an image"):
        prepare_line(b"no image", FORM, label="'a'")
    with pytest.raises(DataError, match="200 million pixels"):
        prepare_line(encoded(Image.new("1", (20_000, 10_000))), FORM)


def test_of_several_frames_the_first_is_read_and_that_is_said() -> None:
    with Image.open(io.BytesIO(sheet(*ONE))) as image:
        frames = encoded(image, "gif", save_all=True, append_images=[image.rotate(20)])
    assert "only the first was read" in prepare_line(frames, FORM).doubts[-1]
