"""Class fractions: the cells, and the toys with scores of which everything is known.

Dimension letters: K classes, m template images, n sample images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

SIGNAL = 3.7
"""What the right class has more in its logit, in units of the noise: 91 % right with ten classes."""

NEIGHBOUR = 1.2
"""What the next class has more: mistakes are not spread evenly."""


@dataclass(frozen=True)
class FractionCell:
    """One design.

    Attributes:
        num_templates: m, labelled images, spread evenly over the classes.
        num_images: n, of the sample.
        alpha: the true fractions are drawn from a Dirichlet distribution with this parameter.
        sharpness: by what the logits are multiplied: 1 is calibrated, 2 is twice too sure.
        num_classes: K.
    """

    num_templates: int
    num_images: int
    alpha: float
    sharpness: float = 1.0
    num_classes: int = 10

    def __str__(self) -> str:
        return f"m={self.num_templates} n={self.num_images} α={self.alpha:g} sharpness={self.sharpness:g}"


def fraction_grid() -> list[FractionCell]:
    """The cells of `python -m validation.class_fractions`."""
    return [
        FractionCell(10_000, 2_000, 1.0),
        FractionCell(10_000, 10_000, 1.0),
        FractionCell(2_000, 2_000, 1.0),
        FractionCell(10_000, 2_000, 10.0),
        FractionCell(10_000, 2_000, 0.1),
        FractionCell(10_000, 2_000, 1.0, sharpness=2.0),
    ]


@dataclass(frozen=True)
class FractionToy:
    """One pseudo-experiment: what `class_fractions` gets, and the truth for both targets `[K]`."""

    template_scores: Floats
    template_labels: Labels
    sample_scores: Floats
    population: Floats
    realised: Floats


def draw_fractions(cell: FractionCell, rng: np.random.Generator) -> FractionToy:
    """Draw templates, the true fractions and a sample."""
    template_labels = np.arange(cell.num_templates) % cell.num_classes
    population = rng.dirichlet(np.full(cell.num_classes, cell.alpha))
    labels = rng.choice(cell.num_classes, size=cell.num_images, p=population)
    realised = np.bincount(labels, minlength=cell.num_classes) / cell.num_images
    return FractionToy(
        toy_scores(template_labels, cell, rng), template_labels, toy_scores(labels, cell, rng), population, realised
    )


def toy_scores(labels: Labels, cell: FractionCell, rng: np.random.Generator) -> Floats:
    """Scores `[n, K]`: the softmax of signal and noise, with heavy tails that no softmax of the scores calibrates."""
    logits = rng.standard_t(df=6, size=(len(labels), cell.num_classes))
    logits[np.arange(len(labels)), labels] += SIGNAL
    logits[np.arange(len(labels)), (labels + 1) % cell.num_classes] += NEIGHBOUR
    return special.softmax(2 * cell.sharpness * logits, axis=1)
