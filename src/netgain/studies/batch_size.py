"""What is the price of small and of large mini-batches?

The lecture: larger batches are smoother but update less often, too small ones make a random walk; curves for 10, 30 and
300 images, no figure. netgain, 5 seeds, ± test sample ± training: baseline 94.05 ± 0.19 ± 0.05 %; 10 images 94.03 ±
0.18 ± 0.09 % (UNDECIDED, -0.03); 10 images, same updates 94.24 ± 0.18 ± 0.06 % (UNDECIDED, +0.19); 300 images 93.80 ±
0.20 ± 0.11 % (UNDECIDED, -0.25). 1.1 to 3.1 s per network (docs/results.md).

The rate is 1.0 and the epochs are 100 for all, as on the slide: a batch of 10 makes three times the updates of the
baseline, one of 300 a tenth. The control with 10 images has the updates of the baseline, in a third of the epochs.
"""

from netgain.experiment.study import Study
from netgain.tasks.recipes import load_recipe

PLACE = 19

_BASELINE = load_recipe("small-sample")
_TEN = _BASELINE.change("batch_size", 10)

STUDY = Study(
    "batch-size",
    question="Are batches of 10 or of 300 images better than batches of 30?",
    baseline=_BASELINE,
    same_updates={"10 images, same updates": "baseline"},
    arms={"10 images": _TEN, "10 images, same updates": _TEN, "300 images": _BASELINE.change("batch_size", 300)},
    picture="loss-curves",
)
