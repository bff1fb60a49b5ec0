"""Does a learning rate that rises in the first epoch permit a higher rate?

The lecture: too high a rate makes the weights jump back and forth; no warm-up, no figure. Goyal et al. (2017) need it
to train with large batches. netgain, 5 seeds, ± test sample ± training: see docs/results.md.

The rate rises linearly from 0 during the first epoch (200 updates), then falls as the baseline's does. Without warm-up
the first updates are the largest, when the weights are still random. A network that never recovers from them counts
with the answers that it gave.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.6

_BASELINE = load_recipe("small-convnet")
_HIGH = _BASELINE.change("optimizer.learning_rate", 0.02)

STUDY = Study(
    "warm-up",
    question="Does a warm-up of one epoch help, at the usual learning rate and at one ten times as high?",
    baseline=_BASELINE,
    arms={
        "warm-up": _BASELINE.change("optimizer.warm_up", 1),
        "high rate": _HIGH,
        "high rate, warm-up": _HIGH.change("optimizer.warm_up", 1),
    },
    against={"high rate, warm-up": "high rate"},
)
