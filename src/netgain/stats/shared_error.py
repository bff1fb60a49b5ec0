"""The mean over the seeds of numbers that come with their own errors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from netgain.errors import StatisticsError
from netgain.stats import student
from netgain.stats.estimate import Estimate


def mean_with_errors(values: ArrayLike, shared: ArrayLike, own: ArrayLike, num_items: int) -> Estimate:
    """The mean over S seeds of a number that every run has measured, with its test-sample and training errors.

    The test items are the same for all seeds, so more seeds do not make their error smaller: the root mean square of
    the runs' errors stands for it, which is right where all runs are moved alike and too large where they are not. What
    each run drew for itself is a part of the spread over the seeds, s/√S, the training error. For one seed, which has
    no spread, it is added to the test-sample error in quadrature.

    Args:
        values: the number of every run `[S]`.
        shared: standard errors from the choice of the test items `[S]`.
        own: standard errors from what each run drew for itself `[S]`.
        num_items: n, the test items.

    Raises:
        StatisticsError: for shapes that do not match, or errors below zero or not finite.

    >>> print(mean_with_errors([0.71, 0.69], [0.03, 0.03], [0.02, 0.02], 1000))
    0.7000 ± 0.0300 (test sample) ± 0.0100 (training)
    """
    numbers, common, alone = (np.asarray(each, np.float64) for each in (values, shared, own))
    if numbers.ndim != 1 or numbers.size == 0 or common.shape != numbers.shape or alone.shape != numbers.shape:
        shapes = f"{numbers.shape}, {common.shape} and {alone.shape}"
        raise StatisticsError(f"values and both errors must have the shape [S]; received {shapes}")
    if not all(np.isfinite(each).all() for each in (numbers, common, alone)) or min(common.min(), alone.min()) < 0:
        raise StatisticsError("values must be finite, errors finite and not below zero")
    items = float(np.square(common).mean())
    freedom = max(1, num_items - 1)
    if len(numbers) == 1:
        return Estimate(float(numbers[0]), math.sqrt(items + float(alone[0]) ** 2), None, freedom)
    training = float(numbers.std(ddof=1)) / math.sqrt(len(numbers))
    total = items + training**2
    freedom = student.satterthwaite(total, [(items, freedom), (training**2, len(numbers) - 1)])
    return Estimate(float(numbers.mean()), math.sqrt(items), training, freedom)
