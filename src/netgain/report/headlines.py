"""The first lines of a verdict: one plain line that stands alone, then what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from netgain.experiment.study import BASELINE
from netgain.results.study_result import StudyResult
from netgain.stats import CHECKS, Outcome
from netgain.stats.verdict import MIN_SEEDS

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


def headline(result: StudyResult, arm: str) -> str:
    """The verdict on an arm in one line: `Better. dropout 0.2: +0.47 points, plausibly +0.04 to +0.91.`.

    Effect and interval are in percentage points. The interval is the one of the level 1 - α; after a check it has the
    level 1 - α_k of that check's share, so that it holds at every check, whenever the study stops (Jennison & Turnbull
    1989, "Interim analyses: the repeated confidence interval approach", section 2).
    """
    verdict, check = result.verdicts[arm], result.checks.get(arm)
    difference, share = (check.difference, check.steps[-1].share) if check else (verdict.difference, 1.0)
    effect, interval = difference.effect, difference.interval(1 - verdict.alpha * share)
    other = result.study.other(arm)
    name = arm if other == BASELINE else f"{arm} against {other}"
    plausible = f"plausibly {100 * interval.low:+.2f} to {100 * interval.high:+.2f}"
    return f"{PLAIN[verdict.outcome]}. {name}: {100 * effect:+.2f} points, {plausible}."


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
    if not with_options:
        return f"Next: run it with about {needed:,} seeds."
    if result.study.against or arm in result.checks or needed > CHECKS[-1]:
        return f"Next: run it with about {needed:,} seeds (--seeds {needed})."
    return f"Next: run it with --until-known, which adds seeds until it is decided; about {needed:,} should do."


def next_step_in_html(line: str) -> str:
    """The next step with its options marked as code, which a narrow window does not break in two.

    >>> next_step_in_html("Next: run it with about 157 seeds (--seeds 157).")
    'Next: run it with about 157 seeds (<code>--seeds 157</code>).'
    """
    return re.sub(r"(--[a-z-]+(?: \d+)?)", r"<code>\1</code>", escape(line))


def headlines(result: StudyResult) -> list[str]:
    """Of every arm that was judged its headline and, where it is not decided, what to do next."""
    return [line for arm in result.verdicts for line in (headline(result, arm), next_step(result, arm)) if line]
