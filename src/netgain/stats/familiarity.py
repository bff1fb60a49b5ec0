"""Does a sample look like the templates? Goodness of fit in hard bins: the answer, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from netgain.stats.fraction_fit import Templates
from netgain.stats.words import p_in_words

SLICES = 4
"""At most so many slices of confidence for each answer."""

FEWEST = 15
"""Images that a bin should have, expected in the sample and found among the templates."""

NOISE = 1e-3
"""Of a correlation matrix, directions with a smaller eigenvalue than this are not measured."""

DOUBT = 0.002
"""A p-value below this is a doubt. χ² of few images has a longer tail than its law: so at most 1 % are false alarms."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goodness:
    """Whether sample and templates fit each other: χ² over bins of answer and confidence.

    Attributes:
        statistic: χ², with the covariance of data and templates.
        dof: degrees of freedom.
        p_value: how often a familiar sample fits worse.
        observed: fraction of the sample in every bin `[B]`.
        expected: the same from the fitted templates `[B]`.
        errors: standard error of the difference `[B]`.
    """

    statistic: float
    dof: int
    p_value: float
    observed: Floats
    expected: Floats
    errors: Floats


@dataclass(frozen=True)
class HardBins:
    """Bins of the most probable class and of its probability, as a sample has them.

    Attributes:
        edges: for every class the probabilities at which its slices end, rising.
        first: number of the bin with the lowest probabilities of every class `[K]`; rare classes share one.
        size: number of bins.
    """

    edges: tuple[Floats, ...]
    first: NDArray[np.intp]
    size: int

    def indicators(self, contents: Floats) -> Floats:
        """One in the bin of each image, zero elsewhere `[n, B]`, from the contents of the soft bins `[n, K]`."""
        answers, confidence = contents.argmax(axis=1), contents.max(axis=1)
        numbers = self.first[answers]
        for label, edges in enumerate(self.edges):
            is_answer = answers == label
            numbers[is_answer] += np.searchsorted(edges, confidence[is_answer], side="right")
        return np.eye(self.size)[numbers]


def hard_bins(templates: Templates, contents: Floats, fractions: Floats, num_images: int) -> HardBins:
    """As many slices for each answer as the expected number of images allows, the least confident ones the thinnest."""
    answers, confidence = contents.argmax(axis=1), contents.max(axis=1)
    weights = (fractions / templates.counts)[templates.labels]
    expected = num_images * np.bincount(answers, weights, minlength=len(fractions))
    enough = np.minimum(expected, np.bincount(answers, minlength=len(fractions))) >= FEWEST
    slices = np.where(enough, np.clip(np.sqrt(expected / FEWEST), 1, SLICES), 0).astype(int)
    edges = [
        _quantiles(confidence[answers == label], weights[answers == label], number)
        for label, number in enumerate(slices)
    ]
    widths = np.array([len(one) + 1 if number else 0 for one, number in zip(edges, slices, strict=True)])
    first = np.cumsum(widths) - widths
    size = int(widths.sum())
    if not enough.all():
        # What would hardly fill a bin by itself joins the least confident images of the commonest answer.
        has_own = expected[~enough].sum() >= FEWEST or not size
        first[~enough] = size if has_own else first[expected.argmax()]
        size += int(has_own)
    return HardBins(tuple(edges), first, size)


def _quantiles(values: Floats, weights: Floats, slices: int) -> Floats:
    if slices < 2:
        return np.empty(0)
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) / weights.sum()
    return np.unique(values[order][np.searchsorted(reached, np.square(np.arange(1, slices) / slices))])


def whitening(covariance: Floats) -> Floats:
    """W `[R, B]` with χ² = |W d|² for differences d: the R directions that are measured, each in units of its error."""
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    scale = np.where(errors > 0, errors, 1.0)
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    is_measured = values > NOISE
    return vectors[:, is_measured].T / np.sqrt(values[is_measured])[:, np.newaxis] / scale


def goodness(observed: Floats, expected: Floats, covariance: Floats, penalty: float = 0.0) -> Goodness:
    """χ² of the differences, with the penalty of the nuisances: each adds a number that is known, its prior's mean."""
    whiten = whitening(covariance)
    statistic = float(np.square(whiten @ (observed - expected)).sum()) + penalty
    dof = len(whiten)
    p_value = float(special.gammaincc(dof / 2, statistic / 2)) if dof else 1.0
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    return Goodness(statistic, dof, p_value, observed, expected, errors)


def doubts_of(found: Goodness, low: NDArray[np.intp]) -> tuple[str, ...]:
    """In words, where the sample does not look like the templates; `low` are the bins of lowest confidence."""
    if found.p_value >= DOUBT:
        return ()
    words = p_in_words(found.p_value)
    lines = [
        f"The sample does not look like the templates ({words}; χ² = {found.statistic:.0f} for {found.dof} degrees of "
        "freedom): it may have images of another kind or of an unknown class. The fractions and errors may be wrong."
    ]
    observed, expected = float(found.observed[low].sum()), float(found.expected[low].sum())
    if observed > expected:
        lines.append(
            f"{100 * observed:.1f} % of the images get an unsure answer, where the templates expect "
            f"{100 * expected:.1f} %."
        )
    return tuple(lines)
