"""Are kernels of 3×3 or 7×7 pixels better than 5×5?

The lecture asks it as practice 01; its 5×5 reach 98.74 %. netgain, 5 seeds, ± test sample ± training: baseline 98.73 ±
0.09 ± 0.02 %; 3×3 98.29 ± 0.11 ± 0.02 % (WORSE, -0.44); 7×7 98.91 ± 0.09 ± 0.04 % (BETTER, +0.18). 20.7 to 28.9 s per
network (docs/results.md).

The weights of the output layer change with the size of the maps: 13×13, 12×12 and 11×11 after the pooling.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 28

_BASELINE = load_recipe("convnet")

STUDY = Study(
    "kernel-size",
    question="Do kernels of 3×3 or 7×7 pixels beat kernels of 5×5?",
    baseline=_BASELINE,
    arms={f"{size}×{size}": _BASELINE.change("network.kernel_size", size) for size in (3, 7)},
    lecture={"baseline": 0.9874},
    picture="accuracies",
)
