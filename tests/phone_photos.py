"""Photos as a phone takes them, for tests: two things on noisy ground, in several sizes, upright and turned.

`python tests/phone_photos.py FOLDER` writes the 200 photos of the README's example.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

ORIENTATION = 0x0112  # the EXIF tag by which a camera says how it was held
TURNS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
"""Orientation -> how the sensor's image lies against the scene."""

SIZES = ((1200, 900), (900, 1200), (1280, 960), (960, 1280), (1600, 1200))
"""(width, height) in pixels of the scenes."""


def write_photos(folder: Path, num_photos: int = 200, scale: float = 1.0) -> None:
    """Write as many JPEG files, half of discs and half of squares, one sub-folder per class.

    `scale` makes all sizes smaller, for quick tests.
    """
    generator = np.random.default_rng(0)
    for number in range(num_photos):
        name = ("discs", "squares")[number % 2]
        width, height = (round(side * scale) for side in SIZES[generator.integers(len(SIZES))])
        scene = _scene(name, width, height, generator)
        orientation = int(generator.choice(list(TURNS)))
        turn = TURNS[orientation]
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        path = folder / name / f"IMG_{number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        (scene if turn is None else scene.transpose(turn)).save(path, quality=85, exif=exif)


def _scene(name: str, width: int, height: int, generator: np.random.Generator) -> Image.Image:
    """A disc or an upright square in a colour of its own, somewhere on ground that is uneven and noisy."""
    coarse = generator.normal(generator.uniform(60, 130), 12, (height // 100 + 1, width // 100 + 1, 3))
    ground = Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    side = generator.uniform(0.4, 0.6) * min(width, height)
    left, top = (
        generator.uniform(0.05, 0.95 - side / width) * width,
        generator.uniform(0.05, 0.95 - side / height) * height,
    )
    colour = tuple(int(value) for value in generator.integers(170, 256, 3))
    draw = ImageDraw.Draw(ground)
    (draw.ellipse if name == "discs" else draw.rectangle)((left, top, left + side, top + side), fill=colour)
    noise = generator.normal(0, 10, (height, width, 1))
    return Image.fromarray((np.asarray(ground) + noise).clip(0, 255).astype(np.uint8))


if __name__ == "__main__":
    write_photos(Path(sys.argv[1]))
