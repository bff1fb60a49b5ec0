"""What generated images are measured by: each number with its error, its floor, and how many images it is of.

The floor is the same number of real images: training images that the reference network was not trained on, in the place
of the generated ones, against the same test images.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgain.data import Dataset
from netgain.stats import class_fractions
from netgain.stats.copies import Copies, copies, nearest
from netgain.stats.coverage import density_coverage
from netgain.stats.kid import kid
from netgain.stats.score_distributions import right_class_log_odds
from netgain.stats.two_sample import TwoSampleTest, two_sample_test
from netgain.tasks.generation.figures import AUC, COPIES, COVERAGE, DENSITY, FRACTIONS, KID, NEAR_COPIES, stored
from netgain.tasks.generation.judge import train_judge
from netgain.tasks.generation.reference import Arrays, Reference, kept, reference_of

if TYPE_CHECKING:
    from netgain.engine.compiled import CompiledFunctions
    from netgain.tasks.generation.recipe import Generator

CLASSIFIERS = 2
"""Classifiers of the two-sample test: their spread says how much another one would have changed the area."""

COMPONENTS = 50
"""Principal components of the pixels in which distances to training images are taken."""

FOR_COMPONENTS = 10_000
"""Training images that the components are taken from, and most whose own distances are the floor."""


class Sample(NamedTuple):
    """Images to compare with the test images, and the fractions of their classes that were asked for `[K]`."""

    images: np.ndarray
    features: np.ndarray
    scores: np.ndarray
    asked: np.ndarray
    is_drawn: bool  # whether the classes were drawn at random, so that other images would have other fractions


def measure_sample(
    images: np.ndarray, labels: np.ndarray, data: Dataset, recipe: Generator, seed: int, compiled: CompiledFunctions
) -> dict[str, np.ndarray]:
    """Small arrays to keep with a run, from which :func:`netgain.tasks.generation.figures.figures` makes the figures.

    Of each figure an array `[6]`: the value, its errors from the test images and from the generated ones, the floor,
    its error, and n; and "class_fractions" `[3, K]`: found, their standard errors, and what was asked for,
    with "fractions_p" `[1]`, the p-value of their fit.

    Args:
        images: generated ones, uint8 `[m, H, W, C]`.
        labels: their classes `[m]`.
        data: the real images.
        recipe: the generator's recipe: which images it was trained on, its `judge`, and whether it is `conditional`.
        seed: of the run.
        compiled: keeps what was compiled.

    Raises:
        StatisticsError: where there are too few images for a measure.
    """
    reference, parts = reference_of(recipe.judge, data, compiled), recipe.parts_of(data)
    asked = _shares(labels if recipe.conditional else parts.y_train, data.num_classes)
    sample = Sample(images, *reference.answers(images, compiled), asked, is_drawn=not recipe.conditional)
    measured, found = _compared(sample, data, reference, seed, compiled)
    others = Sample(
        reference.other_images,
        reference.other_features,
        reference.other_scores,
        _shares(reference.other_labels, data.num_classes),
        is_drawn=False,
    )
    floors = kept(f"floors-{reference.key}", lambda: _compared(others, data, reference, 0, compiled)[0])
    near, near_floors = _nearness(images, data, parts.train_images)
    floors = {**floors, **near_floors}
    figures = {
        stored(name): np.array([*values, floors[name][0], np.hypot(*floors[name][1:]), data.num_test])
        for name, values in {**measured, **near}.items()
    }
    return {**figures, "class_fractions": found[0], "fractions_p": found[1]}


def _compared(
    sample: Sample, data: Dataset, reference: Reference, seed: int, compiled: CompiledFunctions
) -> tuple[dict[str, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Value and both errors of each measure `[3]` of a sample against the test images, and its class fractions."""
    told_apart = told_apart_by_classifiers(sample.images, data, reference, seed, compiled)
    own = np.hypot(told_apart.second_error, told_apart.classifier_error or 0.0)
    # In units of their size, so that the kernel is as steep whatever the scale of the network's last layer.
    size = float(np.sqrt(np.square(reference.test_features).mean()))
    distance = kid(reference.test_features / size, sample.features / size)
    near = density_coverage(reference.test_features, sample.features)
    fractions, deviation = _fractions(sample, data, reference)
    values = {
        AUC: (told_apart.area, told_apart.first_error, own),
        KID: (distance.value, distance.first_error, distance.second_error),
        DENSITY: (near.density.value, near.density.real_error, near.density.generated_error),
        COVERAGE: (near.coverage.value, near.coverage.real_error, near.coverage.generated_error),
        FRACTIONS: deviation,
    }
    return {name: np.array(numbers) for name, numbers in values.items()}, fractions


