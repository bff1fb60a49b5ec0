"""What known differences between the test images and the images at use do to an accuracy: its systematic errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import group_numbers, right_matrix
from netgain.stats.crossed import MeanAccuracy, mean_accuracy
from netgain.stats.estimate import Estimate, mean_estimate, mean_variance, over_draws
from netgain.stats.intervals import clopper_pearson
from netgain.stats.rounding import error_in_points, printed, signed
from netgain.stats.said import Said
from netgain.stats.words import in_points

if TYPE_CHECKING:
    import pandas

ALPHA = 0.05
"""A source has an effect where one of its numbers differs from zero at this level, shared among them (Bonferroni)."""


MIDDLE = (0.1587, 0.8413)
"""The quantiles that are one standard deviation from the middle of a normal."""


class ShiftedAnswers(NamedTuple):
    """What the networks answer rightly when every test image is changed by the same amount.

    Attributes:
        right: booleans `[Q, S, n]`: at the nodes of a quadrature over the amount.
        weights: of the nodes `[Q]`; they sum to one.
        amounts: the amounts one standard deviation below and above the mean `[2]`; of a fixed amount the amount `[1]`.
        right_at: booleans `[len(amounts), S, n]` there.
    """

    right: NDArray[np.bool_]
    weights: NDArray[np.float64]
    amounts: tuple[float, ...]
    right_at: NDArray[np.bool_]


@dataclass(frozen=True, repr=False)
class Source(Said):
    """One source of systematic error; δ is the accuracy with it minus the accuracy without it, a fraction.

    Attributes:
        name: what it is.
        steps: δ at the amounts one standard deviation below and above the mean, by amount.
        mean: the mean of δ over the amounts at which it was measured, with its own errors.
        variance: the variance of δ over all amounts, less what the errors of every δ put into it. It is unbiased, so
            that it may come out below zero.
        num_images: n.
        is_known: whether it has an effect, as the sources that it consists of do; else its own numbers decide.
        middle: of amounts drawn at random, between which δ the middle 68 % of the draws lie; None for a quadrature.
        num_draws: how many were drawn.
    """

    name: str
    steps: Mapping[float, Estimate]
    mean: Estimate
    variance: float
    num_images: int
    is_known: bool = False
    middle: tuple[float, float] | None = None
    num_draws: int = 0

    @property
    def bias(self) -> Estimate:
        """The mean of δ over all amounts; where they were drawn at random, with the error of that."""
        return over_draws(self.mean, self.variance, self.num_draws) if self.num_draws else self.mean

    @property
    def spread(self) -> float:
        """The standard deviation of δ over all amounts."""
        return max(0.0, self.variance) ** 0.5

    @property
    def has_effect(self) -> bool:
        """Whether any δ, or their mean, differs from zero. If not, the check is passed and adds nothing (Barlow 2002,
        "Systematic errors: facts and fictions"): what it shows is its own statistical error, which is counted already.
        """
        tested = [*self.steps.values(), self.mean]
        intervals = [estimate.interval(1 - ALPHA / len(tested)) for estimate in tested]
        return self.is_known or any(interval.low > 0 or interval.high < 0 for interval in intervals)

    @property
    def up(self) -> float:
        """By how much the accuracy may be higher: max(0, δ₊, δ₋), of draws the end of the middle 68 % if it is above
        zero; 0 for a passed check.
        """
        return max(0.0, *self._effects)

    @property
    def down(self) -> float:
        """By how much the accuracy may be lower: max(0, -δ₊, -δ₋), of draws as for `up`; 0 for a passed check."""
        return max(0.0, *(-effect for effect in self._effects))

    @property
    def _effects(self) -> list[float]:
        if not self.has_effect:
            return [0.0]
        if self.middle is not None:  # of several sources together there are no steps
            return [*self.middle]
        return [estimate.value for estimate in self.steps.values()]

    @property
    def limit(self) -> float:
        """How large an effect may be that was not seen: the farthest end of the 95 % intervals."""
        intervals = [estimate.interval() for estimate in (*self.steps.values(), self.bias)]
        reached = max(max(abs(interval.low), abs(interval.high)) for interval in intervals)
        return reached or clopper_pearson(0, self.num_images).high

    def __str__(self) -> str:
        if not self.has_effect:
            hidden = f"it may be up to {error_in_points(self.limit)} (95 %)"
            return f"{self.name}: no effect seen, so it adds nothing; {hidden}"
        at = [f"{_with_error(estimate)} at {printed(f'{amount:.3g}')}" for amount, estimate in self.steps.items()]
        if self.middle is not None:
            low, high = (signed(100 * end) for end in self.middle)
            at = [f"68 % of {self.num_draws} draws from {low} to {high}"]
        elif len(at) == 1:
            return f"{self.name}: {_with_error(self.bias)} points (95 %: {in_points(self.bias.interval())})"
        ends, spread = in_points(self.bias.interval()), error_in_points(self.spread)
        mean = f"mean {_with_error(self.bias)} (95 %: {ends}), spread {spread}"
        return f"{self.name}: {', '.join([*at, mean])}"


@dataclass(frozen=True, repr=False)
class Systematics(Said):
    """An accuracy with its three errors: test sample, training, and what known differences at use do to it.

    Attributes:
        ideal: the accuracy on the test images as they are.
        real: the accuracy averaged over the declared shifts, which act together.
        loss: ideal minus real, measured on the same images by the same networks.
        sources: the shifts, each alone.
        joint: all shifts together, where their amounts were drawn together; else None.
    """

    ideal: MeanAccuracy
    real: Estimate
    loss: Estimate
    sources: tuple[Source, ...]
    joint: Source | None = None

    @property
    def up(self) -> float:
        """By how much the accuracy may be higher: independent sources in quadrature, or what the joint draws say."""
        return self.joint.up if self.joint else math.hypot(*(source.up for source in self.sources))

    @property
    def down(self) -> float:
        """By how much it may be lower."""
        return self.joint.down if self.joint else math.hypot(*(source.down for source in self.sources))

    def frame(self) -> pandas.DataFrame:
        """A row for each error; fractions. `up` and `down` are the error, the shares its parts of the squared total.

        `bias` is the mean of δ over all amounts, with its errors, its 95 % interval, and `spread`.
        """
        import pandas

        rows = [
            {"source": name, "up": error, "down": error, "has_effect": True}
            for name, error in (("test sample", self.ideal.test_sample), ("training", self.ideal.training))
            if error is not None
        ]
        for source in (*self.sources, *([self.joint] if self.joint else ())):
            interval = source.bias.interval()
            rows.append({"source": source.name, "up": source.up, "down": source.down, "has_effect": source.has_effect,
                         "bias": source.bias.value, "bias_test_sample": source.bias.test_sample,
                         "bias_training": source.bias.training, "low": interval.low, "high": interval.high,
                         "spread": source.spread, "limit": source.limit})  # fmt: skip
        more = ["bias", "bias_test_sample", "bias_training", "low", "high", "spread", "limit"]
        return pandas.DataFrame(rows, columns=pandas.Index(["source", "up", "down", "has_effect", *more]))

    def __str__(self) -> str:
        if not self.sources:
            return f"accuracy {self.ideal}"
        up, down = (error_in_points(way) if way else "0" for way in (self.up, self.down))
        errors = f"+{up} −{down} (systematics)"
        first = str(self.ideal).replace(" %, one seed", f" {errors} %, one seed")
        first = first if errors in first else f"{first.removesuffix(' %')} {errors} %"
        lines = [
            f"accuracy {first}",
            f"averaged over the shifts: {self.real.percent()}",
            f"ideal minus real: {_with_error(self.loss)} points (95 %: {in_points(self.loss.interval())})",
            *map(str, self.sources),
        ]
        if self.joint:
            more = self.joint.bias.value - sum(source.bias.value for source in self.sources)
            alone = f"{signed(100 * more)} ± {error_in_points(self.joint.bias.draws)} (draws) points"
            lines.append(f"{self.joint}; the mean differs by {alone} from the sum of the shifts alone")
        return "\n".join(lines)


def systematics(
    right: ArrayLike,
    sources: Mapping[str, ShiftedAnswers],
    together: ArrayLike | None = None,
    joint: ArrayLike | None = None,
    groups: ArrayLike | None = None,
) -> Systematics:
    """The systematic errors of a recipe's mean accuracy, from its answers to changed test images.

    δ(θ) = mean_i [X̄_i(θ) - X̄_i(0)] is paired, with the errors of the crossed design of `mean_accuracy`. The bias is
    Σ_q w_q δ(θ_q). The spread's square is Σ_q w_q (δ(θ_q) - bias)² less Σ_q w_q V(δ(θ_q) - bias), with V the unbiased
    variance of a crossed mean: what the errors alone would spread. Of J drawn amounts both are multiplied by J/(J - 1).

    Args:
        right: booleans `[S, n]`, true where seed s is right on test image i as it is.
        sources: the answers to changed images by the name of what changed them, the same seeds and images.
        together: booleans `[S, n]`: the answers where all sources act on each image by amounts of its own. Without it,
            and without `joint`, the effects of the sources are added.
        joint: booleans `[J, S, n]`: the answers where all sources act together, with amounts drawn J times.
        groups: ids `[n]` of images that belong together, or None.

    Raises:
        StatisticsError: for anything but booleans of these shapes.

    >>> right = np.array([[True] * 90 + [False] * 10])
    >>> worse = np.array([[False] * 20 + [True] * 70 + [False] * 10])
    >>> print(systematics(right, {"blur=1": ShiftedAnswers(worse[None], np.ones(1), (1.0,), worse[None])}))
    accuracy 90.00 ± 3.02 (test sample) +0 −20.00 (systematics) %, one seed: training not measured
    averaged over the shifts: 70.00 ± 4.61 (test sample) %, one seed: training not measured
    ideal minus real: +20.00 ± 4.02 points (95 %: +12.02 to +27.98)
    blur=1: −20.00 ± 4.02 points (95 %: −27.98 to −12.02)
    """
    matrix = right_matrix(right)
    numbers = None if groups is None else group_numbers(groups, matrix.shape[1])
    plain = matrix.astype(np.float64)
    found, total = [], np.zeros_like(plain)
    for name, answers in sources.items():
        changes = _changes(answers.right, plain, name)
        at = _changes(answers.right_at, plain, name)
        steps = {amount: mean_estimate(change, numbers) for amount, change in zip(answers.amounts, at, strict=True)}
        found.append(_source(name, steps, changes, np.asarray(answers.weights, np.float64), numbers))
        total += np.tensordot(answers.weights, changes, 1)
    drawn = None
    if together is not None:
        (total,) = _changes(np.asarray(together)[np.newaxis], plain, "together")
    if joint is not None:
        changes = _changes(np.asarray(joint), plain, "joint")
        drawn = _drawn(changes, numbers, any(source.has_effect for source in found))
        total = changes.mean(axis=0)
    real, loss = mean_estimate(plain + total, numbers), mean_estimate(-total, numbers)
    if drawn:
        real, loss = (over_draws(mean, drawn.variance, drawn.num_draws) for mean in (real, loss))
    return Systematics(mean_accuracy(matrix, groups), real, loss, tuple(found), drawn)


def _changes(right: NDArray[np.bool_], plain: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """What changes for each network and image, `[Q, S, n]` of -1, 0 and 1."""
    if right.dtype != np.bool_ or right.ndim != 3 or right.shape[1:] != plain.shape:
        raise StatisticsError(
            f"the answers of {name!r} have shape {right.shape} and hold {right.dtype}, expected booleans "
            f"[amounts, {plain.shape[0]}, {plain.shape[1]}]: the same networks and test images."
        )
    return right - plain


def _source(
    name: str,
    steps: Mapping[float, Estimate],
    changes: NDArray[np.float64],
    weights: NDArray[np.float64],
    numbers: NDArray[np.intp] | None,
) -> Source:
    total, variance = np.tensordot(weights, changes, 1), 0.0
    for weight, change in zip(weights, changes, strict=True):
        beyond = change - total
        variance += float(weight) * (float(beyond.mean()) ** 2 - mean_variance(beyond, numbers))
    return Source(name, steps, mean_estimate(total, numbers), variance, changes.shape[2])


def _drawn(changes: NDArray[np.float64], numbers: NDArray[np.intp] | None, is_known: bool) -> Source:
    """All sources together, by what changes at amounts that were drawn, `[J, S, n]`."""
    draws = len(changes)
    if draws < 2:
        raise StatisticsError(f"`joint` has {draws} draws, expected at least 2 to see how they vary.")
    source = _source("all together", {}, changes, np.full(draws, 1 / draws), numbers)
    low, high = np.quantile(changes.mean(axis=(1, 2)), MIDDLE)
    return replace(
        source,
        variance=source.variance * draws / (draws - 1),
        is_known=is_known,
        middle=(float(low), float(high)),
        num_draws=draws,
    )


def _with_error(estimate: Estimate) -> str:
    return f"{signed(100 * estimate.value)} ± {error_in_points(estimate.standard_error)}"
