"""What a reader sees, drawn below the strokes: characters at their places, bars and the blank at every time step."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from netgain.tasks.reading.answer import Seen
from netgain.web.alignment import LARGEST, line_html

WIDTH, STEPS = 80, 10
SEEN = (Seen("4", 8, 16, 0.99), Seen("<", 32, 40, 0.5))


def a_line() -> np.ndarray:
    """Ink up to column 40 of 80."""
    image = np.zeros((32, WIDTH), np.uint8)
    image[8:24, 10:40] = 255
    return image


def some_steps() -> np.ndarray:
    """Of ten steps of eight columns the second is a 1 with 99 %, the fifth a 2 with 50 %, all others blank."""
    probabilities = np.tile([0.998, 0.001, 0.001], (STEPS, 1))
    probabilities[1], probabilities[4] = [0.005, 0.99, 0.005], [0.45, 0.05, 0.5]
    return np.log(probabilities)


def test_characters_stand_below_their_columns_and_unsure_ones_are_marked() -> None:
    said = line_html(a_line(), SEEN, some_steps())
    assert re.findall(r'<span( class="unsure")? style="left:([\d.]+)%"><b>([^<]*)</b><i>(\d+)</i>', said) == [
        ("", "25.00", "4", "99"),
        (' class="unsure"', "75.00", "&lt;", "50"),
    ]
    assert 'aria-label="The characters from left to right: 4 with 99 %, &lt; with 50 %."' in said


def test_what_is_shown_ends_after_the_last_ink() -> None:
    said = line_html(a_line(), SEEN, some_steps())
    picture = base64.b64decode(re.findall(r'base64,([^"]*)"', said)[0])
    assert Image.open(io.BytesIO(picture)).size == (48, 32)  # six steps of eight columns hold 40 columns and a margin
    assert 'viewBox="0 0 6 100"' in said
    assert f"max-width:{48 * LARGEST}px" in said
    assert Image.open(io.BytesIO(base64.b64decode(re.findall(r'base64,([^"]*)"', line_html(
        np.full((32, WIDTH), 255, np.uint8), (), some_steps()))[0]))).size == (WIDTH, 32)  # fmt: skip


def test_each_step_has_its_bar_and_the_height_of_its_blank() -> None:
    said = line_html(a_line(), SEEN, some_steps())
    bars = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="0.8" height="([\d.]+)"', said)
    assert bars == [("1.1", "1.0", "99.0"), ("4.1", "50.0", "50.0")]
    (outline,) = re.findall(r'<path d="([^"]*)"', said)
    assert outline == "M0 100H0V0.2H1V99.5H2V0.2H3V0.2H4V55.0H5V0.2H6V100"


@pytest.mark.parametrize("image", [np.zeros((32, WIDTH), np.uint8), a_line()])
def test_a_line_without_characters(image: np.ndarray) -> None:
    blank = np.log(np.tile([0.998, 0.001, 0.001], (STEPS, 1)))
    assert "No character is seen." in line_html(image, (), blank)