def told_apart_by_classifiers(
    images: np.ndarray, data: Dataset, reference: Reference, seed: int, compiled: CompiledFunctions
) -> TwoSampleTest:
    """The two-sample test of images against the test images: the judge's network learns on random halves of both."""
    generator = np.random.default_rng([seed, len(images)])
    halves = [np.array_split(generator.permutation(len(each)), 2) for each in (data.x_test, images)]
    parts = [
        (np.concatenate([data.x_test[real], images[other]]), np.repeat([0, 1], [len(real), len(other)]))
        for real, other in zip(*halves, strict=True)
    ]
    both = Dataset(*parts[0], *parts[1], class_names=("real", "other"), value_range=(0, 255), name="real or other")
    scores = [
        train_judge(reference.recipe, both, seed * CLASSIFIERS + each, compiled).scores_test
        for each in range(CLASSIFIERS)
    ]
    odds = right_class_log_odds(np.stack(scores), np.ones(len(parts[1][1]), np.intp))
    return two_sample_test(odds[:, parts[1][1] == 0], odds[:, parts[1][1] == 1])


def _fractions(
    sample: Sample, data: Dataset, reference: Reference
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[float, float, float]]:
    """The fractions of the classes, their errors and what was asked `[3, K]`, the p-value of the fit, and the largest
    deviation with its errors.
    """
    found = class_fractions(reference.test_scores, data.y_test, sample.scores)
    errors = found.errors("population" if sample.is_drawn else "sample")
    deviations = np.abs(found.fractions - sample.asked)
    worst = int(deviations.argmax())
    deviation = float(deviations[worst]), float(errors.templates[worst]), float(errors.data[worst])
    fractions = np.stack([found.fractions, errors.total, sample.asked])
    return (fractions, np.array([found.goodness.p_value])), deviation


def _nearness(
    images: np.ndarray, data: Dataset, train_images: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """How near images are to the training images, and as the floor, how near training images are to the others."""
    of_all = data.x_train[train_images], data.x_test, images
    flat = [each.reshape(len(each), -1).astype(np.float32) for each in of_all]
    mean, components = _principal_components(flat[0])
    train, test, generated = ((each - mean) @ components for each in flat)

    def real() -> Arrays:
        some = np.arange(min(len(train), FOR_COMPONENTS))
        return {"test": nearest(test, train)[0], "train": nearest(train[some], train, same=some)[0]}

    key = hashlib.sha256(f"{data.digest} {COMPONENTS} {FOR_COMPONENTS}".encode() + train_images.tobytes()).hexdigest()
    distances = kept(f"distances-{key[:24]}", real)
    return (
        _of_copies(copies(nearest(generated, train)[0], distances["test"])),
        _of_copies(copies(distances["train"], distances["test"])),
    )


def _of_copies(found: Copies) -> dict[str, np.ndarray]:
    nearer = found.nearer
    return {
        COPIES: np.array([nearer.area, nearer.first_error, nearer.second_error]),
        NEAR_COPIES: np.array([found.near_copies, found.near_test_error, found.near_generated_error]),
    }


def _principal_components(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean `[d]` and the directions of the largest variances `[d, COMPONENTS]` of pixels `[N, d]`."""
    some = pixels[:: -(-len(pixels) // FOR_COMPONENTS)]
    mean = some.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(some - mean, rowvar=False))
    return mean, vectors[:, ::-1][:, :COMPONENTS].astype(np.float32)


def _shares(labels: np.ndarray, num_classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=num_classes) / len(labels)
