"""Run until it is known: checks after fixed numbers of seeds, with p-values that stay correct.

Checking after every seed and stopping at the first p < 5 % is wrong in 18 % of the cases without a difference
by 20 seeds, and in 32 % by 100 (docs/validation.md). Here the checks are fixed in advance, and each has its share of
the error: the shares add up to 1, so by Bonferroni's bound the whole sequence is wrong no more often than α,
whatever the checks have in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netgain.errors import StatisticsError
from netgain.stats.arrays import check_fraction, right_matrix
from netgain.stats.difference import Difference
from netgain.stats.multiplicity import holm
from netgain.stats.rounding import signed
from netgain.stats.said import Said
from netgain.stats.verdict import MIN_SEEDS, Outcome, Verdict, judge
from netgain.stats.words import p_in_words, seeds_in_words, why_undecidable

if TYPE_CHECKING:
    import pandas

CHECKS = (5, 8, 12, 20)
"""The seeds of each recipe at the checks."""

LOOK_SHARES = (0.04, 0.16, 0.30, 0.50)
"""What part of α each check may spend: .002, .008, .015 and .025 of α = .05."""


class CheckStep(NamedTuple):
    """The result of one check of an arm.

    Attributes:
        num_seeds: seeds of the arm.
        effect: accuracy of the arm minus the baseline's, a fraction.
        test_sample, training: its two errors.
        p_value: of this check alone; 1 with fewer than 5 seeds, which decide nothing.
        share: the part of α that this check may spend.
        difference: the arm against the baseline at this check.
    """

    num_seeds: int
    effect: float
    test_sample: float
    training: float | None
    p_value: float
    share: float
    difference: Difference

    def __repr__(self) -> str:
        return f"<CheckStep: {self.num_seeds} seeds, {self.difference}, {p_in_words(self.p_value)}>"


@dataclass(frozen=True, repr=False)
class Check(Said):
    """One arm at its latest check.

    Attributes:
        arm: the arm's name.
        steps: the results of this check and of those before it.
        sequential_p: p-value over all checks so far.
        p_adjusted: the same, Holm-adjusted over all arms of the study.
        outcome: the verdict; UNDECIDED while more checks follow.
        stop: whether no more seeds are to be trained for this arm.
        why: the reason in words.
        difference: the arm against the baseline at the latest check.
        images_needed: where UNDECIDABLE HERE, test images that would decide, if any number would.
    """

    arm: str
    steps: tuple[CheckStep, ...]
    sequential_p: float
    p_adjusted: float
    outcome: Outcome
    stop: bool
    why: str
    difference: Difference
    images_needed: int | None

    @property
    def num_seeds(self) -> int:
        """Seeds of the arm at this check."""
        return self.steps[-1].num_seeds

    @property
    def p_value(self) -> float:
        """The p-value of this check alone."""
        return self.steps[-1].p_value

    @property
    def next_seeds(self) -> int | None:
        """Seeds that the next check needs; None if no check follows."""
        return None if self.stop else CHECKS[len(self.steps)]

    @property
    def deciding_step(self) -> CheckStep:
        """The check on which the outcome rests: for BETTER and WORSE that of the smallest p for its share, which is an
        earlier one where Holm's factor fell after it; else the latest.
        """
        return _best(self.steps) if self.outcome in {Outcome.BETTER, Outcome.WORSE} else self.steps[-1]

    def frame(self) -> pandas.DataFrame:
        """A row for each check so far."""
        import pandas

        return pandas.DataFrame(list(self.steps)).drop(columns="difference")

    def sentence(self, baseline: str, images: str, items: str = "images") -> str:
        """The arm at this check in words, with every number that decided.

        Args:
            baseline: name of the baseline.
            images: the test images in words, such as "10,000 MNIST test images".
            items: what to call them.
        """
        seeds = f"{self.num_seeds} seed{'s' if self.num_seeds != 1 else ''}, check {len(self.steps)} of {len(CHECKS)}"
        probability = f"sequential p = {self.p_adjusted:.2g}" if self.p_adjusted >= 1e-4 else "sequential p < 0.0001"
        undecidable = self.outcome is Outcome.UNDECIDABLE_HERE
        why = why_undecidable(self.images_needed, items) if undecidable else self.why
        return (
            f"{self.arm} against {baseline} on {images} ({seeds}): {self.difference}; {probability} "
            f"(Holm-adjusted). {self.outcome}: {why}."
        )

    def __str__(self) -> str:
        return self.sentence("the baseline", "the same test images")


def sequential_p(p_values: Sequence[float]) -> float:
    """The p-value of a sequence of checks: min(1, min_k p_k α/α_k), with α_k/α the check's share.

    It is valid at every check and for any reason to continue, since the shares add up to 1 (Bonferroni). As α
    cancels, it does not depend on the level that it is compared with.

    Args:
        p_values: one per check, in order; at most four.

    Raises:
        StatisticsError: for none, more than four, or a value outside [0, 1].

    >>> sequential_p([0.004, 0.004])
    0.025
    """
    if not 0 < len(p_values) <= len(CHECKS) or not all(0 <= p <= 1 for p in p_values):
        raise StatisticsError(
            f"`p_values` is {p_values!r}, expected one to {len(CHECKS)} numbers between 0 and 1, one per check."
        )
    return min(1.0, *(p / share for p, share in zip(p_values, LOOK_SHARES, strict=False)))


def judge_check(
    baseline_right: ArrayLike,
    arms: Mapping[str, ArrayLike],
    earlier: Mapping[str, Check] | None = None,
    *,
    alpha: float = 0.05,
    delta: float = 0.002,
    groups: ArrayLike | None = None,
) -> dict[str, Check]:
    """Check every arm that is not yet decided, and say which ones need more seeds.

    An arm stops at the first of these:

    1. BETTER or WORSE: the Holm-adjusted sequential p is below α. Holm's procedure over the sequential
       p-values of *all* arms, those that stopped included, keeps the risk of any false claim, at any check,
       at most α: a sequential p only falls from check to check, so a claim at one check would be
       claimed at the last one too. The direction is that of the check with the smallest p for its share.
    2. EQUIVALENT: the 1 - 2α_k interval of this check lies inside ±δ. With α_k in the place of α, an arm
       that is not equivalent is called so with at most α risk over all checks.
    3. UNDECIDABLE HERE: no number of seeds finds a true effect of max(|effect|, δ) with 80 % power at the
       last check's level α_K/m. Giving up claims nothing and costs no risk, only power.
    4. The last check: UNDECIDED.

    With fewer than 5 seeds, if too many runs failed, the check is used up and decides nothing. The baseline
    may have more seeds than the arms.

    Args:
        baseline_right: booleans `[S, n]`, all seeds the baseline has by now.
        arms: for every arm still open its booleans `[S, n]`, all seeds it has by now; arms that stopped may
            be there and are not used.
        earlier: what the check before returned; None at the first. An arm that stopped does not change.
        alpha: significance level of the whole study, below 0.5.
        delta: smallest difference of accuracy that matters, a fraction.
        groups: ids `[n]` of images that belong together, or None.

    Raises:
        StatisticsError: for arms that are not those of the earlier check, more seeds than the check allows,
            alpha or delta out of range, or arrays that `difference` refuses.

    >>> wrong, right = [[False] * 60 + [True] * 940] * 5, [[True] * 1000] * 5
    >>> check = judge_check(wrong, {"better": right, "same": wrong})["better"]
    >>> print(check.outcome, check.stop, check.num_seeds)
    BETTER True 5
    >>> print(judge_check(wrong, {"same": wrong})["same"].why)  # doctest: +NORMALIZE_WHITESPACE
    too few test images to decide, however many seeds; about 1,843 test images of this kind are needed
    """
    check_fraction(alpha, "alpha", below=0.5)
    earlier = dict(earlier or {})
    open_arms = _open_arms(arms, earlier)
    num_arms = len(earlier) or len(open_arms)
    last_level = alpha * LOOK_SHARES[-1] / num_arms
    verdicts = {
        arm: judge(baseline_right, {arm: right}, alpha=last_level, delta=delta, groups=groups)[arm]
        for arm, right in open_arms.items()
    }
    steps = {arm: _steps(verdict, earlier.get(arm)) for arm, verdict in verdicts.items()}
    names = list(earlier) or list(open_arms)
    sequential = [
        sequential_p([step.p_value for step in steps[arm]]) if arm in steps else earlier[arm].sequential_p
        for arm in names
    ]
    checks = {}
    for arm, p, p_adjusted in zip(names, sequential, holm(sequential).tolist(), strict=True):
        if arm not in steps:
            checks[arm] = earlier[arm]
            continue
        verdict = verdicts[arm]
        outcome, stop, why = _decide(verdict, steps[arm], p_adjusted, alpha)
        images = verdict.images_needed if outcome is Outcome.UNDECIDABLE_HERE else None
        checks[arm] = Check(arm, steps[arm], p, p_adjusted, outcome, stop, why, verdict.difference, images)
    return checks


def _open_arms(arms: Mapping[str, ArrayLike], earlier: Mapping[str, Check]) -> dict[str, NDArray[np.bool_]]:
    """The arms to judge, after checking that they are those of the earlier call."""
    known = set(earlier) or set(arms)
    still_open = {arm for arm in known if arm not in earlier or not earlier[arm].stop}
    if not arms or not still_open <= set(arms) <= known:
        raise StatisticsError(
            f"`arms` names {sorted(arms)}, expected {sorted(still_open) or 'at least one'}: the arms are those of "
            "the first check, without the ones that stopped."
        )
    matrices = {arm: right_matrix(arms[arm], f"arms[{arm!r}]") for arm in arms if arm in still_open}
    for arm, matrix in matrices.items():
        number = len(earlier[arm].steps) if arm in earlier else 0
        if len(matrix) > CHECKS[number]:
            raise StatisticsError(
                f"`arms[{arm!r}]` has {len(matrix)} seeds, expected at most {CHECKS[number]} at check {number + 1}: "
                "checks in between would make the p-values wrong; pass only the first seeds."
            )
    return matrices


def _steps(verdict: Verdict, earlier: Check | None) -> tuple[CheckStep, ...]:
    """The steps of the earlier check and the one that this verdict makes."""
    before = earlier.steps if earlier else ()
    measured = verdict.difference
    step = CheckStep(
        num_seeds=measured.num_seeds[1],
        effect=measured.effect,
        test_sample=measured.test_sample,
        training=measured.training,
        p_value=measured.p_value if min(measured.num_seeds) >= MIN_SEEDS else 1.0,
        share=LOOK_SHARES[len(before)],
        difference=measured,
    )
    return (*before, step)


def _best(steps: tuple[CheckStep, ...]) -> CheckStep:
    """The check of the smallest p for its share of α."""
    return min(steps, key=lambda step: step.p_value / step.share)


def _decide(
    verdict: Verdict, steps: tuple[CheckStep, ...], p_adjusted: float, alpha: float
) -> tuple[Outcome, bool, str]:
    """The outcome of a check, whether to stop, and why; `judge_check` has the rules."""
    measured, delta = verdict.difference, 100 * verdict.delta
    enough = min(measured.num_seeds) >= MIN_SEEDS
    best = _best(steps)
    if enough and p_adjusted < alpha and best.effect * measured.effect > 0:
        outcome = Outcome.BETTER if best.effect > 0 else Outcome.WORSE
        return outcome, True, f"the sequential p is below {alpha:g}"
    inside = measured.interval(1 - 2 * alpha * steps[-1].share)
    if enough and -verdict.delta < inside.low and inside.high < verdict.delta:
        level = f"{100 * inside.level:g} % interval {signed(100 * inside.low)} to {signed(100 * inside.high)}"
        return Outcome.EQUIVALENT, True, f"the {level} of this check lies inside ±{delta:g} percentage points"
    if enough and verdict.outcome is Outcome.UNDECIDABLE_HERE:
        return verdict.outcome, True, why_undecidable(verdict.images_needed)
    if len(steps) == len(CHECKS):
        more = f"; {seeds_in_words(verdict.seeds_needed, verdict.effect_to_find)}" if verdict.seeds_needed else ""
        return Outcome.UNDECIDED, True, f"this was the last check{more}"
    return Outcome.UNDECIDED, False, f"the next check is after {CHECKS[len(steps)]} seeds"
