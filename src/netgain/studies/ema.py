"""Is the average of the weights of many updates better than the last weights?

The lecture: with small batches the weights make a random walk around the minimum; no averages, no figure. Polyak and
Juditsky (1992): the average of the steps is better than the last step. netgain, 5 seeds, ± test sample ± training: see
docs/results.md.

The average keeps 99 or 99.9 % of itself in each of 200 updates per epoch, so it reaches back half an epoch or five
epochs. A rate that falls to zero also ends the random walk: the last two arms show whether both are needed.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.5

_FALLING = load_recipe("small-convnet")
_BASELINE = _FALLING.change("optimizer.schedule", None)

STUDY = Study(
    "ema",
    question="Does an average of the weights beat the last weights, and does it replace a falling learning rate?",
    baseline=_BASELINE,
    arms={
        "average 0.99": _BASELINE.change("optimizer.ema", 0.99),
        "average 0.999": _BASELINE.change("optimizer.ema", 0.999),
        "falling rate": _FALLING,
        "falling rate, average 0.99": _FALLING.change("optimizer.ema", 0.99),
    },
    against={"falling rate, average 0.99": "falling rate"},
)
