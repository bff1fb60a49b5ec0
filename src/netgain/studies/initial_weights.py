"""How much better is the first network with better initial weights?

The lecture: about 95 % before and about 96 % with "slightly better initial weights", in the lecture before. netgain,
5 seeds, ± test sample ± training: baseline 94.21 ± 0.18 ± 0.16 %; 1/√inputs (LeCun) 96.35 ± 0.15 ± 0.06 % (BETTER,
+2.14); Glorot 96.21 ± 0.15 ± 0.07 % (BETTER, +2.00). 4.1 to 4.3 s per network (docs/results.md).

The worse start is a standard normal number for every weight, which saturates a neuron of 784 inputs; the better ones
are scaled by the number of inputs (LeCun) or of inputs and outputs (Glorot, what Keras does). Biases start at zero.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 33

_GLOROT = load_recipe("baseline")

STUDY = Study(
    "initial-weights",
    question="Do initial weights scaled by the number of inputs beat those of unit variance?",
    baseline=_GLOROT.change("network.initial_weights", "unit_normal"),
    arms={"1/√inputs (LeCun)": _GLOROT.change("network.initial_weights", "lecun_normal"), "Glorot": _GLOROT},
    lecture={"baseline": 0.95, "Glorot": 0.96},
)
