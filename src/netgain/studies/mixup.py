"""Do sums of two images with sums of their targets teach more than the images alone?

The lecture: no mixup, no figure. Zhang et al. (2018) gain 0.2 to 1.5 points on ImageNet, most where training is
long. netgain, 5 seeds, ± test sample ± training: see docs/results.md.

An image is λ times itself plus 1 − λ times another image of its batch, the target likewise; λ is drawn from
Beta(α, α) (Zhang et al. 2018, equations 1 and 2). As mixed images are harder to memorise, one arm trains twice as long;
its control is the baseline trained twice as long.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.4

_BASELINE = load_recipe("small-convnet")
_LONGER = _BASELINE.change("epochs", 2 * _BASELINE.epochs)

STUDY = Study(
    "mixup",
    question="Does mixup help, and does it if both networks train twice as long?",
    baseline=_BASELINE,
    arms={
        "mixup 0.2": _BASELINE.change("augmentation.mixup", 0.2),
        "mixup 1": _BASELINE.change("augmentation.mixup", 1.0),
        "twice as long": _LONGER,
        "mixup 0.2, twice as long": _LONGER.change("augmentation.mixup", 0.2),
    },
    against={"mixup 0.2, twice as long": "twice as long"},
)
