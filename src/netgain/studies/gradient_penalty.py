"""Is a generator better with a penalty on its critic's gradient than without, and with averaged weights?

The lecture: no generators, no figure. netgain, 5 seeds, ± test sample ± training: without 95.76 ± 0.16 ± 0.07 %; R1
97.22 ± 0.13 ± 0.08 % (BETTER, +1.46); gradient penalty 97.31 ± 0.13 ± 0.01 % (BETTER, +1.54); R1 + R2 97.18 ± 0.13 ±
0.09 % (UNDECIDED, -0.05 against R1); R1 without the average 97.10 ± 0.13 ± 0.06 % (UNDECIDED, -0.12 against R1). No run
collapsed. 80 to 243 s per network on a computer with other work (docs/results.md).

Every arm is the recipe `generator` with another penalty; the baseline has none. The penalties are those of Mescheder
et al. 2018 (R1), of Huang et al. 2024 (R1 + R2, with a relativistic loss) and of Gulrajani et al. 2017 (gradient
penalty). The average is that of the generator's weights over its updates; the arm without it is judged with its last
weights.
"""

from netgain.experiment.study import Study
from netgain.tasks.generation.recipe import Penalty
from netgain.tasks.recipes import load_recipe

PLACE = 47

_R1 = load_recipe("generator")

STUDY = Study(
    "gradient-penalty",
    question="Is a generator better with a penalty on its critic's gradient than without, and with averaged weights?",
    baseline=_R1.change("penalty", None),
    arms={
        "R1": _R1,
        "R1 + R2": _R1.change("penalty.kind", "r1+r2"),
        "gradient penalty": _R1.change("penalty", Penalty(kind="gradient-penalty", weight=10.0)),
        "R1, no average": _R1.change("ema", None),
    },
    against={"R1 + R2": "R1", "R1, no average": "R1"},
    picture="accuracies",
)
