"""Verdicts: which arms of a study beat their baseline, and what would decide the undecided ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from numpy.typing import ArrayLike

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction
from netgain.stats.difference import FEW_DISCORDANT, Difference, difference
from netgain.stats.intervals import Interval
from netgain.stats.multiplicity import holm
from netgain.stats.power import images_needed, seeds_needed
from netgain.stats.said import Said
from netgain.stats.words import in_points, p_in_words, seeds_in_words, seeds_of_both, why_undecidable

if TYPE_CHECKING:
    import pandas

MIN_SEEDS = 5
"""A verdict on recipes needs this many seeds each: with fewer, the type I error exceeds a small α."""


class Outcome(StrEnum):
    """What a study says of one arm; `judge` has the rules."""

    BETTER = "BETTER"
    WORSE = "WORSE"
    EQUIVALENT = "EQUIVALENT"
    UNDECIDED = "UNDECIDED"
    UNDECIDABLE_HERE = "UNDECIDABLE HERE"


@dataclass(frozen=True, repr=False)
class Verdict(Said):
    """One arm against the baseline.

    Attributes:
        arm: the arm's name.
        outcome: the verdict in a word or two.
        difference: accuracy of the arm minus that of the baseline, with its errors.
        p_adjusted: Holm-adjusted p-value over all arms of the study.
        alpha: the study's significance level.
        delta: the study's smallest difference that matters, a fraction.
        num_comparisons: arms judged together, m.
        seeds_needed: where UNDECIDED, seeds per recipe that would decide.
        images_needed: where UNDECIDABLE HERE, test images that would decide; None when with these seeds
            no number of images would.
        effect_to_find: the size of the true effect that these find with 80 % power; None where nothing is needed.
    """

    arm: str
    outcome: Outcome
    difference: Difference
    p_adjusted: float
    alpha: float
    delta: float
    num_comparisons: int
    seeds_needed: int | None
    images_needed: int | None
    effect_to_find: float | None

    def __str__(self) -> str:
        return f"{self.arm}: {self.outcome}, {self.difference}, {p_in_words(self.p_adjusted)}"

    @property
    def simultaneous_interval(self) -> Interval:
        """Bonferroni interval: those of all arms hold together with probability at least 1 - α."""
        return self.difference.interval(1 - self.alpha / self.num_comparisons)

    def frame(self) -> pandas.DataFrame:
        """One row: the difference's, with the adjusted p-value and the outcome before it."""
        row = self.difference.frame()
        row.insert(0, "arm", self.arm)
        row.insert(1, "outcome", self.outcome.value)
        row.insert(2, "p_adjusted", self.p_adjusted)
        return row

    def sentence(self, baseline: str, images: str, items: str = "images", measure: str = "accuracy") -> str:
        """The verdict in words, with every number it rests on; effects in percentage points.

        Args:
            baseline: name of the baseline, or of the arm that is compared with instead.
            images: the test images in words, such as "10,000 MNIST test images".
            items: what to call them.
            measure: what to call the fraction that is right.

        >>> a, b = [[True, False] * 50], [[True, True, True, False] * 25]
        >>> sentence = judge(a, {"dropout": b})["dropout"].sentence("baseline", "100 images")
        >>> print(sentence)  # doctest: +NORMALIZE_WHITESPACE
        dropout against baseline on 100 images (one seed each): +25.00 ± 4.35 (test sample) percentage
        points, training not measured; 95 % interval +12.25 to +34.66, p < 0.0001. UNDECIDED: this only
        describes these two networks, not the recipes; a verdict needs at least 5 seeds each.
        """
        interval = in_points(self.difference.interval(1 - self.alpha))
        level, probability = f"{100 * (1 - self.alpha):g} % interval", p_in_words(self.p_adjusted)
        if self.num_comparisons > 1:
            level += " (this comparison alone)"
            probability += f" (Holm-adjusted over {self.num_comparisons} comparisons)"
        return (
            f"{self.arm} against {baseline} on {images} ({seeds_of_both(self.difference.num_seeds)}): "
            f"{self.difference}; {level} {interval}, {probability}. "
            f"{self.outcome}: {self._reason(baseline, items, measure)}."
        )

    def _reason(self, baseline: str, items: str, measure: str) -> str:
        of_other = "the baseline's" if baseline == "baseline" else f"that of {baseline}"
        match self.outcome:
            case Outcome.BETTER:
                return f"the {measure} is higher than {of_other}{self._though_small()}"
            case Outcome.WORSE:
                return f"the {measure} is lower than {of_other}{self._though_small()}"
            case Outcome.EQUIVALENT:
                inside = in_points(self.difference.interval(1 - 2 * self.alpha))
                level = f"{100 * (1 - 2 * self.alpha):g} %"
                return f"the {level} interval {inside} is inside {self._limit()}, the smallest difference that matters"
            case Outcome.UNDECIDED:
                return self._reason_undecided()
            case Outcome.UNDECIDABLE_HERE:
                return why_undecidable(self.images_needed, items)

    def _though_small(self) -> str:
        if not _lies_inside(self.difference, self.alpha, self.delta):
            return ""
        return f", but by less than {100 * self.delta:g} percentage points, the smallest difference that matters"

    def _limit(self) -> str:
        return f"±{100 * self.delta:g} percentage points"

    def _reason_undecided(self) -> str:
        num_seeds = min(self.difference.num_seeds)
        if num_seeds >= MIN_SEEDS:
            return seeds_in_words(self.seeds_needed, self.effect_to_find)
        least = f"a verdict needs at least {MIN_SEEDS} seeds each"
        if num_seeds == 1:
            return f"this only describes these two networks, not the recipes; {least}"
        more = (self.seeds_needed or MIN_SEEDS) > MIN_SEEDS
        return f"{least}{f'; this one needs about {self.seeds_needed:,}' if more else ''}"


