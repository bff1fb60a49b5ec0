"""A study's pictures as PNG files beside the page."""

from __future__ import annotations

from pathlib import Path

from netgain.demonstration import DemonstrationResult
from netgain.result import StudyResult

DOTS_PER_INCH = 110


def save_pictures(result: StudyResult | DemonstrationResult, folder: Path) -> dict[str, str]:
    """Save them; file name -> what the picture shows.

    Of a study: the one that answers as the slide does, the effects, and the figures of its own examination. Of a
    demonstration: its figures.
    """
    shown: dict[str, str] = {}
    if isinstance(result, StudyResult):
        name = result.study.name
        shown[result.study.picture] = result.study.picture.replace("-", " ")
        if result.verdicts:
            shown["effects"] = "effect of each arm with its interval"
    else:
        name = result.demonstration.name
    shown |= {figure: described.alt for figure, described in result.findings.figures.items()}
    files = {}
    for chart, alt in shown.items():
        file = f"{name}-{chart}.png"
        result.chart(chart).save(folder / file, ppi=DOTS_PER_INCH)
        _shrink(folder / file)
        files[file] = alt
    return files


def _shrink(path: Path) -> None:
    """Charts have few colours: with 128 the catalogue's pictures took 1.7 MB instead of 13."""
    from PIL import Image

    with Image.open(path) as image:
        image.convert("RGB").quantize(128).save(path, optimize=True)
