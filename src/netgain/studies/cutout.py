"""Does a black square on every training image help?

The lecture: rotated copies have "some positive effect"; no cutout, no figure. DeVries and Taylor (2017) gain 0.3 to
0.8 points on CIFAR-10 with a square of 16 of 32 pixels. netgain, 5 seeds, ± test sample ± training: see
docs/results.md.

The square is drawn anew for every image of every step and may stick out over the edge. All arms make the updates of
the baseline. The shifted images are a second augmentation of the same price, and the last arm has both.
"""

from netgain.experiment.augmentation import Augmentation
from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.3

_BASELINE = load_recipe("small-convnet")
_ARMS = {
    "cutout 8": Augmentation(cutout=8),
    "cutout 12": Augmentation(cutout=12),
    "cutout 12 on half of the images": Augmentation(cutout=12, cutout_share=0.5),
    "shift 2": Augmentation(shift=2),
    "shift 2, cutout 12": Augmentation(shift=2, cutout=12),
}

STUDY = Study(
    "cutout",
    question="Does it help to cover a random square of every training image, alone and beside random shifts?",
    baseline=_BASELINE,
    arms={name: _BASELINE.change("augmentation", augmentation) for name, augmentation in _ARMS.items()},
    against={"shift 2, cutout 12": "shift 2"},
)
