"""Does an L2 penalty of 0.01 on the output layer help?

The lecture: "the overtraining effect is reduced", shown as curves of one network. netgain, 5 seeds, ± test sample
± training: 94.05 ± 0.19 ± 0.05 % without, 91.14 ± 0.24 ± 0.15 % with the penalty. The gap to the training sample
shrinks from 5.9 to 4.5 points as the lecture says, but the test accuracy falls: WORSE by 2.9 points. 2.3 s per
network (docs/results.md).
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 9

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "l2",
    question="Does an L2 penalty of 0.01 on the weights of the output layer help?",
    baseline=_BASELINE,
    arms={"L2 0.01": _BASELINE.change("network.l2.output", 0.01)},
    claims={"L2 0.01": "smaller gap"},
)
