"""Step-matched controls: what is left of a gain when both sides make the same number of updates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from netgain.experiment.study import Study
from netgain.results.findings import Statement
from netgain.stats import difference
from netgain.stats.rounding import signed


def step_matched_statements(
    study: Study, right: Mapping[str, np.ndarray], groups: np.ndarray | None
) -> tuple[Statement, ...]:
    """Whether each arm of `same_updates` gains on its step-matched control: what is left of longer training.

    Args:
        study: which arms are controls.
        right: which test items the networks of each arm have right, bool `[S, n]`.
        groups: of the test items that are not independent.

    Effects in percentage points. One network against several is skipped: it cannot be judged.
    """
    statements = []
    for control, arm in study.same_updates.items():
        if (len(right[arm]) == 1) != (len(right[control]) == 1):
            continue
        gain = difference(right[control], right[arm], groups)
        interval = gain.interval()
        epochs = " and ".join(f"{study.recipes[name].num_epochs} ({name})" for name in (arm, control))
        ends = f"95 % interval {signed(100 * interval.low)} to {signed(100 * interval.high)}"
        measured = f"{signed(100 * gain.effect)} percentage points, {ends}, p = {gain.p_value:.2g}; epochs: {epochs}"
        text = f"With the same number of updates, {arm!r} is better than {control!r}"
        statements.append(Statement(text, interval.low > 0, measured))
    return tuple(statements)
