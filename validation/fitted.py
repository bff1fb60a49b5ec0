"""Gaps of models that are really fitted, to training images drawn anew: what one training sample cannot show.

A toy draws training and test images with `num_features` normal features and labels that a noisy line decides. A seed
takes some of the features at random and fits ridge regression to the labels; recipe B has the larger penalty. So here,
unlike in the model of the cells, other training images make other networks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netgain.stats import GapDifference, RightAnswers, gap_difference, student
from validation.controls import Control
from validation.measure import ALPHA, generator_of

MOST_FITTED_TOYS = 1000
"""A toy fits ten models."""

LABEL_NOISE = 0.3
SHARE_OF_FEATURES = 0.95
SEEDS = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FittedCase:
    """N training images, n test images, their features, and the penalties of A and of B."""

    num_train: int
    num_images: int
    num_features: int
    penalties: tuple[float, float]
    num_seeds: tuple[int, int] = (SEEDS, SEEDS)
    stress: str = "fitted"

    def __str__(self) -> str:
        first, second = self.penalties
        return f"N={self.num_train} n={self.num_images}, {self.num_features} features, λ={first:g}/{second:g}"


CASES = (
    FittedCase(1_000, 1_000, 40, (1.0, 2_000.0)),
    FittedCase(300, 300, 100, (1.0, 300.0)),
    FittedCase(400, 1_000, 200, (10.0, 1_000.0)),
)
"""From a model that hardly overtrains to one that has nearly every training image right."""


def fitted_controls(num_toys: int) -> list[Control]:
    """How often the interval contains the mean difference of the gaps over training samples, by two formulas."""
    rows, num_toys = [], min(num_toys, MOST_FITTED_TOYS)
    for case in CASES:
        rng = generator_of(case)
        line = rng.normal(size=case.num_features) / math.sqrt(case.num_features)
        toys = [_toy(case, line, rng) for _ in range(num_toys)]
        true = float(np.mean([toy.effect for toy in toys]))
        for method, with_train in (("gap_difference", True), ("gap_difference without V_train", False)):
            hits = sum(abs(toy.effect - true) <= _half(toy, with_train) for toy in toys)
            rows.append(Control(method, case, "coverage for other training images", hits / num_toys, num_toys))
    return rows


def _half(toy: GapDifference, with_train: bool) -> float:
    variance = toy.variance - (0.0 if with_train else toy.train_sample**2)
    return student.quantile(1 - ALPHA, toy.degrees_of_freedom) * math.sqrt(variance)


def _toy(case: FittedCase, line: Floats, rng: np.random.Generator) -> GapDifference:
    train, test = (_sample(size, line, rng) for size in (case.num_train, case.num_images))
    first, second = (_arm(train, test, penalty, rng) for penalty in case.penalties)
    return gap_difference(first, second)


def _sample(size: int, line: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    features = rng.normal(size=(size, len(line)))
    return features, np.sign(features @ line + LABEL_NOISE * rng.normal(size=size))


def _arm(
    train: tuple[Floats, Floats], test: tuple[Floats, Floats], penalty: float, rng: np.random.Generator
) -> RightAnswers:
    features, labels = train
    kept = round(SHARE_OF_FEATURES * features.shape[1])
    right: list[tuple[NDArray[np.bool_], ...]] = []
    for _ in range(SEEDS):
        chosen = rng.choice(features.shape[1], kept, replace=False)
        seen = features[:, chosen]
        weights = np.linalg.solve(seen.T @ seen + penalty * np.eye(kept), seen.T @ labels)
        right.append(tuple((images[:, chosen] @ weights > 0) == (truth > 0) for images, truth in (train, test)))
    on_train, on_test = (np.array([seed[sample] for seed in right]) for sample in (0, 1))
    return RightAnswers(on_train, on_test, np.arange(len(labels)))
