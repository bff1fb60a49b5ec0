"""Does dropping 20 % of the inputs and of the hidden neurons help?

The lecture: dropout is "very helpful" against overtraining, shown as curves of one network. netgain, 5 seeds, ± test
sample ± training: 94.05 ± 0.19 ± 0.05 % without, 94.36 ± 0.18 ± 0.13 % with dropout: UNDECIDED at +0.30 points, and
the gap to the training sample shrinks from 5.9 to 4.2 points. With --until-known, 8 seeds: BETTER by +0.47 points.
2.3 and 2.4 s per network (docs/results.md).
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 12

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "dropout",
    question="Does dropping 20 % of the inputs and of the hidden neurons help?",
    baseline=_BASELINE,
    arms={"dropout 0.2": _BASELINE.change("network.dropout", 0.2)},
    claims={"dropout 0.2": "smaller gap"},
)
