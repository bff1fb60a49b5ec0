"""Does a larger training sample close the gap between training and test?

The lecture: "by increasing the training data size the overtraining is indeed mitigated", shown as curves for 10,000
and 60,000 images. netgain: see docs/results.md (5 seeds, ± test sample ± training).

All sizes train for 100 epochs as on the slide, so six times the images are six times the updates.
"""

from netgain.recipe import load_recipe
from netgain.study import Study

PLACE = 8

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "training-size",
    question="Does a larger training sample raise the test accuracy and close the gap to the training accuracy?",
    baseline=_BASELINE,
    arms={f"{size:,} images": _BASELINE.change("train_size", size) for size in range(20_000, 60_001, 10_000)},
    picture="accuracies",
)
