"""Does a convolutional network with 1/28 of the weights beat the wide dense one?

The lecture: 98.74 % with 23,466 weights, after 98.49 % with 669,706, one network each. netgain, 5 seeds, ± test sample
± training: baseline 98.63 ± 0.10 ± 0.01 %; convnet 98.73 ± 0.09 ± 0.02 % (UNDECIDABLE HERE, +0.11). 22.8 to 49.8 s per
network (docs/results.md).

The batch size is not on the slide: 128, as for the wide network.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 25

STUDY = Study(
    "convnet",
    question="Does one convolution of 16 kernels beat two dense layers of 512 neurons?",
    baseline=load_recipe("wide"),
    arms={"convnet": load_recipe("convnet")},
    lecture={"baseline": 0.9849, "convnet": 0.9874},
)
