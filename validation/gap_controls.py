"""Controls of the gaps: methods known to be wrong must be shown to be wrong, and planted gaps must be found."""

from __future__ import annotations

import math
from collections.abc import Callable

from netgain.stats import GapOutcome, gap_difference, judge_gaps, overtraining
from validation.controls import Control
from validation.gap_cells import GapCell
from validation.gap_model import Arms, draw_gaps
from validation.measure import ALPHA, generator_of

NUM_ARMS = 6
"""Arms of one study whose gaps are judged together."""

NORMAL_95 = 1.96

Claims = Callable[[list[Arms]], bool]
"""From the answers of every arm with its partner to whether a method claims something."""

INDEPENDENT = "two independent gaps, 1.96 standard errors"
WITHOUT_T = "paired variance, 1.96 standard errors"
PAIRED = "gap_difference"
WITHOUT_HOLM = f"gap_difference, {NUM_ARMS} arms each at 0.05"
JUDGED = f"judge_gaps, {NUM_ARMS} arms"


def gap_controls(num_toys: int) -> list[Control]:
    """All controls: what fails where, and that a planted gap is found with its sign."""
    few_seeds = GapCell((5, 5), (10_000, 10_000), 10_000, (0.0, 0.8), -0.9)
    writers = GapCell((5, 5), (10_000, 10_000), 10_000, likeness=0.9, group_size=20)
    same = {"num_seeds": (20, 20), "num_train": (1_000, 1_000), "num_images": 1_000}
    same |= {"seed_spreads": (0.0, 0.0), "correlation": 0.0, "likeness": 1.0}
    equal, smaller = GapCell(**same), GapCell(**same, effect=-0.005)
    usual = GapCell((5, 5), (1_000, 1_000), 1_000)
    return [
        coverage(INDEPENDENT, few_seeds, num_toys, high=0.92),
        coverage(WITHOUT_T, few_seeds, num_toys, high=0.92),
        coverage(PAIRED, few_seeds, num_toys, low=0.92),
        coverage(INDEPENDENT, writers, num_toys, high=0.87),
        coverage(INDEPENDENT, equal, num_toys, low=0.985),
        coverage(PAIRED, equal, num_toys, high=0.985),
        found(INDEPENDENT, smaller, num_toys, high=0.2),
        found(PAIRED, smaller, num_toys, low=0.7),
        false_claims(WITHOUT_HOLM, usual, num_toys, low=0.15),
        false_claims(JUDGED, usual, num_toys, high=0.075),
        *planted(num_toys),
    ]


def coverage(method: str, cell: GapCell, num_toys: int, low: float = 0.0, high: float = 1.0) -> Control:
    """How often the interval of a method contains the truth, no difference of the gaps."""
    return Control(method, cell, "coverage", 1 - _rate(method, cell, num_toys), num_toys, low, high)


def found(method: str, cell: GapCell, num_toys: int, low: float = 0.0, high: float = 1.0) -> Control:
    """How often a method finds a gap that is there."""
    return Control(method, cell, "power", _rate(method, cell, num_toys), num_toys, low, high)


def false_claims(method: str, cell: GapCell, num_toys: int, low: float = 0.0, high: float = 1.0) -> Control:
    """How often a method claims anything of any arm of a study in which all gaps are equal."""
    return Control(method, cell, "any false claim", _rate(method, cell, num_toys, NUM_ARMS), num_toys, low, high)


def planted(num_toys: int) -> list[Control]:
    """A smaller gap is SMALLER and never LARGER, a larger one the other way round."""
    rows = []
    for effect, right, wrong in (
        (-0.01, GapOutcome.SMALLER, GapOutcome.LARGER),
        (0.01, GapOutcome.LARGER, GapOutcome.SMALLER),
    ):
        cell = GapCell((5, 5), (10_000, 10_000), 10_000, effect=effect)
        rng = generator_of(f"planted {cell}")
        called = [_outcome(draw_gaps(cell, rng)) for _ in range(num_toys)]
        for outcome, limits in ((right, {"low": 0.9}), (wrong, {"high": 0.005})):
            share = called.count(outcome) / num_toys
            rows.append(Control("judge_gaps", cell, f"called {outcome}", share, num_toys, **limits))
    return rows


def _rate(method: str, cell: GapCell, num_toys: int, num_arms: int = 1) -> float:
    rng = generator_of(f"{method} {cell}")
    return sum(METHODS[method]([draw_gaps(cell, rng) for _ in range(num_arms)]) for _ in range(num_toys)) / num_toys


def _independent(arms: list[Arms]) -> bool:
    gaps = [overtraining(answers.train, answers.test) for answers in arms[0]]
    change = gaps[1].gap - gaps[0].gap
    return abs(change) > NORMAL_95 * math.hypot(*(gap.standard_error for gap in gaps))


def _without_t(arms: list[Arms]) -> bool:
    measured = gap_difference(*arms[0])
    return abs(measured.effect) > NORMAL_95 * math.sqrt(measured.variance)


def _any_below_alpha(arms: list[Arms]) -> bool:
    return any(gap_difference(*pair).p_value < ALPHA for pair in arms)


def _any_judged(arms: list[Arms]) -> bool:
    verdicts = judge_gaps({f"{number}": pair for number, pair in enumerate(arms)}, alpha=ALPHA)
    return any(verdict.outcome in {GapOutcome.SMALLER, GapOutcome.LARGER} for verdict in verdicts.values())


def _outcome(pair: Arms) -> GapOutcome:
    return judge_gaps({"arm": pair}, alpha=ALPHA)["arm"].outcome


METHODS: dict[str, Claims] = {
    INDEPENDENT: _independent,
    WITHOUT_T: _without_t,
    PAIRED: _any_below_alpha,
    WITHOUT_HOLM: _any_below_alpha,
    JUDGED: _any_judged,
}
