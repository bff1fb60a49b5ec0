"""Are kernels of 3×3 or 7×7 pixels better than 5×5?

The lecture asks it as practice 01; its 5×5 reach 98.74 %. netgain: see docs/results.md (5 seeds, ± test sample ±
training).

The weights of the output layer change with the size of the maps: 13×13, 12×12 and 11×11 behind the pooling.
"""

from netgain.recipe import load_recipe
from netgain.study import Study

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