def judge(
    baseline_right: ArrayLike,
    arms: Mapping[str, ArrayLike],
    *,
    alpha: float = 0.05,
    delta: float = 0.002,
    groups: ArrayLike | None = None,
) -> dict[str, Verdict]:
    """Judge every arm of a study against its baseline, with Holm's adjustment over the arms.

    In this order:

    1. Fewer than 5 seeds on either side: UNDECIDED. With one seed each, p is McNemar's and describes these
       two networks only.
    2. BETTER or WORSE: Holm-adjusted p below α, however small the difference. Where the 1 - 2α interval lies
       inside ±δ, the sentence adds that the difference is real and smaller than what matters.
    3. EQUIVALENT: not significant, and the 1 - 2α interval of this comparison lies inside ±δ (two one-sided
       tests: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657).
    4. Otherwise UNDECIDED with the seeds, or UNDECIDABLE HERE with the test images, that find a true effect
       of max(|effect|, δ) with 80 % power at level α/m. Where the seeds for δ are there already, the
       effect is the measured one.

    Args:
        baseline_right: booleans `[S, n]`, true where the baseline's seed s is right on test image i.
        arms: for every arm's name its booleans `[S, n]`, on the same images.
        alpha: significance level of the whole study, below 0.5.
        delta: smallest difference of accuracy that matters, a fraction.
        groups: ids `[n]` of images that belong together, or None.

    Raises:
        StatisticsError: for no arms, alpha or delta out of range, or arrays that `difference` refuses.

    >>> right = [[True] * 3000] * 5
    >>> print(judge(right, {"same": right})["same"].outcome)
    EQUIVALENT
    """
    pairs = {arm: (baseline_right, right) for arm, right in arms.items()}
    return judge_pairs(pairs, alpha=alpha, delta=delta, groups=groups)


