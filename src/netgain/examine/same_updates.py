"""Whether an arm gains on its step-matched control: what is left of a technique that also trains longer."""

from __future__ import annotations

from netgain.findings import Findings, Statement
from netgain.result import StudyResult
from netgain.stats import difference


def examine(result: StudyResult) -> Findings:
    """Each arm against the arm that has as many updates by `Study.same_updates`."""
    statements = []
    for control, arm in result.study.same_updates.items():
        judged = [result.judged(name) for name in (arm, control)]
        if (len(judged[0]) == 1) != (len(judged[1]) == 1):
            continue  # one network against several: nothing to judge
        gain = difference(result.right(control), result.right(arm), result.dataset.test_groups)
        interval = gain.interval()
        epochs = " and ".join(f"{result.study.recipes[name].epochs} ({name})" for name in (arm, control))
        ends = f"95 % interval {100 * interval.low:+.2f} to {100 * interval.high:+.2f}"
        measured = f"{100 * gain.effect:+.2f} percentage points, {ends}, p = {gain.p_value:.2g}; epochs: {epochs}"
        text = f"With the same number of updates, {arm!r} is better than {control!r}"
        statements.append(Statement(text, interval.low > 0, measured))
    return Findings(tuple(statements))
