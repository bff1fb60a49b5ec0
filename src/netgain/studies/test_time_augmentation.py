"""Does it help to ask about shifted copies of a test image too, and to average the answers?

The lecture: rotated copies of the training images have "some positive effect"; none of test images, no figure. netgain,
5 seeds, ± test sample ± training: see docs/results.md.

A test image is shifted by one pixel in each direction, and the scores are averaged. A convolutional network that was
trained on shifted images should gain less by it: the last two arms have shifted training images, and are compared with
each other.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 36.95

_BASELINE = load_recipe("small-convnet")
_SHIFTED = _BASELINE.change("augmentation.shift", 1)

STUDY = Study(
    "test-time-augmentation",
    question="Does averaging over shifted test images help, with and without shifted training images?",
    baseline=_BASELINE,
    arms={
        "shifted at the test": _BASELINE.change("test_time.shift", 1),
        "shifted in training": _SHIFTED,
        "shifted in both": _SHIFTED.change("test_time.shift", 1),
    },
    against={"shifted in both": "shifted in training"},
)
