"""Does an L1 penalty on the output layer do what L2 does, and how strong should it be?

The lecture asks it as practice 01 and gives no figure: replace L2(0.01) on the output layer by L1. netgain, 5 seeds,
± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; L1 0.0001 93.85 ± 0.19 ± 0.03 % (WORSE, -0.21); L1 0.001 92.86
± 0.21 ± 0.14 % (WORSE, -1.19); L1 0.01 90.95 ± 0.26 ± 0.09 % (WORSE, -3.11); L2 0.01 91.14 ± 0.24 ± 0.15 % (WORSE,
-2.92). 2.2 to 2.3 s per network (docs/results.md).

Strengths a factor of ten apart, from one with hardly any effect to 0.01; the slide's L2 0.01 is an arm too.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 10

_BASELINE = load_recipe("small-sample")
_STRENGTHS = (0.0001, 0.001, 0.01)

STUDY = Study(
    "l1",
    question="Does an L1 penalty on the weights of the output layer help, and how strong should it be?",
    baseline=_BASELINE,
    arms={
        **{f"L1 {strength:g}": _BASELINE.change("network.l1.output", strength) for strength in _STRENGTHS},
        "L2 0.01": _BASELINE.change("network.l2.output", 0.01),
    },
    picture="accuracies",
)
