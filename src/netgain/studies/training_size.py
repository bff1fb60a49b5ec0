"""Does a larger training sample close the gap between training and test?

The lecture: "by increasing the training data size the overtraining is indeed mitigated", shown as curves for 10,000 and
60,000 images. netgain, 5 seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; 20,000 images 95.28 ± 0.16 ±
0.07 % (BETTER, +1.22); 30,000 images 95.55 ± 0.14 ± 0.06 % (BETTER, +1.49); 40,000 images 95.62 ± 0.14 ± 0.05 %
(BETTER, +1.57); 50,000 images 95.94 ± 0.13 ± 0.16 % (BETTER, +1.88); 60,000 images 96.11 ± 0.13 ± 0.03 % (BETTER,
+2.05). 2.3 to 9.8 s per network (docs/results.md).

All sizes train for 100 epochs as on the slide, so six times the images are six times the updates.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 8

_BASELINE = load_recipe("small-sample")

STUDY = Study(
    "training-size",
    question="Does a larger training sample raise the test accuracy and close the gap to the training accuracy?",
    baseline=_BASELINE,
    arms={f"{size:,} images": _BASELINE.change("train_size", size) for size in range(20_000, 60_001, 10_000)},
    claims={"60,000 images": "smaller gap"},
    picture="accuracies",
)
