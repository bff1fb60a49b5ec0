"""Class fractions of a sample without labels, with their errors: the physicist's use of a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction, label_array, probability_array
from netgain.stats.border_intervals import border_intervals
from netgain.stats.familiarity import Goodness, doubts_of, goodness, whitening
from netgain.stats.fraction_bins import bin_images
from netgain.stats.fraction_errors import ErrorParts, error_parts
from netgain.stats.fraction_fit import FractionModel, make_templates, nearest_fractions
from netgain.stats.fraction_replicas import replicas
from netgain.stats.nuisances import ChiSquare, FittedNuisance, Nuisance, NuisanceFit, check_nuisance, fit_nuisances
from netgain.stats.rounding import error_in_points, in_percent
from netgain.stats.said import Said

if TYPE_CHECKING:
    import pandas

Floats = NDArray[np.float64]

Target = Literal["population", "sample"]
"""What the fractions are of: of where the images come from, or of these images."""

TARGETS: tuple[Target, ...] = ("population", "sample")

TOLERANCE = 1e-2
"""By how much the probabilities of an image may miss a sum of one."""


@dataclass(frozen=True, eq=False)
class FractionErrors:
    """Standard errors of class fractions `[K]` each.

    Attributes:
        data: from the limited number of sample images.
        templates: from the limited number of template images.
        systematics: from the nuisances; zero without.
        total: all of them, in quadrature.
    """

    data: Floats
    templates: Floats
    systematics: Floats
    total: Floats


@dataclass(frozen=True, eq=False)
class FractionIntervals:
    """Confidence intervals of class fractions: `low` and `high` `[K]`, at `level`."""

    low: Floats
    high: Floats
    level: float
    target: Target


@dataclass(frozen=True, eq=False, repr=False)
class ClassFractions(Said):
    """The fraction of every class in a sample without labels.

    Every error, interval and covariance is for one of two targets. "population" is where the images come from: other
    images from there would have other fractions. "sample" is these n images: only the network's mistakes count.

    Attributes:
        fractions: of every class `[K]`; they sum to one, none is negative.
        signed: the fit that may be negative `[K]`, from which the intervals are made. Average these, not `fractions`,
            over several samples.
        num_images: n, images of the sample.
        num_template_images: m, labelled images.
        goodness: do sample and templates fit each other?
        doubts: where they do not, in words; empty for a familiar sample.
    """

    fractions: Floats
    signed: Floats
    num_images: int
    num_template_images: int
    goodness: Goodness
    doubts: tuple[str, ...]
    _nuisances: tuple[Nuisance, ...]
    _moved: NuisanceFit
    _parts: ErrorParts

    @property
    def familiar(self) -> bool:
        """Whether nothing speaks against the sample being like the templates."""
        return not self.doubts

    @property
    def nuisances(self) -> tuple[FittedNuisance, ...]:
        """What the sample says about the nuisances; the correlations are with the population's fractions."""
        moved, totals = self._moved, self.errors("population").total
        return tuple(
            FittedNuisance(
                one.name, one.unit, value, error, (value - one.mean) / one.sigma, together / (error * totals)
            )
            for one, value, error, together in zip(
                self._nuisances, moved.amounts.tolist(), moved.errors.tolist(), moved.together, strict=True
            )
        )

    def covariance(self, target: Target = "population") -> Floats:
        """Covariance matrix of the fractions `[K, K]`, all errors together."""
        return self._of_data(target) + self._parts.templates + self._parts.systematics

    def correlation(self, target: Target = "population") -> Floats:
        """Correlation matrix of the fractions `[K, K]`; zero beside a fraction without error."""
        covariance = self.covariance(target)
        errors = np.sqrt(np.diag(covariance))
        scale = np.where(errors > 0, errors, 1.0)
        return covariance / np.outer(scale, scale)

    def errors(self, target: Target = "population") -> FractionErrors:
        """Standard errors, split by source."""
        covariances = (self._of_data(target), self._parts.templates, self._parts.systematics)
        data, templates, systematics = (np.maximum(np.diag(one), 0.0) for one in covariances)
        return FractionErrors(
            np.sqrt(data), np.sqrt(templates), np.sqrt(systematics), np.sqrt(data + templates + systematics)
        )

    def interval(self, level: float = 0.95, target: Target = "population") -> FractionIntervals:
        """Confidence intervals within [0, 1], with the right coverage at the borders, too.

        Raises:
            StatisticsError: unless 0 < level < 1 and the target is one of both.
        """
        check_fraction(level, "level")
        _check_target(target)
        fixed = np.diag(self._parts.templates + self._parts.systematics)

        def sigma(true: Floats) -> Floats:
            within = np.diag(self._parts.within) + (true - self.fractions) * self._parts.own
            counting = true * (1 - true) if target == "population" else 0.0
            return np.sqrt(np.maximum(within, 0.0) / self.num_images + counting / self.num_images + fixed)

        low, high = border_intervals(self.signed, sigma, level)
        return FractionIntervals(low, high, level, target)

    def frame(self) -> pandas.DataFrame:
        """A row for each class: its fraction, and for both targets the errors and the 95 % interval."""
        import pandas

        table: dict[str, object] = {"label": np.arange(len(self.fractions)), "fraction": self.fractions}
        for target in TARGETS:
            errors, interval = self.errors(target), self.interval(target=target)
            for name in ("data", "templates", "systematics", "total"):
                table[f"{target}_{name}"] = getattr(errors, name)
            table |= {f"{target}_low": interval.low, f"{target}_high": interval.high}
        return pandas.DataFrame(table)

    def __str__(self) -> str:
        errors = self.errors("population")
        split = [("data", errors.data), ("templates", errors.templates)]
        split += [("systematics", errors.systematics)] if self._nuisances else []
        rows = [
            f"class {label}: {in_percent(float(value))} "
            + " ".join(f"± {error_in_points(float(part[label]))} ({name})" for name, part in split)
            + " %"
            for label, value in enumerate(self.fractions)
        ]
        head = f"class fractions of the population from {self.num_images:,} images:"
        return "\n".join([head, *rows, *map(str, self.nuisances), *self.doubts])

    def _of_data(self, target: Target) -> Floats:
        _check_target(target)
        within = self._parts.within / self.num_images
        if target == "sample":
            return within
        counting = np.diag(self.fractions) - np.outer(self.fractions, self.fractions)
        return within + counting / self.num_images


