"""Does a fully connected layer after the convolution help?

The lecture: 99.23 % with one more fully connected layer after 98.90 % without, one network each. netgain, 5 seeds, ±
test sample ± training: baseline 98.86 ± 0.09 ± 0.02 %; dense-layer 99.20 ± 0.07 ± 0.02 % (BETTER, +0.34). 45.2 to 278 s
per network (docs/results.md).

The width of the layer is not on the slide: 512, as in the doubled network that follows.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 30

STUDY = Study(
    "dense-layer",
    question="Does a fully connected layer between the maps and the output help?",
    baseline=load_recipe("more-maps"),
    arms={"dense-layer": load_recipe("dense-layer")},
    lecture={"baseline": 0.9890, "dense-layer": 0.9923},
)
