"""The first lines of a verdict: one plain line that stands alone, then what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from netgain.experiment.study import BASELINE
from netgain.report.sentences import survival_sentences
from netgain.results.study_result import StudyResult
from netgain.stats import CHECKS, Outcome
from netgain.stats.rounding import signed
from netgain.stats.verdict import MIN_SEEDS
from netgain.stats.words import power_in_words

PLAIN: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.BETTER: "Better",
        Outcome.WORSE: "Worse",
        Outcome.EQUIVALENT: "No difference that matters",
        Outcome.UNDECIDED: "Not decided yet",
        Outcome.UNDECIDABLE_HERE: "Too few test items to decide",
    }
)
"""Each outcome in the words of someone who has read nothing else."""

TOO_FEW_SEEDS = "Too few seeds for a verdict"
"""Of an undecided arm whose interval may well exclude zero: with fewer than 5 seeds it may be too short."""


def headline(result: StudyResult, arm: str) -> str:
    """The verdict on an arm in one line: `Better. dropout 0.2: +0.47 points, plausibly +0.04 to +0.91.`.

    Effect and interval are in percentage points. The interval is the one that decides, so that it never contradicts the
    words before it.
    """
    difference, interval = result.deciding_difference(arm), result.deciding_interval(arm)
    other = result.study.other(arm)
    name = arm if other == BASELINE else f"{arm} against {other}"
    plausible = f"plausibly {signed(100 * interval.low)} to {signed(100 * interval.high)}"
    points = f"{signed(100 * difference.effect)} points"
    return f"{_plain(result, arm)}{with_shift(result)}. {name}: {points}, {plausible}."


def with_shift(result: StudyResult) -> str:
    """What a verdict is called after on shifted test images, " with rotation=N(0,10)"; else empty."""
    return f" with {result.study.shift_in_words}" if result.study.shifts else ""


def _plain(result: StudyResult, arm: str) -> str:
    if has_too_few_seeds(result, arm):
        return TOO_FEW_SEEDS
    return PLAIN[result.verdicts[arm].outcome]


def has_too_few_seeds(result: StudyResult, arm: str) -> bool:
    """Whether an arm stays open because of a rule and not because of its interval."""
    return min(result.deciding_difference(arm).num_seeds) < MIN_SEEDS


def next_step(result: StudyResult, arm: str, with_options: bool = True) -> str:
    """What would decide an arm that is not decided; empty for one that is.

    Args:
        result: of the study.
        arm: one that was judged.
        with_options: name the options of the command line; false where the reader has fields to fill in.
    """
    verdict = result.verdicts[arm]
    if verdict.outcome is Outcome.UNDECIDABLE_HERE:
        size = f"about {verdict.images_needed:,}" if verdict.images_needed else "more"
        return f"Next: test on more items ({size} {result.measure.items}); more seeds alone do not help."
    if verdict.outcome is not Outcome.UNDECIDED:
        return ""
    needed = max(verdict.seeds_needed or MIN_SEEDS, MIN_SEEDS)
    power = f"; they would decide {power_in_words(verdict.effect_to_find)}" if verdict.effect_to_find else ""
    if not with_options:
        return f"Next: run it with about {needed:,} seeds{power}."
    if result.study.against or result.study.shifts or arm in result.checks or needed > CHECKS[-1]:
        return f"Next: run it with about {needed:,} seeds (--seeds {needed}){power}."
    seeds = f"about {needed:,} seeds" if power else f"at least {needed:,} seeds"
    return f"Next: run it with --until-known, which adds seeds until it is decided: {seeds}{power}."


def next_step_in_html(line: str) -> str:
    """The next step with its options marked as code, which a narrow window does not break in two.

    >>> next_step_in_html("Next: run it with about 157 seeds (--seeds 157).")
    'Next: run it with about 157 seeds (<code>--seeds 157</code>).'
    """
    return re.sub(r"(--[a-z-]+(?: \d+)?)", r"<code>\1</code>", escape(line))


def headlines(result: StudyResult) -> list[str]:
    """Of every arm that was judged its headline, under a shift what becomes of the verdict without it, and, where it is
    not decided, what to do next.
    """
    became = survival_sentences(result)
    lines = [(headline(result, arm), became.get(arm, ""), next_step(result, arm)) for arm in result.verdicts]
    return [line for of_arm in lines for line in of_arm if line]
