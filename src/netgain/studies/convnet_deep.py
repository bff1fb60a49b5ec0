"""Does the doubled network, two convolutions and two dense layers, beat the single one?

The lecture: 99.48 % for the doubled network after 99.23 %, one network each: a difference of 2.2 σ if the two were
independent. netgain, 5 seeds, ± test sample ± training: baseline 99.20 ± 0.07 ± 0.02 %; convnet-deep 99.48 ± 0.05 ±
0.01 % (BETTER, +0.28). 278 to 319 s per network (docs/results.md).

Layers, sizes and dropout as on the slide, batch size 128 as for the earlier networks. The slide does not state the
epochs: 30, because after 20 of them, with 99.39 ± 0.06 ± 0.03 %, the training accuracy still rises.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 31

STUDY = Study(
    "convnet-deep",
    question="Do two convolutions and two dense layers beat one of each?",
    baseline=load_recipe("dense-layer"),
    arms={"convnet-deep": load_recipe("convnet-deep")},
    lecture={"baseline": 0.9923, "convnet-deep": 0.9948},
)
