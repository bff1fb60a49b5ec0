"""Class fractions of a sample: which images, scored by which classifier, against which templates, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgain.data.sample import UNKNOWN, Images, Sample, Tell, read_sample
from netgain.data.shifts import Fixed, Normal, Shift
from netgain.errors import DataError, UnknownNameError
from netgain.results.classifier import MOST_SHARED, Classifier, templates_for
from netgain.stats import ClassFractions, Nuisance, class_fractions
from netgain.stats.fractions import TARGETS, Target

if TYPE_CHECKING:
    import pandas

SIGMAS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Where templates are made of a nuisance, in standard deviations from its mean."""


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Fractions:
    """The fraction of every class in a sample.

    Attributes:
        classifier: the classifier in words.
        class_names: the K classes.
        sample: the images in words.
        templates: the labelled images in words.
        estimate: the fractions with their errors, correlations and goodness of fit.
        counted: the share of the images for which each class has the largest score, `[K]`; it is biased.
        truth: the true fractions of these images `[K]`, where their classes are known; else None.
        nuisances: the systematic errors that the fit knows of.
        remarks: what else must be known, a sentence each.
    """

    classifier: str
    class_names: tuple[str, ...]
    sample: str
    templates: str
    estimate: ClassFractions
    counted: np.ndarray
    truth: np.ndarray | None
    nuisances: tuple[Shift, ...]
    remarks: tuple[str, ...]

    @property
    def fractions(self) -> np.ndarray:
        """The fractions, float64 `[K]`; they sum to one."""
        return self.estimate.fractions

    @property
    def num_images(self) -> int:
        """How many images the sample has."""
        return self.estimate.num_images

    @property
    def doubts(self) -> tuple[str, ...]:
        """Reasons, in words, why the fractions may be wrong; empty where there are none."""
        return (*self.estimate.doubts, *self.remarks)

    @property
    def amounts(self) -> list[float]:
        """The fitted amount of each nuisance, in the unit of its shift."""
        fitted = zip(self.nuisances, self.estimate.nuisances, strict=True)
        return [shift.nothing + found.value for shift, found in fitted]

    def frame(self, target: Target = "population", level: float = 0.95) -> pandas.DataFrame:
        """One row per class, in percent: fraction, its errors from data, templates and systematics and their total,
        the interval, the share of the answers, and the truth where it is known; with the number of images.

        Raises:
            UnknownNameError: for another target.
        """
        import pandas

        errors, interval = self.estimate.errors(checked_target(target)), self.estimate.interval(level, target)
        columns = {
            "fraction": self.fractions,
            "data": errors.data,
            "templates": errors.templates,
            "systematics": errors.systematics,
            "total": errors.total,
            "low": interval.low,
            "high": interval.high,
            "counted": self.counted,
        }
        if self.truth is not None:
            columns["truth"] = self.truth
        percent = {name: 100 * values for name, values in columns.items()}
        return pandas.DataFrame({"class": self.class_names, **percent, "images": self.fractions * self.num_images})

    def correlation_frame(self, target: Target = "population") -> pandas.DataFrame:
        """The correlations of the errors, one row and one column per class.

        Raises:
            UnknownNameError: for another target.
        """
        import pandas

        correlation = self.estimate.correlation(checked_target(target))
        return pandas.DataFrame({"class": self.class_names, **dict(zip(self.class_names, correlation.T, strict=True))})


def fractions_of(
    classifier: Classifier, sample: Sample, templates: Sample, nuisances: Sequence[Shift] = ()
) -> Fractions:
    """The class fractions of a sample.

    Args:
        classifier: what scores the images.
        sample: the images.
        templates: labelled images that the classifier was not trained on, as
            :func:`netgain.results.classifier.templates_for` gives them.
        nuisances: how the sample may differ from the templates, each by one amount that all its images share.

    Raises:
        DataError: for fewer images than classes, or a sample that shares images with the templates.
        StatisticsError: where no fractions can be computed.
    """
    check_sample(classifier, sample, templates)
    assert templates.labels is not None, "templates_for refuses images without labels"
    morphed = [(shift, amounts_of(shift)) for shift in nuisances]
    changed = [shift.apply(templates.images, amount) for shift, amounts in morphed for amount in amounts]
    scores = iter(classifier.scores_of([sample.images, templates.images, *changed]))
    of_sample, of_templates = next(scores), next(scores)
    sources = [
        Nuisance(
            name=shift.name,
            unit=shift.unit,
            values=tuple(amount - shift.nothing for amount in amounts),
            scores=np.stack([next(scores) for _ in amounts]),
            mean=shift.prior.mean - shift.nothing,
            sigma=shift.prior.sigma,
        )
        for shift, amounts in morphed
    ]
    num_classes = len(classifier.class_names)
    return Fractions(
        classifier=classifier.in_words,
        class_names=classifier.class_names,
        sample=sample.name,
        templates=templates.name,
        estimate=class_fractions(of_templates, templates.labels, of_sample, sources),
        counted=np.bincount(of_sample.argmax(axis=1), minlength=num_classes) / len(sample),
        truth=_truth(sample, num_classes),
        nuisances=tuple(nuisances),
        remarks=tuple(_remarks(classifier, sample, templates, nuisances)),
    )


