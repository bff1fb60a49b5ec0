"""Photos of a handwritten number as a phone takes them, made from MNIST's test digits: for tests of what reads.

`python tests/line_photos.py FOLDER` writes the photos of docs/strings.md, with the CSV file of their texts.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from netgain.data import load_dataset

PAPER = np.array([216, 214, 206])
INKS = {"pen": np.array([38, 42, 70]), "pencil": np.array([110, 110, 112])}
RULES = {"blue": np.array([120, 150, 200]), "grey": np.array([165, 165, 165]), "dark": np.array([60, 60, 80])}
"""Colours of the parts of a sheet, 0..255."""

NOISE = 4.0

SHEETS: tuple[dict[str, Any], ...] = (
    {},
    {"rules": "grey", "ink": "pencil"},
    {"squared": True, "tilt": 2.0},
    {"rules": None, "is_dark": True},
    {"rules": None, "falloff": 0.6},
)
"""What the photos of a folder are taken of, in turn."""


def digits_of(text: str, random: np.random.Generator) -> list[np.ndarray]:
    """MNIST's test digits for a number, without the black around them."""
    data = load_dataset("mnist")
    found = []
    for character in text:
        image = data.x_test[random.choice(np.flatnonzero(data.y_test == int(character))), :, :, 0]
        rows, columns = np.flatnonzero(image.max(axis=1)), np.flatnonzero(image.max(axis=0))
        found.append(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    return found


def line_photo(
    text: str,
    random: np.random.Generator,
    *,
    size: tuple[int, int] = (960, 720),
    high: float = 0.16,
    ink: str = "pen",
    rules: str | None = "blue",
    squared: bool = False,
    tilt: float = 0.0,
    falloff: float = 0.25,
    is_dark: bool = False,
    place: tuple[float, float] = (0.5, 0.45),
) -> bytes:
    """A JPEG of a number on a sheet of paper.

    Args:
        text: the number.
        random: chooses the digits, where they are, the light and the noise.
        size: width and height of the photo in pixels.
        high: height of the digits as a share of the photo's height.
        ink: "pen" or "pencil".
        rules: "blue", "grey" or "dark"; None for blank paper.
        squared: whether the paper has upright rules too.
        tilt: degrees by which the sheet is turned in the photo.
        falloff: share of the light that is missing at the dark corner.
        is_dark: chalk on a blackboard: all colours turned round.
        place: of the number's middle, as shares of width and height.
    """
    width, height = size
    strokes = _strokes(digits_of(text, random), size, high * height, random, place)
    sheet = np.broadcast_to(PAPER, (height, width, 3)).astype(float)
    if rules:
        sheet = _ruled(sheet, RULES[rules], round(1.25 * high * height), squared)
    sheet = sheet + (INKS[ink] - sheet) * strokes[..., np.newaxis]
    picture = Image.fromarray(np.clip(sheet, 0, 255).astype(np.uint8))
    picture = picture.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=tuple(PAPER.tolist()))
    rows, columns = np.mgrid[0:height, 0:width]
    light = 1 - falloff * (rows / height + columns / width) / 2
    lit = np.asarray(picture, float) * light[..., np.newaxis] + random.normal(0, NOISE, (height, width, 1))
    pixels = np.clip(np.round(255 - lit if is_dark else lit), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "jpeg", quality=85)
    return buffer.getvalue()


def _strokes(
    digits: list[np.ndarray],
    size: tuple[int, int],
    high: float,
    random: np.random.Generator,
    place: tuple[float, float],
) -> np.ndarray:
    """How much ink there is, 0..1, `[height, width]`: the digits in a row, not quite on one line."""
    width, height = size
    scale = high / 20
    drawn = [np.clip(np.asarray(ndimage.zoom(digit / 255.0, scale, order=1)), 0, 1) for digit in digits]
    gap = 0.18 * high
    left = place[0] * width - (sum(one.shape[1] for one in drawn) + gap * (len(drawn) - 1)) / 2
    strokes = np.zeros((height, width))
    for one in drawn:
        top = round(place[1] * height + high / 2 - one.shape[0] + random.uniform(-0.08, 0.08) * high)
        place_of_it = strokes[top : top + one.shape[0], round(left) : round(left) + one.shape[1]]
        np.maximum(place_of_it, one[: place_of_it.shape[0], : place_of_it.shape[1]], out=place_of_it)
        left += one.shape[1] + gap * random.uniform(0.3, 1.5)
    return np.asarray(ndimage.gaussian_filter(strokes, 0.8))


def _ruled(sheet: np.ndarray, colour: np.ndarray, distance: int, squared: bool) -> np.ndarray:
    thickness = max(2, sheet.shape[1] // 400)
    sheet = sheet.copy()
    for row in range(distance // 2, sheet.shape[0], distance):
        sheet[row : row + thickness] = colour
    for column in range(distance // 2, sheet.shape[1] if squared else 0, distance):
        sheet[:, column : column + thickness] = colour
    return sheet


def write_folder(folder: Path, num_photos: int = 60) -> None:
    """Write as many photos of numbers with 2 to 5 digits, and `texts.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["file,text"]
    for number in range(num_photos):
        random = np.random.default_rng(number)
        text = "".join(map(str, random.integers(0, 10, random.integers(2, 6))))
        lines.append(f"IMG_{number:04}.jpg,{text}")
        (folder / f"IMG_{number:04}.jpg").write_bytes(line_photo(text, random, **SHEETS[number % len(SHEETS)]))
    (folder / "texts.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_folder(Path(sys.argv[1]))
