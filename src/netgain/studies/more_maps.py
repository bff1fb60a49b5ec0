"""Do 32 feature maps beat 16?

The lecture: 98.90 % with 32 maps after 98.74 % with 16, one network each: a difference of 1.05 σ if the two were
independent. netgain, 5 seeds, ± test sample ± training: baseline 98.73 ± 0.09 ± 0.02 %; more-maps 98.86 ± 0.09 ± 0.02 %
(BETTER, +0.13). 22.8 to 45.2 s per network (docs/results.md).
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 29

STUDY = Study(
    "more-maps",
    question="Do 32 feature maps beat 16?",
    baseline=load_recipe("convnet"),
    arms={"more-maps": load_recipe("more-maps")},
    lecture={"baseline": 0.9874, "more-maps": 0.9890},
)