def read_images(
    classifier: Classifier, images: Images, templates: Images | None = None, tell: Tell | None = None
) -> tuple[Sample, Sample]:
    """The sample and the templates, and a refusal of what no fit can use; the networks need not be there yet.

    Args:
        classifier: that will score them.
        images: the sample, as :func:`netgain.data.sample.read_sample` takes it.
        templates: as :func:`netgain.results.classifier.templates_for` takes them; None for the validation part.
        tell: called while pictures are prepared.

    Raises:
        DataError: for what cannot be read or used.
    """
    labelled = templates_for(classifier, templates, tell=tell)
    sample = read_sample(images, classifier.form, classifier.class_names, tell=tell)
    check_sample(classifier, sample, labelled)
    return sample, labelled


def nuisances_in(given: Iterable[Shift | str]) -> tuple[Shift, ...]:
    """Nuisances, each declared or as text: "rotation=N(0,10)".

    Raises:
        UnknownNameError, DataError: as :class:`netgain.data.shifts.Shift`, and for one that has no width or is given
            twice.

    >>> nuisances_in(["blur=U(0,1)"])[0].unit
    'pixels'
    """
    shifts = tuple(Shift.parse(each) if isinstance(each, str) else each for each in given)
    for shift in shifts:
        if isinstance(shift.prior, Fixed):
            raise DataError(f"the nuisance {shift} has no width: give N(mean,sigma) or U(low,high)")
    twice = [shift.name for number, shift in enumerate(shifts) if shift.name in {one.name for one in shifts[:number]}]
    if twice:
        raise DataError(f"the nuisance {twice[0]} is given twice: give each once")
    return shifts


def amounts_of(shift: Shift) -> tuple[float, ...]:
    """The amounts at which templates are made of a nuisance, among them the one that changes nothing.

    >>> amounts_of(Shift.parse("rotation=N(0,10)"))
    (-20.0, -10.0, 0.0, 10.0, 20.0)
    """
    prior = shift.prior
    if isinstance(prior, Normal):
        amounts = [prior.mean + prior.sigma * sigmas for sigmas in SIGMAS]
    else:
        amounts = np.linspace(*prior.reach, len(SIGMAS)).tolist()
    return tuple(sorted({*amounts, shift.nothing}))


def checked_target(target: str) -> Target:
    """The target, if it is one.

    Raises:
        UnknownNameError: for another.
    """
    known: dict[str, Target] = {name: name for name in TARGETS}
    if target not in known:
        raise UnknownNameError("target", target, known)
    return known[target]


def check_sample(classifier: Classifier, sample: Sample, templates: Sample) -> None:
    """Refuse a sample of which no fractions can be fitted.

    Raises:
        DataError: for fewer images than classes, or images that are templates too.
    """
    if len(sample) < len(classifier.class_names):
        raise DataError(
            f"{sample.name} are fewer than the {len(classifier.class_names)} classes, too few for a fraction of each; "
            "netgain predict gives the class of single images"
        )
    shared = sample.num_shared(templates.images)
    if shared > MOST_SHARED * len(sample):
        raise DataError(
            f"{shared:,} of {sample.name} are templates too ({templates.name}): the fit would find their labels again, "
            "and its errors would be meaningless; give other templates"
        )


def _truth(sample: Sample, num_classes: int) -> np.ndarray | None:
    if sample.labels is None:
        return None
    return np.bincount(sample.labels[sample.labels != UNKNOWN], minlength=num_classes) / len(sample)


def _remarks(classifier: Classifier, sample: Sample, templates: Sample, nuisances: Sequence[Shift]) -> Iterable[str]:
    yield from (*classifier.doubts, *sample.doubts, *templates.doubts)
    if classifier.origin is None:
        yield (
            f"It is not known which images trained {classifier.name} ({classifier.why_unknown}). If the templates were "
            "among them, the fractions are biased."
        )
        return
    shared = sample.num_shared(classifier.origin.parts.x_train)
    if shared:
        yield (
            f"{shared:,} of {sample.name} trained the network, which is surer of them than of new images: the "
            "fractions are biased."
        )
    for shift in nuisances:
        if not isinstance(shift.prior, Normal):
            yield f"The fit takes {shift} as normal, with the same mean and standard deviation."