def class_fractions(
    template_scores: ArrayLike,
    template_labels: ArrayLike,
    sample_scores: ArrayLike,
    nuisances: Sequence[Nuisance] = (),
) -> ClassFractions:
    """The fraction of every class in a sample of images without labels.

    The network need not be calibrated, and need not be good: a weak one gives larger errors. The template images must
    be labelled, must not be training images, and must look like those of the sample, class by class, but for the
    nuisances.

    Args:
        template_scores: probabilities `[m, K]` of labelled images that the network was not trained on.
        template_labels: their classes `[m]`.
        sample_scores: probabilities `[n, K]` of the images in question, from the same network.
        nuisances: what may be wrong with all images of the sample alike, such as a rotation.

    Raises:
        StatisticsError: for shapes or numbers of classes that do not match, scores that are not probabilities, a
            class without two template images, fewer sample images than classes, or amounts of a nuisance that cannot
            be interpolated.

    >>> rng = np.random.default_rng(0)
    >>> def scores_of(labels):
    ...     first = 1 / (1 + np.exp(2 * labels - 1 + rng.normal(size=len(labels))))
    ...     return np.stack([first, 1 - first], axis=1)
    >>> known, sample = np.arange(2000) % 2, np.arange(3000) % 10 < 7
    >>> found = class_fractions(scores_of(known), known, scores_of(sample))
    >>> float(found.fractions[1].round(2)), float(found.errors("population").total[1].round(2))
    (0.71, 0.01)
    """
    of_templates = _probabilities(template_scores, "template_scores")
    of_sample = _probabilities(sample_scores, "sample_scores")
    labels = label_array(template_labels, *of_templates.shape, name="template_labels")
    _check_sizes(of_templates, labels, of_sample)
    for nuisance in nuisances:
        check_nuisance(nuisance, *of_templates.shape)
    binned = bin_images(make_templates(of_templates, labels), of_sample, is_morphed=bool(nuisances))
    model = binned.model(nuisances)
    whiten = whitening(binned.residual_covariance(len(of_sample)))
    moved = fit_nuisances(
        _chi_square(model, whiten),
        lambda amounts: (_chi_square(one, whiten) for one in replicas(binned, nuisances, amounts, len(of_sample))),
        model.signed,
        nuisances,
    )
    signed = model.signed(moved.amounts)
    positive = np.maximum(signed, 0.0) / np.maximum(signed, 0.0).sum()
    at_best = binned.moved(nuisances, moved.amounts, positive)
    parts = error_parts(binned.weights, at_best.soft, positive, moved.systematics)
    fit = goodness(*model.differences(moved.amounts), at_best.residual_covariance(len(of_sample)), moved.penalty)
    return ClassFractions(
        fractions=nearest_fractions(signed, parts.within / len(of_sample) + parts.templates + parts.systematics),
        signed=signed,
        num_images=len(of_sample),
        num_template_images=len(of_templates),
        goodness=fit,
        doubts=doubts_of(fit, binned.lowest),
        _nuisances=tuple(nuisances),
        _moved=moved,
        _parts=parts,
    )


def _chi_square(model: FractionModel, whiten: Floats) -> ChiSquare:
    return lambda amounts: float(np.square(whiten @ np.subtract(*model.differences(amounts))).sum())


def _probabilities(scores: ArrayLike, name: str) -> Floats:
    array = np.asarray(scores)
    if array.ndim != 2:
        raise StatisticsError(
            f"`{name}` has shape {array.shape}, expected [images, classes]: the scores of one network."
        )
    values = probability_array(array[np.newaxis], name)[0]
    sums = values.sum(axis=1)
    worst = float(sums[np.abs(sums - 1).argmax()])
    if abs(worst - 1) > TOLERANCE:
        raise StatisticsError(
            f"`{name}` has an image whose scores sum to {worst:.4g}, expected probabilities that sum to 1; "
            "end the network with a softmax."
        )
    return values / sums[:, np.newaxis]


def _check_sizes(of_templates: Floats, labels: NDArray[np.intp], of_sample: Floats) -> None:
    num_classes = of_templates.shape[1]
    if of_sample.shape[1] != num_classes:
        raise StatisticsError(
            f"`template_scores` has {num_classes} classes and `sample_scores` {of_sample.shape[1]}, expected the same; "
            "score both with the same network."
        )
    counts = np.bincount(labels, minlength=num_classes)
    if counts.min() < 2:
        raise StatisticsError(
            f"the templates have {counts.min()} images of class {counts.argmin()}, expected at least 2 of every class; "
            "give more labelled images that the network was not trained on."
        )
    if len(of_sample) < num_classes:
        raise StatisticsError(
            f"the sample has {len(of_sample)} images, expected at least one for each of the {num_classes} classes; "
            "give more images."
        )


def _check_target(target: str) -> None:
    if target not in TARGETS:
        raise StatisticsError(f"`target` is {target!r}, expected 'population' or 'sample'.")
