"""Which pooling is best: maximum, L2, average or none?

The lecture describes maximum and L2 pooling and uses the maximum, 98.74 %. netgain, 5 seeds, ± test sample ± training:
baseline 98.73 ± 0.09 ± 0.02 %; L2 pooling 98.81 ± 0.09 ± 0.03 % (EQUIVALENT, +0.08); average pooling 98.61 ± 0.10 ±
0.04 % (UNDECIDED, -0.12); no pooling 98.60 ± 0.10 ± 0.03 % (WORSE, -0.13). 22.8 to 58.0 s per network: docs/results.md.

L2 is the root of the sum of squares, as on the slide, not of their mean. Without pooling the output layer has four
times the weights.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 27

_BASELINE = load_recipe("convnet")

STUDY = Study(
    "pooling",
    question="Does L2 or average pooling, or none, beat maximum pooling?",
    baseline=_BASELINE,
    arms={
        "L2 pooling": _BASELINE.change("network.pooling", "l2"),
        "average pooling": _BASELINE.change("network.pooling", "average"),
        "no pooling": _BASELINE.change("network.pooling", "none"),
    },
    lecture={"baseline": 0.9874},
    picture="accuracies",
)
