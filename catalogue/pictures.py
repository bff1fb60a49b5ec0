"""A study's pictures as PNG files beside the page."""

from __future__ import annotations

from functools import singledispatch
from pathlib import Path
from typing import Any

from netgain.api import DemonstrationResult, StudyResult

DOTS_PER_INCH = 110


def save_pictures(result: StudyResult | DemonstrationResult, folder: Path) -> dict[str, str]:
    """Save them; file name -> what the picture shows.

    Of a study: the one that answers as the slide does, the effects, and the figures of its own examination. Of a
    demonstration: its figures.
    """
    shown = {**_of_the_kind(result)}
    shown |= {figure: described.alt for figure, described in result.findings.figures.items()}
    files = {}
    for chart, alt in shown.items():
        file = f"{result.asked.name}-{chart}.png"
        result.chart(chart).save(folder / file, ppi=DOTS_PER_INCH)
        _shrink(folder / file)
        files[file] = alt
    return files


@singledispatch
def _of_the_kind(result: Any) -> dict[str, str]:
    """Chart -> what it shows, of those that every result of this kind has."""
    return {}


@_of_the_kind.register
def _of_study(result: StudyResult) -> dict[str, str]:
    effects = {"effects": "effect of each arm with its interval"} if result.verdicts else {}
    return {result.study.picture: result.study.picture.replace("-", " "), **effects}


def _shrink(path: Path) -> None:
    """Charts have few colours: with 128 the catalogue's pictures took 1.7 MB instead of 13."""
    from PIL import Image

    with Image.open(path) as image:
        image.convert("RGB").quantize(128).save(path, optimize=True)
