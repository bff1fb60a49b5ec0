"""Verdicts on gaps: which arms of a study overtrain less than their partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from numpy.typing import ArrayLike

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction
from netgain.stats.gap_difference import GapDifference, RightAnswers, gap_difference
from netgain.stats.multiplicity import holm
from netgain.stats.rounding import signed
from netgain.stats.said import Said
from netgain.stats.verdict import MIN_SEEDS, in_points, p_in_words


class GapOutcome(StrEnum):
    """What a study says of the gap of one arm against that of its partner; `judge_gaps` has the rules."""

    SMALLER = "SMALLER"
    LARGER = "LARGER"
    EQUIVALENT = "EQUIVALENT"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, repr=False)
class GapVerdict(Said):
    """The gap of one arm against that of its partner.

    Attributes:
        arm: the arm's name.
        outcome: the verdict in a word.
        difference: gap of the arm minus that of its partner, with its errors.
        p_adjusted: Holm-adjusted p-value over all arms judged together.
        alpha: the study's significance level.
        num_comparisons: arms judged together, m.
    """

    arm: str
    outcome: GapOutcome
    difference: GapDifference
    p_adjusted: float
    alpha: float
    num_comparisons: int

    def __str__(self) -> str:
        measured, level = self.difference, 1 - self.alpha
        gaps = f"from {signed(100 * measured.gap_a.gap)} to {signed(100 * measured.gap_b.gap)}"
        interval, p = f"{100 * level:g} % interval", p_in_words(self.p_adjusted)
        if self.num_comparisons > 1:
            interval += " (this comparison alone)"
            p += f" (Holm-adjusted over {self.num_comparisons} comparisons)"
        words = f"{self.outcome}, {gaps}, by {measured}; {interval} {in_points(measured.interval(level))}, {p}"
        few = min(measured.num_seeds) < MIN_SEEDS
        return f"{words}; a verdict needs at least {MIN_SEEDS} seeds each" if few else words


def judge_gaps(
    pairs: Mapping[str, tuple[RightAnswers, RightAnswers]],
    *,
    alpha: float = 0.05,
    delta: float = 0.002,
    groups: ArrayLike | None = None,
    shares: Mapping[str, float] | None = None,
) -> dict[str, GapVerdict]:
    """Judge whether the gap of every arm is smaller or larger than that of its partner.

    SMALLER or LARGER: the p-value of :func:`gap_difference`, Holm-adjusted over all pairs, is below alpha.
    EQUIVALENT: not so, and the 1 - 2 alpha interval lies inside ±delta. Everything else is UNDECIDED, and so is every
    arm where either side has fewer than 5 seeds.

    Where the accuracies decided how many seeds there are (`seeds="until-known"`), p counts as p divided by the share of
    alpha that the arm's last checkpoint has: the shares add up to 1, so that by Bonferroni's bound stopping there
    costs nothing. The partner may then have no more seeds than the checkpoint.

    Args:
        pairs: for every arm's name the right answers of its partner and of itself, on the same test images.
        alpha: significance level of the whole study, below 0.5.
        delta: smallest difference of accuracies that matters, a fraction.
        groups: ids `[n]` of test images that belong together, or None.
        shares: for the arms whose number of seeds was not fixed in advance, the share of alpha, above 0 and at most 1.

    Raises:
        StatisticsError: for no pairs; alpha, delta or a share out of range; or what `gap_difference` refuses.

    >>> most, half = [[True] * 950 + [False] * 50] * 5, [[True] * 500 + [False] * 500] * 5
    >>> small = RightAnswers(train=half, test=half, train_images=range(1000))
    >>> large = RightAnswers(train=most, test=half, train_images=range(1000))
    >>> verdict = judge_gaps({"dropout": (large, small)})["dropout"]
    >>> print(verdict)  # doctest: +NORMALIZE_WHITESPACE
    SMALLER, from +45.00 to +0.00, by −45.00 ± 1.57 (train sample) ± <0.01 (test sample) ± <0.01 (training) percentage
    points; 95 % interval −48.09 to −41.91, p < 0.0001
    """
    check_fraction(alpha, "alpha", below=0.5)
    check_fraction(delta, "delta")
    if not pairs:
        raise StatisticsError("`pairs` is empty, expected at least one arm to judge.")
    spent = {**dict.fromkeys(pairs, 1.0), **(shares or {})}
    for arm, share in spent.items():
        if arm not in pairs or not 0 < share <= 1:
            raise StatisticsError(
                f"`shares[{arm!r}]` is {share!r}, expected a number above 0 and at most 1 for one of the arms: "
                f"{', '.join(pairs)}."
            )
    differences = {arm: gap_difference(*pair, groups) for arm, pair in pairs.items()}
    adjusted = holm([min(1.0, measured.p_value / spent[arm]) for arm, measured in differences.items()])
    return {
        arm: GapVerdict(arm, _outcome(measured, p, alpha, delta, spent[arm]), measured, p, alpha, len(pairs))
        for (arm, measured), p in zip(differences.items(), adjusted.tolist(), strict=True)
    }


def _outcome(measured: GapDifference, p_adjusted: float, alpha: float, delta: float, share: float) -> GapOutcome:
    if min(measured.num_seeds) < MIN_SEEDS:
        return GapOutcome.UNDECIDED
    if p_adjusted < alpha:
        return GapOutcome.SMALLER if measured.effect < 0 else GapOutcome.LARGER
    inside = measured.interval(1 - 2 * alpha * share)
    return GapOutcome.EQUIVALENT if -delta < inside.low and inside.high < delta else GapOutcome.UNDECIDED
