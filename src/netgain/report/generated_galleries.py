"""What generators wrote, as pictures in the page: a film of training, and digits beside the nearest training images."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas

from netgain.data import Dataset
from netgain.data.samples import data_url
from netgain.experiment.recipe import DatasetRecipe
from netgain.report.palette import ARM_COLOURS
from netgain.report.pictures import table_html
from netgain.results.result import Result
from netgain.runs.record import RunResult, RunStatus
from netgain.stats.copies import nearest

FILM_COLUMNS, MOST_FRAMES = 10, 12
OF_EACH_CLASS = 3
"""Generated images that are shown of each class: the first ones, not chosen ones."""

IMAGES_AT_ONCE = 10_000


class Frame(NamedTuple):
    """A picture of a film: what the same random vectors become after an epoch."""

    epoch: int
    picture: str


class Pair(NamedTuple):
    """A generated image and the training image nearest to it.

    Attributes:
        label: the class of the generated image.
        generated, nearest: PNGs as data URLs.
        number: the place of the training image among those that trained.
        distance: Euclidean, of pixels from 0 to 1.
    """

    label: str
    generated: str
    nearest: str
    number: int
    distance: float


def generated_sections(result: Result) -> list[dict[str, Any]]:
    """A section for each recipe that trains generators, with what its first network wrote; none for others."""
    return [
        {
            "name": name,
            "colour": ARM_COLOURS[place % len(ARM_COLOURS)],
            "seed": run.seed,
            "epochs": run.num_epochs,
            "film": frames(run),
            "pairs": (found := list(pairs(result, name, run))),
            "table": table_html(pairs_table(found)),
            "diverged": run.status is RunStatus.DIVERGED,
        }
        for place, (name, runs) in enumerate(result.runs.items())
        for run in [run for run in runs if "film" in run.arrays][:1]
    ]


def frames(run: RunResult) -> list[Frame]:
    """The film of a run, thinned evenly to at most twelve epochs, the first and the last among them."""
    film, epochs = run.arrays["film"], run.arrays["film_epochs"]
    shown = np.unique(np.linspace(0, len(film) - 1, min(MOST_FRAMES, len(film))).round().astype(int))
    return [Frame(int(epochs[place]), data_url(_in_columns(film[place]))) for place in shown]


def _in_columns(images: np.ndarray) -> np.ndarray:
    """Images `[m, H, W, C]` as one, ten in each row."""
    _, height, width, channels = images.shape
    rows = images.reshape(-1, FILM_COLUMNS, height, width, channels)
    return rows.swapaxes(1, 2).reshape(-1, FILM_COLUMNS * width, channels)


def pairs(result: Result, name: str, run: RunResult) -> Iterator[Pair]:
    """The first generated images of each class, each with the training image nearest to it."""
    recipe, data = result.asked.recipes[name], result.data
    assert isinstance(recipe, DatasetRecipe)
    assert isinstance(data, Dataset)
    images, labels = run.arrays["generated"], run.arrays["generated_labels"]
    places = np.concatenate([np.flatnonzero(labels == label)[:OF_EACH_CLASS] for label in range(data.num_classes)])
    trained = recipe.parts_of(data).x_train
    for place, number, distance in zip(places, *_nearest(images[places], trained), strict=True):
        yield Pair(
            data.class_names[labels[place]],
            data_url(images[place]),
            data_url(trained[number]),
            int(number),
            float(distance),
        )


def _nearest(images: np.ndarray, trained: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each image `[m, H, W, C]` the place of the nearest of those that trained `[N, H, W, C]`, and its distance.

    A part of them at a time: as numbers of double precision, all images of MNIST take 400 MB.
    """
    points, parts = _pixels(images), range(0, len(trained), IMAGES_AT_ONCE)
    found = [nearest(points, _pixels(trained[start : start + IMAGES_AT_ONCE])) for start in parts]
    distances, places = (np.stack(each) for each in zip(*found, strict=True))
    part = distances.argmin(axis=0)
    best = places[part, np.arange(len(points))] + part * IMAGES_AT_ONCE
    # In single precision the nearest of all pairs is found, but a copy's distance is not quite zero.
    return best, np.linalg.norm(points - _pixels(trained[best]), axis=1)


def _pixels(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1) / 255


def pairs_table(found: Iterable[Pair]) -> pandas.DataFrame:
    """The table of those pictures."""
    rows = [{"class": each.label, "nearest training image": each.number, "distance": each.distance} for each in found]
    return pandas.DataFrame(rows)