def judge_pairs(
    pairs: Mapping[str, tuple[ArrayLike, ArrayLike]],
    *,
    alpha: float = 0.05,
    delta: float = 0.002,
    groups: ArrayLike | None = None,
) -> dict[str, Verdict]:
    """Judge every arm against its own partner, by the rules of `judge`: for example the steps of a ladder.

    Holm's adjustment is over all pairs: it holds whatever they have in common.

    Args:
        pairs: for every arm's name the booleans `[S, n]` of its partner and of itself, on the same images.
        alpha: significance level of the whole study, below 0.5.
        delta: smallest difference of accuracy that matters, a fraction.
        groups: ids `[n]` of images that belong together, or None.

    Raises:
        StatisticsError: for no pairs, alpha or delta out of range, or arrays that `difference` refuses.

    >>> low, high = [[True] * 900 + [False] * 100] * 5, [[True] * 1000] * 5
    >>> print(*(verdict.outcome for verdict in judge_pairs({"up": (low, high), "down": (high, low)}).values()))
    BETTER WORSE
    """
    check_fraction(alpha, "alpha", below=0.5)
    check_fraction(delta, "delta")
    if not pairs:
        raise StatisticsError("`arms` is empty, expected at least one arm to judge.")
    differences = {arm: difference(other, right, groups) for arm, (other, right) in pairs.items()}
    adjusted = holm([measured.p_value for measured in differences.values()])
    verdicts = {}
    for (arm, measured), p_adjusted in zip(differences.items(), adjusted, strict=True):
        outcome = _decided(measured, float(p_adjusted), alpha, delta)
        needs = _Needs(None, None, None)
        if outcome is None:
            outcome, needs = _would_decide(measured, alpha / len(pairs), delta)
        verdicts[arm] = Verdict(arm, outcome, measured, float(p_adjusted), alpha, delta, len(pairs), *needs)
    return verdicts


def _decided(measured: Difference, p_adjusted: float, alpha: float, delta: float) -> Outcome | None:
    if min(measured.num_seeds) < MIN_SEEDS:
        return None
    if p_adjusted < alpha:
        return Outcome.BETTER if measured.effect > 0 else Outcome.WORSE
    return Outcome.EQUIVALENT if _lies_inside(measured, alpha, delta) else None


def _lies_inside(measured: Difference, alpha: float, delta: float) -> bool:
    inside = measured.interval(1 - 2 * alpha)
    return -delta < inside.low and inside.high < delta


class _Needs(NamedTuple):
    """What would decide: seeds or test images, and the size of the true effect that they find."""

    seeds: int | None
    images: int | None
    effect: float | None


def _would_decide(measured: Difference, alpha: float, delta: float) -> tuple[Outcome, _Needs]:
    num_seeds = min(measured.num_seeds)
    if num_seeds == 1:
        return Outcome.UNDECIDED, _Needs(MIN_SEEDS, None, None)
    target = max(abs(measured.effect), delta)
    seeds = seeds_needed(measured, target, alpha)
    if num_seeds < MIN_SEEDS:
        return Outcome.UNDECIDED, _Needs(max(MIN_SEEDS, seeds or MIN_SEEDS), None, target)
    few = measured.num_discordant < FEW_DISCORDANT
    if seeds is not None and seeds <= num_seeds:
        if few:  # By t these seeds are enough: the exact test on few images keeps the question open.
            return Outcome.UNDECIDABLE_HERE, _Needs(None, _images_for_exact_test(measured, alpha, delta), target)
        target = abs(measured.effect)
        seeds = seeds_needed(measured, target, alpha)
    if seeds is not None:
        return Outcome.UNDECIDED, _Needs(seeds, None, target)
    images = images_needed(measured, target, alpha)
    if images is not None and few:
        images = max(images, _images_for_exact_test(measured, alpha, delta))
    return Outcome.UNDECIDABLE_HERE, _Needs(None, images, target)


def _images_for_exact_test(measured: Difference, alpha: float, delta: float) -> int:
    """Images among which enough would tell the recipes apart, or none of them would show equivalence."""
    silent = math.floor(math.log(alpha) / math.log1p(-delta)) + 1
    count = measured.num_discordant
    return max(silent, math.ceil(FEW_DISCORDANT * measured.num_images / count)) if count else silent
