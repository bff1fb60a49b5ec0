"""Does much longer training improve the accuracy on test images?

The lecture: the training accuracy keeps rising with the epochs while the test accuracy saturates quickly, shown as
curves of one network on 10,000 images. netgain, 5 seeds, ± test sample ± training: baseline 93.84 ± 0.19 ± 0.08 %; 100
epochs 94.05 ± 0.19 ± 0.05 % (UNDECIDED, +0.21). 0.46 to 2.3 s per network (docs/results.md).

Drawn over all 100 epochs, and asked as a comparison: the baseline stops after 20 of them. The slide does not state the
rate; 1.0 is that of the slides that follow.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 7

_SHORT = load_recipe("small-sample").change("epochs", 20)

STUDY = Study(
    "overtraining",
    question="Do another 80 epochs on 10,000 images help on test images, or only on training images?",
    baseline=_SHORT,
    arms={"100 epochs": _SHORT.change("epochs", 100)},
    claims={"100 epochs": "as good"},
)
