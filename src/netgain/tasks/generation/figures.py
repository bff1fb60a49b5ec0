"""The figures of a generator's run, from the arrays that :mod:`netgain.tasks.generation.measures` made of its
images.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from netgain.stats.familiarity import DOUBT
from netgain.tasks.task import YES_OR_NO, Figure

AUC, KID, DENSITY, COVERAGE = "two-sample AUC", "KID", "density", "coverage"
FRACTIONS, COPIES, NEAR_COPIES, COLLAPSED = "class fractions", "copies", "near copies", "collapsed"

FEWEST_OF_A_CLASS, FEWEST_COVERED = 0.5, 0.5
"""A generator has collapsed where a class has less than this part of what was asked, or its coverage less than this
part of the coverage of real images.
"""


UNFAMILIAR = "the reference network scores the images unlike test images, so the fractions may be wrong"


class _Said(NamedTuple):
    meaning: str
    unit: str = ""
    higher_is_better: bool | None = None
    above_floor: str = ""


MEMORISATION = "memorisation"
_SAID = {
    AUC: _Said(
        "the area under the ROC curve of a classifier that has learnt to tell generated images from test images, on "
        "images that it has not seen; 0.5 is guessing, 1 is never wrong",
        higher_is_better=False,
    ),
    KID: _Said(
        "the kernel distance of test and generated images by the features of the reference network; 0 for images of "
        "the same distribution",
        higher_is_better=False,
    ),
    DENSITY: _Said("how many balls around test images a generated image lies in, over how many a real image does"),
    COVERAGE: _Said(
        "test images that have a generated image in their ball, which reaches to the 5th nearest test image", "%", True
    ),
    FRACTIONS: _Said("the largest deviation of a class's fraction from what was asked for, fitted", "%", False),
    COPIES: _Said(
        "how often a generated image is nearer to its nearest training image than a test image to its own",
        "%",
        above_floor=MEMORISATION,
    ),
    NEAR_COPIES: _Said(
        "generated images that are nearer to a training image than 1 % of the test images are",
        "%",
        False,
        MEMORISATION,
    ),
}


def figures(arrays: Mapping[str, np.ndarray]) -> dict[str, Figure]:
    """The figures by name, of a run that kept what `measure_sample` gave; empty for one that did not."""
    found = {name: _figure(said, arrays[stored(name)]) for name, said in _SAID.items() if stored(name) in arrays}
    if FRACTIONS in found and arrays["fractions_p"][0] < DOUBT:
        found[FRACTIONS] = replace(found[FRACTIONS], remark=UNFAMILIAR)
    if COVERAGE in found and "class_fractions" in arrays:
        found[COLLAPSED] = _collapsed(found[COVERAGE], arrays["class_fractions"])
    return found


def stored(name: str) -> str:
    """The array of a figure.

    >>> stored("two-sample AUC")
    'figure two-sample AUC'
    """
    return f"figure {name}"


def _figure(said: _Said, numbers: np.ndarray) -> Figure:
    value, error, own_error, floor, floor_error, num_items = map(float, numbers)
    return Figure(
        value=value,
        error=error,
        own_error=own_error,
        floor=floor,
        floor_error=floor_error,
        num_items=int(num_items),
        meaning=said.meaning,
        unit=said.unit,
        higher_is_better=said.higher_is_better,
        above_floor=said.above_floor,
    )


def _collapsed(coverage: Figure, fractions: np.ndarray) -> Figure:
    """Whether a class or most of the variety is missing; `fractions` `[3, K]` are found, their errors, and asked."""
    found, _, asked = fractions
    lost_class = bool((found < FEWEST_OF_A_CLASS * asked).any())
    lost_variety = coverage.value < FEWEST_COVERED * (coverage.floor or 0.0)
    return Figure(
        value=float(lost_class or lost_variety),
        error=0.0,
        floor=0.0,
        floor_error=0.0,
        num_items=coverage.num_items,
        meaning="a class has less than half of the images that were asked for, or the coverage is less than half of "
        "its floor",
        unit=YES_OR_NO,
        higher_is_better=False,
    )
