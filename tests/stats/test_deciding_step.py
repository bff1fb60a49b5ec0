"""The check on which a claim rests: an earlier one where Holm's factor fell after it."""

import numpy as np

from netgain.stats import CHECKS, Outcome, judge_check


def noisy(generator, accuracy, seeds=20):
    return generator.random((seeds, 2000)) < accuracy + 0.01 * generator.normal(size=(seeds, 1))


def test_an_arm_that_an_earlier_check_decides_rests_on_that_check():
    """After 8 seeds Holm's factor is 2; after 12 the other arm is clear, so it is 1 and the p of 8 seeds suffices."""
    generator = np.random.default_rng(62)
    base, arm, other = (noisy(generator, accuracy) for accuracy in (0.90, 0.915, 0.90))
    other[5:] = noisy(generator, 0.99, seeds=15)
    checks = None
    for seeds in CHECKS[:3]:
        given = {"arm": arm[:seeds], "other": other[:seeds]}
        checks = judge_check(base[:seeds], given, checks, delta=0.004)
    assert checks is not None
    check = checks["arm"]
    assert (check.outcome, check.num_seeds) == (Outcome.BETTER, 12)
    assert check.deciding_step is check.steps[1]
    deciding = check.deciding_step.difference
    assert deciding.num_seeds == (8, 8)
    assert deciding.interval(1 - 0.05 * check.deciding_step.share).low > 0
    assert check.difference.interval(1 - 0.05 * check.steps[-1].share).low < 0, "the latest interval would contradict"
    assert "difference" not in check.frame().columns
