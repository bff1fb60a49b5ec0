"""Which pooling is best: maximum, L2, average or none?

The lecture describes maximum and L2 pooling and uses the maximum, 98.74 %. netgain: see docs/results.md (5 seeds, ±
test sample ± training).

L2 is the root of the sum of squares, as on the slide, not of their mean. Without pooling the output layer has four
times the weights.
"""

from netgain.recipe import load_recipe
from netgain.study import Study

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
